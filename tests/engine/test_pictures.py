"""Plots, pictures and progress bars reach the graded notebook and the pages as in Jupyter, the same in every tier."""

from __future__ import annotations

import base64
import hashlib
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.server_extensions.formgrader import handlers
from PIL import Image
from traitlets.config import Config

from goodfit.authoring.answers import reference
from goodfit.course import batch
from goodfit.course.course import Course
from goodfit.grading.client import as_shown
from goodfit.grading.job import Bundle, Job
from goodfit.grading.kernels import Kernels, serving
from goodfit.grading.pool import Graders
from goodfit.grading.session import Session
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.outputs import MAX_IMAGE, MAX_MARKDOWN, bitmap, keep_safe_outputs, vector
from goodfit.notebooks.submission import Submission
from goodfit.sandbox.limits import Limits

MAGIC = b"\x89PNG\r\n\x1a\n"
PNG = base64.b64encode(MAGIC + bytes(range(256)) * 40).decode()
RECT = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="5" height="5"/></svg>'
PLOT = "import matplotlib.pyplot as plt\nplt.plot([1, 2, 3])\n"

# ---- cells that draw, and what is left of each in the notebook

MAGICS = [
    "", "inline", "auto", "notebook", "nbagg", "widget", "ipympl", "qt", "qt5", "qt6", "tk", "gtk3", "wx", "osx",
    "webagg", "no_such_thing",
]  # fmt: skip
DRAW: dict[str, tuple[str, str]] = {
    "no magic, no show": (PLOT, "image/png"),
    "no magic": (PLOT + "plt.show()", "image/png"),
    **{f"%matplotlib {kind}": (f"%matplotlib {kind}\n{PLOT}plt.show()", "image/png") for kind in MAGICS},
    "TkAgg in code": (f"import matplotlib\nmatplotlib.use('TkAgg')\n{PLOT}plt.show()", "image/png"),
    "a backend that is not installed": (f"import matplotlib\nmatplotlib.use('widget')\n{PLOT}plt.show()", "image/png"),
    "QtAgg for pyplot": (f"{PLOT}plt.close()\nplt.switch_backend('QtAgg')\n{PLOT}", "image/png"),
    "%gui and %pylab": ("%gui qt\n%pylab tk\nplot([1, 2])", "image/png"),
    "%matplotlib agg": (f"%matplotlib agg\n{PLOT}plt.show()", "note"),
    "inline again": (f"plt.close('all')\n%matplotlib inline\n{PLOT}", "image/png"),
    "Agg in code": (f"import matplotlib\nmatplotlib.use('Agg')\n{PLOT}plt.show()", "note"),
    "and back": (f"plt.close('all')\n%matplotlib inline\n{PLOT}", "image/png"),
    "svg": (f"%config InlineBackend.figure_format = 'svg'\n{PLOT}", "image/png"),
    "pdf": (f"%config InlineBackend.figure_formats = ['pdf']\n{PLOT}", "image/png"),
    "jpeg": (f"%config InlineBackend.figure_format = 'jpeg'\n{PLOT}", "image/jpeg"),
    "retina": (f"%config InlineBackend.figure_format = 'retina'\n{PLOT}", "image/png"),
    "formats by a function": (
        "from matplotlib_inline.backend_inline import set_matplotlib_formats\nset_matplotlib_formats('svg')\n" + PLOT,
        "image/png",
    ),
    "figure as last value": ("fig, ax = plt.subplots()\nax.plot([1, 2])\nplt.close()\nfig", "image/png"),
    "pandas": ("import pandas as pd\npd.DataFrame({'a': [1, 3, 2]}).plot(kind='bar')", "image/png"),
    "a library": (
        "from sklearn.metrics import ConfusionMatrixDisplay\n"
        "ConfusionMatrixDisplay.from_predictions([0, 1, 1], [0, 1, 0])",
        "image/png",
    ),
    "array as image": ("import numpy as np\nplt.imshow(np.arange(16).reshape(4, 4))\nplt.colorbar()", "image/png"),
    "PIL": ("from PIL import Image\nImage.new('RGB', (40, 30), 'red')", "image/png"),
    "file": ("Image.new('RGB', (9, 9)).save('a.png')\nfrom IPython import display as d\nd.Image('a.png')", "image/png"),
    "gif": ("Image.new('RGB', (9, 9)).save('a.gif')\nd.Image('a.gif')", "data:image/gif"),
    "SVG": (f"d.SVG({RECT!r})", "data:image/svg+xml"),
    "SVG of matplotlib": (
        "plt.rcParams['svg.hashsalt'] = '1'\nfig, ax = plt.subplots()\nax.plot([1, 2], 'o')\nax.set_title('t')\n"
        "fig.savefig('a.svg', metadata={'Date': None})\nplt.close()\nd.SVG('a.svg')",
        "data:image/svg+xml",
    ),
    "SVG with a script": (f"d.SVG({RECT.replace('<rect', '<script>alert(1)</script><rect')!r})", "not shown here"),
    "HTML": ("d.HTML('<b>7</b>')", "not shown here"),
    "Markdown": ("d.Markdown('the **answer**')", "the **answer**"),
    "web picture": ("d.Image(url='https://example.org/x.png')", "not shown here"),
}
# what a notebook shows besides
OTHER = [
    "import pandas as pd, numpy as np\npd.DataFrame(np.arange(120).reshape(4, 30))",
    "print(pd.DataFrame(np.arange(120).reshape(4, 30)))",
    "from sklearn.linear_model import Ridge\nRidge()",
    "import warnings\nwarnings.warn('careful')",
    "np.log(np.zeros(2))",
    "print(object(), lambda x: x)",
    "import os, socket, sys\nprint(os.getcwd(), sys.argv, sys.path, socket.gethostname(), sorted(os.listdir()), hash('a'))",
    "print({k: v for k, v in os.environ.items() if k.startswith(('MPL', 'OMP', 'LANG', 'HOME', 'PATH'))})",
    "import signal\nprint(signal.getsignal(signal.SIGPIPE), signal.getsignal(signal.SIGINT))",
    "!ls; whoami; hostname; echo $COLUMNS",
    "import matplotlib\nprint(sorted(matplotlib.rcParams.items()), matplotlib.get_cachedir(), plt.get_backend())",
    "help(len)",
    "import keras\nkeras.Sequential([keras.Input((2,)), keras.layers.Dense(3)]).summary()",
    "keras.utils.set_random_seed(1)\nprint(np.random.rand(2), keras.random.normal((2,)))",
    "def f(): return 1 / 0\nf()",
    "import time\nfor i in range(3):\n    print('out', i)\n    print('err', i, file=sys.stderr)\n    time.sleep(0.3)",
    "input('name?')",
    "%whos int",
]


