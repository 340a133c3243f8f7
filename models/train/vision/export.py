"""Calibrates the trained network on photos it has not seen and writes it as one .onnx file (opset 17, free sides).

The photo's score is a logistic mix of the network's own score and of its worst places, fitted on synthetic samples of held-out
photos. Two thresholds follow: no held-out intact photo may be accused; and a photo is called intact only below the score that
nine in ten damaged samples exceed, by a network below USABLE never. What lies between is "cannot see". All of that belongs to
this network alone and travels in the file's metadata under "waggle".
"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
import onnx
import onnxruntime
import torch
from torch import nn

import data
import train
from net import STRIDE, TYPES, Measures, Net

SIDE = 384
USABLE = 0.75  # AUROC on held-out samples below which the network may not call anything intact on its own


def facts(score, damage):
    """[n, 3]: the network's score, its worst place, its worst 16 places."""
    top = damage.flatten(1).topk(16, 1).values
    return torch.stack([score, top[:, 0], top.mean(1)], 1)


class Shipped(nn.Module):
    """image [1, 3, h, w] in 0..1 -> score [1] (logit), damage [1, 1, h/4, w/4] and type [1, 8, h/4, w/4] as probabilities."""

    def __init__(self, net, mix, shift):
        super().__init__()
        self.net, self.shift = net, shift
        self.register_buffer("mix", torch.tensor([*mix[:-1]])[:, None])
        self.register_buffer("start", torch.tensor(mix[-1:]))

    def forward(self, image):
        score, damage, kind = self.net((image - 0.5) * 4)
        return (facts(score, damage) @ self.mix)[:, 0] + self.start, torch.sigmoid(damage - self.shift), torch.softmax(kind, 1)


@torch.no_grad()
def fit(net, cache, count):
    """Weights of the mix by logistic regression on the synthetic samples of held-out photos, the damage logit that tells damaged
    places best, and the score that nine in ten damaged samples exceed."""
    f, y = train.measured(cache, "calibrate", 0)
    f, y = f[:count], y[:count]
    rows, inside, outside = [], [], []
    for i in range(0, len(f), train.BATCH):
        s, d, _ = net.judge(Measures.context(train.unpacked(f[i : i + train.BATCH])))
        rows.append(facts(s, d))
        t = y[i : i + train.BATCH]
        inside.append(d[:, 0][(t > 0) & (t < 255)])
        outside.append(d[:, 0][t == 0])
    area = ((y > 0) & (y < 255)).flatten(1).sum(1)
    x, t = torch.cat(rows), (area > 3).float()
    mean, std = x.mean(0), x.std(0) + 1e-6
    with torch.enable_grad():
        w = torch.zeros(4, requires_grad=True)
        opt = torch.optim.LBFGS([w], max_iter=200)

        def closure():
            opt.zero_grad()
            z = ((x - mean) / std) @ w[:3] + w[3]
            loss = nn.functional.binary_cross_entropy_with_logits(z, t) + 0.01 * (w[:3] ** 2).sum()
            loss.backward()
            return loss

        opt.step(closure)
    weights = (w.detach()[:3] / std).tolist()
    start = float(w.detach()[3] - ((w.detach()[:3] / std) * mean).sum())
    z = x @ torch.tensor(weights) + start
    roc = train.auroc(z.numpy(), (t > 0).numpy())
    print(f"{len(x)} synthetic samples: auroc {roc:.4f}")
    doubt = torch.sigmoid(z[t > 0].quantile(0.1)).item() if roc >= USABLE else 0.0
    return [*weights, start], best_cut(torch.cat(inside), torch.cat(outside)), doubt


def best_cut(inside, outside):
    """The logit with the best F1 of damaged places."""
    cuts = torch.linspace(-3, 4, 57)
    def f1(c):
        hit = (inside > c).sum().item()
        return 2 * hit / (len(inside) + hit + (outside > c).sum().item())
    best = max(cuts.tolist(), key=f1)
    print(f"damaged places: F1 {f1(best):.3f} at logit {best:.2f}")
    return best


def prepared(img):
    """As the product does it: longest side SIDE, last row and column repeated up to multiples of STRIDE."""
    k = SIDE / max(img.shape[:2])
    if k < 1:
        img = cv2.resize(img, None, fx=k, fy=k, interpolation=cv2.INTER_AREA)
    h, w = img.shape[:2]
    img = cv2.copyMakeBorder(img, 0, -h % STRIDE, 0, -w % STRIDE, cv2.BORDER_REPLICATE)
    return (img.astype(np.float32) / 255).transpose(2, 0, 1)[None]


def thresholds(path, photos):
    """Accuse above every intact photo, with a margin."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(path), options)
    z = np.sort([session.run(["score"], {"image": prepared(img)})[0][0] for _, img, _ in photos])
    p = 1 / (1 + np.exp(-z))
    margin = 1 / (1 + np.exp(-(z[-1] + 0.3)))
    print(f"{len(p)} intact photos: median {np.median(p):.3f}, 90 % {np.quantile(p, 0.9):.3f}, highest {p[-1]:.3f}")
    return round(float(margin), 4)


def write(net, path, mix, shift, card):
    torch.onnx.export(
        Shipped(net, mix, shift), (torch.rand(1, 3, SIDE, SIDE),), str(path), opset_version=17, dynamo=False,
        input_names=["image"], output_names=["score", "damage", "type"],
        dynamic_axes={"image": {2: "h", 3: "w"}, "damage": {2: "h4", 3: "w4"}, "type": {2: "h4", 3: "w4"}},
    )
    model = onnx.load(str(path))
    onnx.helper.set_model_props(model, {"waggle": json.dumps(card)})
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def main():
    here = Path(__file__).resolve().parents[1] / ".cache" / "vision"
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--data", default="../shared/data")
    ap.add_argument("--cache", default=here, type=Path)
    ap.add_argument("--samples", type=int, default=1000, help="synthetic samples for the mix")
    ap.add_argument("--photos", type=int, default=400, help="intact photos for the thresholds")
    ap.add_argument("--out", default=Path(__file__).resolve().parents[2] / "builtin" / "vision-damage.onnx", type=Path)
    args = ap.parse_args()
    torch.set_num_threads(1)
    net = Net().eval()
    net.load_state_dict(torch.load(args.cache / "state.pt")["net"])
    mix, shift, doubt = fit(net, args.cache, args.samples)
    card = {"side": SIDE, "stride": STRIDE, "types": TYPES, "slope": 1.0, "offset": 0.0, "accuse": 0.99, "doubt": round(doubt, 4), "pixel": 0.5}
    write(net, args.out, mix, shift, card)
    photos = data.load(args.data, args.cache, "calibrate")
    pick = np.random.default_rng(3).permutation(len(photos))[: args.photos]
    card["accuse"] = max(thresholds(args.out, [photos[i] for i in pick]), card["doubt"])
    write(net, args.out, mix, shift, card)
    print(f"{args.out.name}: {args.out.stat().st_size} bytes, {json.dumps(card)}")


if __name__ == "__main__":
    main()
