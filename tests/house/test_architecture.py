"""docs/architecture.md draws the rooms as the code is: the drawing is made from the imports."""

from __future__ import annotations

from graphlib import CycleError
from pathlib import Path
from types import ModuleType

import pytest
from modules import module_of


@pytest.fixture(scope="module")
def drawer(repository: Path) -> ModuleType:
    """docs/draw_rooms.py as a module."""
    return module_of(repository / "docs" / "draw_rooms.py")


def test_the_page_shows_the_rooms_of_today(drawer: ModuleType) -> None:
    page = drawer.PAGE.read_text()
    assert page.count(drawer.BEGIN) == page.count(drawer.END) == 1
    assert page == drawer.with_drawing(page), "run: python docs/draw_rooms.py"


def test_every_room_says_what_it_is(drawer: ModuleType) -> None:
    rooms = drawer.imports(drawer.PACKAGE)
    assert [room for room in rooms if not drawer.purpose(drawer.PACKAGE, room)] == []


def test_the_drawing_leaves_out_what_a_longer_way_implies(drawer: ModuleType) -> None:
    arrows = {"top": {"middle", "low"}, "middle": {"low"}, "low": set(), "beside": {"low"}}
    order = drawer.from_the_top(arrows)
    assert all(order.index(room) < order.index(other) for room, others in arrows.items() for other in others)
    assert drawer.direct(arrows) == {**arrows, "top": {"middle"}}


def test_rooms_that_import_each_other_are_an_error(drawer: ModuleType) -> None:
    with pytest.raises(CycleError):
        drawer.from_the_top({"a": {"b"}, "b": {"a"}})
