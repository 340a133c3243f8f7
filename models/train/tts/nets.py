"""The two networks of the voice.

Acoustic: phones -> durations -> F0 and voicing -> log-mel envelope. Convolutions only, so what a frame becomes depends on
its neighbourhood and never on its place in the sentence.
Vocoder: a harmonic source and a noise source, each filtered by what a convolutional net reads from the envelope
(source-filter, after DDSP, Engel et al. 2020, and NSF, Wang et al. 2019). Pitch comes from the source and cannot fail.
"""

import math

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import features
import labels
import speakers

RATE, HOP, MELS = features.RATE, features.HOP, features.MELS
F0_MEAN, F0_SPREAD = math.log(240.0), 0.3   # the vocoder's; the acoustic model has those of each voice
VOICE_MEAN = torch.tensor([math.log(s.f0_mean) for s in speakers.VOICES])
VOICE_SPREAD = torch.tensor([s.f0_spread for s in speakers.VOICES])
MEL_MEAN, MEL_SPREAD = -9.0, 4.0


class Block(nn.Module):
    """Residual convolution: k-wide to twice the width, then back."""

    def __init__(self, width, kernel=3, dilation=1, drop=0.0):
        super().__init__()
        self.wide = nn.Conv1d(width, 2 * width, kernel, padding=dilation * (kernel // 2), dilation=dilation)
        self.back = nn.Conv1d(2 * width, width, 1)
        self.norm = nn.Parameter(torch.ones(1, width, 1))
        self.drop = drop
        nn.init.normal_(self.back.weight, 0, 0.02)
        nn.init.zeros_(self.back.bias)

    def forward(self, x):
        scale = torch.rsqrt((x * x).mean(1, keepdim=True) + 1e-6)
        y = F.leaky_relu(self.wide(x * scale * self.norm), 0.1)
        return x + self.back(F.dropout1d(y, self.drop, self.training) if self.drop else y)


class Acoustic(nn.Module):
    """What to say, to envelope and pitch. All frame tensors are [B, C, T].

    A voice is one vector added to the phones and one added to their codes; F0 is relative to the voice's own range. All else
    is shared, so that a voice whose recordings are single syllables takes over how another one joins them.
    """

    def __init__(self, width=192, pitch_width=128, drop=0.1):
        super().__init__()
        self.voice, self.colour = (nn.Embedding(len(speakers.VOICES), width) for _ in range(2))
        nn.init.zeros_(self.voice.weight)
        nn.init.zeros_(self.colour.weight)
        self.phone = nn.Embedding(len(labels.PHONES), width)
        self.tone = nn.Embedding(6, width)
        self.position = nn.Embedding(4, width)
        self.encoder = nn.Sequential(*[Block(width, 3, 1, drop) for _ in range(4)])
        self.duration = nn.Sequential(Block(width, 3, 1, 0.3), nn.Conv1d(width, 1, 1))
        self.to_pitch = nn.Conv1d(width + 4, pitch_width, 3, padding=1)
        self.pitch = nn.Sequential(*[Block(pitch_width, 5, d, drop) for d in (1, 2, 4)], nn.Conv1d(pitch_width, 2, 1))
        self.to_mel = nn.Conv1d(width + 6, width, 3, padding=1)
        self.mel = nn.Sequential(*[Block(width, 5, 1, drop) for _ in range(4)], nn.Conv1d(width, MELS, 1))

    def encode(self, phones, tones, positions, voice):
        """[B, L] ids, voice [B] -> phone codes [B, W, L] and log durations in frames [B, L]."""
        x = self.phone(phones) + self.tone(tones) + self.position(positions) + self.voice(voice)[:, None]
        x = self.encoder(x.transpose(1, 2))
        return x + self.colour(voice)[:, :, None], self.duration(x)[:, 0]

    def frames(self, codes, owner, place):
        """Codes of each frame's phone with its place in it: owner [B, T] ids, place [B, 4, T] -> [B, W+4, T]."""
        x = torch.gather(codes, 2, owner[:, None].expand(-1, codes.shape[1], -1))
        return torch.cat([x, place], 1)

    def melody(self, x):
        """Frame codes -> normalised log-F0 [B, T] and voicing logit [B, T]."""
        y = self.pitch(self.to_pitch(x))
        return y[:, 0], y[:, 1]

    def envelope(self, x, log_f0, voiced):
        """Frame codes and the pitch in use -> normalised log-mel [B, 80, T]."""
        return self.mel(self.to_mel(torch.cat([x, log_f0[:, None], voiced[:, None]], 1)))


def place_of(ends, owner, frames):
    """Place of every frame in its phone: share passed, frames since its start and to its end, length; [B, 4, T].

    ends [B, L] are the running sums of the durations, owner [B, T] the phone of each frame, frames the number T.
    """
    t = torch.arange(frames, device=ends.device)[None].to(torch.float32) + 0.5
    end = torch.gather(ends, 1, owner).to(torch.float32)
    starts = torch.cat([torch.zeros_like(ends[:, :1]), ends[:, :-1]], 1)
    start = torch.gather(starts, 1, owner).to(torch.float32)
    length = torch.clamp(end - start, min=1.0)
    share = (t - start) / length
    since = torch.clamp(t - start, max=20.0) / 10
    left = torch.clamp(end - t, max=20.0) / 10
    return torch.stack([share * 2 - 1, since, left, torch.log(length) - 2], 1)


def owner_of(ends, frames):
    """Phone of every frame from the running sums of the durations [B, L]: [B, T] int64."""
    t = torch.arange(frames, device=ends.device)[None, :, None]
    return (t >= ends[:, None, :]).to(torch.int64).sum(2).clamp(max=ends.shape[1] - 1)


SUB, WINDOW = 80, 320         # the vocoder filters 320-sample windows every 80 samples: two per frame
BINS = WINDOW // 2 + 1
CONTEXT = 10                  # frames on each side that a block of frames must bring along


class Vocoder(nn.Module):
    """Envelope, pitch and two sources -> sound."""

    def __init__(self, width=256, blocks=6):
        super().__init__()
        self.into = nn.Conv1d(MELS + 2, width, 3, padding=1)
        self.body = nn.Sequential(*[Block(width, 3) for _ in range(blocks)])
        self.out = nn.Conv1d(width, 2 * 3 * BINS, 1)
        nn.init.normal_(self.out.weight, 0, 0.002)
        nn.init.zeros_(self.out.bias)
        with torch.no_grad():
            self.out.bias.view(2, 3, BINS)[:, 2] = -1.0
        self.register_buffer("spread", torch.from_numpy(band_to_bin()), persistent=False)
        analysis, synthesis = dft()
        self.register_buffer("analysis", analysis, persistent=False)
        self.register_buffer("synthesis", synthesis, persistent=False)

    def filters(self, mel, log_f0, voiced):
        """Normalised mel [B, 80, T], log-F0 [B, T], voicing [B, T] -> harmonic filter (re, im) and noise gain, [B, BINS, 2T]."""
        x = torch.cat([mel, log_f0[:, None], voiced[:, None]], 1)
        y = self.out(self.body(self.into(x))).float()
        b, _, t = y.shape
        y = y.view(b, 2, 3, BINS, t).permute(0, 2, 3, 4, 1).reshape(b, 3, BINS, 2 * t)
        base = F.conv1d(mel.float(), self.spread[:, :, None]) * (0.5 * MEL_SPREAD) + 0.5 * MEL_MEAN
        base = base.repeat_interleave(2, 2)
        gain = torch.exp(torch.clamp(base + y[:, 0], max=3.0))
        return gain * torch.cos(y[:, 1]), gain * torch.sin(y[:, 1]), torch.exp(torch.clamp(base + y[:, 2], max=3.0))

    def spectrum(self, x):
        """Windowed spectrum of sound [B, 160T] every 80 samples: re and im, [B, BINS, 2T]; window k is centred on 80k+40."""
        y = F.conv1d(F.pad(x[:, None], (WINDOW // 2 - SUB // 2, WINDOW // 2 - SUB // 2)), self.analysis, stride=SUB)
        return y[:, :BINS], y[:, BINS:]

    def sound(self, re, im):
        """Overlap-add of spectra [B, BINS, 2T] -> [B, 160T]."""
        y = F.conv_transpose1d(torch.cat([re, im], 1), self.synthesis, stride=SUB)
        edge = WINDOW // 2 - SUB // 2
        return y[:, 0, edge:-edge]

    def forward(self, mel, log_f0, voiced, source, noise):
        """Returns the harmonic part and the noise part, [B, 160T] each."""
        hr, hi, gain = self.filters(mel, log_f0, voiced)
        sr, si = self.spectrum(source)
        nr, ni = self.spectrum(noise)
        return self.sound(sr * hr - si * hi, sr * hi + si * hr), self.sound(nr * gain, ni * gain)


def band_to_bin():
    """Matrix [BINS, 80] that interpolates the mel bands to the filter's bins."""
    centres = features.band_centres()
    freqs = np.arange(BINS) * RATE / WINDOW
    return np.stack([np.interp(freqs, centres, row) for row in np.eye(MELS)], 1).astype(np.float32)


def dft():
    """Analysis [2*BINS, 1, 320] and synthesis kernels with square-root Hann windows; together they give back the input."""
    n = np.arange(WINDOW)
    window = np.sin(np.pi * (n + 0.5) / WINDOW)
    angle = 2 * np.pi * np.outer(np.arange(BINS), n) / WINDOW
    analysis = np.concatenate([np.cos(angle), -np.sin(angle)]) * window
    weight = np.full(BINS, 2.0)
    weight[[0, -1]] = 1.0
    synthesis = np.concatenate([np.cos(angle) * weight[:, None], -np.sin(angle) * weight[:, None]]) * window / WINDOW / 2
    as_tensor = lambda a: torch.from_numpy(a.astype(np.float32))[:, None]
    return as_tensor(analysis), as_tensor(synthesis)


def excite(phase, f0):
    """Band-limited pulses of unit power density: sum of cos(2 pi k phase) below 8 kHz, phase in cycles and f0 in Hz per sample.

    The closed form of the cosine sum (Dirichlet kernel) needs two sines a sample.
    """
    count = torch.floor((RATE / 2 - 50) / f0)
    half = math.pi * (phase - torch.floor(phase))
    low = torch.sin(half)
    safe = torch.where(low.abs() < 1e-4, torch.full_like(low, 1e-4), low)
    total = torch.where(low.abs() < 1e-4, count, 0.5 * torch.sin((2 * count + 1) * half) / safe - 0.5)
    return total * 2 * torch.sqrt(f0 / RATE)


def per_sample(f0):
    """Linear interpolation of frame values [B, T] between frame centres: [B, T, 160]; the ends are held."""
    n = (torch.arange(HOP, device=f0.device, dtype=f0.dtype) + 0.5) / HOP - 0.5
    before = torch.cat([f0[:, :1], f0[:, :-1]], 1)[..., None]
    after = torch.cat([f0[:, 1:], f0[:, -1:]], 1)[..., None]
    here = f0[..., None]
    return here + torch.clamp(n, min=0) * (after - here) + torch.clamp(-n, min=0) * (before - here)


def run_phase(f0, phase):
    """Phase in cycles at every sample for F0 [B, T] that starts at phase [B]: [B, 160T], and the phase at every frame end [B, T]."""
    step = per_sample(f0) / RATE
    whole = step.sum(2)
    whole = whole - torch.floor(whole)  # small numbers keep their precision
    ends = torch.cumsum(whole, 1) + phase[:, None]
    starts = ends - whole
    inner = torch.cumsum(step, 2) + (starts - torch.floor(starts))[..., None]
    return inner.reshape(f0.shape[0], -1), ends - torch.floor(ends)
