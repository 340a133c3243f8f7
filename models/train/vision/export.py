"""Writes the trained network as one .onnx file: batch norms folded, opset 17, sides of the input free multiples of 16.

What belongs to the model travels in its metadata under "waggle" as JSON: the side photos are brought to, the names of the
types, and the calibration that calibrate.py found.
"""

import argparse
import json
from pathlib import Path

import onnx
import torch
from torch import nn

from net import STRIDE, TYPES, Net

SIDE = 384


class Shipped(nn.Module):
    """image [1, 3, h, w] in 0..1 -> score [1] (logit), damage [1, 1, h/4, w/4] and type [1, 8, h/4, w/4] as probabilities."""

    def __init__(self, net):
        super().__init__()
        self.net = net

    def forward(self, image):
        score, damage, kind = self.net((image - 0.5) * 4)
        return score, torch.sigmoid(damage), torch.softmax(kind, 1)


def load(cache):
    net = Net().eval()
    net.load_state_dict(torch.load(Path(cache) / "state.pt")["net"])
    return net


def write(net, path, card):
    torch.onnx.export(
        Shipped(net), (torch.rand(1, 3, SIDE, SIDE),), str(path), opset_version=17, dynamo=False,
        input_names=["image"], output_names=["score", "damage", "type"],
        dynamic_axes={"image": {2: "h", 3: "w"}, "damage": {2: "h2", 3: "w2"}, "type": {2: "h2", 3: "w2"}},
    )
    model = onnx.load(str(path))
    onnx.helper.set_model_props(model, {"waggle": json.dumps(card)})
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def main():
    here = Path(__file__).resolve().parents[1] / ".cache" / "vision"
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--cache", default=here, type=Path)
    ap.add_argument("--out", default=Path(__file__).resolve().parents[2] / "builtin" / "vision-damage.onnx", type=Path)
    args = ap.parse_args()
    card = {"side": SIDE, "stride": STRIDE, "types": TYPES}
    found = args.cache / "calibration.json"
    card |= json.loads(found.read_text()) if found.exists() else {"slope": 1.0, "offset": 0.0, "accuse": 0.95, "doubt": 0.5, "pixel": 0.5}
    write(load(args.cache), args.out, card)
    print(f"{args.out.name}: {args.out.stat().st_size} bytes, {json.dumps(card)}")


if __name__ == "__main__":
    main()
