"""Vetting a submitted ``.keras`` file before any library opens it.

The file is a zip archive that a student's process wrote. Only names, sizes and JSON are read here, with the standard
library; the weights are opened later, by the confined model reader.
"""

from __future__ import annotations

import io
import json
import math
import zipfile
from dataclasses import dataclass
from typing import Any

MAX_UNPACKED = 256 * 2**20  # bytes of all members together
MAX_CONFIG = 2**20  # bytes of config.json
MAX_DIRECTORY = 2**17  # bytes of the archive's list of members, comment included: Keras writes some 200
MAX_LAYERS = 200
MAX_NUMBER = 10_000_000  # no size, unit count or shape in a configuration is larger
MEMBERS = {"metadata.json", "config.json", "model.weights.h5"}

COMPILED = ("optimizer", "loss")

PARTS = {
    "keras.initializers", "keras.regularizers", "keras.constraints", "keras.activations", "keras.dtype_policies",
    "keras.optimizers", "keras.optimizers.schedules", "keras.losses", "keras.metrics",
}  # fmt: skip
SINGLE_PARTS = {
    ("keras", "Sequential"),
    ("keras", "DTypePolicy"),
    ("keras.random", "SeedGenerator"),
    ("keras", "Functional"),
    ("keras.src.models.functional", "Functional"),
    ("", "__keras_tensor__"),
    ("", "__tuple__"),
    ("", "__numpy__"),
    ("", "__tensor__"),
}
LAYERS = {
    "Activation", "ActivityRegularization", "AdaptiveAveragePooling1D", "AdaptiveAveragePooling2D",
    "AdaptiveAveragePooling3D", "AdaptiveMaxPooling1D", "AdaptiveMaxPooling2D", "AdaptiveMaxPooling3D", "Add",
    "AdditiveAttention", "AlphaDropout", "Attention", "AugMix", "AutoContrast", "Average", "AveragePooling1D",
    "AveragePooling2D", "AveragePooling3D", "BatchNormalization", "Bidirectional", "CategoryEncoding", "CenterCrop",
    "Concatenate", "ContrastLimitedAdaptiveHistogramEqualization", "Conv1D", "Conv1DTranspose", "Conv2D",
    "Conv2DTranspose", "Conv3D", "Conv3DTranspose", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "Cropping1D",
    "Cropping2D", "Cropping3D", "CutMix", "Dense", "DepthwiseConv1D", "DepthwiseConv2D", "Discretization", "Dot",
    "Dropout", "ELU", "EinsumDense", "Embedding", "Equalization", "Flatten", "GRU", "GRUCell", "GaussianDropout",
    "GaussianNoise", "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D",
    "GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPooling3D", "GroupNormalization",
    "HashedCrossing", "Hashing", "Identity", "InputLayer", "LSTM", "LSTMCell", "LayerNormalization", "LeakyReLU",
    "Masking", "MaxNumBoundingBoxes", "MaxPooling1D", "MaxPooling2D", "MaxPooling3D", "Maximum", "MelSpectrogram",
    "Minimum", "MixUp", "MultiHeadAttention", "Multiply", "Normalization", "PReLU", "Permute", "Pipeline",
    "RMSNormalization", "RNN", "RandAugment", "RandomBrightness", "RandomColorDegeneration", "RandomColorJitter",
    "RandomContrast", "RandomCrop", "RandomElasticTransform", "RandomErasing", "RandomFlip", "RandomGaussianBlur",
    "RandomGrayscale", "RandomHue", "RandomInvert", "RandomPerspective", "RandomPosterization", "RandomRotation",
    "RandomSaturation", "RandomSharpness", "RandomShear", "RandomTranslation", "RandomZoom", "ReLU", "RepeatVector",
    "Rescaling", "Reshape", "Resizing", "ReversibleEmbedding", "STFTSpectrogram", "SeparableConv1D", "SeparableConv2D",
    "SimpleRNN", "SimpleRNNCell", "Softmax", "Solarization", "SpatialDropout1D", "SpatialDropout2D",
    "SpatialDropout3D", "SpectralNormalization", "StackedRNNCells", "Subtract", "TimeDistributed", "UnitNormalization",
    "UpSampling1D", "UpSampling2D", "UpSampling3D", "ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D",
}  # fmt: skip
"""Keras' layers that hold nothing but numbers. Not here: those that run code (Lambda, wrappers of other libraries'
models) and those that read vocabularies (StringLookup, IntegerLookup, TextVectorization)."""

