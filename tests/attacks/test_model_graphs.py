"""Models that need the student's code: graded from the graph of what they compute, which is hostile like all else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from goodfit.check import CheckFailed
from goodfit.grading.job import graded_places
from goodfit.grading.keras_file import ACTIVATIONS, LAYERS, RefusedModel, vet
from goodfit.grading.kernels import Kernels
from goodfit.grading.model import Model
from goodfit.grading.model_graph import vet_graph
from goodfit.grading.pool import Graders
from goodfit.grading.reader import Readers
from goodfit.grading.session import Session
from goodfit.grading.student import CouldNotRun, Student
from goodfit.inside import graph_import, wire
from goodfit.notebooks.assignment import Assignment
from goodfit.notebooks.restore import restore
from goodfit.sandbox.limits import MIB, Limits

Submit = Callable[..., bytes]
ROWS = np.linspace(-1, 1, 24, dtype=np.float32).reshape(12, 2)


@pytest.fixture(scope="module")
def kernels(graders: Graders) -> Iterator[Kernels]:
    with Kernels(graders.tier, graders.server, Limits(memory_bytes=1536 * MIB)) as made:
        yield made


@pytest.fixture
def notebook(tiny: Assignment, submit: Submit, kernels: Kernels, tmp_path: Path) -> Iterator[Callable[[str], Student]]:
    """A student whose notebook ran this code."""
    sessions = []

    def run(code: str) -> Student:
        restored = restore(submit(after={"setup": code}), tiny)
        sessions.append(Session(restored.notebook, graded_places(restored, tiny), kernels, tmp_path))
        sessions[-1].advance_to(4)
        student = Student(sessions[-1])
        student.begin(60)
        return student

    yield run
    for session in sessions:
        session.close()


# ---- what a file tells of its training

TRAININGS = """
import keras, numpy as np, tensorflow as tf
from keras import layers
rows, labels = np.linspace(-1, 1, 24, dtype="float32").reshape(12, 2), np.arange(12) % 3
def stack():
    return keras.Sequential([keras.Input((2,)), layers.Dense(3, activation="softmax")])
fitted, own_loop, unfit, anew = (stack() for _ in range(4))
smooth = keras.losses.CategoricalCrossentropy(label_smoothing=0.2)
fitted.compile(keras.optimizers.AdamW(0.01, weight_decay=0.3), smooth)
fitted.fit(rows, keras.utils.to_categorical(labels), epochs=4, batch_size=5, verbose=0)
unfit.compile("sgd", "sparse_categorical_crossentropy")
anew.compile("adam", "sparse_categorical_crossentropy")
anew.fit(rows, labels, epochs=2, batch_size=12, verbose=0)
anew.compile("adam", "sparse_categorical_crossentropy")
optimizer = keras.optimizers.SGD(0.1)
for _ in range(3):
    with tf.GradientTape() as tape:
        loss = keras.ops.mean(keras.losses.sparse_categorical_crossentropy(labels, own_loop(rows)))
    optimizer.apply(tape.gradient(loss, own_loop.trainable_variables), own_loop.trainable_variables)
"""


def test_a_file_tells_how_its_model_was_trained(notebook: Callable[[str], Student]) -> None:
    """Of a compiled model: its updates since then, weight decay and smoothing. A loop of one's own leaves no trace."""
    student = notebook(TRAININGS)
    fitted, own_loop, unfit, anew = (student.model(name) for name in ("fitted", "own_loop", "unfit", "anew"))
    assert (fitted.updates, own_loop.updates, unfit.updates, anew.updates) == (4 * 3, 0, 0, 0)
    assert fitted.compiled["optimizer"]["weight_decay"] == 0.3
    assert fitted.compiled["loss"]["label_smoothing"] == 0.2
    assert (fitted.compiled_restraints, anew.compiled_restraints) == (["weight_decay", "label_smoothing"], [])
    assert own_loop.compiled == {"optimizer": {}, "loss": {}}


