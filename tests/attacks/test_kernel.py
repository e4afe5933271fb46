"""Attacked: the kernel, rewired by code of the notebook. Wrong answers with a trick earn nothing."""

from __future__ import annotations

import pytest
from attack_tools import QUICK, WRONG, Grade, Submit, assert_worthless, printed

REWIRED = {
    "an AST transformer strips asserts": """
        import ast
        class Strip(ast.NodeTransformer):
            def visit_Assert(self, node): return ast.copy_location(ast.Pass(), node)
        get_ipython().ast_transformers.append(Strip())""",
    "an input transformer strips asserts": """
        get_ipython().input_transformers_post.append(lambda lines: [l for l in lines if "assert" not in l])""",
    "the text/plain formatter returns a number": """
        formatter = get_ipython().display_formatter.formatters["text/plain"]
        for kind in (object, int, float, str, np.ndarray, type(None)):
            formatter.for_type(kind, lambda value, printer, cycle: printer.text("7"))
        7""",
    "an object equals everything": """
        class Same:
            __eq__ = __ge__ = __le__ = lambda self, other: True
            __ne__ = __gt__ = __lt__ = lambda self, other: False
            __hash__ = __bool__ = lambda self: 1
        add = mean = train = lambda *args: Same()""",
    "a number equals everything": """
        class Same(int):
            __eq__ = __ge__ = __le__ = lambda self, other: True
            __ne__ = __gt__ = __lt__ = lambda self, other: False
            __sub__ = __rsub__ = __abs__ = lambda self, *other: 0
            __hash__ = int.__hash__
        class Close(float):
            __eq__ = __ge__ = __le__ = lambda self, other: True
            __hash__ = float.__hash__
        add, mean = (lambda *args: Same(0)), (lambda *args: Close(0.5))""",
    "an array equals everything": """
        class Same(np.ndarray):
            def __array_function__(self, *args, **kwargs): return True
            def __array_ufunc__(self, *args, **kwargs): return True
            __eq__ = lambda self, other: True
        add = mean = lambda *args: np.zeros(()).view(Same)""",
    "an object hands out hostile arrays": """
        class Same:
            __eq__ = lambda self, other: True
            __hash__ = object.__hash__
        class Hostile:
            def __array__(self, *args, **kwargs): return np.array([Same()], dtype=object)
            def __reduce__(self): return eval, ("print('REPORT unpickled')",)
        add = mean = lambda *args: Hostile()""",
    "structured and object arrays": """
        add = lambda *args: np.array([(1, 2)], dtype=[("a", "O"), ("b", "i4")])
        mean = lambda *args: np.array([lambda: 1, None], dtype=object)""",
    "the agent gives other answers": """
        from goodfit.inside import agent
        agent.StudentKernel._do_call = lambda self, content, buffers: {"passed": True, "earned": 7, "points": 7}
        get_ipython().kernel._do_value = lambda content, buffers: True""",
    "the agent raises": """
        from goodfit.inside import agent
        def broken(*args): raise SystemExit(0)
        agent.StudentKernel._do_call = agent._failure = broken""",
    "the wire format is replaced": """
        from goodfit.inside import wire
        wire.encode = lambda value: ({"t": "array", "b": 7, "shape": [-1], "dtype": "O"}, [b"x"] * 3)""",
    "the wire format raises": """
        from goodfit.inside import wire
        def broken(*args, **kwargs): raise wire.WireError("\\ud800")
        wire.encode = wire.decode = broken""",
    "NumPy's and pytest's comparisons are replaced": """
        import math, pytest, numpy.testing
        np.allclose = np.isclose = np.array_equal = math.isclose = lambda *args, **kwargs: True
        numpy.testing.assert_allclose = numpy.testing.assert_array_equal = lambda *args, **kwargs: None
        pytest.approx = lambda *args, **kwargs: type("Same", (), {"__eq__": lambda self, other: True})()""",
    "the grader's own modules in the kernel are replaced": """
        import sys, goodfit.check as check
        for module in [m for name, m in sys.modules.items() if name.startswith("goodfit")]:
            for name in ("fail", "equal", "close", "meets", "_judge"):
                setattr(module, name, lambda *args, **kwargs: None)
        check.CheckFailed.__init__ = lambda self, *args, **kwargs: None""",
}


@pytest.mark.parametrize("code", REWIRED.values(), ids=REWIRED)
def test_rewiring_the_kernel_earns_nothing(submit: Submit, grade: Grade, code: str) -> None:
    """Attacked: the process that runs the submission, everything that can be replaced in it."""
    lines = "\n".join(line.removeprefix(" " * 8) for line in code.splitlines())
    bundle = grade(submit(WRONG, after={"add-visible": lines, "add": lines, "mean-answer": lines}), **QUICK)
    assert_worthless(bundle)
    assert "REPORT" not in printed(bundle)
