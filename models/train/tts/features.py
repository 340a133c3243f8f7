"""Sound to what the voice predicts: F0, voicing, and an 80-band log-mel envelope without harmonics.

Frame t is centred on sample t*160+80 (16 kHz, 10 ms), so frame t stands for samples [160t, 160t+160).
"""

import math

import numpy as np
import pyworld
import scipy.signal
import soundfile

RATE, HOP, MELS = 16000, 160, 80
FFT = 1024
FLOOR = 1e-9          # power per band: about the dither, so that silence is one value
DITHER = 3e-5
MARGIN = int(0.08 * RATE)
FADE = 160
LEVEL = 0.08          # RMS of the loud half of every recording after normalisation


def mel_matrix(bands=MELS, fft=FFT, rate=RATE, high=8000.0):
    """Triangular mel filters [bands, fft/2+1], HTK scale, each of unit area."""
    mel = lambda hz: 2595 * np.log10(1 + np.asarray(hz) / 700)
    edges = 700 * (10 ** (np.linspace(mel(0), mel(high), bands + 2) / 2595) - 1)
    freqs = np.arange(fft // 2 + 1) * rate / fft
    rise = (freqs[None] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - freqs[None]) / (edges[2:] - edges[1:-1])[:, None]
    w = np.maximum(0, np.minimum(rise, fall))
    w[:, :] += 1e-12 * (w.sum(1, keepdims=True) == 0)
    # The lowest bands are narrower than a bin: give an empty one the bin nearest to its centre.
    for i in np.where(w.sum(1) < 0.3)[0]:
        w[i, int(round(edges[i + 1] * fft / rate))] += 1
    return (w / w.sum(1, keepdims=True)).astype(np.float32)


def band_centres(bands=MELS, high=8000.0):
    """Centre frequency of every band in Hz."""
    top = 2595 * np.log10(1 + high / 700)
    return (700 * (10 ** (np.linspace(0, top, bands + 2) / 2595) - 1))[1:-1]


MEL = mel_matrix()
LOW_BAND = scipy.signal.butter(2, (150, 1000), "bandpass", output="sos", fs=RATE)
HIGH_BAND = scipy.signal.butter(2, 1500, "highpass", output="sos", fs=RATE)
RUMBLE = scipy.signal.butter(2, 45, "highpass", output="sos", fs=RATE)


def load(path, who, rng):
    """Reads a recording of who at 16 kHz, cuts it to the speech with 80 ms of silence around, normalises its level, adds dither."""
    x, rate = soundfile.read(path, dtype="float64")
    if x.ndim > 1:
        x = x.mean(1)
    if rate == 22050:
        x = scipy.signal.resample_poly(x, 320, 441)
    elif rate != RATE:
        x = scipy.signal.resample_poly(x, RATE, rate)
    x = scipy.signal.sosfilt(RUMBLE, x)
    level = np.sqrt(np.convolve(x * x, np.ones(320) / 320, "same"))
    loud = np.sort(level[level > 0.012 * level.max()])
    x = x * LEVEL / np.sqrt((loud[len(loud) // 2:] ** 2).mean())
    a, b = speech(x, who.low_room, who.high_room)
    ramp = np.ones(b - a)
    ramp[:FADE], ramp[-FADE:] = np.linspace(0, 1, FADE), np.linspace(1, 0, FADE)
    x = np.concatenate([np.zeros(MARGIN), x[a:b] * ramp, np.zeros(MARGIN)])
    x = np.clip(x, -0.99, 0.99) + DITHER * rng.standard_normal(len(x))
    return x[: len(x) // HOP * HOP]


def speech(x, low_room, high_room):
    """First and last sample of the speech in x at its normal level.

    The recordings are gated: digital zero, then up to 0.3 s of room noise, then the word. The rooms are quiet above 1.5 kHz
    and hum below 1 kHz, so each of two bands has its own threshold of power, 6 dB over the room of these recordings.
    """
    power = [np.convolve(scipy.signal.sosfilt(s, x) ** 2, np.ones(240) / 240, "same")[::80] for s in (LOW_BAND, HIGH_BAND)]
    on = (power[0] > low_room) | (power[1] > high_room)
    held = np.convolve(on, np.ones(14) / 14)                      # share of the past 70 ms; lips and clicks do not last
    frames = np.where(on & ((held[13:] > 0.7) | (held[:len(on)] > 0.7)))[0]
    return max(frames[0] * 80 - 240, 0), min(frames[-1] * 80 + 400, len(x))


def pitch(x, low, high):
    """F0 in Hz without gaps, searched from low to high, and voicing 0/1, both [T]."""
    frames = len(x) // HOP
    y = np.ascontiguousarray(np.concatenate([x[HOP // 2:], np.zeros(HOP)]))
    raw, t = pyworld.dio(y, RATE, low, high, frame_period=10.0)
    raw = pyworld.stonemask(y, raw, t, RATE)
    guess = fill(raw, math.sqrt(low * high))
    f0 = pyworld.stonemask(y, guess, t, RATE)
    f0 = np.where((f0 > low) & (f0 < high) & (abs(np.log(np.maximum(f0, 1) / guess)) < 0.2), f0, guess)
    voiced = (periodicity(y, f0, t) > 0.6) & (energy(y, t) > 2e-3)
    voiced = scipy.signal.medfilt(voiced.astype(np.float32), 3)[:frames]
    return smooth(fill(np.where(voiced > 0, f0[:frames], 0), math.sqrt(low * high)), low), voiced


def fill(f0, default):
    """Interpolates log-F0 over unvoiced frames; default where nothing is voiced."""
    on = np.where(f0 > 0)[0]
    if len(on) == 0:
        return np.full(len(f0), default)
    return np.exp(np.interp(np.arange(len(f0)), on, np.log(f0[on])))


def smooth(f0, low):
    """Removes single wild frames."""
    calm = scipy.signal.medfilt(f0, 5)
    return np.where(abs(np.log(f0 / calm.clip(1))) > 0.15, calm.clip(low), f0)


def energy(y, t):
    """RMS of 20 ms around each time."""
    power = np.concatenate([[0], np.cumsum(y * y)])
    mid = (t * RATE).astype(int)
    a, b = np.clip(mid - 160, 0, len(y)), np.clip(mid + 160, 0, len(y))
    return np.sqrt((power[b] - power[a]) / np.maximum(b - a, 1))


def periodicity(y, f0, t):
    """Normalised correlation of two neighbouring periods (lowpassed at 2 kHz) at each time."""
    y = scipy.signal.sosfiltfilt(LOWPASS, y)
    out = np.zeros(len(t))
    for i, (f, s) in enumerate(zip(f0, t)):
        lag = int(round(RATE / f))
        width = max(lag, 80)
        a = int(s * RATE) - (lag + width) // 2
        if a < 2 or a + lag + width + 2 > len(y):
            continue
        p = y[a:a + width]
        best = max(p @ y[a + k:a + k + width] / np.sqrt((p @ p) * (y[a + k:a + k + width] @ y[a + k:a + k + width]) + 1e-9)
                   for k in (lag - 1, lag, lag + 1))
        out[i] = best
    return out


LOWPASS = scipy.signal.butter(4, 2000, output="sos", fs=RATE)


def envelope(x, f0, voiced):
    """Log-mel power envelope [T, 80] by CheapTrick (Morise 2015), averaged over the 10 ms that the frame stands for."""
    frames = len(x) // HOP
    times = (np.arange(2 * frames + 1) * HOP / 2) / RATE
    source = np.repeat(np.where(voiced > 0, f0, 0), 2)
    source = np.append(source, source[-1]).astype(np.float64)
    power = pyworld.cheaptrick(x, source, times, RATE, fft_size=FFT)
    power = 0.25 * power[:-1:2] + 0.5 * power[1::2] + 0.25 * power[2::2]
    return np.log(np.maximum(power @ MEL.T, FLOOR)).astype(np.float32)
