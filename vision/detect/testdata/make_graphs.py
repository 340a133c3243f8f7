"""Makes the tiny graphs of this package's tests: python make_graphs.py (needs onnx, numpy).

Both answer every photo of 64 x 64 with the same four boxes: two of a bottle that overlap, one of a shirt over them, one unsure.
v5.onnx gives [1, 4, 5+2], v8.onnx gives [1, 4+2, 4].
"""

from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

HERE = Path(__file__).resolve().parent
BOXES = np.array([[20, 28, 20, 16, 0.9, 0.1], [21, 28, 20, 16, 0.7, 0.1], [22, 28, 20, 16, 0.1, 0.8], [50, 40, 8, 8, 0.2, 0.1]], np.float32)


def write(name, boxes):
    image = helper.make_tensor_value_info("images", TensorProto.FLOAT, [1, 3, 64, 64])
    out = helper.make_tensor_value_info("output0", TensorProto.FLOAT, list(boxes.shape))
    nodes = [
        helper.make_node("ReduceMax", ["images"], ["largest"], keepdims=0),
        helper.make_node("Mul", ["largest", "nothing"], ["zero"]),
        helper.make_node("Add", ["boxes", "zero"], ["output0"]),
    ]
    consts = [numpy_helper.from_array(boxes, "boxes"), numpy_helper.from_array(np.array(0, np.float32), "nothing")]
    model = helper.make_model(helper.make_graph(nodes, name, [image], [out], consts), opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    checker.check_model(model)
    save(model, HERE / f"{name}.onnx")


write("v8", BOXES.T[None].copy())
write("v5", np.concatenate([BOXES[:, :4], np.ones((4, 1), np.float32), BOXES[:, 4:]], 1)[None].copy())
