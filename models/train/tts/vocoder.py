"""Trains the vocoder: envelope, pitch and voicing of a recording -> its sound.

Half of the time the envelope is the acoustic model's, made with the recording's durations and pitch (predicted.npy, when
acoustic.py has left it): such envelopes are smoother than real ones, and the vocoder learns to make up for it.

Loss: distance of log spectra at three resolutions in turn, plus the likelihood of the recording's spectrum when the harmonic part
is its mean and the noise part its variance. The second term keeps noise noise: spectral distances alone prefer a buzz,
because a steady spectrum is nearer to a random one than another random one is.
"""

import math
import time

import numpy as np
import torch
import torch.nn.functional as F

import align
import features
import nets
import prepare
import sources
import warm

FRAMES, EDGE, BATCH = 96, 8, 8


def normal_f0(f0):
    return (torch.log(f0) - nets.F0_MEAN) / nets.F0_SPREAD


class Segments:
    """Random stretches of the training words laid end to end (each word begins and ends in silence), as many of each voice."""

    def __init__(self, words, cache):
        keep = np.repeat(~words.test, words.frames)
        long = np.repeat(keep, features.HOP)
        self.audio = torch.from_numpy(words.data["audio"][long])
        self.source = torch.from_numpy(sources.load(words, cache)[long])
        self.mels = [torch.from_numpy(words.data["mel"][keep])]
        if (cache / "predicted.npy").exists():
            self.mels.append(torch.from_numpy(np.load(cache / "predicted.npy")[keep]))
        self.f0 = torch.from_numpy(words.data["f0"][keep])
        self.voiced = torch.from_numpy(words.data["voiced"][keep])
        owner = np.repeat(words.voice, words.frames)[keep]
        self.ends = np.concatenate([[0], np.cumsum(np.bincount(owner))])

    def batch(self, rng, n):
        voice = rng.integers(len(self.ends) - 1, size=n)
        at = [rng.integers(self.ends[v], self.ends[v + 1] - FRAMES) for v in voice]
        cut = lambda x, k: torch.stack([x[a * k:(a + FRAMES) * k] for a in at]).float()
        mel = torch.stack([self.mels[rng.integers(len(self.mels))][a:a + FRAMES] for a in at]).float()
        mel = (mel.transpose(1, 2) - nets.MEL_MEAN) / nets.MEL_SPREAD
        return (mel, normal_f0(cut(self.f0, 1)), cut(self.voiced, 1), cut(self.source, features.HOP),
                cut(self.audio, features.HOP) / 32767)


def spectral(y, x, n):
    """Log-magnitude distance and spectral convergence with windows of n samples."""
    a, b = magnitude(y, n), magnitude(x, n)
    return (a.log() - b.log()).abs().mean() + (a - b).norm() / b.norm()


def magnitude(x, n):
    y = torch.stft(x, n, n // 4, window=torch.hann_window(n), return_complex=True)
    return torch.sqrt(y.real**2 + y.imag**2 + 1e-7)


def likelihood(net, harmonic, gain, x, part):
    """Negative log likelihood a bin of the recording's spectrum: mean = harmonic part, variance = noise part."""
    hr, hi = net.spectrum(harmonic)
    xr, xi = net.spectrum(x)
    variance = nets.WINDOW / 2 * gain**2 + 1e-6
    nll = ((xr - hr) ** 2 + (xi - hi) ** 2) / variance + variance.log()
    return nll[:, :, part].mean()


def losses(net, batch, step):
    """Spectral distance (the three window lengths take turns) and likelihood of one batch."""
    rng_noise = torch.Generator().manual_seed(step)
    mel, f0, voiced, source, x = batch
    noise = torch.randn(x.shape, generator=rng_noise)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        hr, hi, gain = net.filters(mel, f0, voiced)
    sr, si = net.spectrum(source)
    nr, ni = net.spectrum(noise)
    harmonic = net.sound(sr * hr - si * hi, sr * hi + si * hr)
    y = harmonic + net.sound(nr * gain, ni * gain)
    cut = slice(EDGE * features.HOP, -EDGE * features.HOP)
    return spectral(y[:, cut], x[:, cut], (256, 512, 1024)[step % 3]), likelihood(net, harmonic, gain, x, slice(2 * EDGE, -2 * EDGE))


def average(shadow, net, decay):
    with torch.no_grad():
        for a, b in zip(shadow.parameters(), net.parameters()):
            a.lerp_(b, 1 - decay)


def main():
    p = prepare.arguments(__doc__)
    p.add_argument("--steps", type=int, default=4000, help="length of the schedule of learning rates")
    p.add_argument("--until", type=int, default=10**9, help="stop after so many steps of it; the next run goes on")
    p.add_argument("--warm", action="store_true", help="begin with the weights in models/builtin")
    p.add_argument("--rate", type=float, default=1.5e-3)
    p.add_argument("--name", default="vocoder")
    args = p.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(1)
    words = align.Words(args.cache)
    data = Segments(words, args.cache)
    net, shadow = nets.Vocoder(), nets.Vocoder()
    if args.warm:
        warm.start(net, "vocoder")
    opt = torch.optim.AdamW(net.parameters(), args.rate, betas=(0.9, 0.98))
    path, step = args.cache / f"{args.name}.pt", 0
    shadow.load_state_dict(net.state_dict())
    if path.exists():
        saved = torch.load(path)
        net.load_state_dict(saved["net"]), shadow.load_state_dict(saved["shadow"]), opt.load_state_dict(saved["opt"])
        step = saved["step"]
    started, sums = time.time(), np.zeros(2)
    end = min(args.steps, args.until)
    while step < end:
        rng = np.random.default_rng([1, step])
        for g in opt.param_groups:
            g["lr"] = args.rate * min(1, (step + 1) / 200) * (0.02 + 0.49 * (1 + math.cos(math.pi * step / args.steps)))
        spectrum, nll = losses(net, data.batch(rng, BATCH), step)
        opt.zero_grad()
        (spectrum + 0.15 * nll).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        opt.step()
        step += 1
        average(shadow, net, min(0.999, step / (step + 9)))
        sums += spectrum.item(), nll.item()
        if step % 100 == 0:
            print(step, "spectral %.4f nll %.4f" % tuple(sums / 100), "%.2f s a step" % ((time.time() - started) / 100), flush=True)
            started, sums = time.time(), np.zeros(2)
        if step % 250 == 0 or step == end:
            torch.save({"net": net.state_dict(), "shadow": shadow.state_dict(), "opt": opt.state_dict(), "step": step}, path)


if __name__ == "__main__":
    main()