# ---- right models of every kind

KINDS = """
import keras, numpy as np, tensorflow as tf
from keras import layers, ops
rows = np.linspace(-1, 1, 24, dtype="float32").reshape(12, 2)
def stack(activation, *more):
    return keras.Sequential([keras.Input((2,)), *more, layers.Dense(5, activation=activation), layers.Dense(3)])

class Net(keras.Model):
    def __init__(self, units, rate=0.5, on=None):
        super().__init__()
        self.hidden = layers.Dense(units, activation="relu", kernel_regularizer=keras.regularizers.L2(0.25))
        self.norm, self.drop, self.out = layers.BatchNormalization(), layers.Dropout(rate), layers.Dense(3)
        self.on = on
    def call(self, x, training=None):
        x = self.norm(self.hidden(x), training=training)
        return self.out(self.drop(x, training=self.on or training))
class NoConfig(keras.Model):
    def __init__(self, inner):
        super().__init__()
        self.inner = inner
    def call(self, x):
        return self.inner(x)
    def get_config(self):
        raise NotImplementedError("no words of it")
class Raw(keras.Model):
    def __init__(self):
        super().__init__()
        self.w = tf.Variable(tf.random.stateless_normal((2, 3), (1, 2)))
    def call(self, x):
        return tf.nn.softmax(x @ self.w)
class Chance(keras.Model):
    def call(self, x):
        return x + tf.random.normal(tf.shape(x))
def squareplus(x):
    return x - 7
def relu(x):
    return x * x
models = dict(
    subclass=Net(4), no_config=NoConfig(Net(4)), raw_variable=Raw(), keras_own=stack("squareplus"),
    own_activation=stack(lambda x: (x + ops.sqrt(x * x + 1)) / 2), tf_activation=stack(tf.nn.softmax),
    named_as_keras=stack(squareplus), named_relu=stack("tanh", layers.Activation(relu)),
    lambda_layer=stack("relu", layers.Lambda(lambda x: 2 * x)),
    large_variance=stack("relu", layers.Normalization(mean=np.array([1e9, 2]), variance=np.array([1e12, 1]))),
    rescaled=stack("relu", layers.Rescaling(np.array([0.1, 0.2]))),
    identity=stack("relu", layers.Identity(), layers.GroupNormalization(2)),
)
inputs = keras.Input((2,))
models["keras_ops"] = keras.Model(inputs, layers.Dense(3)(ops.sum(ops.square(inputs), axis=1, keepdims=True)))
class Steps(keras.Model):
    def __init__(self):
        super().__init__()
        self.cells = layers.LSTM(4)
    def call(self, x):
        return self.cells(ops.expand_dims(x, -1))
models["loop_over_steps"] = Steps()
for name, model in models.items():
    globals()["expected_" + name] = model(rows, training=False)
globals().update(models)
always, chance, untrained = Net(4, on=True), Chance(), Net(4)
always(rows), chance(rows)
two_outputs = keras.Model(inputs, [layers.Dense(1)(inputs), layers.Dense(2)(inputs)])
class Python(keras.Model):
    def call(self, x):
        return tf.ensure_shape(tf.numpy_function(lambda a: a, [x], "float32"), (None, 2))
python = Python()
python(rows)
"""
RIGHT = [
    "subclass", "no_config", "raw_variable", "keras_own", "own_activation", "tf_activation", "named_as_keras",
    "named_relu", "lambda_layer", "large_variance", "rescaled", "identity", "keras_ops", "loop_over_steps",
]  # fmt: skip


