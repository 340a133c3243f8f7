"""Writes counter.onnx: a graph with states of every kind that streaming models have, small enough to follow by hand.

Per stream: sum [3] (batch axis 0) adds x; past [2, 1, 2] (batch axis 1) remembers the first two values of the last two x; steps (int64, batch
axis 0) counts. y = sum + table[pick] + past[0, 0]; a pick beyond the table fails the run.

Run: pip install onnx numpy && python models/onnx/batch/testdata/make_counter.py
"""

from pathlib import Path

import numpy as np
from onnx import TensorProto, checker, helper, numpy_helper, save

HERE = Path(__file__).resolve().parent


def f32(name, *dims):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, dims)


def i64(name, *dims):
    return helper.make_tensor_value_info(name, TensorProto.INT64, dims)


def constant(name, array):
    return numpy_helper.from_array(np.asarray(array), name)


nodes = [
    helper.make_node("Add", ["sum", "x"], ["new_sum"]),
    helper.make_node("Slice", ["x", "zero", "two", "one"], ["head"]),
    helper.make_node("Unsqueeze", ["head", "zero"], ["newest"]),
    helper.make_node("Slice", ["past", "one", "two", "zero"], ["older"]),
    helper.make_node("Concat", ["older", "newest"], ["new_past"], axis=0),
    helper.make_node("Add", ["steps", "one"], ["new_steps"]),
    helper.make_node("Gather", ["table", "pick"], ["picked"], axis=0),
    helper.make_node("Slice", ["past", "zero", "one", "zero"], ["oldest"]),
    helper.make_node("Slice", ["oldest", "zero", "one", "two"], ["oldest_first"]),
    helper.make_node("Squeeze", ["oldest_first", "zero"], ["oldest_flat"]),
    helper.make_node("Add", ["new_sum", "picked"], ["partial"]),
    helper.make_node("Add", ["partial", "oldest_flat"], ["y"]),
]
constants = [
    constant("zero", np.array([0], np.int64)), constant("one", np.array([1], np.int64)), constant("two", np.array([2], np.int64)),
    constant("table", np.array([[0.0], [100.0]], np.float32)),
]
graph = helper.make_graph(
    nodes, "counter",
    [f32("x", "N", 3), i64("pick", "N"), f32("past", 2, "N", 2), f32("sum", "N", 3), i64("steps", "N")],
    [f32("y", "N", 3), f32("new_sum", "N", 3), f32("new_past", 2, "N", 2), i64("new_steps", "N")], constants)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
checker.check_model(model)
save(model, HERE / "counter.onnx")
print("counter.onnx", (HERE / "counter.onnx").stat().st_size, "bytes")
