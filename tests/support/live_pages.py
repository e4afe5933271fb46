"""A page as a browser takes it: what would run, and what is read."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config

from goodfit.course.course import Course


class Page(HTMLParser):
    """Parses a page.

    Attributes:
        tags: names of its elements, in their order.
        live: what a browser would act on: handlers, script addresses, styles that leave their place.
        words: its text.
    """

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.live: list[str] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            target = re.sub(r"[\s\x00-\x20]", "", value or "").lower()
            runs = name.startswith("on") or re.match(r"(javascript|vbscript|data:text|data:image/svg)", target)
            leaves = name == "style" and re.search(r"position|url\(|expression", target)
            if runs or leaves or "evil.example" in target:
                self.live.append(f"<{tag} {name}={value}>")

    def handle_data(self, data: str) -> None:
        self.words += data


def formgrader_page(course: Path, student: str) -> str:
    """The notebook as formgrader shows it to a TA: nbgrader's own exporter, template and resources."""
    config = Config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    config.merge(Course(course).config)
    resources = {"assignment_id": "tiny", "notebook_id": "tiny", "submission_id": "0", "index": 0, "total": 1}
    names = {"base_url": "", "student": student, "last_name": "", "first_name": "", "notebook_path": "x"}
    notebook = course / "autograded" / student / "tiny" / "tiny.ipynb"
    page, _ = HTMLExporter(config=config).from_filename(str(notebook), resources={**resources, **names})
    return page  # type: ignore[no-any-return]
