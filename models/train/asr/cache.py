"""Turns recordings into what the augmentation reads: per 10 ms frame a log power spectrum, a smooth envelope and a pitch.

The envelope (WORLD's CheapTrick; Morise 2015) carries the speech sound without the speaker's harmonics, so that a clip
can be spoken again with any pitch, formants and tempo without ever making a waveform.

A cache folder holds power.npy and envelope.npy (log, float16 [frames, 257]), pitch.npy and flux.npy ([frames]) and
clips.json (where each clip starts, its syllables, speaker, source and whether it is held back).
"""

import json
import zlib
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import pyworld
import soundfile as sf
from scipy.signal import resample_poly

import dsp
import recordings

FLOOR = 1e-10


def read(path):
    """Mono float samples at 16 kHz, with a dither of -90 dBFS so that no frame is digital silence."""
    wave, rate = sf.read(path, dtype="float32", always_2d=True)
    wave = wave.mean(1)
    if rate != dsp.RATE:
        wave = resample_poly(wave, dsp.RATE, rate).astype(np.float32)
    noise = np.random.default_rng(zlib.crc32(str(path).encode()))
    return wave + noise.normal(0, 3e-5, len(wave)).astype(np.float32)


def trim(power, below=32.0, margin=2):
    """First and last frame to keep: those within `below` dB of the clip's loud frames."""
    level = 10 * np.log10(power.sum(1) + FLOOR)
    loud = np.flatnonzero(level > np.percentile(level, 95) - below)
    return max(0, loud[0] - margin), min(len(power), loud[-1] + 1 + margin)


def analyse(wave):
    """Waveform -> (log power, log envelope) [n, 257], pitch in Hz (0 = unvoiced) and spectral flux [n]."""
    power = dsp.power(wave)
    wide = wave.astype(np.float64)
    pitch, at = pyworld.dio(wide, dsp.RATE, frame_period=10, f0_floor=60, f0_ceil=600)
    pitch = pyworld.stonemask(wide, pitch, at, dsp.RATE)
    smooth = pyworld.cheaptrick(wide, pitch, at, dsp.RATE)[:, ::2] * dsp.PREEMPHASIS
    # WORLD's frames are centred on 0, 10, 20 ms, kaldi's on 5, 15, 25 ms: take the mean of two neighbours.
    after = np.minimum(np.arange(len(power)) + 1, len(smooth) - 1)
    now = np.minimum(np.arange(len(power)), len(smooth) - 1)
    envelope = 0.5 * (np.log(smooth[now] + FLOOR) + np.log(smooth[after] + FLOOR))
    pitch = np.where((pitch[now] > 0) & (pitch[after] > 0), 0.5 * (pitch[now] + pitch[after]), pitch[now])
    mels = dsp.logmel(power)
    envelope += (mels - dsp.logmel(np.exp(envelope).astype(np.float32))).mean(1, keepdims=True)
    flux = np.abs(np.diff(mels, axis=0, prepend=mels[:1])).mean(1)
    return np.log(power + FLOOR), envelope, pitch, flux


def clip(job):
    """One recording -> its arrays as stored, loud frames scaled to log level 0; None when it holds too little sound."""
    root, entry = job
    wave = read(Path(root) / entry["path"])
    power, envelope, pitch, flux = analyse(wave)
    first, last = trim(np.exp(power)) if entry["trim"] else (0, len(power))
    if last - first < 8:
        return None
    cut = slice(first, last)
    level = np.percentile(np.log(np.exp(power[cut]).mean(1)), 95)
    half = [np.clip(a[cut] - level, -30, 30).astype(np.float16) for a in (power, envelope)]
    return entry, half[0], half[1], pitch[cut].astype(np.float32), flux[cut].astype(np.float32)


def build(entries, root, folder, workers=2):
    """Analyses all entries and writes the cache folder."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    kept, parts, at = [], ([], [], [], []), 0
    with Pool(workers) as pool:
        for done in pool.imap(clip, [(str(root), e) for e in entries], chunksize=16):
            if done is None:
                continue
            entry, *arrays = done
            kept.append({**entry, "start": at, "frames": len(arrays[0])})
            at += len(arrays[0])
            for part, array in zip(parts, arrays):
                part.append(array)
    for name, part in zip(("power", "envelope", "pitch", "flux"), parts):
        np.save(folder / f"{name}.npy", np.concatenate(part))
    (folder / "clips.json").write_text(json.dumps(kept, ensure_ascii=False))
    print(f"{folder}: {len(kept)} clips, {at / 360000:.2f} h")


def main():
    args = recordings.arguments(__doc__).parse_args()
    entries = recordings.load(args.data)
    build(entries, Path(args.data) / "speech", Path(args.cache) / "recordings")


if __name__ == "__main__":
    main()
