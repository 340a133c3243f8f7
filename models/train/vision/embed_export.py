"""Writes models/builtin/vision-embed.onnx and its JSON card: batch norms folded, weights in int8 with a scale per channel.

    python embed_export.py --data ../shared/data

The output `patches` is made of the last map but one: its principal components, each brought to the same spread, so that the
product of two places says how alike they are (whitening, as of local features in Jegou and Chum 2012). They are learned on
photos that the network was trained on.

The weights become floats again when the graph is loaded (Cast and Mul of constants are folded then), so that only the file is
small. A card that is there keeps its thresholds only when the weights are the same: calibration belongs to the weights.
"""

import argparse
import hashlib
import io
import json
from pathlib import Path

import cv2
import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper
from torch.nn.utils.fusion import fuse_conv_bn_eval

import embed_data
from embed_net import Conv, Embed

BUILTIN = Path(__file__).resolve().parents[2] / "builtin"
SIDE = 160
COLOUR = 0.5  # how much of the similarity the histogram of colours decides
LEAST = 2048  # smaller tensors stay as they are
PATCH = 64  # numbers of a place
PHOTOS = 300  # that the components are learned on
SHRINK = 0.1  # of the mean variance, added to each: the last components are mostly noise


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


class Placed(torch.nn.Module):
    """The network with its second output whitened: [n, 3, h, w] -> ([n, 256], [n, PATCH, h/16, w/16])."""

    def __init__(self, net, photos):
        super().__init__()
        self.net = net
        rows = []
        with torch.no_grad():
            for img in photos:
                x = torch.from_numpy(cv2.resize(img[..., :3], (SIDE, SIDE), interpolation=cv2.INTER_AREA))
                rows.append(net(x.permute(2, 0, 1)[None].float() / 255)[1][0].flatten(1).T)
        rows = torch.cat(rows)
        middle = rows.mean(0)
        spread, axes = torch.linalg.eigh(torch.cov((rows - middle).T))
        spread, axes = spread.flip(0)[:PATCH], axes.flip(1)[:, :PATCH]
        white = (axes / torch.sqrt(spread + SHRINK * spread.mean())).T
        self.places = torch.nn.Conv2d(rows.shape[1], PATCH, 1)
        self.places.weight.data = white[..., None, None].contiguous()
        self.places.bias.data = -white @ middle

    def forward(self, x):
        vector, features = self.net(x)
        return vector, self.places(features)


def learned_on(data, cache):
    """Photos of the training part: half groceries, half others."""
    rng = np.random.default_rng(5)
    photos = embed_data.load(data, cache)["train"]
    groups = [[p[2] for p in photos if p[1].startswith("grocery")], [p[2] for p in photos if not p[1].startswith(("grocery", "pack"))]]
    return [g[i] for g in groups for i in rng.permutation(len(g))[: PHOTOS // 2]]


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
    p.add_argument("--data", required=True)
    p.add_argument("--cache", default="models/train/.cache/vision")
    p.add_argument("--out", default=str(BUILTIN / "vision-embed.onnx"))
    a = p.parse_args()
    torch.set_num_threads(1)
    state = torch.load(Path(a.cache) / "embed.pt", weights_only=True)
    net = Embed()
    net.load_state_dict(state["mean"])
    net = Placed(fold(net.eval()), learned_on(a.data, a.cache)).eval()
    x = torch.rand(1, 3, SIDE, SIDE)
    raw = io.BytesIO()
    torch.onnx.export(net, x, raw, input_names=["image"], output_names=["vector", "patches"], opset_version=17, dynamo=False)
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
        "outputs": {"vector": "vector", "patches": "patches"},
        "thresholds": {"colour": COLOUR}, "calibrated_on": "colour: grocery products of the calibration split",
    }
    if old.get("model") == new["model"]:
        new.update({k: old[k] for k in ("thresholds", "calibrated_on") if k in old})
    path.write_text(json.dumps(new, indent=2) + "\n")


if __name__ == "__main__":
    main()
