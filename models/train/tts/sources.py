"""Pulse trains that are in step with the recordings, so that the vocoder can learn where the energy of a period lies.

The phase of the first harmonic is read from the recording: the sound is moved down by F0 and lowpassed, and what is left
turns slowly (heterodyne detection). At synthesis the phase is simply the integral of F0.
"""

import numpy as np
import scipy.signal
import torch

import features
import nets

LOWPASS = np.hanning(323)[1:-1] / np.hanning(323).sum()


def phase_of(x, f0, voiced):
    """Phase in cycles of the first harmonic of x [160T] at every sample, and F0 per sample; F0 has no gaps."""
    t = torch.from_numpy(f0[None].astype(np.float64))
    each = nets.per_sample(t).reshape(-1).numpy()
    carrier = np.cumsum(each / features.RATE)
    low = scipy.signal.fftconvolve(x * np.exp(-2j * np.pi * carrier), LOWPASS, "same")[::16]
    turn = np.angle(low) / (2 * np.pi)
    on = np.where(np.repeat(voiced, 10) > 0)[0]
    if len(on) < 10:
        return carrier, each
    slow = np.unwrap(turn[on], period=1.0)
    turn = np.interp(np.arange(len(x)), on * 16.0, slow)
    return carrier + turn, np.clip(each + np.gradient(turn) * features.RATE, 60, 600)


def excitation(x, f0, voiced):
    """The pulse train for one recording, float16 [160T]."""
    phase, each = phase_of(x, f0, voiced)
    phase = phase - np.floor(phase)
    out = nets.excite(torch.from_numpy(phase), torch.from_numpy(each))
    return out.numpy().astype(np.float16)


def load(words, cache):
    """Pulse trains of all words laid end to end, made once."""
    path = cache / "sources.npy"
    if not path.exists():
        out = np.empty(len(words.data["audio"]), np.float16)
        for i in range(len(words)):
            a, b = words.frame_at[i] * features.HOP, words.frame_at[i + 1] * features.HOP
            out[a:b] = excitation(words.of("audio", i) / 32767.0, words.of("f0", i), words.of("voiced", i))
        np.save(path, out)
    return np.load(path, mmap_mode="r")
