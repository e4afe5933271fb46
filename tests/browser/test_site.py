"""The documentation site in a browser, opened from a disk: for everybody, and alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from documentation import built_site

DESK, PHONE = (1280, 900), (360, 780)
Visit = Callable[..., Any]
KINDS = ["index.html", "course.html", "reference/checks.html", "docs/architecture.html"]


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built once for all test processes."""
    return built_site(tmp_path_factory)


def is_for_everybody(visit: Visit, page: Path, size: tuple[int, int], scheme: str) -> None:
    seen = visit(page, size, scheme)
    assert (seen.strangers, seen.complaints, seen.dialogs) == ([], [], []), page
    assert seen.overflow() <= 0, page
    assert seen.findings() == [], page  # the last: axe-core itself asks for style sheets, and complains on a disk


@pytest.mark.parametrize(
    ("size", "scheme"), [pytest.param(DESK, "dark", marks=pytest.mark.all), (PHONE, "light")], ids=["desk", "phone"]
)
def test_a_page_of_each_kind(site: Path, visit: Visit, size: tuple[int, int], scheme: str) -> None:
    for name in KINDS:
        is_for_everybody(visit, site / name, size, scheme)


@pytest.mark.all
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("size", "scheme"), [(DESK, "light"), (PHONE, "dark")], ids=["desk", "phone"])
def test_every_page(site: Path, visit: Visit, size: tuple[int, int], scheme: str) -> None:
    for page in sorted(site.rglob("*.html")):
        if site / "examples" not in page.parents:
            is_for_everybody(visit, page, size, scheme)


def test_search_finds_pages(site: Path, visit: Visit) -> None:
    seen = visit(site / "index.html")
    seen.page.get_by_placeholder("Search").fill("calibrate")
    seen.page.get_by_placeholder("Search").press("Enter")
    seen.page.wait_for_selector("#search-results li a")
    found = [link.get_attribute("href") or "" for link in seen.page.locator("#search-results li a").all()]
    assert any(link.startswith("reference/commands.html") for link in found)
    assert (seen.strangers, seen.complaints) == ([], [])
    assert seen.findings() == []