def executed(tier: str, server: str | None, sources: list[str], folder: Path, **limits: Any) -> list[NotebookNode]:
    """The cells, run in one student kernel, with what is kept of their outputs."""
    notebook = new_notebook(cells=[new_code_cell(source) for source in sources])
    with Kernels(tier, server, Limits(**limits)) as kernels:
        session = Session(notebook, set(), kernels, folder)
        session.finish()
    for cell in notebook.cells:
        cell.outputs = keep_safe_outputs(cell.outputs)
    return list(notebook.cells)


def shown(cell: NotebookNode) -> str:
    """Everything that a cell shows, as text."""
    return "\n".join(o.get("text") or o.get("evalue") or str({**o.get("data", {})}) for o in cell.outputs)


def decoded(cell: NotebookNode) -> list[Any]:
    """A cell's outputs with pictures as their size and pixels: how they are compressed is left out."""
    outputs = []
    for output in cell.get("outputs", []):
        output = {**output, "data": dict(output.get("data", {}))}
        for mime in {"image/png", "image/jpeg"} & output["data"].keys():
            image = Image.open(io.BytesIO(base64.b64decode(output["data"][mime])))
            output["data"][mime] = (image.size, image.mode, hashlib.sha256(image.tobytes()).hexdigest())
        outputs.append(output)
    return outputs


@pytest.fixture(scope="module")
def drawn(graders: Graders, tmp_path_factory: pytest.TempPathFactory) -> dict[str, NotebookNode]:
    """The drawing cells, run one after the other in the default tier."""
    sources = [code for code, _ in DRAW.values()]
    cells = executed(graders.tier, graders.server, sources, tmp_path_factory.mktemp("drawn"))
    return dict(zip(DRAW, cells, strict=True))


