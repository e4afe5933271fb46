"""A verdict as people see it: in a graded cell of the notebook (and so in nbgrader's feedback and formgrader)."""

from __future__ import annotations

from jinja2 import Environment
from nbformat import NotebookNode
from nbformat.v4 import new_output

from goodfit.grading.verdict import Outcome, Verdict

SIGNS = {
    Outcome.PASSED: ("✓", "#1a7f37"),
    Outcome.FAILED: ("✗", "#b35900"),
    Outcome.NOT_ATTEMPTED: ("○", "#57606a"),
    Outcome.COULD_NOT_RUN: ("!", "#b3261e"),
    Outcome.GRADER_ERROR: ("?", "#6f42c1"),
}

CELL = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string("""\
<div style="border-left:4px solid #d0d7de;padding:4px 12px">
<p><strong>{{ points(earned) }} of {{ points(total) }} points</strong>
{% if unsafe %}<em>(graded without a sandbox: this verdict is not protected)</em>{% endif %}</p>
{% for check in checks %}
<p style="margin:6px 0">
<strong style="color:{{ signs[check.outcome][1] }}">{{ signs[check.outcome][0] }} {{ check.outcome.value }}</strong>
({{ points(check.earned) }}/{{ points(check.points) }}): {{ check.sentence }}
{% if check.rationale %}<br>{{ check.rationale }}{% endif %}
{% if check.hint %}<br><em>Hint: {{ check.hint }}</em>{% endif %}
</p>
{% endfor %}
</div>
""")


def cell_outputs(verdict: Verdict, grade_id: str) -> list[NotebookNode]:
    """Outputs of one graded cell: what nbgrader reads the points from, with the checks in words beside it."""
    checks = verdict.of_cell(grade_id)
    earned = round(sum(c.earned for c in checks), 6)
    html = CELL.render(
        checks=checks,
        earned=earned,
        total=sum(c.points for c in checks),
        signs=SIGNS,
        points=points,
        unsafe=verdict.sandbox == "none",
    )
    data = {"text/plain": repr(float(earned)), "text/html": html}
    return [new_output("execute_result", data=data, execution_count=None)]


def points(value: float) -> str:
    """Points without needless decimals: 2, 2.5, 1.33."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
