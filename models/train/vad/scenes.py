"""Made-up telephone minutes with a truth for every frame: a caller who speaks now and then, and everything that is not one.

Built from the recogniser's cache and its rooms, lines and noises (models/train/asr).
"""

import random
import sys
from pathlib import Path

import numpy as np
from scipy.ndimage import binary_closing

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "asr"))
import batches  # noqa: E402
import dsp  # noqa: E402
import scene  # noqa: E402
import voice  # noqa: E402

FRAMES = 640             # length of a scene
SPOKEN = 10 ** -2.8      # a frame counts as speech down to 28 dB below the loud frames
BRIDGE = 9               # closures and pauses up to 90 ms inside speech count as speech


def knocks(rng, tables):
    """Clicks, typing, handling noise: short bursts."""
    power = np.zeros((FRAMES, dsp.BINS), np.float32)
    for _ in range(rng.integers(2, 25)):
        at, length = int(rng.integers(0, FRAMES - 12)), int(rng.integers(1, 9))
        shape = np.exp(scene.curve(rng, 1.2)) * np.float32(np.exp(rng.normal(-1, 1)))
        fall = np.exp(-np.arange(length) / rng.uniform(0.5, 3))[:, None].astype(np.float32)
        power[at:at + length] += fall * shape * tables.noise(length, rng)
    return power


class Maker(batches.Maker):
    """Makes (log-mel [FRAMES, 80], speech [FRAMES])."""

    def make(self, seed):
        choose, rng = random.Random(seed), np.random.default_rng(seed)
        power = np.full((FRAMES, dsp.BINS), 1e-7, np.float32)
        truth = np.zeros(FRAMES, bool)
        if choose.random() < 0.8:
            self._talk(power, truth, choose, rng)
        power = power + self._others(choose, rng)
        return dsp.logmel(scene.record(power, self.tables, self.noises, rng)), truth.astype(np.float32)

    def _talk(self, power, truth, choose, rng):
        at = int(rng.integers(0, 150))
        while at < FRAMES - 60:
            said = voice.utterance(*self.planner.draw(choose), self.tables, rng)[:FRAMES - at]
            level = said.mean(1)
            spoken = level > np.percentile(level, 92) * SPOKEN
            power[at:at + len(said)] += said * np.float32(np.exp(rng.normal(0, 0.3)))
            truth[at:at + len(said)] |= binary_closing(np.pad(spoken, BRIDGE), np.ones(BRIDGE))[BRIDGE:-BRIDGE]
            at += len(said) + int(rng.integers(5, 260))

    def _others(self, choose, rng):
        """What must not wake the robot: tones, music, knocks, far voices, its own echo."""
        power = np.zeros((FRAMES, dsp.BINS), np.float32)
        if choose.random() < 0.25:
            power += scene.signals(FRAMES, rng) * np.float32(np.exp(rng.normal(-1, 1)))
        if choose.random() < 0.12:
            power += scene.tones(FRAMES, self.tables, rng) * np.float32(np.exp(rng.normal(-4, 1)))
        if choose.random() < 0.2:
            power += knocks(rng, self.tables) * np.float32(np.exp(rng.normal(-1, 1)))
        if choose.random() < 0.2:  # echo of the robot, or a person across the room: 20 dB and more below a caller
            far = self.noises.babble(FRAMES, self.tables, rng) if choose.random() < 0.5 else self._echo(choose, rng)
            power += far * np.float32(10 ** rng.uniform(-3.6, -2.0))
        return power

    def _echo(self, choose, rng):
        power = np.zeros((FRAMES, dsp.BINS), np.float32)
        said = voice.utterance(*self.planner.draw(choose), self.tables, rng)[:FRAMES]
        at = int(rng.integers(0, FRAMES - len(said) + 1))
        power[at:at + len(said)] = said
        return power