ACTIVATIONS = {
    "celu", "elu", "exponential", "gelu", "glu", "hard_shrink", "hard_sigmoid", "hard_silu", "hard_swish", "hard_tanh",
    "leaky_relu", "linear", "log_sigmoid", "log_softmax", "mish", "relu", "relu6", "selu", "sigmoid", "silu",
    "soft_shrink", "softmax", "softplus", "softsign", "sparse_plus", "sparse_sigmoid", "sparsemax", "squareplus",
    "swish", "tanh", "tanh_shrink", "threshold",
}  # fmt: skip
PLAIN = "Build the model with keras.Sequential or the functional API, of Keras' own layers."

NO_SIZES = {  # keys of numbers that are no sizes, and may be large
    "seed", "shared_object_id", "mean", "variance", "bin_boundaries", "value", "scale", "offset", "max_value",
    "threshold", "value_range",
}  # fmt: skip


class _Archive(io.BytesIO):
    """An archive's bytes, whose list of members is read up to a bound: zipfile reads it whole and at once."""

    opening = True

    def read(self, size: int | None = -1, /) -> bytes:
        """Read, while the archive is opened, no more than a list of members can have."""
        wanted = len(self.getbuffer()) - self.tell() if size is None or size < 0 else size
        if self.opening and wanted > MAX_DIRECTORY:
            raise ValueError("the archive's list of members is far too long")
        return super().read(size)


class RefusedModel(Exception):
    """The file is not a model that is opened; the message is for the student.

    Attributes:
        hint: what to write instead, or None.
    """

    def __init__(self, text: str, hint: str | None = None) -> None:
        super().__init__(text)
        self.hint = hint


@dataclass(frozen=True)
class VettedModel:
    """A model that may be handed to the confined reader: a file, or a graph, which the reader vets itself.

    Attributes:
        header: the reader's first message.
        buffers: its arrays, or the archive's bytes.
        layers: every layer in order, nested models flattened: {"class_name": …, "config": {…}, "always_on": …}.
        compiled: the configurations of the "optimizer" and of the "loss" that it was compiled with; empty where the
            file does not tell. Whatever is in them is the student's word: they are never loaded.
    """

    header: dict[str, Any]
    buffers: list[bytes]
    layers: list[dict[str, Any]]
    compiled: dict[str, dict[str, Any]]


def vet(content: bytes) -> VettedModel:
    """Check an archive's members, sizes, JSON and layers.

    Raises:
        RefusedModel: with what is wrong and what to do.
    """
    try:
        file = _Archive(content)
        archive = zipfile.ZipFile(file)
        file.opening = False
        members = archive.infolist()
    except Exception as error:  # zipfile has no common error for what hostile bytes can make it do
        raise RefusedModel("The model file is damaged. Save it with `model.save(...)`.") from error
    names = [m.filename for m in members]
    if sorted(names) != sorted(set(names)) or not {"config.json", "model.weights.h5"} <= set(names) <= MEMBERS:
        raise RefusedModel("The model file holds other files than Keras writes into it.")
    if sum(m.file_size for m in members) > MAX_UNPACKED:
        raise RefusedModel(f"The model unfolds to more than {MAX_UNPACKED >> 20} MiB. Use a smaller network.")
    if archive.getinfo("config.json").file_size > MAX_CONFIG:
        raise RefusedModel("The model's configuration is far too long. Use a smaller network.")
    try:
        with archive.open("config.json") as member:
            config = json.loads(member.read(MAX_CONFIG))
    except Exception as error:  # nor have the decompressors
        raise RefusedModel("The model's configuration cannot be read. Save it with `model.save(...)`.") from error
    layers: list[dict[str, Any]] = []
    _walk(config, layers, 0)
    if not layers:
        raise RefusedModel("The model has no layers.")
    return VettedModel({}, [content], layers, {key: _compiled(config, key) for key in COMPILED})