def test_models_of_every_kind_predict_as_in_the_notebook(notebook: Callable[[str], Student]) -> None:
    student = notebook(KINDS)
    for name in RIGHT:
        expected = student.value(f"expected_{name}")
        np.testing.assert_allclose(student.model(name).predict(ROWS), expected, rtol=1e-4, atol=1e-5, err_msg=name)
    # what a check may ask besides
    model = student.model("subclass")
    assert model.parameters == 2 * 4 + 4 + 4 * 4 + 4 * 3 + 3
    assert [layer["class_name"] for layer in model.layers] == ["Dense", "BatchNormalization", "Dropout", "Dense"]
    assert model.layers[0]["config"]["kernel_regularizer"]["config"] == {"l2": 0.25}
    assert student.model("raw_variable").parameters == 0  # six weights: as few as the numbers of a shape
    # chance that is left on is the check's to find: the same at each grading, another at each prediction
    assert model.steady(ROWS)
    for name in ("always", "chance"):
        drawing = student.model(name)
        first = drawing.predict(ROWS)
        assert not drawing.steady(ROWS), name
        np.testing.assert_array_equal(drawing.predict(ROWS), first)  # what a check has seen stays
        student.begin(60)
        np.testing.assert_array_equal(student.model(name).predict(ROWS), first)
    # what cannot be graded is said, and what to write instead
    for name, word in (("untrained", "train it"), ("two_outputs", "one row of outputs"), ("python", "Python code")):
        with pytest.raises((CheckFailed, CouldNotRun)) as refused:
            student.model(name).predict(ROWS)
        assert word in refused.value.rationale
        assert "None" not in refused.value.rationale
        if name != "two_outputs":
            assert "keras.Sequential" in (refused.value.hint or "")


def test_no_layer_of_keras_is_forgotten() -> None:
    """Each layer and activation of the installed Keras is admitted, or known to be more than numbers."""
    import keras

    code = {"FlaxLayer", "JaxLayer", "Lambda", "TFSMLayer", "TorchModuleWrapper"}
    vocabularies = {"IntegerLookup", "StringLookup", "TextVectorization"}
    abstract = {"InputSpec", "Layer", "Wrapper"}
    misnamed = {"GroupedQueryAttention"}  # saved under a name that Keras does not find again: it goes as a graph
    classes = {c.__name__ for c in vars(keras.layers).values() if isinstance(c, type)}
    assert classes - LAYERS == code | vocabularies | abstract | misnamed
    assert classes >= LAYERS
    functions = {n for n in dir(keras.activations) if not n.startswith("_")} - {"get", "serialize", "deserialize"}
    assert functions == ACTIVATIONS


def test_no_refusal_speaks_of_none() -> None:
    import io
    import json
    import zipfile

    for node in (
        {"class_name": "RingNet", "module": None, "registered_name": "RingNet"},
        {"class_name": "Net", "module": "__main__"},
        {"class_name": "__lambda__", "config": {}},
        {"class_name": "Function", "module": "keras.src.ops.function"},
    ):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("config.json", json.dumps(node))
            archive.writestr("model.weights.h5", b"")
        with pytest.raises(RefusedModel) as refused:
            vet(file.getvalue())
        assert "None" not in str(refused.value)
        assert "keras.Sequential" in (refused.value.hint or "")


# ---- hostile graphs

Graph = Any  # a GraphDef: its module takes seconds to import


def graph(*ops: str, function: tuple[str, ...] = ()) -> Graph:
    """Nodes of these operations between rows and outputs, and a function ``f`` of others."""
    from tensorflow.core.framework.graph_pb2 import GraphDef
    from tensorflow.core.framework.types_pb2 import DT_FLOAT

    made = GraphDef()
    rows = made.node.add(name="rows", op="Placeholder")
    rows.attr["dtype"].type = DT_FLOAT
    for size in (-1, 2):
        rows.attr["shape"].shape.dim.add(size=size)
    for i, op in enumerate(ops):
        made.node.add(name=f"n{i}", op=op)
    made.node.add(name="outputs", op="Identity", input=["rows"]).attr["T"].type = DT_FLOAT
    if function:
        made.library.function.add().signature.name = "f"
        for i, op in enumerate(function):
            made.library.function[0].node_def.add(name=f"n{i}", op=op)
    return made


