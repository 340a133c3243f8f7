"""Speaks cached clips again as one utterance: other tempo, other formants, other pitch, joined. Spectra only, no waves.

A frame's power spectrum is its envelope times the comb of a pitch (or noise where unvoiced). The comb of every pitch
is in a table, the noise too, so that an utterance of six seconds costs some milliseconds.
"""

import numpy as np
from scipy.ndimage import uniform_filter1d

import dsp

HZ = np.arange(dsp.BINS) * dsp.RATE / dsp.FFT
PITCHES = np.geomspace(60, 520, 180)


def combs():
    """[180, 257] power spectra of harmonics at each pitch seen through the povey window, mean 1."""
    table = np.empty((len(PITCHES), dsp.BINS), np.float32)
    fine = 8  # window spectrum on an eightfold denser grid
    lobe = np.abs(np.fft.rfft(dsp.POVEY, dsp.FFT * fine)) ** 2
    for row, pitch in enumerate(PITCHES):
        harmonics = np.arange(1, int(8400 / pitch) + 1) * pitch
        away = np.abs(HZ[:, None] - harmonics[None, :]) / (dsp.RATE / dsp.FFT / fine)
        comb = np.interp(away, np.arange(200), lobe[:200], right=0).sum(1)
        table[row] = comb / comb[8:].mean()
    return table


def hiss(rows, seed):
    """[rows, 257] power of white noise frames (exponential, neighbouring bins correlated as the window makes them)."""
    rng = np.random.default_rng(seed)
    noise = rng.exponential(1.0, (rows, dsp.BINS)).astype(np.float32)
    return np.maximum(0.5 * noise + 0.25 * (np.roll(noise, 1, 1) + np.roll(noise, -1, 1)), 1e-3)


class Tables:
    """Shared read-only tables; built once in the process that makes utterances."""

    def __init__(self):
        self.combs = combs()
        self.hiss = hiss(12000, 3)

    def noise(self, frames, rng):
        """[frames, 257] of white noise power, mean 1."""
        at = rng.integers(0, len(self.hiss) - frames)
        return self.hiss[at:at + frames]


class Speaker:
    """One invented person: pitch, formants, how strongly voiced, and whether clips keep their own harmonics."""

    def __init__(self, rng):
        self.resynthesise = rng.random() < 0.65
        man = rng.random() < 0.55
        self.pitch = np.exp(rng.uniform(*np.log((62, 175)))) if man else rng.uniform(155, 350)
        self.formants = rng.normal(0.86, 0.06) if man else rng.normal(1.02, 0.08)
        if not self.resynthesise:  # pitch and formants move together, so stay nearer to the recording
            self.formants = rng.uniform(0.80, 1.18)
        self.formants = float(np.clip(self.formants, 0.72, 1.28))
        self.bend = float(np.clip(rng.normal(0, 0.03), -0.07, 0.07))  # mouth and throat are not scaled alike
        self.range = rng.uniform(0.4, 1.3)
        self.decline = rng.uniform(0.0, 0.18)
        self.voiced_to = rng.uniform(1800, 7500)
        self.breath = rng.uniform(0.0, 0.25)
        self.tilt = rng.normal(0, 2.5)  # dB an octave above 500 Hz
        self.colour = np.repeat(rng.normal(0, 0.35, 18), 15)[:dsp.BINS] if rng.random() < 0.7 else np.zeros(dsp.BINS)
        self.colour = uniform_filter1d(np.resize(self.colour, dsp.BINS), 15).astype(np.float32)


def tempo(part, joined, rng):
    """Number of output frames of a part."""
    if joined:
        rate = rng.triangular(2.2, 4.6, 6.6)
        want = len(part.syllables) / rate * 100 if part.syllables else part.frames
    else:
        want = part.frames * rng.uniform(0.6, 1.15)
    if part.clip["source"] in ("espeak", "foreign", "dspspeech20"):
        want = part.frames * rng.uniform(0.7, 1.2)
    return int(np.clip(want, max(6, 0.27 * part.frames), 1.25 * part.frames))


def positions(part, frames, rng):
    """Source frame (fractional) of each output frame; steady sounds are squeezed more than changes."""
    flux = part.cache.flux[part.start:part.start + part.frames]
    weight = 1 + rng.uniform(0, 2.5) * flux / (flux.mean() + 1e-6)
    time = np.concatenate([[0], np.cumsum(weight)])
    return np.interp((np.arange(frames) + 0.5) / frames * time[-1], time, np.arange(part.frames + 1)) - 0.5


