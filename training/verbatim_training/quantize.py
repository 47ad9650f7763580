"""int8 weights for a network in ONNX: dynamic activations, or static ones whose scales were measured beforehand."""

import logging
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from .reading import window_inputs
from .windows import Window


def quantize_activations_at_run_time(source: Path, out: Path) -> None:
    """int8 weights per output channel; each activation gets its scale from its own range, run by run."""
    # The quantizer advises preprocessing, which is for static quantization.
    logging.getLogger().setLevel(logging.ERROR)
    quantize_dynamic(
        source, out, per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gemm", "Gather"]
    )
    network = onnx.load(out)
    del network.graph.value_info[:]
    onnx.save(network, out)


def fix_activation_scales(dynamic: Path, windows: Sequence[Window], out: Path, percentile: float = 100.0) -> None:
    """Turns run-time scales into constants measured on `windows`.

    A window's logits then depend on nothing but the window, whatever shares its batch. Each scale covers `percentile` of
    the windows' extremes: outliers beyond it are cut.
    """
    network = onnx.load(dynamic)
    quantizers = [node for node in network.graph.node if node.op_type == "DynamicQuantizeLinear"]
    low, high = _ranges(network, [node.input[0] for node in quantizers], windows)
    replaced: dict[str, onnx.NodeProto] = {}
    for node in quantizers:
        smallest = min(0.0, float(np.percentile(low[node.input[0]], 100 - percentile)))
        largest = max(0.0, float(np.percentile(high[node.input[0]], percentile)))
        scale = max(largest - smallest, 1e-8) / 255
        zero = int(np.clip(round(-smallest / scale), 0, 255))
        quantized, scale_name, zero_name = node.output
        network.graph.initializer.extend(
            [
                numpy_helper.from_array(np.array(scale, dtype=np.float32), scale_name),
                numpy_helper.from_array(np.array(zero, dtype=np.uint8), zero_name),
            ]
        )
        replaced[node.name] = helper.make_node(
            "QuantizeLinear", [node.input[0], scale_name, zero_name], [quantized], name=f"{node.name}_static"
        )
    nodes = [replaced.get(node.name, node) if node.op_type == "DynamicQuantizeLinear" else node for node in network.graph.node]
    del network.graph.node[:]
    network.graph.node.extend(nodes)
    onnx.checker.check_model(network)
    onnx.save(network, out)


def _ranges(network: onnx.ModelProto, names: Sequence[str], windows: Sequence[Window]) -> tuple[dict, dict]:
    """The smallest and largest value of each activation, window by window."""
    watched = onnx.ModelProto()
    watched.CopyFrom(network)
    for name in dict.fromkeys(names):
        watched.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, None))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "watched.onnx"
        onnx.save(watched, path)
        session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    low: dict[str, list[float]] = {name: [] for name in names}
    high: dict[str, list[float]] = {name: [] for name in names}
    for window in windows:
        values = session.run(list(low), window_inputs(window))
        for name, value in zip(low, values):
            low[name].append(float(value.min()))
            high[name].append(float(value.max()))
    return low, high