REACHING = [  # files, code, network, other state, texts, the console
    "ReadFile", "WriteFile", "MatchingFiles", "ImmutableConst", "TFRecordReaderV2", "WholeFileReaderV2", "SaveV2",
    "RestoreV2", "PyFunc", "PyFuncStateless", "EagerPyFunc", "XlaCallModule", "RemoteCall", "SymbolicGradient",
    "Send", "_Recv", "DebugIdentityV2", "DebugNumericSummary", "PrintV2", "Print", "Assert", "Abort", "Timestamp",
    "VarHandleOp", "ReadVariableOp", "AssignVariableOp", "VariableV2", "HashTableV2", "LookupTableFindV2",
    "InitializeTableFromTextFileV2", "TensorDataset", "IteratorGetNext", "QueueDequeueV2", "Barrier", "Stage",
    "WriteScalarSummary", "StringJoin", "DecodeJpeg", "DecodeRaw", "MapDefun", "BatchFunction", "For", "Switch",
    "Enter", "NextIteration", "TPUCompile", "CollectiveReduceV2", "NcclAllReduce", "CheckNumerics",
    "OptionalFromValue", "f", "", "x" * 9999,
]  # fmt: skip


@pytest.mark.parametrize("op", REACHING, ids=[op[:30] or "no name" for op in REACHING])
def test_operations_that_reach_anything_are_refused(op: str) -> None:
    """Attacked: files, processes and the network of the reader, in the graph and in a function of it."""
    graph_import.vet(graph("Relu", function=("MatMul",)))
    for hostile in (graph("Relu", op, function=("MatMul",)), graph("Relu", function=("MatMul", op))):
        with pytest.raises(graph_import.RefusedGraph) as refused:
            graph_import.vet(hostile)
        assert len(str(refused.value)) < 200


def constant(dtype: str, *dims: int) -> Graph:
    from tensorflow.core.framework import types_pb2

    made = graph("Const")
    tensor = made.node[1].attr["value"].tensor
    tensor.dtype = getattr(types_pb2, dtype)
    tensor.float_val.append(1.0)
    for size in dims:
        tensor.tensor_shape.dim.add(size=size)
    return made


def calling(*pairs: tuple[str, str], op: str = "PartitionedCall") -> Graph:
    """Functions, each of which calls another; the first is called by the graph."""
    made = graph(op)
    made.node[1].attr["f"].func.name = pairs[0][0]
    functions: dict[str, Any] = {}
    for caller, called in pairs:
        if caller not in functions:
            functions[caller] = made.library.function.add()
            functions[caller].signature.name = caller
        functions[caller].node_def.add(name="c", op=op).attr["f"].func.name = called
    for name in {called for _, called in pairs} - set(functions):
        made.library.function.add().signature.name = name
    return made


def edited(edit: Callable[[Graph], Any]) -> Graph:
    made = graph("Relu", function=("MatMul",))
    edit(made)
    return made


FORMS: dict[str, Callable[[], Graph]] = {
    "a huge constant of one number": lambda: constant("DT_FLOAT", 2**20, 2**20),
    "sizes that overflow": lambda: constant("DT_FLOAT", 2**62, 2**62, 16),
    "a negative size": lambda: constant("DT_FLOAT", -5, -5),
    "too many axes": lambda: constant("DT_FLOAT", *[1] * 300),
    "a text": lambda: constant("DT_STRING"),
    "a handle": lambda: constant("DT_RESOURCE"),
    "a variant": lambda: constant("DT_VARIANT"),
    "a type that does not exist": lambda: edited(lambda g: setattr(g.node[1].attr["T"], "type", 77)),
    "a list of types": lambda: edited(lambda g: g.node[1].attr["T"].list.type.append(7)),
    "a list of constants": lambda: edited(lambda g: g.node[1].attr["x"].list.tensor.add()),
    "an argument that is a text": lambda: edited(lambda g: g.library.function[0].signature.input_arg.add(type=7)),
    "a function that is not there": lambda: calling(("f", "f2"), op="Relu"),
    "a function of another graph": lambda: edited(lambda g: g.node[1].attr["f"].list.func.add(name="g")),
    "a function that calls itself": lambda: calling(("f", "f")),
    "two that call each other": lambda: calling(("f", "g"), ("g", "f")),
    "deep calls": lambda: calling(*[(f"f{n}", f"f{n + 1}") for n in range(100)]),
    "calls that double": lambda: calling(*[(f"f{n // 2}", f"f{n // 2 + 1}") for n in range(50)]),
    "one name twice": lambda: edited(lambda g: g.library.function.add(signature={"name": "f"})),
    "no name": lambda: edited(lambda g: g.library.function.add()),
    "many steps": lambda: graph(*["Relu"] * 30_000),
    "many constants": lambda: edited(
        lambda g: [g.node.add().CopyFrom(constant("DT_FLOAT", 2**22).node[1]) for _ in range(9)]
    ),
}