def rows(array, start, frames, at):
    """Linear interpolation between rows of a memory-mapped float16 array."""
    block = np.asarray(array[start:start + frames], np.float32)
    at = np.clip(at, 0, frames - 1)
    low = at.astype(np.int64)
    share = (at - low)[:, None].astype(np.float32)
    return block[low] * (1 - share) + block[np.minimum(low + 1, frames - 1)] * share


def warp(log, factor, bend=0.0):
    """Moves formants by `factor`, the low ones against the high ones by `bend`; 8 kHz stays 8 kHz."""
    knee = 4800 * min(1.0, 1 / factor)
    wave = 1 + bend * np.sin(2 * np.pi * HZ / (knee * factor))
    source = np.where(HZ < knee * factor, HZ / factor * wave, knee + (HZ - knee * factor) * (8000 - knee) / (8000 - knee * factor))
    at = np.clip(source / (dsp.RATE / dsp.FFT), 0, dsp.BINS - 1.001)
    low = at.astype(np.int64)
    share = (at - low).astype(np.float32)
    return log[:, low] * (1 - share) + log[:, low + 1] * share


def say(part, frames, speaker, rng):
    """One part -> (log spectra [frames, 257], pitch relative to its speaker's median [frames], 0 = unvoiced)."""
    at = positions(part, frames, rng)
    array = part.cache.envelope if speaker.resynthesise else part.cache.power
    log = rows(array, part.start, part.frames, at)
    factor = speaker.formants * rng.normal(1, 0.025)
    if part.clip["source"] == "hantts" and speaker.formants < 1:
        factor *= 1.1  # already a man's formants
    if part.clip["source"] == "dspspeech20":
        factor = 1 + (factor - 1) * 0.6
    log = warp(log, float(np.clip(factor, 0.72, 1.3)), speaker.bend)
    nearest = np.clip(np.rint(at), 0, part.frames - 1).astype(np.int64)
    pitch = part.cache.pitch[part.start + nearest] / part.cache.median[part.clip["speaker"]]
    return log + rng.normal(0, 0.35), pitch


def join(pieces, overlaps):
    """Crossfades pieces in the log domain: formants glide from one sound into the next."""
    logs, pitches = [pieces[0][0]], [pieces[0][1]]
    for (log, pitch), overlap in zip(pieces[1:], overlaps):
        overlap = min(overlap, len(log) // 2, len(logs[-1]) // 2)
        if overlap > 0:
            fade = ((np.arange(overlap) + 1) / (overlap + 1))[:, None].astype(np.float32)
            log[:overlap] = logs[-1][-overlap:] * (1 - fade) + log[:overlap] * fade
            half = overlap // 2
            pitch[:half] = pitches[-1][-overlap:][:half]
            logs[-1], pitches[-1] = logs[-1][:-overlap], pitches[-1][:-overlap]
        logs.append(log)
        pitches.append(pitch)
    return np.concatenate(logs), np.concatenate(pitches)


def excite(log, pitch, speaker, tables, rng):
    """Envelope and relative pitch -> power spectra with the speaker's harmonics."""
    frames = len(log)
    drift = speaker.pitch * np.exp(-speaker.decline * np.arange(frames) / max(frames, 100) * 2)
    hz = drift * np.maximum(pitch, 0.3) ** speaker.range
    row = np.clip(np.searchsorted(PITCHES, hz), 0, len(PITCHES) - 1)
    reach = (1 - speaker.breath) / (1 + np.exp((HZ - speaker.voiced_to) / 600))
    voiced = ((pitch > 0)[:, None] * reach[None, :]).astype(np.float32)
    mix = tables.combs[row] * voiced + tables.noise(frames, rng) * (1 - voiced)
    return np.exp(log) * mix


def utterance(parts, joined, tables, rng):
    """Parts -> power spectra [n, 257] of clean speech, loud frames near 1."""
    speaker = Speaker(rng)
    speed = rng.uniform(0.85, 1.15)
    pieces = [say(p, max(6, int(tempo(p, joined, rng) * speed)), speaker, rng) for p in parts]
    gap = joined and rng.random() < 0.85
    overlaps = [rng.integers(1, 8) if gap else 0 for _ in pieces[1:]]
    log, pitch = join(pieces, overlaps)
    if joined and rng.random() < 0.5:
        log = uniform_filter1d(log, int(rng.integers(2, 6)), axis=0)  # undershoot of quick speech
    octaves = np.log2(np.maximum(HZ, 500) / 500)
    log = log + (speaker.tilt * 0.115 * octaves).astype(np.float32) + speaker.colour
    if speaker.resynthesise:
        return excite(log, pitch, speaker, tables, rng)
    return np.exp(log)
