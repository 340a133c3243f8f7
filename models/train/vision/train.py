"""Trains the damage network on the pool of synth.py; export.py makes the .onnx of it.

Three steps, each resumable from the cache folder:
  1. the fixed measures of every sample are computed once;
  2. the pixel stage learns to tell damaged places from sound ones by their measures alone, on places drawn from all samples;
  3. the whole network, with the convolutions that look around, goes on from there over whole maps.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

import synth
from net import Measures, Net

BATCH = 16
WINDOW = 32  # places of a map's side that step 3 sees at a time
PLACES = 160  # drawn from each sample for step 2, half of them damaged where there is damage


def centred(x):
    """uint8 [n, h, w, 3] as the network wants it: -2..2, channels first."""
    return (x.float() * (4 / 255) - 2).permute(0, 3, 1, 2).contiguous()


def coarse(y):
    """Labels at the size of the network's maps: damage wins over not judged, which wins over sound."""
    y = y.unfold(1, 2, 2).unfold(2, 2, 2).flatten(3)
    bad = torch.where(y == 255, torch.zeros_like(y), y).amax(3)
    return torch.where((bad == 0) & (y == 255).any(3), torch.full_like(bad, 255), bad)


def packed(f):
    """Measures as bytes; they lie between -2 and 4.3."""
    return ((f + 2) * 40).round_().clamp_(0, 255).to(torch.uint8)


def unpacked(f):
    return f.float() / 40 - 2


def measured(cache, part, i, count=synth.SHARD):
    """(measures uint8 [n, BASE, 64, 64], labels uint8 [n, 64, 64]) of one shard, computed at the first call."""
    path = Path(cache) / f"measures-{part}-{i:03d}.pt"
    if path.exists():
        return torch.load(path)
    with np.load(synth.shard(cache, part, i)) as z:
        x, y = torch.from_numpy(z["images"][:count]), torch.from_numpy(z["labels"][:count])
    m, start = Measures(), time.process_time()
    with torch.no_grad():
        f = torch.cat([packed(m(centred(x[k : k + BATCH]))) for k in range(0, len(x), BATCH)])
    pair = f, coarse(y)
    torch.save(pair, path)
    print(f"{path.name}: {time.process_time() - start:.0f} s on the core", flush=True)
    return pair


