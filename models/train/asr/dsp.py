"""Kaldi-compatible filter bank, in the two halves that augmentation needs: power spectra of frames, and mel pooling.

Settings (the "zipformer default" of sherpa-onnx): 16 kHz, 25/10 ms, povey window, pre-emphasis 0.97, DC removed,
no dither, snip_edges=false, 80 mel from 20 to 7,600 Hz, samples in [-1, 1], natural log.
"""

import numpy as np

RATE, SHIFT, WINDOW, FFT, BINS, MELS = 16000, 160, 400, 512, 257, 80
EPSILON = np.float32(np.finfo(np.float32).eps)  # kaldi's floor before the logarithm
PREEMPHASIS = (np.abs(1 - 0.97 * np.exp(-1j * np.pi * np.arange(BINS) / (BINS - 1))) ** 2).astype(np.float32)  # power, by bin
POVEY = (np.hanning(WINDOW) ** 0.85).astype(np.float32)


def frames(wave):
    """[samples] -> [n, 400] with kaldi's mirrored edges (snip_edges=false); n = round(samples / 160)."""
    n = (len(wave) + SHIFT // 2) // SHIFT
    first = SHIFT // 2 - WINDOW // 2
    at = first + SHIFT * np.arange(n)[:, None] + np.arange(WINDOW)[None, :]
    size = max(len(wave), 1)
    while ((at < 0) | (at >= size)).any():  # a short clip may need more than one reflection
        at = np.where(at < 0, -at - 1, at)
        at = np.where(at >= size, 2 * size - 1 - at, at)
    return wave[at]


def power(wave):
    """[samples] in [-1, 1] -> power spectra [n, 257]."""
    f = frames(np.asarray(wave, np.float32))
    f = f - f.mean(1, keepdims=True)
    previous = np.concatenate([f[:, :1], f[:, :-1]], 1)
    f = (f - 0.97 * previous) * POVEY
    spectrum = np.fft.rfft(f, FFT, axis=1)
    return (spectrum.real**2 + spectrum.imag**2).astype(np.float32)


def mel(hz):
    return 1127.0 * np.log1p(np.asarray(hz, np.float64) / 700.0)


def filters(low=20.0, high=RATE / 2 - 400.0):
    """Triangular filters [257, 80], linear on the mel scale as kaldi makes them."""
    edges = np.linspace(mel(low), mel(high), MELS + 2)
    at = mel(np.arange(BINS) * RATE / FFT)[:, None]
    up = (at - edges[:-2]) / (edges[1:-1] - edges[:-2])
    down = (edges[2:] - at) / (edges[2:] - edges[1:-1])
    bank = np.maximum(0, np.minimum(up, down))
    bank[-1] = 0  # kaldi leaves the Nyquist bin out
    return bank.astype(np.float32)


FILTERS = filters()


def logmel(spectra):
    """Power spectra [n, 257] -> natural log mel energies [n, 80]."""
    return np.log(np.maximum(spectra @ FILTERS, EPSILON))


def fbank(wave):
    """[samples] -> [n, 80], what the Go front end computes."""
    return logmel(power(wave))
