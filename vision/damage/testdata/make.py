"""Makes dark.onnx and its card: a network in the form of the real one that calls black pixels damage, so that tests know its answers.

damage = sigmoid(60 * (0.2 - brightness)) per 4x4 block, type 0 where red is below 0.1 and type 1 elsewhere, score = 20 * the
largest damage - 10. Needs the Python packages onnx and numpy; run it in this folder.
"""

import hashlib
import json
from pathlib import Path

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
onnx.checker.check_model(model)
onnx.save(model, "dark.onnx")

alone = {"alone_rise": 4, "alone_bias": -5, "accuse": 0.9, "doubt": 0.5, "pixel": 0.5}
place = {"place_unlike": 0, "place_photo": 0, "place_reference": 0, "place_excess": 3, "place_bias": -3}
beside = {"score": 0, "worst": 0, "top": 0.75, "usual": 0, "bias": 1.25, "accuse": 0.9, "doubt": 0.5, "pixel": 0.5}
card = {
    "name": "dark", "kind": "damage", "licence": "Apache-2.0",
    "model": {"file": "dark.onnx", "sha256": hashlib.sha256(Path("dark.onnx").read_bytes()).hexdigest()},
    "input": {"name": "image", "layout": "NCHW", "colour": "RGB", "scale": 1 / 255, "mean": [0, 0, 0], "std": [1, 1, 1],
              "resize": "fit", "longest": 256, "multiple_of": 16},
    "outputs": {"score": "score", "mask": "damage", "type": "type"},
    "labels": ["hole", "stain"],
    "thresholds": {**alone, **place, **{"beside_" + k: v for k, v in beside.items()}},
    "calibrated_on": "nothing: the network is made so",
}
Path("dark.json").write_text(json.dumps(card, indent=2) + "\n")