def places(f, y, gen):
    """Draws PLACES places of each sample: (measures [m, CHANNELS] float16, labels [m])."""
    out, labels = [], []
    for k in range(0, len(f), BATCH):
        c, t = Measures.context(unpacked(f[k : k + BATCH])), y[k : k + BATCH]
        for j in range(len(c)):
            bad, sound = (t[j].flatten() % 255).nonzero()[:, 0], (t[j].flatten() == 0).nonzero()[:, 0]
            pick = torch.cat([some(bad, PLACES // 2, gen), some(sound, PLACES - PLACES // 2, gen)])
            out.append(c[j].flatten(1)[:, pick].T.half())
            labels.append(t[j].flatten()[pick])
    return torch.cat(out), torch.cat(labels)


def some(index, n, gen):
    return index[torch.randperm(len(index), generator=gen)[:n]]


def pixels(net, sets, opt, steps, gen):
    """Step 2: the first layer and the map, on single places."""
    m, y = torch.cat([s[0] for s in sets]), torch.cat([s[1] for s in sets]).long()
    n, mean = 4096, 0.0
    for step in range(steps):
        for group in opt.param_groups:
            group["lr"] = 4e-3 * (0.5 + 0.5 * float(np.cos(np.pi * step / steps))) + 1e-5
        pick = torch.randint(len(m), (n,), generator=gen)
        x, t = m[pick].float()[:, :, None, None], y[pick]
        maps = net.map(net.first(x))[:, :, 0, 0]
        bad = (t > 0).float()
        # a damaged place is drawn about six times too often: its weight says so
        loss = F.binary_cross_entropy_with_logits(maps[:, 0], bad, weight=torch.where(bad > 0, 0.4, 1.0))
        loss = loss + 0.3 * F.cross_entropy(maps[:, 1:], torch.where(t > 0, t - 1, torch.full_like(t, -100)), ignore_index=-100)
        opt.zero_grad()
        loss.backward()
        opt.step()
        mean += loss.item()
        if step % 100 == 99:
            print(f"places {step + 1}/{steps} loss {mean / 100:.4f}", flush=True)
            mean = 0.0


def window(f, y, gen):
    """The measures of a batch beside their surroundings, and the labels, of one random window."""
    with torch.no_grad():
        c = Measures.context(unpacked(f))
    i, j = torch.randint(c.shape[2] - WINDOW + 1, (2,), generator=gen).tolist()
    c = c[:, :, i : i + WINDOW, j : j + WINDOW].to(torch.bfloat16).contiguous(memory_format=torch.channels_last)
    return c, y[:, i : i + WINDOW, j : j + WINDOW].long()


def loss_of(net, c, y):
    """Focal loss of the damage map, cross entropy of the type on damaged places, cross entropy of the photo's score."""
    score, damage, kind = (o.float() for o in net.judge(c))
    damage = damage[:, 0]
    judged, bad = (y != 255).float(), ((y > 0) & (y < 255)).float()
    bce = F.binary_cross_entropy_with_logits(damage, bad, reduction="none")
    focal = (1 - torch.exp(-bce)) ** 1.5 * bce * (1 + 2 * bad)
    pixel = (focal * judged).sum() / (judged * (1 + 20 * bad)).sum() * 6
    kinds = F.cross_entropy(kind, torch.where(bad > 0, y - 1, torch.full_like(y, -100)), ignore_index=-100) if bad.any() else 0
    area = bad.flatten(1).sum(1)
    clear = ((area == 0) & (y != 255).flatten(1).all(1)) | (area > 3)
    photo = F.binary_cross_entropy_with_logits(score, (area > 3).float(), reduction="none")
    return pixel + 0.2 * kinds + 0.3 * (photo * clear).sum() / clear.sum().clamp(min=1)


def auroc(scores, truth):
    order = np.argsort(scores)
    rank = np.empty(len(scores))
    rank[order] = np.arange(1, len(scores) + 1)
    pos = truth.sum()
    return (rank[truth].sum() - pos * (pos + 1) / 2) / (pos * (len(truth) - pos))


@torch.no_grad()
def check(net, cache, count=256):
    """AUROC of the photo's score, of its worst places and of single places, on synthetic samples of held-out photos."""
    net.eval()
    f, y = measured(cache, "calibrate", 0, count)
    scores, worst, inside, outside = [], [], [], []
    for i in range(0, len(f), BATCH):
        s, d, _ = net.judge(Measures.context(unpacked(f[i : i + BATCH])))
        scores.append(s)
        worst.append(d.flatten(1).topk(8, 1).values.mean(1))
        t = y[i : i + BATCH]
        inside.append(d[:, 0][(t > 0) & (t < 255)])
        outside.append(d[:, 0][t == 0][::16])
    net.train()
    area = ((y > 0) & (y < 255)).flatten(1).sum(1).numpy()
    keep = (area == 0) | (area > 3)
    truth = (area > 3)[keep]
    inside, outside = torch.cat(inside), torch.cat(outside)
    places = auroc(torch.cat([inside, outside]).numpy(), np.arange(len(inside) + len(outside)) < len(inside))
    return auroc(torch.cat(scores).numpy()[keep], truth), auroc(torch.cat(worst).numpy()[keep], truth), places


def main():
    here = Path(__file__).resolve().parents[1] / ".cache" / "vision"
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--cache", default=here, type=Path)
    ap.add_argument("--shards", type=int, default=3)
    ap.add_argument("--steps", type=int, default=600, help="of step 2, 4,096 places each")
    ap.add_argument("--passes", type=int, default=36, help="of step 3, one shard each")
    args = ap.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(7)
    net, state, done = Net().train(), args.cache / "state.pt", 0
    if state.exists():
        saved = torch.load(state)
        net.load_state_dict(saved["net"])
        done = saved["done"]
    else:
        gen = torch.Generator().manual_seed(5)
        sets = [places(*measured(args.cache, "train", i), gen) for i in range(args.shards)]
        pixels(net, sets, torch.optim.AdamW(net.parameters(), 4e-3, weight_decay=0.01, fused=True), args.steps, gen)
        torch.save({"net": net.state_dict(), "done": 0}, state)
        print("after step 2: auroc %.4f of the score (not trained yet), %.4f of the worst place, %.4f of places" % check(net, args.cache), flush=True)
    net = net.to(memory_format=torch.channels_last)
    opt = torch.optim.AdamW(net.parameters(), 2e-3, weight_decay=0.02, fused=True)
    while done < args.passes:
        gen = torch.Generator().manual_seed(1000 + done)
        for group in opt.param_groups:
            group["lr"] = 2e-3 * (0.5 + 0.5 * float(np.cos(np.pi * done / args.passes))) + 1e-5
        f, y = measured(args.cache, "train", done % args.shards)
        order, mean, cpu = torch.randperm(len(f), generator=gen), 0.0, time.process_time()
        for i in range(0, len(order) - BATCH + 1, BATCH):
            pick = order[i : i + BATCH]
            c, t = window(f[pick], y[pick], gen)
            with torch.autocast("cpu", torch.bfloat16):
                loss = loss_of(net, c, t)
            opt.zero_grad()
            loss.backward()
            opt.step()
            mean += loss.item()
        done += 1
        torch.save({"net": net.state_dict(), "done": done}, state)
        print(f"{done}/{args.passes} loss {mean / (len(order) // BATCH):.4f} {time.process_time() - cpu:.0f} s on the core", flush=True)
        if done % 4 == 0 or done == args.passes:
            print("  auroc %.4f of the score, %.4f of the worst place, %.4f of places" % check(net, args.cache), flush=True)


if __name__ == "__main__":
    main()
