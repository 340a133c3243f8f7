"""Checks of the sound itself: distance from recordings, level, clipping, DC, voicing, clicks."""

import numpy as np
import scipy.fft
import scipy.signal

import features
import sample
import speak
import speakers

CEPSTRA = 13


def cepstra(mel):
    """Cepstra 1-13 of log power envelopes [T, 80] in the unit of mel-cepstral distortion (natural log of amplitude)."""
    return scipy.fft.dct(np.asarray(mel, np.float64) / 2, axis=1, norm="ortho")[:, 1:CEPSTRA + 1] * np.sqrt(2 / mel.shape[1])


def warped(a, b):
    """Mean over the best monotonic path of 10/ln10 * sqrt(2 sum d^2) in dB between cepstra a [T, 13] and b [U, 13]."""
    d = 10 / np.log(10) * np.sqrt(2 * ((a[:, None] - b[None]) ** 2).sum(2))
    cost, steps = np.full((len(a) + 1, len(b) + 1), np.inf), np.zeros((len(a) + 1, len(b) + 1))
    cost[0, 0] = 0
    for i in range(1, len(a) + 1):
        for j in range(1, len(b) + 1):
            p, q = min(((i - 1, j - 1), (i - 1, j), (i, j - 1)), key=lambda at: cost[at])
            cost[i, j], steps[i, j] = cost[p, q] + d[i - 1, j - 1], steps[p, q] + 1
    return cost[-1, -1] / steps[-1, -1]


def distortion(words, voice, k, tests, label_of, most=60):
    """Mel-cepstral distortion in dB (Kubichek 1993) of words as the voice says them against held-out recordings."""
    out = []
    for i in tests[:most]:
        mel = voice.frames(label_of(words, i), voice=k)[0][0]
        real = words.of("mel", i).astype(np.float64)
        loud = lambda x: x[x.mean(1) > x.mean(1).max() - 8]
        out.append(warped(cepstra(loud(real)), cepstra(loud(mel.astype(np.float64)))))
    return {"words": len(out), "mcd_db": round(float(np.mean(out)), 2)}


def loudness(x):
    """Loudness in LUFS of mono sound at 16 kHz: ITU-R BS.1770-4, K-weighting by its analogue shelves, gated at -70 and -10 LU."""
    shelf = scipy.signal.bilinear_zpk(*shelving(1681.97, 3.99984, 0.7071752), features.RATE)
    cut = scipy.signal.butter(2, 38.13, "highpass", output="sos", fs=features.RATE)
    y = scipy.signal.sosfilt(cut, scipy.signal.sosfilt(scipy.signal.zpk2sos(*shelf), x))
    power = np.array([np.mean(y[a:a + 6400] ** 2) for a in range(0, len(y) - 6400, 1600)])
    level = lambda p: -0.691 + 10 * np.log10(np.mean(p) + 1e-12)
    power = power[-0.691 + 10 * np.log10(power + 1e-12) > -70]
    return level(power[-0.691 + 10 * np.log10(power) > level(power) - 10])


def shelving(hz, db, q):
    """Zeros, poles and gain of an analogue high shelf of db above hz."""
    w, top = 2 * features.RATE * np.tan(np.pi * hz / features.RATE), 10 ** (db / 20)
    return np.roots([top, np.sqrt(top) * w / q, w * w]), np.roots([1, w / q, w * w]), top


def sound(voice, k, rng):
    """Figures of the sample sentences as voice k says them."""
    who, out = speakers.VOICES[k], {key: [] for key in ("lufs", "peak", "dc", "voiced_as_planned", "creak", "click")}
    for pinyin in sample.SENTENCES.values():
        mel, f0, voiced, _ = voice.frames(speak.sentence(pinyin), sample.RATE, k)
        x = voice.sound(mel, f0, voiced).astype(np.float64)
        heard, on = features.pitch(x + features.DITHER * rng.standard_normal(len(x)), who.f0_low, who.f0_high)
        out["lufs"].append(loudness(x))
        out["peak"].append(20 * np.log10(abs(x).max()))
        out["dc"].append(abs(x.mean()))
        out["voiced_as_planned"].append(np.mean(on == voiced[0]))
        out["creak"].append(np.mean((f0[0] < 0.55 * np.median(f0[voiced > 0]))[voiced[0] > 0]))
        out["click"].append(clicks(x))
    return {"lufs": round(float(np.mean(out["lufs"])), 1), "peak_dbfs": round(max(out["peak"]), 1), "dc": round(max(out["dc"]), 5),
            "voiced_as_planned": round(float(np.mean(out["voiced_as_planned"])), 3),
            "creaky_share": round(float(np.mean(out["creak"])), 4), "clicks": int(sum(out["click"]))}


def clicks(x):
    """Samples at which a block of 200 ms begins that stand out of the second difference around them more than tenfold."""
    curve = abs(np.diff(x, 2))
    seams = np.arange(20 * features.HOP, len(curve) - 200, 20 * features.HOP)
    return sum(curve[s - 2:s + 2].max() > 10 * np.percentile(curve[s - 160:s + 160], 95) + 1e-3 for s in seams)
