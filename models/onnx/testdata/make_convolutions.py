"""Writes convolutions.onnx: every kind of Conv over time that Products rewrites, and some that it must leave.

    python models/onnx/testdata/make_convolutions.py

x [N, 6, T] goes through: kernel 5, stride 2, with bias; kernel 3, dilation 2, then a batch norm (the weights a Cast from float16);
kernel 1; a depthwise one and a padded one, which stay; a batch norm whose input is an output as well, which stays too.
"""

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

rng = np.random.default_rng(20261121)
nodes, constants = [], []


def value(name, *shape, low=None, half=False):
    array = rng.normal(0, 0.4, shape) if low is None else rng.uniform(low, 1, shape)
    constants.append(numpy_helper.from_array(array.astype(np.float16 if half else np.float32), name))
    return name


def norm(source, target, width):
    names = [value(f"{target}.{n}", width, low=0.5 if n == "var" else None) for n in ("scale", "shift", "mean", "var")]
    nodes.append(helper.make_node("BatchNormalization", [source, *names], [target], epsilon=1e-3))


def conv(source, target, weights, bias=None, **attributes):
    nodes.append(helper.make_node("Conv", [source, weights, *([bias] if bias else [])], [target], **attributes))


conv("x", "a", value("wa", 8, 6, 5), value("ba", 8), kernel_shape=[5], strides=[2])
nodes.append(helper.make_node("Cast", [value("wb16", 8, 8, 3, half=True)], ["wb"], to=TensorProto.FLOAT))
conv("a", "b0", "wb", value("bb", 8), kernel_shape=[3], dilations=[2])
norm("b0", "b", 8)
conv("b", "c0", value("wc", 8, 8, 1), kernel_shape=[1])
norm("c0", "c", 8)
conv("c", "d", value("wd", 8, 1, 3), kernel_shape=[3], group=8)
conv("d", "e0", value("we", 8, 8, 3), kernel_shape=[3], pads=[1, 1])
conv("e0", "e", value("wf", 4, 8, 2), kernel_shape=[2])
norm("e", "y", 4)
ports = [helper.make_tensor_value_info(n, TensorProto.FLOAT, ["N", c, None]) for n, c in (("x", 6), ("e", 4), ("y", 4))]
graph = helper.make_graph(nodes, "convolutions", ports[:1], ports[1:], constants)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
onnx.checker.check_model(model)
onnx.save(model, str(Path(__file__).parent / "convolutions.onnx"))
