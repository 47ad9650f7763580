"""What one core of this machine reaches in a matrix product, by ONNX Runtime: fp32 (MatMul) and u8 × s8 (MatMulInteger).

Prints the best run of each, in operations a second (a multiplication and an addition are two).
"""

import json
import time

import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

SIZE = 1536
SECONDS = 3

random = np.random.default_rng(0)


def operations_per_second(operator, left, right, result_type):
    """Best rate of `operator` on a graph with the right factor constant, as weights are."""
    shape = [SIZE, SIZE]
    graph = helper.make_graph(
        [helper.make_node(operator, ["left", "right"], ["product"])],
        operator,
        [helper.make_tensor_value_info("left", helper.np_dtype_to_tensor_dtype(left.dtype), shape)],
        [helper.make_tensor_value_info("product", result_type, shape)],
        [numpy_helper.from_array(right, "right")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    best = float("inf")
    until = time.perf_counter() + SECONDS
    while (began := time.perf_counter()) < until:
        session.run(None, {"left": left})
        best = min(best, time.perf_counter() - began)
    return 2 * SIZE**3 / best


def integers(dtype):
    limits = np.iinfo(dtype)
    return random.integers(limits.min, limits.max, (SIZE, SIZE), dtype, endpoint=True)


def floats():
    return random.standard_normal((SIZE, SIZE), np.float32)


print(
    json.dumps(
        {
            "fp32": operations_per_second("MatMul", floats(), floats(), TensorProto.FLOAT),
            "int8": operations_per_second("MatMulInteger", integers(np.uint8), integers(np.int8), TensorProto.INT32),
        }
    )
)
