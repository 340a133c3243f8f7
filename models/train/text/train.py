"""Trains the text encoder on the processor, one thread:

    python models/train/text/train.py --out DIR --minutes 12 [--fold 0] [--warm DIR/encoder.pt]

--minutes is processor time. With --fold a fifth of train.tsv is kept for validation, and DIR/fold.json says how it went.
With --warm it goes on from trained weights, at a lower rate and without the reading lessons.
"""

import argparse
import json
import random
import time
from collections import Counter, defaultdict
from pathlib import Path

import torch
from torch.nn import functional as F

import corpus
from net import EMOTIONS, SENTIMENTS, Encoder
from noise import Noise

MASK = 2  # character index that hides a character


class Index:
    """Numbers of tokens: 0 padding, 1 unknown, 2 masked."""

    def __init__(self, names):
        self.names = ["", "<unk>", "<mask>", *names]
        self.number = {n: i for i, n in enumerate(self.names)}
        self.number[""] = 1

    def __call__(self, name):
        return self.number.get(name, 1)


def build(data):
    """Indices of characters, sounds and concepts, and the noise over them."""
    chars, alike = Counter(), defaultdict(Counter)
    every = data["plain"] + [u[0] for u in data["utterances"]] + [m[0] for m in data["moods"]]
    for t in every:
        chars.update(t["Chars"])
        for c, s in zip(t["Chars"], t["Sounds"]):
            if s:
                alike[s][c] += 1
    groups = corpus.concepts()
    index = (Index(c for c, n in chars.most_common() if n >= 2), Index(sorted(alike)), Index(groups))
    return index, {s: list(c) for s, c in alike.items()}, groups


def word_tokens(groups):
    flat = [(g, w) for g, words in groups.items() for w in words]
    out = defaultdict(list)
    for (g, _), t in zip(flat, corpus.tokens([w for _, w in flat])):
        out[g].append([(c, s, g) for c, s in zip(t["Chars"], t["Sounds"])])
    return out


FRONT = "请问 你好 麻烦 那个 嗯 就是 我想问一下 想问问 您好 亲 哎 喂 我说 帮我看下".split()
END = "呢 呀 啊 吗 谢谢 哦 哈 可以吗 行不 啊你说 嘛".split()


def tensors(batch, index):
    width = max(2, max(len(c) for c in batch))
    out = torch.zeros(3, len(batch), width, dtype=torch.long)
    for i, cells in enumerate(batch):
        for k in range(3):
            out[k, i, :len(cells)] = torch.tensor([index[k](c[k]) for c in cells])
    return out


def cells(t):
    return list(zip(t["Chars"], t["Sounds"], t["Concepts"]))


