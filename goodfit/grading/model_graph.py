"""The outer form of a model that a student's process sent as a graph: plain data, bounded.

The graph itself stays bytes here. The confined model reader parses and vets it (:mod:`goodfit.inside.graph_import`):
a parser for TensorFlow's format is large, and what it could be made to do ends at the sandbox.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from goodfit.grading.keras_file import COMPILED, MAX_LAYERS, MAX_UNPACKED, RefusedModel, VettedModel
from goodfit.inside import model_reader, wire

DAMAGED = "Its graph cannot be read."


def vet_graph(tree: Any, buffers: list[bytes]) -> VettedModel:
    """Check what :func:`goodfit.inside.graph_export.export` is to return.

    Args:
        tree: the agent's answer as it came, unchecked.
        buffers: its arrays.

    Raises:
        RefusedModel: with what is wrong.
    """
    try:
        content = wire.decode(tree, buffers)
    except wire.WireError as error:
        raise RefusedModel(f"Its graph cannot be read: {error}.") from error
    if not isinstance(content, dict) or set(content) != {"graph", "rows", "outputs", "values", "state", "layers"}:
        raise RefusedModel(DAMAGED)
    graph, values, state, layers = (content[key] for key in ("graph", "values", "state", "layers"))
    pairs = [tuple(p) for p in state if isinstance(p, list | tuple)] if isinstance(state, list) else [()]
    names = [content["rows"], content["outputs"], *(values if isinstance(values, dict) else [0])]
    names += [name for pair in pairs for name in pair]
    if not all(isinstance(name, str) and 0 < len(name) < 200 for name in names) or {len(p) for p in pairs} - {2}:
        raise RefusedModel(DAMAGED)
    if not {weight for weight, _ in pairs} <= set(values):
        raise RefusedModel(DAMAGED)
    if not isinstance(graph, np.ndarray) or graph.dtype != np.uint8 or graph.ndim != 1:
        raise RefusedModel(DAMAGED)
    arrays = list(values.values())
    if not all(isinstance(a, np.ndarray) and a.dtype.kind in "biuf" for a in arrays):
        raise RefusedModel("Its weights are no arrays of numbers.")
    if len(arrays) >= model_reader.MAX_BUFFERS or graph.nbytes + sum(a.nbytes for a in arrays) > MAX_UNPACKED:
        raise RefusedModel(f"It has more than {MAX_UNPACKED >> 20} MiB of weights. Use a smaller network.")
    if not isinstance(layers, list) or len(layers) > MAX_LAYERS:
        raise RefusedModel(f"The model has more than {MAX_LAYERS} layers. Use a smaller network.")
    for layer in layers:
        if not isinstance(layer, dict) or set(layer) != {"class_name", "config"}:
            raise RefusedModel(DAMAGED)
        if not isinstance(layer["class_name"], str) or not isinstance(layer["config"], dict):
            raise RefusedModel(DAMAGED)
    known = {"graph": graph, "rows": names[0], "outputs": names[1], "values": values, "state": pairs}
    encoded, out = wire.encode(known)
    # a graph does not tell which layers were called with training=True; one that draws predicts twice alike or not
    flat = [{**layer, "always_on": False} for layer in layers]
    return VettedModel({"graph": encoded}, out, flat, {key: {} for key in COMPILED})
