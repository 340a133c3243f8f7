"""Writes encoder.onnx: a text encoder of the right shape and next to no size, whose answers follow from a table.

    python dialog/nlu/encoder/testdata/make_graphs.py

Each character adds its row of the table; the sum is cut into intents, mood and vector.
"""

import json
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper

HERE = Path(__file__).parent
CHARS = ["", "<unk>", "<mask>", "退", "货", "快", "谢", "滚"]
INTENTS = ["return", "parcel", "thanks", "insult"]
WIDTH = len(INTENTS) + 8 + 128


def table():
    t = np.zeros((len(CHARS), WIDTH), np.float32)
    for char, intent in zip("退快谢滚", range(4)):
        t[CHARS.index(char), intent] = 5
    mood = len(INTENTS)
    t[CHARS.index("谢"), [mood + 2, mood + 6]] = 4   # positive, satisfied
    t[CHARS.index("滚"), [mood, mood + 4, mood + 7]] = 4  # negative, angry, insult
    t[:, mood + 8] = 1
    return t


def graph(intents, inputs=("chars", "sounds", "concepts")):
    zero = h.make_node("Mul", ["both", "none"], ["nothing"])
    nodes = [
        h.make_node("Gather", ["table", inputs[0]], ["rows"], axis=0),
        h.make_node("ReduceSum", ["rows", "one"], ["sum"], keepdims=0),
        h.make_node("Add", [inputs[1], inputs[2]], ["both"]), zero,
        h.make_node("ReduceSum", ["nothing", "one"], ["zero"], keepdims=1),
        h.make_node("Cast", ["zero"], ["float"], to=T.FLOAT),
        h.make_node("Add", ["sum", "float"], ["all"]),
        h.make_node("Split", ["all", "cut"], ["intents", "mood", "vector"], axis=1),
    ]
    weights = {"table": table(), "one": np.array([1]), "none": np.array(0), "cut": np.array([len(INTENTS), 8, 128])}
    g = h.make_graph(nodes, "encoder", [h.make_tensor_value_info(n, T.INT64, [1, "T"]) for n in inputs],
                     [h.make_tensor_value_info("intents", T.FLOAT, [1, 4]), h.make_tensor_value_info("mood", T.FLOAT, [1, 8]),
                      h.make_tensor_value_info("vector", T.FLOAT, [1, 128])],
                     [numpy_helper.from_array(v, k) for k, v in weights.items()])
    m = h.make_model(g, opset_imports=[h.make_opsetid("", 17)], ir_version=8)
    names = {"format": "waggle-text-1", "chars": CHARS, "sounds": ["", "<unk>"], "concepts": ["", "<unk>"], "intents": intents,
             "temperature": 1.0, "concepts_sha256": "none"}
    h.set_model_props(m, {"waggle": json.dumps(names, ensure_ascii=False)})
    onnx.checker.check_model(m)
    return m


onnx.save(graph(INTENTS), str(HERE / "encoder.onnx"))
onnx.save(graph(INTENTS[:3]), str(HERE / "few_names.onnx"))
onnx.save(graph(INTENTS, ("a", "b", "c")), str(HERE / "other_inputs.onnx"))
