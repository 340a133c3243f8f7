"""Makes the tiny embeddings of the tests: python make_graphs.py (needs onnx, numpy). The cards lie beside them."""

import hashlib
import json
from pathlib import Path

from onnx import TensorProto, checker, helper, save

HERE = Path(__file__).resolve().parent


def write(name, nodes, shape, patches=None):
    outs = [helper.make_tensor_value_info("vector", TensorProto.FLOAT, shape)]
    if patches:
        outs.append(helper.make_tensor_value_info("patches", TensorProto.FLOAT, patches))
    image = helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, 32, 32])
    model = helper.make_model(helper.make_graph(nodes, name, [image], outs), opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    checker.check_model(model)
    save(model, HERE / f"{name}.onnx")
    raw = (HERE / f"{name}.onnx").read_bytes()
    card = {
        "name": name, "kind": "embedding", "licence": "Apache-2.0",
        "model": {"file": f"{name}.onnx", "sha256": hashlib.sha256(raw).hexdigest()},
        "input": {"name": "image", "layout": "NCHW", "colour": "RGB", "scale": 1 / 255, "mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5],
                  "resize": "stretch", "width": 32, "height": 32},
        "outputs": {o.name: o.name for o in outs},
    }
    (HERE / f"{name}.json").write_text(json.dumps(card, indent=2) + "\n")


POOL = helper.make_node("AveragePool", ["image"], ["cells"], kernel_shape=[8, 8], strides=[8, 8])
FLAT = helper.make_node("Flatten", ["cells"], ["vector"])
# 4 x 4 cells of mean colour: [1, 48].
write("grid", [POOL, FLAT], [1, 48])
# The same as a map [1, 3, 4, 4], as a convolutional network gives it.
write("map", [helper.make_node("AveragePool", ["image"], ["vector"], kernel_shape=[8, 8], strides=[8, 8])], [1, 3, 4, 4])
# Rows as tokens [1, 3, 1024]: the first one counts.
write("tokens", [helper.make_node("Constant", [], ["shape"], value_ints=[1, 3, 1024]),
                 helper.make_node("Reshape", ["image", "shape"], ["vector"])], [1, 3, 1024])
# Mean colour of the whole, and 8 x 8 cells of 4 x 4 pixels each as they are: patches [1, 48, 8, 8].
write("placed", [helper.make_node("GlobalAveragePool", ["image"], ["mean"]), helper.make_node("Flatten", ["mean"], ["vector"]),
                 helper.make_node("SpaceToDepth", ["image"], ["patches"], blocksize=4)], [1, 3], [1, 48, 8, 8])
