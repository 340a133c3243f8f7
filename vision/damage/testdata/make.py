"""Makes dark.onnx: a network in the form of the real one that calls black pixels damage, so that tests know its answers.

damage = sigmoid(60 * (0.2 - brightness)) per 4x4 block, type 0 where red is below 0.1 and type 1 elsewhere, score = 20 * the
largest damage - 10. Needs the Python packages onnx and numpy; run it in this folder.
"""

import json

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper as nh

image = h.make_tensor_value_info("image", T.FLOAT, [1, 3, "h", "w"])
outs = [h.make_tensor_value_info(n, T.FLOAT, d) for n, d in (("score", [1]), ("damage", [1, 1, "h4", "w4"]), ("type", [1, 2, "h4", "w4"]))]
mean = np.full((1, 3, 4, 4), 1 / 48, np.float32)
red = np.zeros((2, 3, 4, 4), np.float32)
red[0, 0], red[1, 0] = -100 / 16, 100 / 16
init = [
    nh.from_array(-60 * mean, "wd"), nh.from_array(np.float32([12]), "bd"),
    nh.from_array(red, "wt"), nh.from_array(np.float32([10, -10]), "bt"),
    nh.from_array(np.float32(20), "gain"), nh.from_array(np.float32(10), "less"), nh.from_array(np.int64([1]), "one"),
]
nodes = [
    h.make_node("Conv", ["image", "wd", "bd"], ["dark"], strides=[4, 4]),
    h.make_node("Sigmoid", ["dark"], ["damage"]),
    h.make_node("Conv", ["image", "wt", "bt"], ["reds"], strides=[4, 4]),
    h.make_node("Softmax", ["reds"], ["type"], axis=1),
    h.make_node("ReduceMax", ["damage"], ["worst"], keepdims=0),
    h.make_node("Mul", ["worst", "gain"], ["twenty"]),
    h.make_node("Sub", ["twenty", "less"], ["flat"]),
    h.make_node("Reshape", ["flat", "one"], ["score"]),
]
model = h.make_model(h.make_graph(nodes, "dark", [image], outs, init), opset_imports=[h.make_opsetid("", 17)], ir_version=8)
card = {"side": 256, "stride": 16, "types": ["hole", "stain"], "slope": 1, "offset": 0, "accuse": 0.9, "doubt": 0.5, "pixel": 0.5}
h.set_model_props(model, {"waggle": json.dumps(card)})
onnx.checker.check_model(model)
onnx.save(model, "dark.onnx")
