"""Trains the damage network on the pool of synth.py; export.py makes the .onnx of it.

Resumable: state.pt in the cache folder holds the last pass.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

import synth
from net import Net

BATCH = 16
RATE = 3e-3
WINDOW = 192  # pixels of a sample seen at a time: cheaper, and another view in every epoch


def load(cache, part, i):
    with np.load(synth.shard(cache, part, i)) as z:
        return torch.from_numpy(z["images"]), torch.from_numpy(z["labels"])


def turned(x, y, gen):
    """One random window, mirror and quarter turn for a batch of pictures and labels, and other light for each picture."""
    room = (synth.CROP - WINDOW) // 2 + 1
    i, j = torch.randint(room, (2,), generator=gen).tolist()
    x, y = x[:, 2 * i : 2 * i + WINDOW, 2 * j : 2 * j + WINDOW], y[:, i : i + WINDOW // 2, j : j + WINDOW // 2]
    k = int(torch.randint(8, (1,), generator=gen))
    if k & 1:
        x, y = x.flip(2), y.flip(2)
    x, y = torch.rot90(x, k >> 1, (1, 2)), torch.rot90(y, k >> 1, (1, 2))
    gain = 1 + 0.15 * (torch.rand(len(x), 1, 1, 3, generator=gen) - 0.5) + 0.2 * (torch.rand(len(x), 1, 1, 1, generator=gen) - 0.5)
    return centred(x, gain), y.long()


def centred(x, gain=1.0):
    """uint8 [n, h, w, 3] as the network wants it: -2..2, channels last, in half precision."""
    return (x.mul(gain * (4 / 255)).clamp_(max=4) - 2).to(torch.bfloat16).permute(0, 3, 1, 2)


def coarse(y):
    """Labels at the size of the network's maps: damage wins over not judged, which wins over sound."""
    y = y.unfold(1, 2, 2).unfold(2, 2, 2).flatten(3)
    bad = torch.where(y == 255, torch.zeros_like(y), y).amax(3)
    return torch.where((bad == 0) & (y == 255).any(3), torch.full_like(bad, 255), bad)


def loss_of(net, x, y):
    """Focal loss of the damage map, cross entropy of the type on damaged pixels, cross entropy of the photo's score."""
    y = coarse(y)
    score, damage, kind = net(x)
    score, damage, kind = score.float(), damage.float()[:, 0], kind.float()
    judged, bad = (y != 255).float(), ((y > 0) & (y < 255)).float()
    bce = F.binary_cross_entropy_with_logits(damage, bad, reduction="none")
    focal = (1 - torch.exp(-bce)) ** 1.5 * bce * (1 + 3 * bad)
    pixel = (focal * judged).sum() / (judged * (1 + 20 * bad)).sum() * 6
    target = torch.where(bad > 0, y - 1, torch.full_like(y, -100))
    kinds = F.cross_entropy(kind, target, ignore_index=-100) if bad.any() else 0 * pixel
    area = bad.flatten(1).sum(1)
    clear = ((area == 0) & (y != 255).flatten(1).all(1)) | (area > 3)
    photo = F.binary_cross_entropy_with_logits(score, (area > 3).float(), reduction="none")
    return pixel + 0.2 * kinds + 0.25 * (photo * clear).sum() / clear.sum().clamp(min=1)


def auroc(scores, truth):
    order = np.argsort(scores)
    rank = np.empty(len(scores))
    rank[order] = np.arange(1, len(scores) + 1)
    pos = truth.sum()
    return (rank[truth].sum() - pos * (pos + 1) / 2) / (pos * (len(truth) - pos))


@torch.no_grad()
def check(net, cache):
    """AUROC of the photo's score on the synthetic samples of held-out photos, and IoU of the damage map."""
    net.eval()
    x, y = load(cache, "calibrate", 0)
    x, y = x[:256], y[:256]
    scores, inter, union = [], 0, 0
    for i in range(0, len(x), BATCH):
        with torch.autocast("cpu", torch.bfloat16):
            s, d, _ = net(centred(x[i : i + BATCH]))
        p, t = d[:, 0].float() > 0, coarse(y[i : i + BATCH])
        bad, judged = (t > 0) & (t < 255), t != 255
        inter += (p & bad & judged).sum().item()
        union += ((p | bad) & judged).sum().item()
        scores.append(s.float())
    net.train()
    y = coarse(y)
    area = ((y > 0) & (y < 255)).flatten(1).sum(1).numpy()
    keep = (area == 0) | (area > 3)
    return auroc(torch.cat(scores).numpy()[keep], (area > 3)[keep]), inter / max(1, union)


def main():
    here = Path(__file__).resolve().parents[1] / ".cache" / "vision"
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--cache", default=here, type=Path)
    ap.add_argument("--shards", type=int, default=8)
    ap.add_argument("--passes", type=int, default=60, help="how many shards to go through in all")
    args = ap.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(7)
    net = Net().to(memory_format=torch.channels_last).train()
    opt = torch.optim.AdamW(net.parameters(), RATE, weight_decay=0.02, fused=True)
    state, done = args.cache / "state.pt", 0
    if state.exists():
        saved = torch.load(state)
        net.load_state_dict(saved["net"])
        opt.load_state_dict(saved["opt"])
        done = saved["done"]
    start, cpu = time.time(), time.process_time()
    while done < args.passes:
        rate = float(RATE * min(1, (done + 1) / 3) * (0.5 + 0.5 * np.cos(np.pi * done / args.passes)) + 1e-5)
        for group in opt.param_groups:
            group["lr"] = rate
        gen = torch.Generator().manual_seed(1000 + done)
        xs, ys = load(args.cache, "train", done % args.shards)
        order, mean = torch.randperm(len(xs), generator=gen), 0.0
        for i in range(0, len(order) - BATCH + 1, BATCH):
            pick = order[i : i + BATCH]
            x, y = turned(xs[pick], ys[pick], gen)
            with torch.autocast("cpu", torch.bfloat16):
                loss = loss_of(net, x, y)
            opt.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            opt.step()
            mean += loss.item()
        done += 1
        torch.save({"net": net.state_dict(), "opt": opt.state_dict(), "done": done}, state)
        roc, iou = check(net, args.cache) if done % 4 == 0 else (0, 0)
        print(f"{done}/{args.passes} {(time.time() - start) / 60:.1f} min ({(time.process_time() - cpu) / 60:.1f} on the core) rate {rate:.5f} loss {mean / (len(order) // BATCH):.4f} auroc {roc:.4f} iou {iou:.3f}", flush=True)


if __name__ == "__main__":
    main()
