"""The documentation site is built without a warning, complete, and asks no other host for anything."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import typer.main
from documentation import DEMO, built_site
from modules import module_of
from traitlets.config import Config

from goodfit import check
from goodfit.cli import app as cli
from goodfit.course.nbgrader_plugins import Goodfit
from goodfit.grading.model import Model
from goodfit.grading.student import Student
from goodfit.sandbox.limits import Limits

REPOSITORY = Path(__file__).resolve().parents[2]
REFERENCE = REPOSITORY / "docs" / "site" / "reference"
SETS = sorted(path.stem for path in REPOSITORY.glob("source/*/*.ipynb"))
LOADS = {"src", "srcset", "poster", "data", "action", "background"}  # attributes whose address a browser asks by itself


@dataclass
class Page(HTMLParser):
    """What a page refers to, and what can be referred to in it."""

    path: Path
    text: str = ""
    ids: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self.source = self.path.read_text(encoding="utf-8")
        self.feed(self.source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note ids, and what is linked to or loaded."""
        for name, value in attrs:
            if name == "id" or (name == "name" and tag == "a"):
                self.ids.add(value or "")
            elif name in LOADS or (name == "href" and tag in ("link", "base", "use", "image")):
                self.loads.append(value or "")
            elif name == "href":
                self.links.append(value or "")
            elif name == "style":
                self.loads += re.findall(r"url\(([^)]*)\)", value or "")

    def handle_data(self, data: str) -> None:
        """Gather what a reader sees."""
        if self.cdata_elem is None:  # not in a script or a style
            self.text += data


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built once for all test processes."""
    return built_site(tmp_path_factory)


@cache
def page(path: Path) -> Page:
    return Page(path)


def pages(site: Path) -> Iterator[Page]:
    return map(page, sorted(site.rglob("*.html")))


@pytest.fixture(scope="module")
def parts() -> ModuleType:
    """docs/site/parts.py as a module."""
    return module_of(REPOSITORY / "docs" / "site" / "parts.py")


def test_every_page_is_on_the_site(site: Path) -> None:
    written = [path for path in REPOSITORY.glob("docs/**/*.md") if not path.is_relative_to(REPOSITORY / "docs/site")]
    for path in [*written, *(REPOSITORY / name for name in ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"))]:
        assert (site / path.relative_to(REPOSITORY).with_suffix(".html")).is_file(), path
    for path in REPOSITORY.glob("docs/site/**/*.md"):
        built = site / path.relative_to(REPOSITORY / "docs/site").with_suffix(".html")
        assert "make docs:" not in built.read_text(), "a part was not put in"
        assert page(built).path.stem == path.stem


def test_every_link_leads_somewhere(site: Path) -> None:
    followed = 0
    for one in pages(site):
        for link in one.links + one.loads:
            parts = urlsplit(link)
            if parts.scheme:
                continue
            target = (one.path.parent / unquote(parts.path)).resolve() if parts.path else one.path
            assert target.is_file(), f"{one.path.name}: {link}"
            assert target.is_relative_to(site.resolve()), f"{one.path.name}: {link}"
            if parts.fragment and target.suffix == ".html":
                assert unquote(parts.fragment) in page(target).ids, f"{one.path.name}: {link}"
            followed += 1
    assert followed > 1000


def test_nothing_is_asked_of_another_host(site: Path) -> None:
    for one in pages(site):
        assert not [address for address in one.loads if urlsplit(address).scheme not in ("", "data")], one.path
        assert not [address for address in one.loads if address.startswith("//")], one.path
        assert not re.search(r"@import|http-equiv=.refresh", one.source), one.path
    for style in site.rglob("*.css"):
        for address in re.findall(r"(?:url\(|@import)\s*[\"']?([^\"')\s]+)", style.read_text(encoding="utf-8")):
            assert address.startswith("data:") or not re.match(r"(\w+:)?//", address), (style, address)


def test_pages_can_be_used_by_keyboard_and_screen_reader(site: Path) -> None:
    """What axe-core asks for, as far as it shows in the source."""
    for one in pages(site):
        if "furo" not in one.source:
            continue  # a page of the demo, which has tests of its own
        tags = re.findall(r"<[a-z][^>]*>", one.source)
        assert not [tag for tag in tags if 'role="heading"' in tag and "aria-level" not in tag], one.path
        assert not [tag for tag in tags if tag.startswith("<aside") and "aria-label" not in tag], one.path
        scrolling = [tag for tag in tags if tag.startswith("<pre") or re.match(r"<div[^>]*table-wrapper", tag)]
        assert not [tag for tag in scrolling if 'tabindex="0"' not in tag], one.path
        assert not re.search(r"<th[^>]*>(<p></p>|\s*)</th>", one.source), one.path
        assert not [tag for tag in tags if tag.startswith("<img") and not re.search(r'alt="[^"]', tag)], one.path
        assert "<h1" in one.source, one.path
        assert '<html class="no-js" lang="en"' in one.source, one.path


def test_search_needs_no_server(site: Path) -> None:
    """A page opened from a disk may not fetch files: the index comes as a script."""
    options = (site / "_static" / "documentation_options.js").read_text(encoding="utf-8")
    assert re.search(r"SHOW_SEARCH_SUMMARY: false", options)
    assert "searchindex.js" in " ".join(page(site / "search.html").loads)
    assert (site / "searchindex.js").read_text(encoding="utf-8").startswith("Search.setIndex(")


def test_every_command_is_in_the_reference(site: Path) -> None:
    told = page(site / "reference" / "commands.html")

    def look(command: object, name: str) -> None:
        assert name in told.text, name
        for parameter in command.params:  # type: ignore[attr-defined]
            option = parameter.param_type_name == "option"
            for word in parameter.opts if option else [parameter.metavar or parameter.name]:
                assert word in told.text, f"{name} {word}"
        for further, inner in getattr(command, "commands", {}).items():
            look(inner, f"{name} {further}")

    look(typer.main.get_command(cli.app), "goodfit")


def test_every_setting_is_in_the_reference(site: Path) -> None:
    told = page(site / "reference" / "settings.html").text
    for name, trait in Goodfit.class_own_traits(config=True).items():
        assert f"c.Goodfit.{name}" in told
        assert trait.help.replace("`", "") in told
    for name, limit in Limits.model_fields.items():
        assert name in told
        assert (limit.description or name) in told


def test_what_a_check_is_written_with_is_in_the_reference(site: Path) -> None:
    told = page(site / "reference" / "checks.html").ids
    public = {name for name, f in vars(check).items() if inspect.isfunction(f) and f.__module__ == check.__name__}
    assert {f"goodfit.check.{name}" for name in public if not name.startswith("_")} <= told
    for owner in (Student, Model):
        methods = {n for n, f in vars(owner).items() if inspect.isfunction(f) and not n.startswith("_")}
        assert {f"{owner.__module__}.{owner.__name__}.{n}" for n in methods - {"begin", "why_missed", "lend"}} <= told


def _block(name: str) -> str:
    """The Python block of a page of the reference."""
    found = re.findall(r"^```python\n(.*?)^```$", (REFERENCE / name).read_text(), re.MULTILINE | re.DOTALL)
    assert len(found) == 1
    return found[0]


def test_the_example_of_a_check_works() -> None:
    names: dict[str, Any] = {}
    exec(_block("checks.md"), names)
    names["test_takes_the_mean"](SimpleNamespace(call=lambda name, values: sum(values) / len(values)))
    with pytest.raises(check.CheckFailed, match="is not right"):
        names["test_takes_the_mean"](SimpleNamespace(call=lambda name, values: sum(values)))


def test_the_example_of_settings_works() -> None:
    c = Config()
    exec(_block("settings.md"), {"get_config": lambda: c})
    assert "exporter_class" in c.Autograde
    assert set(c.Goodfit) <= set(Goodfit.class_own_traits(config=True))
    assert Limits(**c.Goodfit.limits) != Limits()


def test_the_course_page_has_every_set(site: Path) -> None:
    told = page(site / "course.html")
    assert SETS
    for name in SETS:
        assert name in told.text
        assert name.replace("_", "-") in told.ids
    assert len(re.findall(r"<td><p>[^<]* hours</p></td>", told.source)) == len(SETS)


def test_a_set_without_its_hours_is_named(parts: ModuleType, tmp_path: Path) -> None:
    for name, cell in (("ps1_one", "# One\n\nPlan **two to three hours**."), ("ps2_two", "# Two\n\nBe quick.")):
        (tmp_path / "source" / name).mkdir(parents=True)
        notebook = parts.nbformat.v4.new_notebook(cells=[parts.nbformat.v4.new_markdown_cell(cell)])
        parts.nbformat.write(notebook, tmp_path / "source" / name / f"{name}.ipynb")
    (tmp_path / "docs" / "site").mkdir(parents=True)
    places = tmp_path / "docs" / "site" / "course.toml"
    places.write_text("".join(f'[{n}]\nlecture = "All"\nbuilds_on = "–"\n' for n in ("ps1_one", "ps2_two")))
    with pytest.raises(ValueError, match=r"ps2_two: .*hours"):
        parts.overview(tmp_path)
    (tmp_path / "source" / "ps2_two" / "ps2_two.ipynb").unlink()
    assert "| [One](#ps1-one) | All | – | 0 | two to three hours |" in parts.overview(tmp_path)


def test_pages_of_the_demo_are_shown_as_they_are(site: Path, parts: ModuleType, tmp_path: Path) -> None:
    shown = {
        "examples/reports/ps0.html": "reports/ps0.html",
        "examples/feedback/ada/ps0.html": "feedback/ada/ps0/ps0.html",
    }
    for place, original in shown.items():
        assert (site / place).read_text() == DEMO[original]
    assert [link for link in page(site / "examples.html").links if link.startswith("examples/")] == list(shown)
    assert not (site / "examples" / "feedback" / "bo").exists()
    assert "make demo" in parts.examples(tmp_path)


def test_the_readme_names_the_site_and_its_command() -> None:
    assert "`make docs`" in (REPOSITORY / "README.md").read_text()
    assert re.search(r"^docs: .*\n\t.*docs/site/build\.py$", (REPOSITORY / "Makefile").read_text(), re.MULTILINE)
