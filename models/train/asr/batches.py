"""Endless training batches, made on the fly in a second process."""

import os
import random
from pathlib import Path

import numpy as np
import torch

import corpus
import dsp
import scene
import units
import voice

TOKENS = ["<blk>"] + units.UNITS
ID = {t: i for i, t in enumerate(TOKENS)}
LOOKAHEAD = 5  # 40 ms frames of silence that flush the last unit; the metadata of the model says so
BATCH_FRAMES = 16000  # log-mel frames in a batch: 160 s


def sandwich(power, rng):
    """Silence before and after, the tail at least the model's look-ahead. Returns power, first and last frame of speech.

    Short tails also teach the net to be done soon (TrimTail; Song et al. 2022).
    """
    head, tail = (int(rng.integers(low, 160 if rng.random() < 0.2 else 60)) for low in (4, 4 * LOOKAHEAD))
    quiet = np.full((1, dsp.BINS), 1e-7, np.float32)
    return np.concatenate([np.repeat(quiet, head, 0), power, np.repeat(quiet, tail, 0)]), head, head + len(power)


def mask(features, rng):
    """SpecAugment (Park et al. 2019), mild: bands and short stretches become the mean."""
    mean = features.mean()
    for _ in range(rng.integers(0, 3)):
        width = int(rng.integers(1, 14))
        at = int(rng.integers(0, dsp.MELS - width))
        features[:, at:at + width] = mean
    for _ in range(rng.integers(0, 1 + len(features) // 120)):
        width = int(rng.integers(1, 9))
        at = int(rng.integers(0, max(1, len(features) - width)))
        features[at:at + width] = mean
    return features


class Maker:
    """Makes single utterances: (log-mel [n, 80] float32, token ids)."""

    def __init__(self, cache, data):
        self.planner = corpus.planner(cache, data)
        self.tables = voice.Tables()
        self.noises = scene.Noises(Path(data), self.planner.recordings)

    def make(self, seed):
        choose, rng = random.Random(seed), np.random.default_rng(seed)
        if choose.random() < 0.08:
            power = scene.nothing(int(rng.integers(100, 700)), self.tables, self.noises, rng)
            if choose.random() < 0.7:
                power = scene.record(power, self.tables, self.noises, rng)
            return dsp.logmel(power), []
        parts, joined = self.planner.draw(choose)
        power, begin, end = sandwich(voice.utterance(parts, joined, self.tables, rng), rng)
        dead = rng.random() < 0.25
        power = scene.record(power, self.tables, self.noises, rng, int(rng.integers(0, begin)) if dead else 0,
                             int(rng.integers(end + 2, len(power))) if dead else None)
        return mask(dsp.logmel(power), rng), [ID[u] for u in corpus.labels(parts)]


def batches(maker, seed):
    """Yields (x [N, T, 80], frames [N], targets [sum], target lengths [N]); utterances of a batch are of like length."""
    while True:
        pool = []
        for _ in range(256):
            seed += 1
            features, target = maker.make(seed)
            if len(target) <= len(features) // 4 - 8:
                pool.append((features, target))
        pool.sort(key=lambda p: len(p[0]))
        groups, group = [], []
        for item in pool:
            if group and len(item[0]) * (len(group) + 1) > BATCH_FRAMES:
                groups.append(group)
                group = []
            group.append(item)
        groups.append(group)
        random.Random(seed).shuffle(groups)
        for g in groups:
            yield collate(g)


def collate(group):
    length = -(-max(len(f) for f, _ in group) // 16) * 16
    x = np.full((len(group), length, dsp.MELS), -12.0, np.float32)
    for row, (features, _) in zip(x, group):
        row[:len(features)] = features
    return (torch.from_numpy(x), torch.tensor([len(f) for f, _ in group]),
            torch.tensor([t for _, target in group for t in target]), torch.tensor([len(t) for _, t in group]))


class Stream(torch.utils.data.IterableDataset):
    """Batches for torch's DataLoader; each worker makes its own, at low priority, on one thread."""

    def __init__(self, cache, data, seed):
        self.cache, self.data, self.seed = cache, data, seed

    def __iter__(self):
        os.nice(5)
        torch.set_num_threads(1)
        worker = torch.utils.data.get_worker_info()
        number = worker.id if worker else 0
        return batches(Maker(self.cache, self.data), self.seed * 1_000_003 + number * 500_000_009)
