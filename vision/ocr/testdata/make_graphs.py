"""Makes the tiny graphs of this package's tests: python make_graphs.py (needs onnx, numpy).

detector.onnx    marks what is bright in any channel, in the shape of a DBNet: [1,3,h,w] -> [1,1,h,w]
recogniser.onnx  reads a column of 8 pixels as one step: red 1, green 2, blue 3, grey blank; [1,3,32,w] -> [1,w/8,4]
"""

from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

HERE = Path(__file__).resolve().parent


def write(name, nodes, ins, outs, consts):
    graph = helper.make_graph(nodes, name, ins, outs, [numpy_helper.from_array(v if isinstance(v, np.ndarray) and v.dtype == np.int64 else np.asarray(v, np.float32), k) for k, v in consts.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    checker.check_model(model)
    save(model, HERE / f"{name}.onnx")


def value(name, *dims):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, dims)


write(
    "detector",
    [
        helper.make_node("ReduceMax", ["x"], ["bright"], axes=[1], keepdims=1),
        helper.make_node("Sub", ["bright", "middle"], ["above"]),
        helper.make_node("Mul", ["above", "slope"], ["logit"]),
        helper.make_node("Sigmoid", ["logit"], ["maps"]),
    ],
    [value("x", 1, 3, "h", "w")],
    [value("maps", 1, 1, "h", "w")],
    {"middle": 0.3, "slope": 40},
)
write(
    "recogniser",
    [
        helper.make_node("AveragePool", ["x"], ["columns"], kernel_shape=[32, 8], strides=[32, 8]),
        helper.make_node("Squeeze", ["columns", "axis"], ["flat"]),
        helper.make_node("Transpose", ["flat"], ["steps"], perm=[0, 2, 1]),
        helper.make_node("MatMul", ["steps", "weights"], ["scores"]),
        helper.make_node("Add", ["scores", "bias"], ["logits"]),
    ],
    [value("x", 1, 3, 32, "w")],
    [value("logits", 1, "t", 4)],
    {"weights": [[0, 20, -20, -20], [0, -20, 20, -20], [0, -20, -20, 20]], "bias": [6, 0, 0, 0], "axis": np.array([2], np.int64)},
)
