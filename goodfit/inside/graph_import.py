"""Computing a model's graph that a student's process exported: vetted, then run in the confined model reader.

The graph is hostile. Everything here happens in the reader's sandbox, the parsing too: there is no file, no network, no
label and no code of the student's. What is refused here is refused before TensorFlow runs anything of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from typing import Any

import numpy as np

MAX_NODES = 20_000  # of all functions together; a network of a hundred layers has about a thousand
MAX_UNFOLDED = 100_000  # nodes when each call of a function counts as the function's own
MAX_DEPTH = 30  # calls of functions within functions
MAX_ELEMENTS = 2**24  # of all constants: 64 MiB of float32, as much as a sandbox may send
FEW = 8  # elements of a constant that is no weight but a shape, an axis or a factor

CALLS = {"PartitionedCall", "StatefulPartitionedCall", "If", "StatelessIf", "While", "StatelessWhile", "Case",
         "StatelessCase"}  # fmt: skip
OPS = CALLS | {
    # inputs, and what only hands on
    "Placeholder", "Const", "Identity", "IdentityN", "NoOp", "StopGradient", "PreventGradient", "Snapshot",
    "EnsureShape", "Shape", "ShapeN", "Size", "Rank", "BroadcastArgs", "BroadcastTo", "BroadcastGradientArgs",
    "FakeParam", "ToBool",
    # arithmetic, element by element
    "Abs", "Acos", "Acosh", "Add", "AddN", "AddV2", "ApproximateEqual", "Asin", "Asinh", "Atan", "Atan2", "Atanh",
    "BesselI0", "BesselI0e", "BesselI1", "BesselI1e", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "Bitcast", "Cast",
    "Ceil", "ClipByValue", "Cos", "Cosh", "Digamma", "Div", "DivNoNan", "Elu", "Equal", "Erf", "Erfc", "Erfinv",
    "Exp", "Expm1", "Floor", "FloorDiv", "FloorMod", "Greater", "GreaterEqual", "Invert", "Inv", "IsFinite",
    "IsInf", "IsNan", "L2Loss", "LeakyRelu", "LeftShift", "Less", "LessEqual", "Lgamma", "Log", "Log1p",
    "LogicalAnd", "LogicalNot", "LogicalOr", "Maximum", "Minimum", "Mod", "Mul", "MulNoNan", "Ndtri", "Neg",
    "NextAfter", "NotEqual", "OnesLike", "Pow", "RealDiv", "Reciprocal", "Relu", "Relu6", "RightShift", "Rint",
    "Round", "Rsqrt", "Select", "SelectV2", "Selu", "Sigmoid", "Sign", "Sin", "Sinh", "Softplus", "Softsign",
    "Sqrt", "Square", "SquaredDifference", "Sub", "Tan", "Tanh", "TruncateDiv", "TruncateMod", "Xdivy", "Xlog1py",
    "Xlogy", "ZerosLike", "Angle", "Complex", "ComplexAbs", "Conj", "Imag", "Real",
    # sums, sorting, searching
    "All", "Any", "ArgMax", "ArgMin", "Bincount", "Bucketize", "Cumprod", "Cumsum", "CumulativeLogsumexp",
    "DenseBincount", "EuclideanNorm", "HistogramFixedWidth", "InTopK", "InTopKV2", "LowerBound", "Max", "Mean",
    "Min", "NthElement", "Prod", "SegmentMax", "SegmentMaxV2", "SegmentMean", "SegmentMin", "SegmentMinV2",
    "SegmentProd", "SegmentProdV2", "SegmentSum", "SegmentSumV2", "Sum", "TopK", "TopKV2", "Unique", "UniqueV2",
    "UniqueWithCounts", "UniqueWithCountsV2", "UnsortedSegmentMax", "UnsortedSegmentMin", "UnsortedSegmentProd",
    "UnsortedSegmentSum", "UpperBound", "Where",
    # shapes
    "BatchToSpace", "BatchToSpaceND", "Concat", "ConcatOffset", "ConcatV2", "DepthToSpace", "DynamicPartition",
    "DynamicStitch", "ExpandDims", "Fill", "Gather", "GatherNd", "GatherV2", "InvertPermutation", "LinSpace",
    "ListDiff", "MirrorPad", "OneHot", "Pack", "Pad", "PadV2", "ParallelDynamicStitch", "Range", "Reshape",
    "Reverse", "ReverseSequence", "ReverseV2", "Roll", "ScatterNd", "Slice", "SpaceToBatch", "SpaceToBatchND",
    "SpaceToDepth", "Split", "SplitV", "Squeeze", "StridedSlice", "TensorScatterAdd", "TensorScatterMax",
    "TensorScatterMin", "TensorScatterSub", "TensorScatterUpdate", "TensorStridedSliceUpdate", "Tile", "Transpose",
    "Unpack", "UnravelIndex",
    # matrices
    "BatchMatMul", "BatchMatMulV2", "BatchMatMulV3", "Cholesky", "Cross", "Diag", "DiagPart", "Einsum", "FFT",
    "FFT2D", "IFFT", "IFFT2D", "IRFFT", "LogMatrixDeterminant", "Lu", "MatMul", "MatrixBandPart",
    "MatrixDeterminant", "MatrixDiag", "MatrixDiagPart", "MatrixDiagPartV2", "MatrixDiagPartV3", "MatrixDiagV2",
    "MatrixDiagV3", "MatrixInverse", "MatrixSetDiag", "MatrixSetDiagV2", "MatrixSetDiagV3", "MatrixSolve",
    "MatrixTriangularSolve", "Qr", "RFFT", "RFFT2D", "SelfAdjointEigV2", "Svd",
    # networks and pictures
    "AdjustContrastv2", "AdjustHue", "AdjustSaturation", "AvgPool", "AvgPool3D", "BiasAdd", "BiasAddV1", "Conv2D",
    "Conv2DBackpropInput", "Conv3D", "Conv3DBackpropInputV2", "CropAndResize", "DepthwiseConv2dNative",
    "Dilation2D", "ExtractImagePatches", "FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3", "HSVToRGB",
    "ImageProjectiveTransformV2", "ImageProjectiveTransformV3", "LogSoftmax", "LRN", "MaxPool", "MaxPool3D",
    "MaxPoolV2", "RGBToHSV", "ResizeArea", "ResizeBicubic", "ResizeBilinear", "ResizeNearestNeighbor",
    "ScaleAndTranslate", "Softmax",
    # lists of arrays, as loops over steps of a series keep them
    "EmptyTensorList", "TensorListConcatV2", "TensorListElementShape", "TensorListFromTensor", "TensorListGather",
    "TensorListGetItem", "TensorListLength", "TensorListPopBack", "TensorListPushBack", "TensorListReserve",
    "TensorListResize", "TensorListSetItem", "TensorListStack",
    # chance: whether a model may use it is for a check to say
    "Multinomial", "ParameterizedTruncatedNormal", "RandomGamma", "RandomPoissonV2", "RandomShuffle",
    "RandomStandardNormal", "RandomUniform", "RandomUniformInt", "TruncatedNormal", "StatelessMultinomial",
    "StatelessRandomBinomial", "StatelessRandomGammaV2", "StatelessRandomGammaV3", "StatelessRandomGetAlg",
    "StatelessRandomGetKeyCounter", "StatelessRandomGetKeyCounterAlg", "StatelessRandomNormal",
    "StatelessRandomNormalV2", "StatelessRandomUniform", "StatelessRandomUniformFullInt",
    "StatelessRandomUniformFullIntV2", "StatelessRandomUniformInt", "StatelessRandomUniformIntV2",
    "StatelessRandomUniformV2", "StatelessShuffle", "StatelessTruncatedNormal", "StatelessTruncatedNormalV2",
}  # fmt: skip
"""Operations that compute outputs from inputs and attributes, and reach nothing else."""

SETTINGS = {"config", "config_proto", "executor_type"}  # how a call is to be run, which is ours to say
PYTHON = {"PyFunc", "PyFuncStateless", "EagerPyFunc"}


class RefusedGraph(Exception):
    """The graph is not computed; the message is for the student and continues a sentence about the model."""


class GraphModel:
    """A vetted graph with its weights, ready to predict.

    Args:
        content: what :func:`goodfit.inside.graph_export.export` returns, its outer form checked by the grader.

    Attributes:
        parameters: number of the weights, constants of more than a few elements included.

    Raises:
        RefusedGraph: the graph has parts that are not computed, or does not fit together.
    """

    def __init__(self, content: dict[str, Any]) -> None:
        import tensorflow as tf
        from tensorflow.core.framework.graph_pb2 import GraphDef

        try:
            graph = GraphDef.FromString(content["graph"].tobytes())
        except Exception as error:  # protobuf has no common error for what hostile bytes can make it do
            raise RefusedGraph("its graph is damaged") from error
        numbers = vet(graph)
        self._values: dict[str, Any] = {name: tf.constant(value) for name, value in content["values"].items()}
        self._state = dict(content["state"])
        self.parameters = numbers + sum(v.size for n, v in content["values"].items() if n not in self._state)
        self.parameters += sum(v.size for n, v in content["values"].items() if n in self._state and v.size > FEW)
        inputs, outputs = [content["rows"], *self._values], [content["outputs"], *self._state.values()]
        try:
            wrapped = tf.compat.v1.wrap_function(lambda: tf.graph_util.import_graph_def(graph, name=""), [])
            self._rows, *feeds = [wrapped.graph.as_graph_element(name) for name in inputs]
            if {tensor.op.type for tensor in (self._rows, *feeds)} != {"Placeholder"}:
                raise RefusedGraph("its graph does not fit together")
            fetches = [wrapped.graph.as_graph_element(name) for name in outputs]
            self._compute = wrapped.prune([self._rows, *feeds], fetches)
        except Exception as error:  # TensorFlow's checks of a graph raise nearly anything
            raise RefusedGraph("its graph does not fit together") from error

    def predict(self, rows: np.ndarray, batch: int) -> np.ndarray:
        """Outputs of the rows, float32 where the graph gives numbers of that kind, computed batch by batch.

        Raises:
            RefusedGraph: what goes wrong, without TensorFlow's words: a graph could put its inputs into them.
        """
        import tensorflow as tf

        if not self._rows.shape.is_compatible_with((None, *rows.shape[1:])):
            wanted = ", ".join("any" if n is None else str(n) for n in self._rows.shape[1:])
            raise RefusedGraph(f"it takes rows of shape ({wanted}), and was given {rows.shape[1:]}")
        parts = []
        try:
            for start in range(0, len(rows), batch):
                part = tf.constant(rows[start : start + batch].astype(self._rows.dtype.as_numpy_dtype))
                outputs, *following = self._compute(part, *self._values.values())
                self._values.update(zip(self._state, following, strict=True))
                parts.append(np.atleast_1d(outputs.numpy()))
            return np.concatenate(parts)
        except (MemoryError, tf.errors.ResourceExhaustedError) as error:
            raise RefusedGraph("it needs too much memory. Use a smaller network") from error
        except Exception as error:
            raise RefusedGraph(f"its computation fails on rows of shape {rows.shape[1:]}") from error


def vet(graph: Any) -> int:
    """Refuse what is not plain computation; take out what is not needed for it.

    Args:
        graph: a GraphDef; devices, annotations and gradients are removed from it, missing seeds filled in.

    Returns:
        Number of elements of all constants that have more than a few.

    Raises:
        RefusedGraph: with the operation, the size or the nesting that is not allowed.
    """
    functions = {f.signature.name: f for f in graph.library.function}
    del graph.library.gradient[:], graph.library.registered_gradients[:]
    graph.ClearField("debug_info")
    for function in functions.values():
        for field in ("attr", "arg_attr", "resource_arg_unique_id"):
            function.ClearField(field)
        for argument in (*function.signature.input_arg, *function.signature.output_arg):
            _numeric([argument.type] if argument.type else [])
            argument.ClearField("handle_data")
    bodies = {"": graph.node, **{name: f.node_def for name, f in functions.items()}}
    if len(functions) != len(graph.library.function) or "" in functions:
        raise RefusedGraph("its graph has functions without a name of their own")
    if sum(map(len, bodies.values())) > MAX_NODES:
        raise RefusedGraph(f"its computation has more than {MAX_NODES:,} steps. Use a smaller network")
    numbers, calls = 0, dict[str, list[str]]()
    for name, nodes in bodies.items():
        calls[name] = []
        for place, node in enumerate(nodes):
            numbers += _vet_node(node, place, set(functions), calls[name])
    if numbers > MAX_ELEMENTS:
        raise RefusedGraph("its constants are far too large. Use a smaller network")
    _bounded({name: len(nodes) for name, nodes in bodies.items()}, calls)
    return numbers


def _vet_node(node: Any, place: int, functions: set[str], called: list[str]) -> int:
    """Vet one node; note the functions that it calls; return the number of elements of a constant that is no size."""
    if node.op in PYTHON:
        raise RefusedGraph("it runs Python code when it predicts (tf.py_function, tf.numpy_function)")
    if node.op not in OPS:
        raise RefusedGraph(f"it uses {node.op[:60]}, which is more than computing outputs from inputs")
    node.ClearField("device")
    node.ClearField("experimental_debug_info")
    for name in [name for name in node.attr if name.startswith("_")]:
        del node.attr[name]
    for name in SETTINGS & set(node.attr):
        node.attr[name].s = b""
    if "seed" in node.attr and "seed2" in node.attr and not (node.attr["seed"].i or node.attr["seed2"].i):
        node.attr["seed"].i, node.attr["seed2"].i = 1, place + 1  # the same submission gives the same predictions
    numbers = 0
    for value in node.attr.values():
        kind = value.WhichOneof("value")
        if kind == "func":
            _calls(node, [value.func.name], functions, called)
        elif kind == "tensor":
            numbers += _elements(value.tensor)
        elif kind == "type":
            _numeric([value.type])
        elif kind == "list":
            _numeric(value.list.type)
            _calls(node, [f.name for f in value.list.func], functions, called)
            if value.list.tensor:
                raise RefusedGraph(f"it uses {node.op} with lists of constants")
        elif kind not in ("s", "i", "f", "b", "shape"):
            raise RefusedGraph("its graph is damaged")
    return numbers


def _calls(node: Any, names: Iterable[str], functions: set[str], called: list[str]) -> None:
    for name in names:
        if node.op not in CALLS or name not in functions:
            raise RefusedGraph("its graph calls a function that it does not hold")
        called.append(name)


def _elements(tensor: Any) -> int:
    """Elements of a constant, 0 where they are few. A shape can be huge although the bytes are few."""
    _numeric([tensor.dtype], constant=True)
    dims = [dim.size for dim in tensor.tensor_shape.dim]
    elements = math.prod(dims)
    if tensor.tensor_shape.unknown_rank or min(dims, default=0) < 0 or len(dims) > 32 or elements > MAX_ELEMENTS:
        raise RefusedGraph("a constant in it is far too large. Use a smaller network")
    return elements if elements > FEW else 0


def _numeric(types: Iterable[int], constant: bool = False) -> None:
    """Refuse texts and handles of resources; lists of arrays (variants) may be computed, but not given."""
    if not set(types) <= (_numbers() if constant else _numbers() | {_variant()}):
        raise RefusedGraph("it uses other values than numbers when it predicts")


@cache
def _numbers() -> frozenset[int]:
    import tensorflow as tf

    kinds = (
        "bool float16 bfloat16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 complex64 complex128"
    )
    return frozenset(getattr(tf, kind).as_datatype_enum for kind in kinds.split())


@cache
def _variant() -> int:
    import tensorflow as tf

    return int(tf.variant.as_datatype_enum)


def _bounded(sizes: dict[str, int], calls: dict[str, list[str]]) -> None:
    """Refuse functions that call themselves, by whatever way, deep nesting, and calls that multiply."""
    unfolded: dict[str, int] = {}

    def measure(name: str, above: int) -> int:
        if above > MAX_DEPTH:
            raise RefusedGraph("its functions call each other too deeply, or without end")
        if name not in unfolded:
            unfolded[name] = sizes[name] + sum(measure(other, above + 1) for other in calls[name])
        return unfolded[name]

    if max(measure(name, 0) for name in calls) > MAX_UNFOLDED:
        raise RefusedGraph("its functions call each other too often")
