"""Writes the trained network as one .onnx file (opset 17, sides free) with its card beside it.

The card has no thresholds yet: `waggle eval vision --calibrate CARD --manifest ...` measures them through the whole product, on
photos that were not trained on, and writes them into it.
"""

import argparse
import hashlib
import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from net import STRIDE, TYPES, Net

SIDE = 384  # longest side of the input
OUTPUTS = {"score": "score", "mask": "damage", "type": "type", "looks": "looks"}


class Shipped(nn.Module):
    """image [1, 3, h, w] in 0..1 -> score [1] (logit), damage [1, 1, h/4, w/4] and type [1, 8, h/4, w/4] as probabilities,
    looks [1, 24, h/4, w/4] of length 1."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, image):
        score, damage, kind, looks = self.net(image)
        return score, torch.sigmoid(damage), torch.softmax(kind, 1), looks


def halve(model):
    """Stores large weights as float16, cast back when the session is made (the runtime folds the casts)."""
    casts = []
    for tensor in model.graph.initializer:
        if tensor.data_type == TensorProto.FLOAT and np.prod(tensor.dims) >= 1024:
            name = tensor.name
            tensor.CopyFrom(numpy_helper.from_array(numpy_helper.to_array(tensor).astype(np.float16), name + "_f16"))
            casts.append(helper.make_node("Cast", [name + "_f16"], [name], to=TensorProto.FLOAT))
    for cast in reversed(casts):
        model.graph.node.insert(0, cast)


def write(net, path):
    size = {2: "h4", 3: "w4"}
    torch.onnx.export(
        Shipped(net).eval(), (torch.rand(1, 3, SIDE, SIDE - 96),), str(path), opset_version=17, dynamo=False,
        input_names=["image"], output_names=list(OUTPUTS.values()),
        dynamic_axes={"image": {2: "h", 3: "w"}, "damage": size, "type": size, "looks": size},
    )
    model = onnx.load(str(path))
    halve(model)
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def agree(net, path):
    """The file must say what the network says, but for float16."""
    x = torch.rand(1, 3, 256, 320, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        want = [t.numpy() for t in Shipped(net).eval()(x)]
    got = onnxruntime.InferenceSession(str(path)).run(None, {"image": x.numpy()})
    apart = max(float(np.abs(a - b).max()) for a, b in zip(want, got))
    if apart > 0.05:
        raise SystemExit(f"{path}: differs from the network by {apart:.3f}")
    return apart


def card(path):
    return {
        "name": "vision-damage", "kind": "damage", "licence": "Apache-2.0",
        "model": {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()},
        "input": {"name": "image", "layout": "NCHW", "colour": "RGB", "scale": 1 / 255, "mean": [0, 0, 0], "std": [1, 1, 1],
                  "resize": "fit", "longest": SIDE, "multiple_of": STRIDE},
        "outputs": OUTPUTS, "labels": TYPES,
    }


def main():
    here = Path(__file__).resolve().parents[1] / ".cache" / "vision"
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--cache", default=here, type=Path)
    ap.add_argument("--out", default=Path(__file__).resolve().parents[2] / "builtin" / "vision-damage.onnx", type=Path)
    args = ap.parse_args()
    torch.set_num_threads(1)
    net = Net().eval()
    net.load_state_dict(torch.load(args.cache / "state.pt")["net"])
    write(net, args.out)
    args.out.with_suffix(".json").write_text(json.dumps(card(args.out), indent=2) + "\n")
    apart = agree(net, args.out)
    print(f"{args.out.name}: {args.out.stat().st_size} bytes, {sum(p.numel() for p in net.parameters())} parameters, within {apart:.4f}")


if __name__ == "__main__":
    main()