class Trainer:
    def __init__(self, data, rng, minutes, warm=None):
        self.data, self.rng, self.minutes, self.warm = data, rng, minutes, warm
        self.index, alike, groups = build(data)
        if warm:
            self.index = tuple(Index(warm[k][3:]) for k in ("chars", "sounds", "concepts"))
        self.noise = Noise(word_tokens(groups), alike, rng)
        self.noise.fillers = {k: [cells(t) for t in corpus.tokens(v)] for k, v in (("front", FRONT), ("end", END))}
        self.intents = sorted({u[1] for u in data["utterances"]})
        self.number = {n: i for i, n in enumerate(self.intents)}
        self.by_intent = defaultdict(list)
        for u in data["utterances"]:
            self.by_intent[u[1]].append(u)
        self.net = Encoder(*(len(x.names) for x in self.index), len(self.intents))
        if warm:
            assert warm["intents"] == self.intents
            self.net.load_state_dict(warm["net"])
        self.optimiser = torch.optim.AdamW(self.net.parameters(), lr=2e-3, weight_decay=0.02, betas=(0.9, 0.98))

    def pairs(self, n):
        """n utterances, then n of the same intents: another utterance or the same one with other noise."""
        ones = self.rng.choices(self.data["utterances"], weights=self.weights(), k=n)
        twos = [u if self.rng.random() < 0.4 else self.rng.choice(self.by_intent[u[1]]) for u in ones]
        return ones + twos

    def weights(self):
        if not hasattr(self, "_weights"):  # rare intents are seen as often as the square root of their share says
            self._weights = [u[2] * len(self.by_intent[u[1]]) ** -0.5 for u in self.data["utterances"]]
        return self._weights

    def intent_loss(self, n=48):
        batch = self.pairs(n)
        logits, _, e = self.net(*tensors([self.noise(u[0]) for u in batch], self.index))
        label = torch.tensor([self.number[u[1]] for u in batch])
        weight = torch.tensor([u[2] for u in batch])
        loss = (F.cross_entropy(logits, label, reduction="none", label_smoothing=0.05) * weight).mean()
        like = e[:n] @ e[n:].t() / 0.1
        same = (label[:n, None] == label[None, n:]) & ~torch.eye(n, dtype=torch.bool)
        return loss + 0.3 * F.cross_entropy(like.masked_fill(same, -1e4), torch.arange(n))

    def mood_loss(self, n=16):
        moods = self.rng.choices(self.data["moods"], k=n)
        insults = self.rng.choices(self.data["insults"], k=n)
        _, mood, _ = self.net(*tensors([self.noise(m[0]) for m in moods] + [self.noise(i[0]) for i in insults], self.index))
        w = torch.tensor([m[3] for m in moods])
        s = F.cross_entropy(mood[:n, :3], torch.tensor([SENTIMENTS.index(m[1]) for m in moods]), reduction="none")
        e = F.cross_entropy(mood[:n, 3:7], torch.tensor([EMOTIONS.index(m[2]) for m in moods]), reduction="none")
        i = F.binary_cross_entropy_with_logits(mood[n:, 7], torch.tensor([i[1] for i in insults]),
                                               weight=torch.tensor([i[2] for i in insults]))
        return ((s + e) * w).mean() + i

    def mask_loss(self, n=48):
        x = tensors([cells(t)[:24] or [("<unk>", "", "")] for t in self.rng.choices(self.data["plain"], k=n)], self.index)
        hide = (torch.rand(x.shape[1:]) < 0.2) & (x[0] > 2)
        want = x[0][hide]
        x[0][hide], x[2][hide] = MASK, 1
        x[1][hide & (torch.rand(hide.shape) < 0.5)] = 1
        return F.cross_entropy(self.net.masked(*x)[hide], want) if len(want) else torch.zeros((), requires_grad=True)

    def run(self):
        start, step = time.process_time(), 0
        while (part := (time.process_time() - start) / 60 / self.minutes) < 1:
            for g in self.optimiser.param_groups:
                g["lr"] = (6e-4 if self.warm else 2e-3) * min(1, step / 100) * max(0.01, (1 - part))
            early = part < 0.2 and not self.warm  # reading comes before understanding
            loss = self.mask_loss() if early else self.intent_loss()
            if not early and step % 3 == 0:
                loss = loss + 0.3 * self.mood_loss()
            if not early and step % 4 == 1:
                loss = loss + 0.2 * self.mask_loss(24)
            self.optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(self.net.parameters(), 1.0)
            self.optimiser.step()
            step += 1
            if step % 200 == 0:
                print(f"{part:.2f} step {step} loss {loss.item():.3f} {time.strftime('%H:%M:%S')}", flush=True)

    def logits(self, tokens_):
        self.net.eval()
        with torch.no_grad():
            out = [self.net(*tensors([cells(t) or [("<unk>", "", "")]], self.index)) for t in tokens_]
        self.net.train()
        return [o[0][0] for o in out], [o[1][0] for o in out]


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--out", type=Path, required=True)
    p.add_argument("--minutes", type=float, default=12)
    p.add_argument("--fold", type=int)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--warm", type=Path)
    a = p.parse_args()
    a.out.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    torch.manual_seed(a.seed)
    t = Trainer(corpus.load(random.Random(7), a.fold), random.Random(a.seed), a.minutes, torch.load(a.warm) if a.warm else None)
    print(f"{sum(p.numel() for p in t.net.parameters()):,} parameters, {len(t.intents)} intents, {len(t.index[0].names)} characters", flush=True)
    t.run()
    torch.save({"net": t.net.state_dict(), "chars": t.index[0].names, "sounds": t.index[1].names, "concepts": t.index[2].names,
                "intents": t.intents}, a.out / "encoder.pt")
    kept = t.data["kept"]
    if kept:
        logits, _ = t.logits([k[0] for k in kept])
        right = sum(t.intents[int(x.argmax())] == k[1] for x, k in zip(logits, kept))
        print(f"validation: {right / len(kept):.4f} of {len(kept)}")
        (a.out / "fold.json").write_text(json.dumps({"intents": t.intents, "texts": [k[2] for k in kept], "labels": [k[1] for k in kept],
                                                     "logits": [x.tolist() for x in logits]}, ensure_ascii=False))


if __name__ == "__main__":
    main()
