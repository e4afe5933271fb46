"""The mutations that mutants are made with: small mistakes of the kind that students make.

mutmut's (operators, constants, comparisons, keywords, dropped and emptied arguments); a number one too small, two
arguments swapped; and mistakes of functions in a notebook and of training, of which it knows nothing: an argument that
is ignored for the notebook's own variable, arrays changed in place, the first result given for ever, a seed that is not
set, validation rows trained on, dropout left on when a model predicts.
"""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterable, Iterator

import libcst as cst
import libcst.matchers as m
from libcst.metadata import MetadataWrapper, ParentNodeProvider, PositionProvider
from mutmut.mutation.mutators import mutation_operators

IN_PLACE = """
def {name}(*arguments, _right={name}, **options):  # mutant: arrays are turned round in place
    given = _right(*arguments, **options)
    for one in [*arguments, *options.values()]:
        if getattr(one, "ndim", 0) and hasattr(one, "flags") and len(one) > 1:
            one[:] = one[::-1].copy()
        elif isinstance(one, list):
            one.reverse()
    return given
"""
FIRST_FOR_EVER = """
def {name}(*arguments, _right={name}, _first=[], **options):  # mutant: the first result is given for ever
    _first[:] = _first or [_right(*arguments, **options)]
    return _first[0]
"""


def mutations(source: str, lines: set[int], others: list[str]) -> Iterator[str]:
    """Texts of an answer cell, each with one mutation of its solution.

    Args:
        source: the cell with its solution.
        lines: numbers, from 1, of the solution's lines.
        others: the notebook's other code cells, which call what the solution defines.

    Raises:
        libcst.ParserSyntaxError: when the cell is no Python.
    """
    wrapper = MetadataWrapper(cst.parse_module(source))
    places = _Places(lines)
    wrapper.visit(places)
    for original, changed in places.found:
        yield wrapper.module.deep_replace(original, changed).code  # type: ignore[attr-defined]
    yield from _of_functions(source, lines, others)


def _of_functions(source: str, lines: set[int], others: list[str]) -> Iterator[str]:
    """Mistakes of whole functions of the solution."""
    text = source.splitlines()
    for function in ast.parse(source).body:
        if not isinstance(function, ast.FunctionDef):
            continue
        first = next((s for s in function.body if s.lineno in lines), None)
        if first is None:
            continue
        for parameter, value in _ignored_arguments(function, others):
            ignoring = f"{' ' * first.col_offset}{parameter} = {value}"
            yield "\n".join([*text[: first.lineno - 1], ignoring, *text[first.lineno - 1 :]]) + "\n"
        if function.args.args:
            yield source.rstrip() + IN_PLACE.format(name=function.name)
            yield source.rstrip() + FIRST_FOR_EVER.format(name=function.name)


def _ignored_arguments(function: ast.FunctionDef, others: list[str]) -> Iterator[tuple[str, str]]:
    """Parameters, with what takes the place of every argument: what the notebook itself hands over, or the default."""
    names = [a.arg for a in [*function.args.posonlyargs, *function.args.args]]
    handed: dict[str, str] = {}
    for text in others:
        try:
            calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
        except SyntaxError:  # a magic line: no call of ours is lost that another cell does not make as well
            continue
        for call in calls:
            if isinstance(call.func, ast.Name) and call.func.id == function.name:
                pairs = [*zip(names, call.args, strict=False), *((k.arg, k.value) for k in call.keywords)]
                for name, value in pairs:
                    if name in names and isinstance(value, ast.Name):
                        handed.setdefault(str(name), f"globals()[{value.id!r}]")
    defaults = dict(zip(reversed(names), reversed(function.args.defaults), strict=False))
    for name in names:
        if name in handed:
            yield name, handed[name]
        if name in defaults:
            yield name, ast.unparse(defaults[name])


