"""What whole runs have measured of the walls: kept in tests/attacks/record.json, shown in docs/attacks.md."""

from __future__ import annotations

import hashlib
import json
from typing import Any, Literal

from attack_corpus import ATTACKS, corpus
from attack_page import page

RECORD = ATTACKS / "record.json"
PAGE = ATTACKS.parents[1] / "docs" / "attacks.md"
ENGINE = hashlib.sha256(
    b"\0".join(path.read_bytes() for path in sorted((ATTACKS.parents[1] / "goodfit").rglob("*.py")))
).hexdigest()[:12]
"""A digest of all code of the engine, as it was when this began: what was saved of another one is not taken for it."""
Kind = Literal["corpus", "kills", "load", "fuzz"]


def keep(kind: Kind, found: dict[str, Any]) -> None:
    """Record figures by sandbox and user (corpus, load) or in the place of older ones; write the page anew."""
    record = recorded()
    record[kind] = record.get(kind, {}) | found
    RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    write_page()


def recorded() -> dict[str, dict[str, Any]]:
    """What has been measured, by kind."""
    return json.loads(RECORD.read_text(encoding="utf-8")) if RECORD.exists() else {}  # type: ignore[no-any-return]


def page_now() -> str:
    """docs/attacks.md as corpus and record have it."""
    return page(corpus().values(), recorded())


def write_page() -> None:
    """Write docs/attacks.md."""
    PAGE.write_text(page_now(), encoding="utf-8")
