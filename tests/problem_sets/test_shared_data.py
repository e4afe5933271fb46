"""What one problem set hides, no other one gives away: not in its files, and not as arguments of its hidden checks."""

from __future__ import annotations

import ast
from pathlib import Path

import numpy as np

from graders._shared.digits import halves, quartered

REPOSITORY = Path(__file__).resolve().parents[2]
HANDS_OVER = {"call", "call_sparing", "raises", "model_from"}  # methods of `student` that take arguments


def images(folder: str) -> dict[str, set[bytes]]:
    """The digits in all data files below a folder, by problem set, each as the bytes of its quartered image."""
    found: dict[str, set[bytes]] = {}
    for path in sorted((REPOSITORY / folder).glob("*/data/*.npz")):
        if rows := digits_in(path):
            found.setdefault(path.parts[-3], set()).update(rows)
    return found


def digits_in(path: Path) -> set[bytes]:
    """The digits in one data file."""
    rows: set[bytes] = set()
    with np.load(path) as arrays:
        for array in map(arrays.__getitem__, arrays.files):
            if array.ndim == 2 and array.dtype == np.uint8 and array.shape[1] in (196, 784):
                rows.update(row.tobytes() for row in (quartered(array) if array.shape[1] == 784 else array))
    return rows


def handed_over(source: str, files: set[str]) -> set[str]:
    """Names of checks that hand (something made of) one of the hidden files to a function of the student.

    Follows names through assignments, loops and comprehensions of one check: whatever is assigned from an expression
    with a marked name is marked, too. What a confined reader of models gets is no matter: it returns to the grader.
    """
    found = set()
    for check in (n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef)):
        marked: set[str] = set()

        def touched(node: ast.AST, marked: set[str] = marked) -> bool:
            """Whether an expression holds a marked name, or reads one of the files itself."""
            for n in ast.walk(node):
                if isinstance(n, ast.Name) and n.id in marked:
                    return True
                if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id == "hidden":
                    return not n.args or not isinstance(n.args[0], ast.Constant) or n.args[0].value in files
            return False

        def names(node: ast.AST) -> set[str]:
            return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}

        before = None
        while before != marked:
            before = set(marked)
            for node in ast.walk(check):
                if isinstance(node, ast.Assign) and touched(node.value):
                    pairs = [(target, node.value) for target in node.targets]
                    target = node.targets[0]
                    if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):  # a, b = …, …
                        pairs = list(zip(target.elts, node.value.elts, strict=False))
                    marked |= set().union(*(names(t) for t, value in pairs if touched(value)))
                elif isinstance(node, ast.For | ast.comprehension) and touched(node.iter):
                    marked |= names(node.target)
        for node in ast.walk(check):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            given = [*node.args, *(k.value for k in node.keywords)]
            if names(node.func.value) == {"student"} and node.func.attr in HANDS_OVER and any(map(touched, given)):
                found.add(check.name)
    return found


def test_hidden_digits_are_in_no_release() -> None:
    """Digits that a hidden check uses are in no set's student files; the few that look alike are known."""
    alike = {row.tobytes() for row in quartered(halves()[0][0])} & {row.tobytes() for row in quartered(halves()[1][0])}
    given, hidden = images("release"), images("graders")
    assert len(given) >= 7
    assert set(hidden) <= set(given)
    assert len(hidden) >= 6
    for name, rows in hidden.items():
        for other, known in given.items():
            assert not (rows & known) - alike, f"{name} hides what {other} gives"
    assert len(alike) < 5


def test_hidden_digits_are_handed_to_no_function() -> None:
    """Models are judged on hidden digits, those of other sets too; so no function of a student may see one."""
    folders = sorted({path.parent for path in (REPOSITORY / "graders").glob("*/test_*.py")})
    assert len(folders) >= 9
    for folder in folders:
        files = {path.stem for path in folder.glob("data/*.npz") if digits_in(path)}
        for path in sorted(folder.glob("*.py")):
            assert handed_over(path.read_text(), files) == set(), path


def test_a_digit_that_is_handed_over_is_found() -> None:
    """The search finds digits that go over as they are, cut, in a loop, by keyword; and only digits, and only those."""
    head = "def test_it(student, given, hidden):\n    "
    for body in (
        'd = hidden("digits")\n    x, y = d["x"][::2], 1\n    student.call("f", y, x)',
        'for x, k in ((hidden("digits")["x"], 3),):\n        student.call("f", x / 255, k)',
        'parts = [p[:5] for p in hidden("digits").values()]\n    student.model_from("f", rows=parts)',
        'name = "digits"\n    student.call_sparing("f", hidden(name)["x"])',
    ):
        assert handed_over(head + body, {"digits"}) == {"test_it"}, body
    for body in (
        'x, y = given("digits")["x"], hidden("digits")["y"]\n    student.call("f", x)',
        'student.call("f", hidden("co2")["year"])',
        'student.model("f").predict(hidden("digits")["x"])',
    ):
        assert handed_over(head + body, {"digits"}) == set(), body


def test_hidden_years_are_in_no_release() -> None:
    """The sunspots that a hidden check uses lie after all years that students get."""
    given = [np.load(p)["year"].max() for p in (REPOSITORY / "release").glob("*/data/sunspots.npz")]
    hidden = [np.load(p)["year"].min() for p in (REPOSITORY / "graders").glob("*/data/sunspots.npz")]
    assert len(given) == len(hidden) == 2
    assert max(given) < min(hidden)