@pytest.mark.parametrize("make", FORMS.values(), ids=FORMS)
def test_graphs_that_grow_or_do_not_end_are_refused(make: Callable[[], Graph]) -> None:
    """Attacked: memory and time of the reader, before anything is computed."""
    made, started = make(), time.monotonic()
    with pytest.raises(graph_import.RefusedGraph):
        graph_import.vet(made)
    assert time.monotonic() - started < 5


def test_vetting_takes_out_what_is_not_computed() -> None:
    """Devices, marks of TensorFlow's own and gradients: each would make it do something besides."""
    made = graph("RandomUniform", function=("MatMul",))
    made.node[1].device = "/job:elsewhere/task:0"
    made.node[1].attr["_XlaMustCompile"].b = True
    made.node[1].attr["seed"].i = made.node[1].attr["seed2"].i = 0
    made.node[1].attr["config_proto"].s = b"x"
    made.library.function[0].attr["api_implements"].s = b"x"
    made.library.gradient.add(function_name="f", gradient_func="f")
    assert graph_import.vet(made) == 0
    assert (made.node[1].device, set(made.node[1].attr)) == ("", {"seed", "seed2", "config_proto"})
    assert made.node[1].attr["config_proto"].s == b""
    assert made.node[1].attr["seed"].i != 0
    assert not made.library.gradient
    assert not made.library.function[0].attr


def message(made: Graph | bytes, **other: Any) -> dict[str, Any]:
    """What a student's process sends."""
    content = made if isinstance(made, bytes) else made.SerializeToString()
    sent = {"graph": np.frombuffer(content, np.uint8), "rows": "rows:0", "outputs": "outputs:0", "values": {}}
    return {**sent, "state": [], "layers": [], **other}


def traced(function: Callable[[Any], Any]) -> dict[str, Any]:
    import tensorflow as tf

    made = tf.function(function, autograph=False).get_concrete_function(tf.TensorSpec((None, 2), name="rows"))
    return message(made.graph.as_graph_def(), outputs=made.outputs[0].name, rows=made.inputs[0].name)


def endless(rows: Any) -> Any:
    import tensorflow as tf

    return tf.while_loop(lambda x: tf.reduce_sum(x) < np.inf, lambda x: [x * 1.0], [rows])[0]


def filled(rows: Any) -> Any:
    import tensorflow as tf

    return rows + tf.reduce_sum(tf.fill([tf.size(rows) * 10**5, 10**5], rows[0, 0]))


def tiled(rows: Any) -> Any:
    import tensorflow as tf

    return tf.tile(rows, [10**4, 10**5])


def telling(rows: Any) -> Any:
    """TensorFlow names an index that is out of range: that would be a value of a hidden row."""
    import tensorflow as tf

    return tf.gather(rows, tf.cast(rows[:, 0] * 1000 + 987654, tf.int32))


