"""Trains the embedding for a given time: instance discrimination over two views, and which id it is among all.

    python embed_train.py --data ../shared/data --minutes 60
    python embed_train.py --data ../shared/data --minutes 60 --start embed.pt --rate 1e-3   # on from weights that are there

Losses: supervised contrastive (Khosla et al. 2020, temperature 0.1) within the batch, and a softmax over the cosines to one
proxy an id with a margin (CosFace, Wang et al. 2018). The weights that count are an exponential mean over steps.
"""

import argparse
import copy
import math
import time
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np
import torch
from torch.nn import functional as F

import embed_data
from embed_net import DIM, Embed
from embed_views import view

SIDE, IDS = 128, 48
HARD, NEAR = 8, 12  # so many ids of a step draw two more each from the ids nearest to them
LISTING = 0.2  # share of pairs of which one view is a listing


def contrast(z, ids, temperature=0.1):
    """Supervised contrastive loss of unit vectors z [n, d]."""
    sim = z @ z.T / temperature
    me = torch.eye(len(z), dtype=torch.bool)
    same = (ids[:, None] == ids[None]) & ~me
    logp = sim - torch.logsumexp(sim.masked_fill(me, -1e9), 1, keepdim=True)
    return -(logp * same).sum(1).div(same.sum(1).clamp(min=1)).mean()


def proxy_loss(z, proxies, ids, scale=20.0, margin=0.15):
    cos = z @ F.normalize(proxies).T
    return F.cross_entropy(scale * (cos - margin * F.one_hot(ids, len(proxies))), ids)


def draw(rng, weights, proxies):
    """IDS different ids: some at large, the others from those that the network mistakes for them."""
    chosen = list(rng.choice(len(weights), IDS - 2 * HARD, replace=False, p=weights))
    unit = F.normalize(proxies.detach())
    near = (unit[chosen[:HARD]] @ unit.T).topk(NEAR + 1).indices.numpy()
    for row in near:
        fresh = [i for i in row[1:] if i not in chosen]
        chosen += list(rng.choice(fresh, min(2, len(fresh)), replace=False))
    return chosen


def batch(rng, by_id, names, chosen, photos):
    """Two views of each chosen id: of two photos where an id has several, and now and then one as in a listing."""
    views, ids = [], []
    for i in chosen:
        own = by_id[names[i]]
        listing = rng.random() < LISTING
        for k, j in enumerate(rng.choice(len(own), 2, replace=len(own) < 2)):
            views.append(view(rng, own[j], photos, SIDE, listing and k == 0))
            ids.append(i)
    x = torch.from_numpy(np.stack(views)).permute(0, 3, 1, 2).float() / 255
    return x.contiguous(memory_format=torch.channels_last), torch.tensor(ids)


@torch.no_grad()
def recall(net, photos, side=160):
    """Share of photos whose nearest other photo shows the same product (natural against natural)."""
    photos = [p for p in photos if p[1].startswith("grocery")]
    z = []
    for _, _, img in photos:
        x = torch.from_numpy(cv2.resize(img[..., :3], (side, side), interpolation=cv2.INTER_AREA))
        z.append(net(x.permute(2, 0, 1)[None].float() / 255)[0])
    sim = torch.cat(z) @ torch.cat(z).T
    sim.fill_diagonal_(-2)
    ids = [p[1] for p in photos]
    return float(np.mean([ids[int(j)] == ids[i] for i, j in enumerate(sim.argmax(1))]))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--data", required=True)
    p.add_argument("--cache", default="models/train/.cache/vision")
    p.add_argument("--minutes", type=float, default=60)
    p.add_argument("--rate", type=float, default=2e-3)
    p.add_argument("--start", help="weights of an earlier training to begin with")
    a = p.parse_args()
    torch.set_num_threads(1)
    cv2.setNumThreads(1)
    torch.manual_seed(1)
    rng = np.random.default_rng(int(time.time()))
    parts = embed_data.load(a.data, a.cache)
    by_id = defaultdict(list)
    for photo in parts["train"]:
        by_id[photo[1]].append(photo)
    names = sorted(by_id)
    weights = np.array([8.0 if n.startswith("grocery") else 0.5 if n.startswith("pack") else 1.0 for n in names])
    weights /= weights.sum()

    net = Embed().to(memory_format=torch.channels_last)
    proxies = torch.nn.Parameter(torch.randn(len(names), DIM) * 0.1)
    decay = [q for q in net.parameters() if q.dim() > 1]
    rest = [q for q in net.parameters() if q.dim() <= 1]
    opt = torch.optim.AdamW([{"params": decay, "weight_decay": 0.05}, {"params": rest, "weight_decay": 0},
                             {"params": [proxies], "weight_decay": 0, "lr": 10 * a.rate, "k": 10}], lr=a.rate)
    mean = copy.deepcopy(net).eval()
    state = Path(a.cache) / "embed.pt"
    step, done, began = 0, 0.0, time.time()
    if a.start and not state.exists():
        s = torch.load(a.start, weights_only=True)
        net.load_state_dict(s["mean"]), mean.load_state_dict(s["mean"])
        proxies.data.copy_(s["proxies"])
    if state.exists():
        s = torch.load(state, weights_only=True)
        net.load_state_dict(s["net"]), mean.load_state_dict(s["mean"]), opt.load_state_dict(s["opt"])
        proxies.data.copy_(s["proxies"])
        step, done = s["step"], s["done"]
    saved = shown = time.time()
    losses = []
    while (at := done + (time.time() - began) / 60 / a.minutes) < 1:
        lr = a.rate * min(1, (step + 1) / 200) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * at)))
        for g in opt.param_groups:
            g["lr"] = lr * g.get("k", 1)
        x, ids = batch(rng, by_id, names, draw(rng, weights, proxies), parts["train"])
        with torch.autocast("cpu", torch.bfloat16):
            z, _ = net(x)
        z = z.float()
        loss = contrast(z, ids) + proxy_loss(z, proxies, ids)
        opt.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5)
        opt.step()
        step += 1
        k = min(0.998, step / (step + 20))
        with torch.no_grad():
            for m, q in zip(mean.state_dict().values(), net.state_dict().values()):
                m.lerp_(q, 1 - k) if m.is_floating_point() else m.copy_(q)
        losses.append(loss.item())
        if time.time() - shown > 120 or step == 20:
            shown = time.time()
            print(f"{at:.3f} step {step} loss {np.mean(losses[-100:]):.3f} cpu {time.process_time():.0f}s recall {recall(mean, parts['calibrate']):.3f}", flush=True)
        if time.time() - saved > 300:
            saved = time.time()
            save(state, net, mean, opt, proxies, step, at)
    save(state, net, mean, opt, proxies, step, 1.0)
    print(f"done: {step} steps, recall {recall(mean, parts['calibrate']):.3f}")


def save(path, net, mean, opt, proxies, step, done):
    torch.save({"net": net.state_dict(), "mean": mean.state_dict(), "opt": opt.state_dict(), "proxies": proxies.data, "step": step, "done": done}, path.with_suffix(".tmp"))
    path.with_suffix(".tmp").rename(path)


if __name__ == "__main__":
    main()
