"""Trains the damage network on the pool of pairs that synth.py fills; export.py makes the .onnx of it.

Both photos of a pair show one thing, the second one before it was damaged, in another light and by another camera. The first
teaches where damage is; the second that the same prints, seams and shadows are none; and both together teach descriptions of
places that stay alike under light and camera and change under damage. The pool may grow while this runs. The learning rate falls
along a cosine over --minutes; state.pt in the cache holds the averaged weights (exponential moving average).
"""

import argparse
import copy
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

import synth
from net import Net

PAIRS = 6  # of a batch
RATE = 2e-3
WINDOW = 224  # pixels of a sample seen at a time: cheaper, and another view every time
REACH = 1  # places by which a reference may lie off


def load(path):
    with np.load(path) as z:
        return torch.from_numpy(z["images"]), torch.from_numpy(z["labels"])


def turned(x, y, gen):
    """One window, mirror and quarter turn for the pairs of a batch, and other light for each photo.
    x uint8 [n, 2, h, w, 3], y uint8 [n, h/4, w/4] -> float32 [2 n, 3, WINDOW, WINDOW], int64 [n, WINDOW/4, WINDOW/4]."""
    room, small = (synth.CROP - WINDOW) // 4 + 1, WINDOW // 4
    i, j = torch.randint(room, (2,), generator=gen).tolist()
    x, y = x[:, :, 4 * i : 4 * i + WINDOW, 4 * j : 4 * j + WINDOW], y[:, i : i + small, j : j + small]
    k = int(torch.randint(8, (1,), generator=gen))
    if k & 1:
        x, y = x.flip(3), y.flip(2)
    x, y = torch.rot90(x, k >> 1, (2, 3)), torch.rot90(y, k >> 1, (1, 2))
    x = x.transpose(0, 1).flatten(0, 1).permute(0, 3, 1, 2).float() / 255
    gain = 1 + 0.15 * (torch.rand(len(x), 3, 1, 1, generator=gen) - 0.5) + 0.25 * (torch.rand(len(x), 1, 1, 1, generator=gen) - 0.5)
    return (x * gain).clamp(0, 1).contiguous(memory_format=torch.channels_last), y.long()


def apart(a, b, reach=REACH):
    """Least squared distance [n, h, w] of each place's description in a to those within reach in b."""
    pad = F.pad(b, (reach,) * 4, "replicate")
    h, w = a.shape[2:]
    near = [(a * pad[:, :, i : i + h, j : j + w]).sum(1) for i in range(2 * reach + 1) for j in range(2 * reach + 1)]
    return 2 - 2 * torch.stack(near).amax(0)


def places(logits, y, weight):
    """Focal loss of damaged places against sound ones, and the overlap that is missing (Dice)."""
    judged, bad = (y != 255).float(), ((y > 0) & (y < 255)).float()
    bce = F.binary_cross_entropy_with_logits(logits, bad, reduction="none")
    focal = (1 - torch.exp(-bce)) ** 1.5 * bce * (1 + weight * bad)
    pixel = (focal * judged).sum() / (judged * (1 + 20 * bad)).sum() * 6
    p = torch.sigmoid(logits) * judged
    return pixel + 0.3 * (1 - (2 * (p * bad).sum() + 50) / (p.sum() + bad.sum() + 50))


def loss_of(net, x, y):
    n = len(y)
    score, damage, kind, looks = net(x)
    score, damage, kind, looks = score.float(), damage.float()[:, 0], kind.float(), looks.float()
    both = torch.cat([y, torch.zeros_like(y)])
    bad = (y > 0) & (y < 255)
    loss = places(damage, both, 3)
    slope, middle = net.near
    loss = loss + 0.3 * places(slope * (apart(looks[:n], looks[n:]) - middle), y, 3)
    if bad.any():
        loss = loss + 0.1 * F.cross_entropy(kind[:n], torch.where(bad, y - 1, torch.full_like(y, -100)), ignore_index=-100)
    area = bad.flatten(1).sum(1)
    clear = (((area == 0) & (y != 255).flatten(1).all(1)) | (area > 3)).float()
    clear, truth = torch.cat([clear, torch.ones(n)]), torch.cat([(area > 3).float(), torch.zeros(n)])
    photo = F.binary_cross_entropy_with_logits(score, truth, reduction="none")
    loss = loss + 0.4 * (photo * clear).sum() / clear.sum()
    if truth.any():  # the damaged photo's worst places beat those of the same thing intact
        top = damage.flatten(1).topk(12, 1).values.mean(1)
        ahead = torch.cat([top[:n] - top[n:], score[:n] - score[n:]])
        loss = loss + 0.5 * (F.softplus(-ahead) * torch.cat([truth[:n]] * 2)).sum() / truth.sum()
    return loss


