"""Writes models/builtin/vision-embed.onnx and its JSON card: batch norms folded, weights in int8 with a scale per channel.

    python embed_export.py

The weights become floats again when the graph is loaded (Cast and Mul of constants are folded then), so that only the file is
small. A card that is there keeps its thresholds only when the weights are the same: calibration belongs to the weights.
"""

import argparse
import hashlib
import io
import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch.nn.utils.fusion import fuse_conv_bn_eval

from embed_net import Conv, Embed

BUILTIN = Path(__file__).resolve().parents[2] / "builtin"
SIDE = 160
COLOUR = 0.5  # how much of the similarity the histogram of colours decides
LEAST = 2048  # smaller tensors stay as they are


def fold(net):
    for m in list(net.modules()):
        if isinstance(m, Conv):
            m[0] = fuse_conv_bn_eval(m[0], m[1])
            m[1] = torch.nn.Identity()
    k = net.norm.weight / torch.sqrt(net.norm.running_var + net.norm.eps)
    with torch.no_grad():
        net.head.bias += net.head.weight @ (net.norm.bias - net.norm.running_mean * k)
        net.head.weight *= k
    net.norm = torch.nn.Identity()
    return net


def shrink(model):
    """int8 weights, symmetric, a scale per output channel."""
    graph, nodes, kept = model.graph, [], []
    for t in graph.initializer:
        w = numpy_helper.to_array(t)
        if w.dtype != np.float32 or w.size < LEAST:
            kept.append(t)
            continue
        scale = np.abs(w.reshape(len(w), -1)).max(1).clip(1e-12) / 127
        scale = scale.reshape(-1, *[1] * (w.ndim - 1)).astype(np.float32)
        kept.append(numpy_helper.from_array(np.rint(w / scale).astype(np.int8), t.name + ".int8"))
        kept.append(numpy_helper.from_array(scale, t.name + ".scale"))
        nodes.append(helper.make_node("Cast", [t.name + ".int8"], [t.name + ".float"], to=onnx.TensorProto.FLOAT))
        nodes.append(helper.make_node("Mul", [t.name + ".float", t.name + ".scale"], [t.name]))
    rest = list(graph.node)
    del graph.initializer[:], graph.node[:]
    graph.initializer.extend(kept)
    graph.node.extend(nodes + rest)
    del graph.value_info[:]
    return model


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--cache", default="models/train/.cache/vision")
    p.add_argument("--out", default=str(BUILTIN / "vision-embed.onnx"))
    a = p.parse_args()
    torch.set_num_threads(1)
    state = torch.load(Path(a.cache) / "embed.pt", weights_only=True)
    net = Embed()
    net.load_state_dict(state["mean"])
    net = fold(net.eval())
    x = torch.rand(1, 3, SIDE, SIDE)
    raw = io.BytesIO()
    torch.onnx.export(net, x, raw, input_names=["image"], output_names=["vector", "features"], opset_version=17, dynamo=False)
    model = shrink(onnx.load_from_string(raw.getvalue()))
    model.producer_name = model.producer_version = ""
    onnx.checker.check_model(model)
    out = Path(a.out)
    out.write_bytes(model.SerializeToString())
    import onnxruntime

    s = onnxruntime.InferenceSession(str(out), providers=["CPUExecutionProvider"])
    got = s.run(["vector"], {"image": x.numpy()})[0]
    want = net(x)[0].detach().numpy()
    print(f"{out.name}: {out.stat().st_size:,} bytes, {state['step']} steps, cosine to float32 {float((got * want).sum()):.5f}")
    card(out)


def card(out):
    path = out.with_suffix(".json")
    old = json.loads(path.read_text()) if path.exists() else {}
    new = {
        "name": out.stem, "kind": "embedding", "licence": "Apache-2.0",
        "model": {"file": out.name, "sha256": hashlib.sha256(out.read_bytes()).hexdigest()},
        "input": {"name": "image", "layout": "NCHW", "colour": "RGB", "scale": 1 / 255, "mean": [0, 0, 0], "std": [1, 1, 1],
                  "resize": "stretch", "width": SIDE, "height": SIDE},
        "outputs": {"vector": "vector", "features": "features"},
        "thresholds": {"colour": COLOUR}, "calibrated_on": "colour: grocery products of the calibration split",
    }
    if old.get("model") == new["model"]:
        new.update({k: old[k] for k in ("thresholds", "calibrated_on") if k in old})
    path.write_text(json.dumps(new, indent=2) + "\n")


if __name__ == "__main__":
    main()
