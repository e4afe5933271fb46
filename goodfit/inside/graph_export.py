"""What a Keras model computes, as a TensorFlow graph: for models whose ``.keras`` file would need the student's code.

Runs in the student's kernel, like :mod:`goodfit.inside.agent`. A model that is a class of the student's own, or uses
their functions, can be rebuilt from its file with their code alone. Its predictions need none: TensorFlow traces them
into a graph of numeric operations, and :mod:`goodfit.inside.graph_import` computes that graph elsewhere.
"""

from __future__ import annotations

import types
from typing import Any

import numpy as np


class NoGraph(Exception):
    """The model cannot be exported; the message is for the student and continues a sentence about the model."""


def foreign_functions(model: Any) -> list[str]:
    """Names of functions in a model's layers that are not Keras' own.

    A ``.keras`` file holds the bare name of an activation function. Where Keras has one of that name too, it would be
    taken for the student's.
    """
    found = []
    for layer in _layers(model):
        for value in vars(layer).values():
            if isinstance(value, types.FunctionType) and not str(value.__module__).startswith("keras."):
                found.append(value.__name__)
    return found


def export(model: Any) -> dict[str, Any]:
    """Trace a model's predictions for one batch of rows of any length.

    Args:
        model: a Keras model that was called, fitted or built.

    Returns:
        Plain data: ``graph``, the bytes of a GraphDef as uint8; ``rows`` and ``outputs``, names of its tensors;
        ``values``, the weights by the name of the tensor that takes them; ``state``, pairs of such a name and the name
        of the tensor with the weight's next value (what a layer changes as it predicts: seeds of dropout that is on);
        ``layers``, a description of Keras' layers that the model tracks, as a ``.keras`` file has it.

    Raises:
        NoGraph: it is no Keras model, or its rows have no known shape.
        Exception: whatever the student's code raises when it is traced.
    """
    import keras
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    if not isinstance(model, keras.Model):
        raise NoGraph("it is no Keras model")
    metrics = {id(v) for metric in model.metrics for v in metric.variables}
    seeds = [v for v in model.non_trainable_variables if id(v) not in metrics and not _in(v, model.weights)]
    variables = [*model.weights, *seeds]

    def predict(rows: Any, values: list[Any]) -> Any:
        with keras.StatelessScope(state_mapping=list(zip(variables, values, strict=True))) as scope:
            training = {"training": False} if getattr(model, "_call_has_training_arg", True) else {}
            outputs = tf.nest.flatten(model(rows, **training))
            if len(outputs) != 1:
                raise NoGraph(f"it gives {len(outputs)} outputs instead of one")
            return tf.convert_to_tensor(outputs[0]), [scope.get_current_value(v) for v in variables]

    specs = [tf.TensorSpec(v.shape, v.dtype) for v in variables]
    traced = tf.function(predict, autograph=False).get_concrete_function(_rows_spec(model), specs)
    names = [tensor.name for tensor in traced.inputs[: 1 + len(variables)]]
    if traced.captured_inputs:  # weights that Keras does not know of
        traced = convert_variables_to_constants_v2(traced, lower_control_flow=False)
    outputs, *following = [tensor.name for tensor in traced.outputs]
    changed = [(a, b) for v, a, b in zip(variables, names[1:], following, strict=True) if not _in(v, model.weights)]
    return {
        "graph": np.frombuffer(traced.graph.as_graph_def().SerializeToString(), np.uint8),
        "rows": names[0],
        "outputs": outputs,
        "values": {name: np.asarray(v) for name, v in zip(names[1:], variables, strict=True)},
        "state": changed,
        "layers": [_describe(layer) for layer in _layers(model)],
    }


def _in(variable: Any, variables: list[Any]) -> bool:
    return any(variable is other for other in variables)


def _rows_spec(model: Any) -> Any:
    """Shape and dtype of the rows that the model takes, of any number."""
    import tensorflow as tf

    inputs = tf.nest.flatten(getattr(model, "inputs", None) or [])
    if inputs:
        shapes, dtype = [tuple(i.shape) for i in inputs], inputs[0].dtype
    else:
        shapes, dtype = list((getattr(model, "_build_shapes_dict", None) or {}).values()), model.input_dtype
    if not shapes:
        raise NoGraph("it was never called with rows: train it, or call it once")
    if len(shapes) != 1 or not all(n is None or isinstance(n, int) for n in shapes[0]):
        raise NoGraph("it takes other inputs than one array of rows")
    return tf.TensorSpec((None, *shapes[0][1:]), dtype, name="rows")


def _layers(model: Any) -> list[Any]:
    """All layers that Keras tracks in a model, nested ones too, in the order in which they were made."""
    flatten = getattr(model, "_flatten_layers", None)
    return list(flatten(include_self=False)) if callable(flatten) else []


def _describe(layer: Any) -> dict[str, Any]:
    """Class name and configuration as in a ``.keras`` file; of a student's own class, those of Keras' class above."""
    import keras

    bases = [c.__name__ for c in type(layer).__mro__ if c.__module__.startswith("keras.src.layers.")]
    try:
        config = keras.saving.serialize_keras_object(layer)["config"]
    except Exception:  # its get_config is the student's
        config = {}
    return {"class_name": bases[0] if bases else "Layer", "config": config if isinstance(config, dict) else {}}
