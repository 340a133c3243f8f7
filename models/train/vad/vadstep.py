"""vad.onnx as train.py traces it -> the same network in a third of the nodes, as products that many streams share.

    python models/train/vad/vadstep.py REFERENCE.onnx --out models/builtin/vad.onnx

A step of the detector is so small that most of its time goes into starting nodes: see ../asr/fast.py for what is done about it. The
one flat state of the reference becomes one for each memory, time before channels.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "asr"))
import stepgraph  # noqa: E402

CHUNK, WIDTH, DILATIONS = 4, 64, (1, 2, 4, 8)  # as in net.py


def build(w):
    """The graph of these weights."""
    g = stepgraph.Graph({})
    g.inputs.append(helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", CHUNK, stepgraph.BINS]))
    g.outputs.append(helper.make_tensor_value_info("prob", TensorProto.FLOAT, ["N", CHUNK]))
    relative = stepgraph.level(g, CHUNK)
    quarter = g.op("Mul", ["level.energy", g.constant("loud.scale", 0.25)], "loud.scaled")
    loud = g.op("Add", [quarter, g.constant("loud.shift", 2.0)], "loud.shifted")
    loud = g.op("Clip", [loud, g.constant("loud.low", -2.0), g.constant("loud.high", 3.0)], "loud")
    first = w["first.conv.weight"]
    h = g.remember(relative, first.shape[2] - 1, stepgraph.BINS, "first.in")
    h = g.op("Relu", [g.conv(h, CHUNK, first, w["first.conv.bias"], "first")], "first.relu")
    h = g.op("Add", [h, loud], "first.loud")
    for i, dilation in enumerate(DILATIONS):
        name, weight = f"convs.{i}", w[f"convs.{i}.conv.weight"]
        joined = g.remember(h, (weight.shape[2] - 1) * dilation, WIDTH, name + ".in")
        both = g.conv(joined, CHUNK, weight, w[name + ".conv.bias"], name, dilation=dilation)
        g.nodes.append(helper.make_node("Split", [both, g.constant(name + ".half", [WIDTH, WIDTH], np.int64)],
                                        [name + ".value", name + ".gate"], axis=2))
        gated = g.op("Mul", [name + ".value", g.op("Sigmoid", [name + ".gate"], name + ".open")], name + ".gated")
        h = g.op("Add", [h, gated], name + ".out")
    logit = g.conv(h, CHUNK, w["head.weight"], w["head.bias"], "head")
    flat = g.op("Reshape", [logit, g.constant("head.shape", [0, CHUNK], np.int64)], "head.flat")
    g.op("Sigmoid", [flat], "prob")
    return g


def probabilities(proto, x):
    """What a graph says of x [N, T, 80], chunk by chunk."""
    run = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
    states = {p.name: np.zeros([len(x), *p.shape[1:]], np.float32) for p in run.get_inputs()[1:]}
    for at in range(0, x.shape[1], CHUNK):
        out, *new = run.run(None, {"x": np.ascontiguousarray(x[:, at:at + CHUNK]), **states})
        states = dict(zip(states, new))
        yield out


def make(reference, out):
    """Writes `out` from the graph in `reference` and checks that both say the same."""
    source = onnx.load(str(reference))
    g = build(stepgraph.weights(source))
    graph = helper.make_graph(g.nodes, "vad", g.inputs, g.outputs, g.constants)
    proto = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    helper.set_model_props(proto, {p.key: p.value for p in source.metadata_props})
    onnx.checker.check_model(proto)
    rng = np.random.default_rng(1)
    swell = 6 * np.sin(np.arange(400) / 20)[None, :, None]  # loud and soft, so that every part of the network moves
    x = (rng.normal(-8, 2, (3, 400, stepgraph.BINS)) + swell).astype(np.float32)
    worst = max(np.abs(a - b).max() for a, b in zip(probabilities(proto, x), probabilities(source, x)))
    if worst > 1e-3:
        raise SystemExit(f"the graph differs from {reference}: {worst}")
    onnx.save(proto, str(out))
    print(f"{out}: largest difference in a probability {worst:.6f}, {len(source.graph.node)} nodes become {len(proto.graph.node)}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("reference", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    make(args.reference, args.out)


if __name__ == "__main__":
    main()