class _Places(cst.CSTVisitor):
    """Collects pairs of a node and what takes its place, within the solution's lines.

    Words in an error that is raised are free, and so are docstrings and annotations: no mutations there.
    """

    METADATA_DEPENDENCIES = (PositionProvider, ParentNodeProvider)

    def __init__(self, lines: set[int]) -> None:
        super().__init__()
        self.found: list[tuple[cst.CSTNode, cst.CSTNode]] = []
        self._lines = lines

    def visit_Raise(self, node: cst.Raise) -> bool:
        return False

    def visit_Annotation(self, node: cst.Annotation) -> bool:
        return False

    def on_visit(self, node: cst.CSTNode) -> bool:
        place = self.get_metadata(PositionProvider, node, None)
        alone = isinstance(self.get_metadata(ParentNodeProvider, node, None), cst.Expr)
        text = isinstance(node, cst.SimpleString | cst.ConcatenatedString)
        if place is not None and place.start.line in self._lines and not (text and alone):
            # of mutmut's three mutations of a text (marked, lower case, upper case) one tells as much as all
            mutations = itertools.islice(_of_node(node), 1) if text else _of_node(node)
            self.found += [(node, mutation) for mutation in mutations]
        return bool(super().on_visit(node))


def _of_node(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    for kind, operator in mutation_operators:
        if isinstance(node, kind):
            yield from operator(node)
    if isinstance(node, cst.Integer):
        yield from _one_less(node)
    if isinstance(node, cst.Call):
        yield from _swapped_arguments(node)
        yield from _validation_rows_appended(node)
        yield from _training_left_on(node)
    if isinstance(node, cst.SimpleStatementLine):
        yield from _seed_not_set(node)


def _one_less(node: cst.Integer) -> Iterable[cst.CSTNode]:
    value = node.evaluated_value - 1
    yield cst.Integer(str(value)) if value >= 0 else cst.UnaryOperation(cst.Minus(), cst.Integer(str(-value)))


def _swapped_arguments(node: cst.Call) -> Iterable[cst.Call]:
    """Neighbouring positional arguments change places."""
    plain = [not a.star and a.keyword is None for a in node.args]
    for i in range(len(node.args) - 1):
        if plain[i] and plain[i + 1]:
            values = [a.value for a in node.args]
            values[i], values[i + 1] = values[i + 1], values[i]
            yield node.with_changes(args=[a.with_changes(value=v) for a, v in zip(node.args, values, strict=True)])


FIT = m.Call(func=m.Attribute(attr=m.Name("fit")))
PREDICT = m.Call(func=m.Attribute(value=m.Name(), attr=m.Name("predict")))
SEED = m.SimpleStatementLine(body=[m.Expr(value=m.Call(func=m.Attribute(attr=m.Name("set_random_seed"))))])


def _validation_rows_appended(node: cst.Call) -> Iterable[cst.Call]:
    """`fit` trains on its validation rows as well."""
    given = {a.keyword.value: a.value for a in node.args if a.keyword is not None}
    rows = given.get("validation_data")
    if not m.matches(node, FIT) or not isinstance(rows, cst.Tuple) or len(rows.elements) != 2 or len(node.args) < 2:
        return
    if any(a.keyword is not None or a.star for a in node.args[:2]):
        return
    both = [_both(a.value, e.value) for a, e in zip(node.args[:2], rows.elements, strict=True)]
    yield node.with_changes(
        args=[*(a.with_changes(value=v) for a, v in zip(node.args[:2], both, strict=True)), *node.args[2:]]
    )


def _both(first: cst.BaseExpression, second: cst.BaseExpression) -> cst.BaseExpression:
    return cst.parse_expression(f"np.concatenate([{_code(first)}, {_code(second)}])")


def _training_left_on(node: cst.Call) -> Iterable[cst.BaseExpression]:
    """A model predicts as it does in training: dropout is on."""
    if m.matches(node, PREDICT) and node.args:
        model = _code(node.func.value)  # type: ignore[attr-defined]
        yield cst.parse_expression(f"np.asarray({model}(np.asarray({_code(node.args[0].value)}), training=True))")


def _seed_not_set(node: cst.SimpleStatementLine) -> Iterable[cst.SimpleStatementLine]:
    if m.matches(node, SEED):
        yield node.with_changes(body=[cst.Pass()])


def _code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)
