"""Build the documentation site, offline: the Markdown pages of this repository, and what is made from its code.

    python docs/site/build.py [FOLDER [DEMO]]

The pages are put together in ``build/site-source`` with the paths that they have here, so that their links hold, and
Sphinx makes ``build/site`` of them. Where a page says ``<!-- make docs: NAME -->``, a part from parts.py is put.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import parts
from sphinx.cmd.build import build_main

REPOSITORY = Path(__file__).resolve().parents[2]
HERE = "docs/site"  # its pages stand at the top of the site
PAGES = ["CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "docs/**/*.md"]
FILES = ["LICENSE", "LICENSES/*", "REUSE.toml", "docs/graders/*.png", "docs/pictures/*.png"]  # linked, or shown
AS_THEY_ARE = "as-they-are"  # pages that are copied and not built
# What axe-core finds in the theme's pages, and the mend
MENDS = {
    r'role="heading"(?! aria-level)': 'role="heading" aria-level="2"',  # captions of the sidebar
    r'<aside class="sidebar-drawer"': '<aside aria-label="Pages" class="sidebar-drawer"',  # two landmarks of one kind
    r'<aside class="toc-drawer': r'<aside aria-label="Contents of this page" class="toc-drawer',
    r'<(pre(?=>)|div(?= class="table-wrapper))': r'<\1 tabindex="0"',  # what scrolls can be reached by keys
    r'<th class="head"><p></p></th>': "<td></td>",  # a column without a name
    r'<div id="search-results">': r"<h1>Search</h1>\g<0>",  # a page without a title
    r"(?<=</strong>) -- ": " – ",  # Sphinx's dash, between a parameter and what it is
}
DRAWING = re.compile(r"^```mermaid\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE_NAME = re.compile(r"\[[\w/-]+\.md\](?=\()")  # a link that shows a file's name shows the page's title instead
MARK = re.compile(r"^<!-- make docs: (\w+) -->$", re.MULTILINE)


def gather(repository: Path, folder: Path, demo: Path) -> None:
    """Put the site's pages together.

    Args:
        repository: where the pages and the problem sets are.
        folder: made anew; a Sphinx source folder, without its configuration.
        demo: the course folder of ``goodfit demo``, which need not exist.
    """
    if folder.exists():
        shutil.rmtree(folder)
    for path in sorted({path for pattern in PAGES + FILES for path in repository.glob(pattern)}):
        place = path.relative_to(repository)
        copy = folder / (place.relative_to(HERE) if place.is_relative_to(HERE) else place)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".md":
            made = MARK.sub(lambda mark: parts.make(mark[1], repository, demo), path.read_text(encoding="utf-8"))
            made = FILE_NAME.sub("[]", DRAWING.sub(_arrows, made))
            copy.write_text(made, encoding="utf-8")
        else:
            shutil.copyfile(path, copy)
    for page, place, _ in parts.example_pages(demo):
        copy = folder / AS_THEY_ARE / place
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(page, copy)


def _arrows(drawing: re.Match[str]) -> str:
    """A drawing in Mermaid's language as its arrows alone: to draw it would take a script from elsewhere."""
    arrows = [line.strip().replace("-->", "→") for line in drawing[1].splitlines() if "-->" in line]
    return "\n".join(["```text", *arrows, "```"])


def build(build_folder: Path, demo: Path) -> int:
    """Build the site, and return Sphinx's exit code: 0, or 1 where it had anything to warn of.

    Args:
        build_folder: where ``site`` is made anew.
        demo: as in :func:`gather`.
    """
    pages, site = build_folder / "site-source", build_folder / "site"
    gather(REPOSITORY, pages, demo)
    if site.exists():
        shutil.rmtree(site)
    options = ["--fail-on-warning", "--fresh-env", "--quiet", "--conf-dir", str(REPOSITORY / HERE)]
    if (pages / AS_THEY_ARE).exists():
        options += ["--define", f"html_extra_path={pages / AS_THEY_ARE}"]
    status = build_main([*options, "--doctree-dir", str(build_folder / "site-doctrees"), str(pages), str(site)])
    for page in site.rglob("*.html"):
        if site / "examples" not in page.parents:
            page.write_text(mended(page.read_text(encoding="utf-8")), encoding="utf-8")
    return status


def mended(page: str) -> str:
    """A page of the theme with what a screen reader and a keyboard miss in it."""
    for found, better in MENDS.items():
        page = re.sub(found, better, page)
    return page


if __name__ == "__main__":
    given = [Path(word).resolve() for word in sys.argv[1:]]
    place, demo = [*given, *[REPOSITORY / "build", REPOSITORY / "build" / "demo"][len(given) :]]
    status = build(place, demo)
    if status == 0:
        print(f"site: {place / 'site' / 'index.html'}")
    sys.exit(status)
