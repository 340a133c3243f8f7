"""Makes the tiny graphs of this package's tests: python make_graphs.py (needs onnx)."""

from pathlib import Path

from onnx import TensorProto, checker, helper, save

HERE = Path(__file__).resolve().parent


def write(name, nodes, ins, outs):
    graph = helper.make_graph(nodes, name, ins, outs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    checker.check_model(model)
    save(model, HERE / f"{name}.onnx")


def value(name, *dims, kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, dims)


# The mean of each channel: an embedding of three numbers, for photos of any size. It has an output that no card names.
write(
    "mean",
    [
        helper.make_node("GlobalAveragePool", ["image"], ["pooled"]),
        helper.make_node("Flatten", ["pooled"], ["vector"]),
        helper.make_node("ReduceMax", ["image"], ["largest"], axes=[1, 2, 3], keepdims=0),
    ],
    [value("image", 1, 3, "h", "w")],
    [value("vector", 1, 3), value("largest", 1)],
)

# What goes in comes out: shows layout, colours and figures of the input.
write("echo", [helper.make_node("Identity", ["pixels"], ["same"])], [value("pixels", 1, 8, 16, 3)], [value("same", 1, 8, 16, 3)])

# Two inputs, and one of whole numbers: neither is a network that a card can feed.
write("two", [helper.make_node("Add", ["a", "b"], ["sum"])], [value("a", 1, 3, 8, 8), value("b", 1, 3, 8, 8)], [value("sum", 1, 3, 8, 8)])
write(
    "whole",
    [helper.make_node("Cast", ["image"], ["vector"], to=TensorProto.FLOAT)],
    [value("image", 1, 3, 8, 8, kind=TensorProto.UINT8)],
    [value("vector", 1, 3, 8, 8)],
)
