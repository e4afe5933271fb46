"""Draw the rooms of the package and who imports whom into architecture.md, from the code itself.

    python docs/draw_rooms.py

A room is a subpackage or module on the first level. What it is for is the first sentence of its docstring.
"""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from importlib.util import find_spec
from pathlib import Path

import grimp

PACKAGE = "goodfit"
PAGE = Path(__file__).with_name("architecture.md")
BEGIN = "<!-- begin rooms: written by docs/draw_rooms.py -->\n"
END = "<!-- end rooms -->\n"

Arrows = dict[str, set[str]]


def imports(package: str) -> Arrows:
    """For each room the rooms that it imports from, anywhere in its code.

    Args:
        package: name of an importable package; its own ``__init__`` is no room.
    """
    graph = grimp.build_graph(package.partition(".")[0], cache_dir=None)
    rooms = {module for module in graph.find_children(package) if not module.rpartition(".")[2].startswith("_")}
    found: Arrows = {room.rpartition(".")[2]: set() for room in rooms}
    for room in rooms:
        for module in {room, *graph.find_descendants(room)}:
            for imported in graph.find_modules_directly_imported_by(module):
                other = ".".join(imported.split(".")[: package.count(".") + 2])
                if other in rooms and other != room:
                    found[room.rpartition(".")[2]].add(other.rpartition(".")[2])
    return found


def from_the_top(arrows: Arrows) -> list[str]:
    """The rooms in an order in which every import runs down the list.

    Raises:
        graphlib.CycleError: when there is none, with the rooms that import each other.
    """
    sorter = TopologicalSorter({room: sorted(arrows[room]) for room in sorted(arrows)})
    return [*sorter.static_order()][::-1]


def direct(arrows: Arrows) -> Arrows:
    """The arrows without those that a way over other rooms implies, which would only make the drawing dense."""
    below: Arrows = {}
    for room in reversed(from_the_top(arrows)):
        below[room] = arrows[room].union(*(below[other] for other in arrows[room]))
    return {
        room: {other for other in others if not any(other in below[third] for third in others)}
        for room, others in arrows.items()
    }


def purpose(package: str, room: str) -> str:
    """The first sentence of a room's docstring."""
    folder = Path(str(find_spec(package).origin)).parent  # type: ignore[union-attr]
    path = folder / room / "__init__.py" if (folder / room).is_dir() else folder / f"{room}.py"
    first = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").split("\n\n")[0]
    return " ".join(first.split()).partition(". ")[0].rstrip(".").replace("|", r"\|")


def drawing(package: str) -> str:
    """The drawing and the table, as Markdown."""
    arrows = imports(package)
    rooms, drawn = from_the_top(arrows), direct(arrows)
    lines = ["```mermaid", "flowchart TD"]
    lines += [f"    {room}" for room in rooms]
    lines += [f"    {room} --> {other}" for room in rooms for other in rooms if other in drawn[room]]
    lines += ["```", "", "| room | what it is | imports from |", "| --- | --- | --- |"]
    for room in rooms:
        others = ", ".join(f"`{other}`" for other in rooms if other in arrows[room])
        lines.append(f"| `{room}` | {purpose(package, room)} | {others or '–'} |")
    return "\n".join(lines) + "\n"


def with_drawing(page: str, package: str = PACKAGE) -> str:
    """The page with today's drawing between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{drawing(package)}\n{END}{after}"


if __name__ == "__main__":
    PAGE.write_text(with_drawing(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    print(f"rooms of {PACKAGE}: {PAGE}")
