"""Writes the trained network as one .onnx file (opset 17, sides free, convolutions in 8 bits) with its card beside it.

The convolutions are quantised after training (static ranges, weights per channel; Jacob et al. 2018): less than half the time
of a core. The first one sees pixels and the heads speak thresholds: they stay as they are. Weights use 7 of their 8 bits, so
that processors without a 32-bit sum of byte products do not overflow their 16-bit one.

The card has no thresholds yet: `waggle eval vision --calibrate CARD --manifest ...` measures them through the whole product, on
photos that were not trained on, and writes them into it.
"""

import argparse
import hashlib
import json
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
import torch
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from torch import nn

from net import STRIDE, TYPES, Net
from synth import shard

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


KEPT = ["/net/s2/s2.0/Conv", "/net/map/Conv", "/net/looks/Conv"]


class Seen(CalibrationDataReader):
    """Feeds pictures, uint8 [h, w, 3], as the product would."""

    def __init__(self, pictures):
        self.left = iter(pictures)

    def get_next(self):
        img = next(self.left, None)
        return None if img is None else {"image": tensor(img)}


def tensor(img):
    h, w = img.shape[:2]
    k = min(1, SIDE / max(h, w))
    img = cv2.resize(img, None, fx=k, fy=k, interpolation=cv2.INTER_AREA) if k < 1 else img
    h, w = img.shape[:2]
    img = np.pad(img, ((0, -h % STRIDE), (0, -w % STRIDE), (0, 0)), "edge")
    return np.ascontiguousarray(img.transpose(2, 0, 1)[None], np.float32) / 255


def pictures(cache, part, count):
    """Half whole photos of a part, half views of its pool, damage included."""
    out = []
    with np.load(Path(cache) / f"photos-{part}.npz") as z:
        out += [z[k][..., :3] for k in z.files[:: max(1, 2 * len(z.files) // count)]][: count // 2]
    with np.load(shard(cache, part, 0)) as z:
        images = z["images"][:, 0]
    return out + list(images[:: max(1, 2 * len(images) // count)][: count // 2])


def write(net, path, seen):
    size, plain = {2: "h4", 3: "w4"}, path.with_suffix(".float.onnx")
    torch.onnx.export(
        Shipped(net).eval(), (torch.rand(1, 3, SIDE, SIDE - 96),), str(plain), opset_version=17, dynamo=False,
        input_names=["image"], output_names=list(OUTPUTS.values()),
        dynamic_axes={"image": {2: "h", 3: "w"}, "damage": size, "type": size, "looks": size},
    )
    quantise(plain, path, seen)
    plain.unlink()


def quantise(plain, path, seen):
    convs = {n.name for n in onnx.load(str(plain)).graph.node if n.op_type == "Conv"}
    if not convs.issuperset(KEPT):
        raise SystemExit(f"{plain}: no convolution is called {sorted(set(KEPT) - convs)}")
    quantize_static(
        str(plain), str(path), Seen(seen), quant_format=QuantFormat.QDQ, per_channel=True, reduce_range=True,
        activation_type=QuantType.QUInt8, weight_type=QuantType.QInt8, calibrate_method=CalibrationMethod.MinMax,
        op_types_to_quantize=["Conv"], nodes_to_exclude=KEPT,
    )
    onnx.checker.check_model(onnx.load(str(path)))


def agree(net, path, seen):
    """How far the file is from the network on pictures: mean differences of the damage's logits and of the photos' logits, and
    the mean squared distance of descriptions (two places that have nothing in common are 2 apart)."""
    session, apart = onnxruntime.InferenceSession(str(path)), []
    for img in seen:
        with torch.no_grad():
            score, damage, _, looks = net(torch.from_numpy(tensor(img)))
        got = dict(zip(OUTPUTS.values(), session.run(None, {"image": tensor(img)})))
        said = torch.logit(torch.from_numpy(got["damage"]), eps=1e-6)
        apart.append([(said - damage.clamp(-13.8, 13.8)).abs().mean(), (torch.from_numpy(got["score"]) - score).abs().mean(),
                      (torch.from_numpy(got["looks"]) - looks).square().sum(1).mean()])
    place, photo, look = np.mean(apart, 0)
    if place > 0.1 or photo > 0.15 or look > 0.01:
        raise SystemExit(f"{path}: logits of places {place:.3f} and photos {photo:.3f}, descriptions {look:.4f} from the network's")
    return f"from the network: logits of places {place:.3f}, of photos {photo:.3f}, descriptions {look:.4f}"


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
    write(net, args.out, pictures(args.cache, "train", 96))
    args.out.with_suffix(".json").write_text(json.dumps(card(args.out), indent=2) + "\n")
    apart = agree(net, args.out, pictures(args.cache, "calibrate", 24))
    print(f"{args.out.name}: {args.out.stat().st_size} bytes, {sum(p.numel() for p in net.parameters())} parameters; {apart}")


if __name__ == "__main__":
    main()