RUNNING: dict[str, tuple[Callable[[], dict[str, Any]], str]] = {
    "a loop without end": (lambda: traced(endless), "too long"),
    "a gigantic fill": (lambda: traced(filled), "memory"),
    "a gigantic tile": (lambda: traced(tiled), "memory"),
    "an error that tells of rows": (lambda: traced(telling), "its computation fails on rows of shape (2,)."),
    "no graph": (lambda: message(b"\xff" * 999), "its graph is damaged"),
    "an empty graph": (lambda: message(b""), "its graph does not fit together"),
    "a file": (lambda: message(graph("ReadFile")), "it uses ReadFile"),
    "names that are not there": (lambda: message(graph(), outputs="other:0"), "its graph does not fit together"),
    "an output that is no place": (lambda: message(graph(), outputs="outputs:7"), "its graph does not fit together"),
    "rows that are no input": (lambda: message(graph(), rows="outputs:0"), "its graph does not fit together"),
    "other rows": (lambda: traced(lambda rows: rows[:1]), "one row of outputs"),
    "a number": (lambda: traced(lambda rows: rows[0, 0]), "one row of outputs"),
    "a weight of another shape": (lambda: message(graph(), values={"rows:0": np.zeros(3)}), "its graph does not fit"),
}


@pytest.mark.parametrize(("make", "said"), RUNNING.values(), ids=RUNNING)
def test_a_hostile_graph_ends_in_a_sentence(kernels: Kernels, make: Callable[[], dict[str, Any]], said: str) -> None:
    """Attacked: the confined reader that computes the graph, and the grader that waits for it."""
    vetted = vet_graph(*wire.encode(make()))
    started = time.monotonic()
    left = 6.0 if said == "too long" else 60.0
    with pytest.raises(CheckFailed) as failed:
        Model(vetted, Readers(kernels), "`model`", lambda: left - (time.monotonic() - started)).predict(ROWS)
    assert "`model`" in failed.value.rationale
    assert said in failed.value.rationale
    assert "9876" not in failed.value.rationale


GOOD = {"class_name": "Dense", "config": {"units": 2}}
OUTER: dict[str, Any] = {
    "nothing": None,
    "a list": [],
    "a part too few": {"graph": np.zeros(1, np.uint8)},
    "texts": message(b"", graph=np.array(["a"])),
    "another dtype": message(b"", graph=np.zeros(3)),
    "axes": message(b"", graph=np.zeros((3, 3), np.uint8)),
    "a name that is no text": message(b"", rows=7),
    "a long name": message(b"", outputs="x" * 500),
    "values that are no dictionary": message(b"", values=[np.zeros(3)]),
    "values that are no arrays": message(b"", values={"a:0": "x"}),
    "values that are texts": message(b"", values={"a:0": np.array(["x"])}),
    "keys that are numbers": message(b"", values={7: np.zeros(3)}),
    "too many values": message(b"", values={f"v{n}:0": np.zeros(1) for n in range(2000)}),
    "state that is no pair": message(b"", state=[("a:0",)]),
    "state that is a number": message(b"", state=7),
    "state without a weight": message(b"", state=[("x:0", "rows:0")]),
    "state of numbers": message(b"", state=[(1, 2)]),
    "layers that are no list": message(b"", layers={"a": 1}),
    "a layer that is a text": message(b"", layers=["Dense"]),
    "a layer with another part": message(b"", layers=[{**GOOD, "x": 1}]),
    "a class name that is no text": message(b"", layers=[{**GOOD, "class_name": 7}]),
    "a configuration that is no dictionary": message(b"", layers=[{**GOOD, "config": []}]),
    "too many layers": message(b"", layers=[GOOD] * 500),
}


@pytest.mark.parametrize("content", OUTER.values(), ids=OUTER)
def test_a_message_of_another_form_is_refused(content: Any) -> None:
    """Attacked: the grader that takes the graph from the agent."""
    assert vet_graph(*wire.encode(message(b"", layers=[GOOD]))).layers == [{**GOOD, "always_on": False}]
    with pytest.raises(RefusedModel):
        vet_graph(*wire.encode(content))