@pytest.mark.parametrize("name", DRAW)
def test_a_cell_that_draws_shows_its_picture(drawn: dict[str, NotebookNode], name: str) -> None:
    """A plot is a bitmap whatever the notebook asks for; what cannot be shown is said in a line; no cell breaks."""
    cell, wanted = drawn[name], DRAW[name][1]
    assert not [o for o in cell.outputs if o.output_type == "error"], shown(cell)
    if wanted == "note":
        assert "plots are not shown" in shown(cell)
        assert "%matplotlib inline" in shown(cell)
    else:
        assert wanted in shown(cell)
    if wanted.startswith("image/"):
        (picture,) = [o.data[wanted] for o in cell.outputs if wanted in o.get("data", {})]
        assert Image.open(io.BytesIO(base64.b64decode(picture))).getextrema() != ((255, 255),) * 3, "an empty picture"
    assert "<svg" not in shown(cell)


def test_a_retina_picture_keeps_its_size(drawn: dict[str, NotebookNode]) -> None:
    """It has twice the pixels, and is drawn as large as any other."""
    (output,) = [o for o in drawn["retina"].outputs if "image/png" in o.get("data", {})]
    width = Image.open(io.BytesIO(base64.b64decode(output.data["image/png"]))).width
    assert output.metadata["image/png"]["width"] == width // 2