def _walk(node: Any, layers: list[dict[str, Any]], depth: int, sizes: bool = True) -> None:
    """Visit every object of the configuration; collect its layers; refuse what is not a known part of Keras.

    Args:
        node: any part of the configuration.
        layers: those found so far.
        depth: how deeply the part is nested.
        sizes: whether whole numbers in it may be sizes, by which Keras would take memory.
    """
    if depth > 60:
        raise RefusedModel("The model's configuration is nested too deeply.")
    if isinstance(node, list):
        for item in node:
            _walk(item, layers, depth + 1, sizes)
    elif isinstance(node, dict):
        if "class_name" in node:
            _admit(node, layers)
        for key, value in node.items():
            if key == "compile_config" and depth == 0:
                continue  # never loaded: a loss of the student's own is no reason to refuse a model
            _walk(value, layers, depth + 1, sizes and key not in NO_SIZES)
    elif isinstance(node, int) and not isinstance(node, bool) and sizes and abs(node) > MAX_NUMBER:
        raise RefusedModel("A size in the model's configuration is far too large. Use a smaller network.")
    elif isinstance(node, float) and math.isnan(node):
        raise RefusedModel("A number in the model's configuration is NaN.")
    elif isinstance(node, str) and len(node) > 10_000:
        raise RefusedModel("The model's configuration holds a text that is far too long.")


def _compiled(config: Any, key: str) -> dict[str, Any]:
    """The configuration of what a model was compiled with, as Keras saves an object; empty for all else."""
    for step in ("compile_config", key, "config"):
        config = config.get(step) if isinstance(config, dict) else None
    return config if isinstance(config, dict) else {}


def _always_on(calls: Any) -> bool:
    """Whether a layer of a functional model was called with ``training=True``, as its node in the file says."""
    made = [call.get("kwargs") for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []
    return any(isinstance(keywords, dict) and keywords.get("training") is True for keywords in made)


def _admit(node: dict[str, Any], layers: list[dict[str, Any]]) -> None:
    """Admit one object by its module and class name; anything that is not on the lists is refused."""
    name, module = str(node["class_name"])[:80], str(node.get("module", ""))[:80]
    if module == "keras.layers" and name in LAYERS:
        config = node["config"] if isinstance(node.get("config"), dict) else {}
        layers.append({"class_name": name, "config": config, "always_on": _always_on(node.get("inbound_nodes"))})
        if len(layers) > MAX_LAYERS:
            raise RefusedModel(f"The model has more than {MAX_LAYERS} layers. Use a smaller network.")
    elif module not in PARTS and (module, name) not in SINGLE_PARTS:
        raise _refusal(node, name, module)


def _refusal(node: dict[str, Any], name: str, module: str) -> RefusedModel:
    """Say what a configuration has that is not admitted, and what to write instead."""
    if module == "builtins" and name == "function":
        return own_function(str(node.get("config"))[:80])
    if name == "__lambda__" or name == "Lambda":
        return RefusedModel("It uses a lambda function or a Lambda layer.", PLAIN)
    if module == "keras.layers":
        return RefusedModel(
            f"It uses the layer {name}, which cannot be graded here.", f"Use: {', '.join(sorted(LAYERS))}."
        )
    if module.startswith("keras"):
        return RefusedModel(f"It uses {module}.{name}, which cannot be graded here.", PLAIN)
    return RefusedModel(f"It uses a class of your own, or of another library: `{name}`.", PLAIN)


def own_function(name: str) -> RefusedModel:
    """The refusal of a function that is not Keras' own, such as an activation of the student's."""
    known = name.removesuffix("_v2")
    if known in ACTIVATIONS:
        text = f"It uses a function `{name}` of your own, or of another library."
        return RefusedModel(text, f'Write activation="{known}" for that of Keras.')
    text = f"It uses a function of your own, or of another library: `{name}`."
    return RefusedModel(text, f"Name one of Keras' own: {', '.join(sorted(ACTIVATIONS))}.")