def auroc(scores, truth):
    order = np.argsort(scores)
    rank = np.empty(len(scores))
    rank[order] = np.arange(1, len(scores) + 1)
    pos = truth.sum()
    return (rank[truth].sum() - pos * (pos + 1) / 2) / (pos * (len(truth) - pos))


@torch.no_grad()
def check(net, cache, count=160):
    """AUROC of the photo's score, of its worst places, and of the places most unlike the reference, on pairs of held-out photos:
    damaged against the same thing intact."""
    x, y = load(synth.shard(cache, "calibrate", 0))
    x, y = x[:count], y[:count]
    keep = ((y > 0) & (y < 255)).flatten(1).sum(1) > 3
    x, y = x[keep], y[keep]
    score, worst, unlike = [[], []], [[], []], [[], []]
    for i in range(0, len(x), 8):
        pair = x[i : i + 8].transpose(0, 1).flatten(0, 1).permute(0, 3, 1, 2).float() / 255
        with torch.autocast("cpu", torch.bfloat16):
            s, d, _, looks = net(pair.contiguous(memory_format=torch.channels_last))
        n, looks = len(s) // 2, looks.float()
        again = looks[n:].roll(1, 3)  # the reference against itself, a place beside
        for k in (0, 1):
            score[k].append(s.float()[k * n : k * n + n])
            worst[k].append(d.float()[k * n : k * n + n].flatten(1).topk(8, 1).values.mean(1))
            unlike[k].append(apart((looks[:n], again)[k], looks[n:]).flatten(1).topk(8, 1).values.mean(1))
    truth = np.arange(2 * len(x)) < len(x)
    return [auroc(torch.cat(a + b).numpy(), truth) for a, b in (score, worst, unlike)]


def averaged(mean, net, keep):
    with torch.no_grad():
        for a, b in zip(mean.state_dict().values(), net.state_dict().values()):
            a.lerp_(b, 1 - keep) if a.is_floating_point() else a.copy_(b)


def pick(cache, gen):
    """A shard of the pool, the newer half of it more often, because a pool gets better as it grows."""
    files = sorted(Path(cache).glob("pool-train-*.npz"), key=lambda f: f.stat().st_mtime)
    i, j = torch.randint(len(files), (2,), generator=gen).tolist()
    return files[max(i, j)]


def main():
    here = Path(__file__).resolve().parents[1] / ".cache" / "vision"
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--cache", default=here, type=Path)
    ap.add_argument("--minutes", type=float, default=60)
    ap.add_argument("--start", type=Path, help="weights to go on from")
    ap.add_argument("--rate", type=float, default=RATE)
    args = ap.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(7)
    net = Net().to(memory_format=torch.channels_last).train()
    if args.start:
        net.load_state_dict(torch.load(args.start)["net"])
    mean = copy.deepcopy(net).eval()
    opt = torch.optim.AdamW(net.parameters(), args.rate, weight_decay=0.02, fused=True)
    gen, start, step, total, cpu, shard = torch.Generator().manual_seed(1), time.time(), 0, 0.0, time.process_time(), 0
    while (done := (time.time() - start) / 60 / args.minutes) < 1:
        xs, ys = load(pick(args.cache, gen))
        order = torch.randperm(len(xs), generator=gen)
        for i in range(0, len(order) - PAIRS + 1, PAIRS):
            done = min(1, (time.time() - start) / 60 / args.minutes)
            for group in opt.param_groups:
                group["lr"] = args.rate * min(1, (step + 1) / 100) * (0.5 + 0.5 * float(np.cos(np.pi * done))) + 1e-6
            x, y = turned(xs[order[i : i + PAIRS]], ys[order[i : i + PAIRS]], gen)
            with torch.autocast("cpu", torch.bfloat16):
                loss = loss_of(net, x, y)
            opt.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
            opt.step()
            averaged(mean, net, min(0.997, 1 - 1 / (step / 8 + 2)))
            step, total = step + 1, total + loss.item()
        shard += 1
        torch.save({"net": mean.state_dict(), "raw": net.state_dict(), "steps": step}, args.cache / "state.pt")
        rocs = " auroc score %.4f worst %.4f unlike %.4f" % tuple(check(mean, args.cache)) if shard % 6 == 0 or done >= 1 else ""
        print(f"{step} steps {(time.time() - start) / 60:.1f} min ({(time.process_time() - cpu) / 60:.1f} on the core) loss {total / (len(xs) // PAIRS):.4f}{rocs}", flush=True)
        total = 0.0


if __name__ == "__main__":
    main()