@pytest.mark.all
def test_both_tiers_give_the_same_outputs(
    graders: Graders, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Pictures, tables, warnings, tracebacks, surroundings: a forked kernel and a cold one show the same."""
    every = [*(code for code, _ in DRAW.values()), PLOT, *OTHER]
    warm = executed(graders.tier, graders.server, every, tmp_path_factory.mktemp("warm"))
    with serving("bubblewrap") as (tier, server):
        cold = executed(tier, server, every, tmp_path)
    for one, other in zip(warm, cold, strict=True):
        assert decoded(one) == decoded(other), one.source


def graded(assignment: Assignment, notebook: bytes, graders: Graders) -> Bundle:
    roots = {"source_root": assignment.source_dir.parent, "graders_root": assignment.graders_dir.parent}
    return graders.grade(Job.of(Submission(notebook), assignment=assignment.name, tier=graders.tier, **roots))


def same_notebooks(assignment: Assignment, notebook: bytes, graders: Graders) -> int:
    """Compare the executed notebooks of both tiers; the number of pictures in them."""
    warm = graded(assignment, notebook, graders)
    with serving("bubblewrap") as (tier, server):
        cold = graded(assignment, notebook, Graders(tier, server))
    one, other = (nbformat.reads(bundle.notebook, as_version=4) for bundle in (warm, cold))
    assert len(one.cells) == len(other.cells)
    for a, b in zip(one.cells, other.cells, strict=True):
        assert decoded(a) == decoded(b), a.source
        assert {**a, "outputs": None} == {**b, "outputs": None}
    assert warm.verdict.checks == cold.verdict.checks
    return sum("image/png" in output.get("data", {}) for cell in one.cells for output in cell.get("outputs", []))


@pytest.mark.all
def test_both_tiers_give_the_same_notebook(tiny: Assignment, submit: Callable[..., bytes], graders: Graders) -> None:
    """A submission with a plot: the executed notebooks are equal, not the verdicts alone."""
    assert same_notebooks(tiny, submit(after={"add": PLOT}), graders) == 1


@pytest.mark.all
@pytest.mark.timeout(900)
def test_both_tiers_give_the_same_notebook_of_a_real_set(repository: Path, graders: Graders) -> None:
    """The reference answer of ps2, with all its plots."""
    assignment = Assignment.find("ps2_data_splitting", repository / "source", repository / "graders")
    assert same_notebooks(assignment, reference().notebook(assignment), graders) > 1


# ---- what is left of an output counts, and no more

LIVE = """
import matplotlib.pyplot as plt
from IPython.display import clear_output, display
"""
CLEARED: dict[str, tuple[str, int, str]] = {
    "clear_output(wait=True)": (
        "for epoch in range(30):\n    clear_output(wait=True)\n    plt.figure(figsize=(10, 4))\n    plt.plot([epoch, 1])\n"
        "    plt.show()",
        1,
        "Figure size 1000x400",
    ),
    "clear_output()": ("for epoch in range(30):\n    clear_output()\n    plt.plot([epoch, 1])\n    plt.show()", 1, ""),
    "display_id": (
        "fig, ax = plt.subplots()\nhandle = display(fig, display_id=True)\nfor epoch in range(30):\n"
        "    ax.clear()\n    ax.plot([epoch, 1])\n    handle.update(fig)\nplt.close()",
        1,
        "",
    ),
    "text": ("for n in range(30):\n    clear_output(wait=True)\n    print(n, 'x' * 30_000)", 0, "29 xxx"),
    "carriage returns": ("for n in range(60):\n    print('\\r', n, 'x' * 30_000, end='', flush=True)", 0, " 59 xxx"),
    "backspaces": (
        "for n in range(60):\n    text = f'{n} ' + 'x' * 8_000\n    print(text, end='', flush=True)\n"
        "    if n < 59: print('\\b' * len(text), end='', flush=True)",
        0,
        "59 xxx",
    ),
}


@pytest.fixture(scope="module")
def cleared(graders: Graders, tmp_path_factory: pytest.TempPathFactory) -> dict[str, NotebookNode]:
    """The cells of CLEARED, run with room for three plots; each ends by printing that it came to its end."""
    sources = [f"{LIVE}{code}\nprint('\\nthe end')" for code, _, _ in CLEARED.values()]
    cells = executed(graders.tier, graders.server, sources, tmp_path_factory.mktemp("cleared"), output_bytes=100_000)
    return dict(zip(CLEARED, cells, strict=True))


@pytest.mark.parametrize("name", CLEARED)
def test_what_was_cleared_takes_no_room(cleared: dict[str, NotebookNode], name: str) -> None:
    """A live plot or a progress bar costs what is left of it in the end, and its cell runs to the end."""
    _, pictures, text = CLEARED[name]
    cell = cleared[name]
    assert sum("image/png" in o.get("data", {}) for o in cell.outputs) == pictures
    assert text in shown(cell)
    assert "the end" in shown(cell)
    assert "[Goodfit]" not in shown(cell)
    assert len(str(cell.outputs)) < 100_000


@pytest.mark.parametrize(
    ("parts", "shows"),
    [
        (["  0%", "\r 50%", "\r100%\n", "done"], "100%\ndone"),
        (["1/3 ", "\b" * 9 + "\r2/3 ", "\b" * 9 + "\r3/3 - loss: 1\n"], "3/3 - loss: 1\n"),
        (["a\r\nb\r\n"], "a\nb\n"),
        (["wait\r"], "wait\r"),
        (["wait\r", "\r", "\n", "now"], "wait\nnow"),
        (["kept\nabc", "\b\b\b\b\bd"], "kept\nd"),
        (["abc\rx"], "x"),
        (["\b\b", "a"], "a"),
    ],
)  # fmt: skip
def test_text_is_kept_as_jupyter_shows_it(parts: list[str], shows: str) -> None:
    """The last write of a line wins, however the text was cut into messages."""
    for pieces in (parts, ["".join(parts)], list("".join(parts))):
        text = ""
        for piece in pieces:
            text = as_shown(text, piece)
        assert text == shows


def test_progress_of_training_is_one_line_an_epoch(graders: Graders, tmp_path: Path) -> None:
    """Keras draws its bar over and over; the notebook has the last one."""
    train = """import keras, numpy as np
model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
model.compile(loss="mse")
model.fit(np.zeros((300, 2)), np.zeros(300), batch_size=1, epochs=2).history.keys()"""
    (cell,) = executed(graders.tier, graders.server, [train], tmp_path)
    text = cell.outputs[0].text
    assert text.count("300/300") == 2
    assert text.count("\n") == 4
    assert "\b" not in text
    assert "\r" not in text


def test_an_output_too_large_costs_itself_alone(graders: Graders, tmp_path: Path) -> None:
    """What follows a picture or a text without room is still run and shown; so is an error; a note says what is
    gone."""
    sources = [
        "import numpy as np, matplotlib.pyplot as plt\nplt.imshow(np.random.default_rng(1).random((900, 900)))\n"
        "plt.gcf().set_dpi(300)\nplt.show()\nprint('after the picture')",
        "print('y' * 300_000)\nname = 'defined'",
        "print(name)",
        "print('z' * 300_000)\nraise ValueError('the error')",
        "raise ValueError('w' * 300_000)",
        "for n in range(60_000): print(n)\nprint(name)",
    ]
    cells = executed(graders.tier, graders.server, sources, tmp_path, output_bytes=100_000)
    assert "Figure size" in shown(cells[0])
    assert "after the picture" in shown(cells[0])
    assert not [o for o in cells[0].outputs if "image/png" in o.get("data", {})]
    assert shown(cells[2]) == "defined\n"
    assert "the error" in shown(cells[3])
    assert "www" in shown(cells[4])
    assert all("was left out" in shown(cells[n]) or "is left out" in shown(cells[n]) for n in (0, 1, 3, 5))
    assert all(len(str(cell.outputs)) < 250_000 for cell in cells)


# ---- pages


def page(course: Path, cells: list[NotebookNode]) -> str:
    """Cells as formgrader shows them to a TA: nbgrader's exporter and template with the course's configuration."""
    config = Config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    config.merge(Course(course).config)
    resources = {"assignment_id": "tiny", "notebook_id": "tiny", "submission_id": "0", "index": 0, "total": 1}
    names = {"base_url": "", "student": "ada", "last_name": "", "first_name": "", "notebook_path": "x"}
    for cell in cells:
        cell.metadata.nbgrader = {"grade": False, "solution": False, "task": False, "locked": False}
    exporter = HTMLExporter(config=config)
    text, _ = exporter.from_notebook_node(new_notebook(cells=cells), resources={**resources, **names})
    return text  # type: ignore[no-any-return]


PASTED: dict[str, tuple[str, dict[str, Any], bool]] = {
    "data": (f"My sketch:\n\n![image.png](data:image/png;base64,{PNG})\n\nThe winner is lucky.", {}, True),
    "data in HTML, in lines": (
        f'<img src="data:image/png;base64,{base64.encodebytes(base64.b64decode(PNG)).decode()}" width="300">', {}, True),
    "data as reference": (f"![a][b]\n\n[b]: <data:image/png;base64,{PNG}>", {}, True),
    "beside a long text": ("word " * MAX_MARKDOWN + f"![a](data:image/png;base64,{PNG})", {}, True),
    "attachment": ("![image.png](attachment:image.png)", {"image.png": {"image/png": PNG}}, True),
    "attachment with a blank": ("![a](attachment:a%20b.png)", {"a b.png": {"image/png": PNG}}, True),
    "attachment in Korean": ("![a](attachment:그림.png)", {"그림.png": {"image/png": PNG}}, True),
    "attachment in HTML": ('<img src="attachment:a.png">', {"a.png": {"image/png": PNG}}, True),
    "attachment that is missing": ("![a](attachment:a.png)", {}, False),
    "attachment that is none": ("![a](attachment:a.png)", {"a.png": {"image/png": "PHN2Zz4="}}, False),
    "web": ("![a](https://example.org/a.png)", {}, False),
    "no picture": ("![a](data:image/png;base64,AAAA)", {}, False),
    "HTML as picture": ("![a](data:text/html;base64,PHNjcmlwdD4=)", {}, False),
    "SVG with a script": (
        f"![a](data:image/svg+xml;base64,{base64.b64encode(b'<svg><script>1</script></svg>').decode()})", {}, False),
}  # fmt: skip


@pytest.mark.parametrize("name", PASTED)
def test_pasted_pictures_are_shown(course: Path, name: str) -> None:
    """A pasted or attached bitmap stands on the page; in place of anything else there is a sentence."""
    source, attachments, good = PASTED[name]
    text = page(course, [new_markdown_cell(source, attachments=attachments)])
    found = re.findall(r'<img [^>]*src="data:image/png;base64,([^"]*)"', text)
    assert found == ([PNG] if good else [])
    assert ("picture that is not shown here" in text) is not good
    assert "goodfit/" not in text
    assert "attachment:" not in text
    assert not re.findall(r'<img [^>]*src="(?!data:image/png)', text)


def test_a_large_pasted_picture_is_quick(course: Path) -> None:
    """Markdown parsers and sanitizers are made for text: megabytes of base64 are kept from them."""
    large = base64.b64encode(MAGIC + bytes(3 * 2**20)).decode()
    cells = [new_markdown_cell(f"**words** ![a](data:image/png;base64,{large})")]
    text = page(course, cells)
    assert large in text
    assert "<strong>words</strong>" in text


def test_feedback_and_formgrader_show_plots(
    submit: Callable[..., bytes], course: Path, graders: Graders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The plot itself is on the page as an image, SVG as the source of one; no markup of it, no request elsewhere."""

    class Serving:
        def __init__(self, *_: Any) -> None: ...

        def __enter__(self) -> tuple[str, str | None]:
            return graders.tier, graders.server

        def __exit__(self, *_: object) -> None: ...

    monkeypatch.setattr(batch, "serving", Serving)
    opened = Course(course)
    sketch = f"from IPython.display import SVG, Image\nSVG({RECT!r})"
    gif = "import PIL.Image\nPIL.Image.new('RGB', (9, 9)).save('a.gif')\nImage('a.gif')"
    for student, after in (
        ("plain", {}),
        ("ada", {"setup": f"%config InlineBackend.figure_format = 'svg'\n{PLOT}", "add": sketch, "mean": gif}),
    ):
        folder = opened.submitted("tiny", student)
        folder.mkdir(parents=True)
        (folder / "tiny.ipynb").write_bytes(submit(after=after))
    results = list(batch.grade_class(opened, opened.assignment("tiny"), ["ada", "plain"], "fork", workers=1))
    assert not [result.trouble for result in results if result.trouble]
    executed = nbformat.read(opened.autograded("tiny", "ada") / "tiny.ipynb", as_version=4)
    (picture,) = [o.data["image/png"] for c in executed.cells for o in c.get("outputs", []) if "image/png" in str(o)]
    pages = {}
    for student in ("ada", "plain"):
        opened.write_feedback("tiny", student)
        pages[student] = (opened.feedback("tiny", student) / "tiny.html").read_text()
    views = (pages["ada"], page(course, executed.cells))
    for text in views:
        assert f'src="data:image/png;base64,{picture.strip()}"' in text.replace("\n", "")
        assert re.search(rf'<img [^>]*src="data:image/svg\+xml;base64,{re.escape(vector(RECT) or "?")}"', text)
        assert re.search('<img [^>]*src="data:image/gif;base64,R0lGOD', text)
        assert "<svg" not in text
        assert not re.findall(r'<img [^>]*src="(?!data:image/(png|gif|svg\+xml);base64,)', text)
    links = [sorted(re.findall(r'(?:src|href)="(https?:[^"]*)"', text)) for text in pages.values()]
    assert links[0] == links[1], "nothing is requested that an honest page does not request"


# ---- vetting


def test_bitmaps_are_what_they_say() -> None:
    """Type and size are checked; base64 in lines is as good as in one piece."""
    raw = base64.b64decode(PNG)
    assert bitmap("image/png", base64.encodebytes(raw).decode()) == PNG
    assert bitmap("image/png", base64.encodebytes(raw).decode().splitlines(keepends=True)) == PNG
    assert bitmap("image/jpeg", PNG) is None
    assert bitmap("image/gif", base64.b64encode(b"GIF89a").decode()) == "R0lGODlh"
    assert bitmap("text/html", PNG) is None
    assert bitmap(["image/png"], PNG) is None
    assert bitmap("image/png", 7) is None
    assert bitmap("image/png", "not base64 at all: é") is None
    assert bitmap("image/png", base64.b64encode(MAGIC + bytes(MAX_IMAGE)).decode()) is None


SVGS = {
    "plain": (RECT, True),
    "without a namespace": (RECT.replace(' xmlns="http://www.w3.org/2000/svg"', ""), True),
    "with a document type": (
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://x/y.dtd">' + RECT, True),
    "use": (RECT.replace("<rect", '<path id="a"/><use href="#a"/><use href="#a"/><rect'), True),
    "use of a use": (RECT.replace("<rect", '<g id="a"><use href="#b"/><use href="#b"/></g><use href="#a"/><rect'), False),
    "entities": (f'<!DOCTYPE svg [<!ENTITY a "aaaa">]>{RECT}', False),
    "undefined entity": (RECT.replace("<rect", "&nbsp;<rect"), False),
    "script": (RECT.replace("<rect", "<script>1</script><rect"), False),
    "foreign": (RECT.replace("<rect", "<foreignObject/><rect"), False),
    "handler": (RECT.replace("<rect", '<rect onload="1"'), False),
    "not well-formed": (RECT.replace("</svg>", ""), False),
    "deep": (RECT.replace("<rect", "<g>" * 999 + "</g>" * 999 + "<rect"), False),
    "HTML": ("<html><body>1</body></html>", False),
    "large": (RECT.replace("<rect", f"<!--{'x' * 2**20}--><rect"), False),
    "nothing": ("", False),
}  # fmt: skip


@pytest.mark.parametrize(("markup", "good"), SVGS.values(), ids=SVGS)
def test_svg_is_a_plain_picture_or_none(markup: str, good: bool) -> None:
    """What is kept begins with its root; what could do or cost anything is not kept."""
    kept = vector(markup)
    assert (kept is not None) is good
    if kept is not None:
        assert base64.b64decode(kept).startswith(b"<svg ")
