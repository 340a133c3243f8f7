"""What lies between a mouth and the recogniser, on power spectra: room, noise, microphone, telephone, level."""

import numpy as np
import soundfile as sf
from scipy.ndimage import uniform_filter1d
from scipy.signal import lfilter, resample_poly

import dsp
from voice import HZ, PITCHES


DTMF_LOW, DTMF_HIGH = (697, 770, 852, 941), (1209, 1336, 1477, 1633)


class Noises:
    """Noise recordings and babble sources."""

    def __init__(self, data, cache):
        self.files = []
        for path in sorted((data / "speech" / "noise_rir").glob("noise*.wav")):
            wave, rate = sf.read(path, dtype="float32", always_2d=True)
            wave = resample_poly(wave.mean(1), dsp.RATE, rate) if rate != dsp.RATE else wave.mean(1)
            power = dsp.power(wave)
            self.files.append(power / power.mean())
        self.speech = cache.power  # any stretch of it is a voice nobody should transcribe
        self.floors = [quietest(cache, c) for c in cache.clips if c["source"] == "dspspeech20" and not c["held"]]

    def floor(self, frames, tables, rng):
        """The steady noise of a student's microphone."""
        return tables.noise(frames, rng) * self.floors[rng.integers(len(self.floors))]

    def recorded(self, frames, tables, rng):
        power = self.files[rng.integers(len(self.files))]
        at = (rng.integers(len(power)) + np.arange(frames)) % len(power)
        return power[at]

    def babble(self, frames, tables, rng):
        total = np.zeros((frames, dsp.BINS), np.float32)
        for _ in range(rng.integers(3, 7)):
            at = rng.integers(0, len(self.speech) - frames)
            total += np.exp(np.asarray(self.speech[at:at + frames], np.float32)) * np.float32(np.exp(rng.normal(0, 0.6)))
        return total


def quietest(cache, clip):
    """Mean spectrum [257] of the quietest seventh of a clip."""
    power = np.exp(np.asarray(cache.power[clip["start"]:clip["start"] + clip["frames"]], np.float32))
    order = np.argsort(power.mean(1))
    return power[order[:max(3, len(order) // 7)]].mean(0)


def curve(rng, spread, knots=9):
    """A smooth random function over the bins, in natural log units."""
    return np.interp(np.arange(dsp.BINS), np.linspace(0, dsp.BINS - 1, knots), rng.normal(0, spread, knots)).astype(np.float32)


def stationary(frames, tables, rng):
    """Coloured noise, sometimes swelling, with the slope anywhere between white and brown, and now and then just white or brown."""
    plain = rng.random() < 0.3
    slope = rng.choice((0.0, 0.0, 2.0)) if plain else rng.uniform(-0.2, 2.2)
    shape = np.exp((-slope * np.log(np.maximum(HZ, 60) / 1000)).astype(np.float32) + curve(rng, 0.1 if plain else 0.8)) * dsp.PREEMPHASIS
    power = tables.noise(frames, rng) * shape
    if rng.random() < 0.4:
        swell = uniform_filter1d(rng.normal(0, 1, frames), int(rng.integers(5, 60))) * rng.uniform(1, 6)
        power = power * np.exp(swell)[:, None].astype(np.float32)
    return power


def tones(frames, tables, rng):
    """Music-like chords, hum, beeps: held combs or single lines that change now and then."""
    power, at = np.zeros((frames, dsp.BINS), np.float32), 0
    roll = np.exp(-HZ / rng.uniform(400, 3000)).astype(np.float32)
    while at < frames:
        hold = int(rng.integers(6, 80))
        for _ in range(rng.integers(1, 4)):
            power[at:at + hold] += tables.combs[rng.integers(len(PITCHES))] * roll * np.float32(np.exp(rng.normal(0, 1)))
        at += hold
    return power


def sine(hz, seconds):
    t = np.arange(int(seconds * dsp.RATE)) / dsp.RATE
    return sum(np.sin(2 * np.pi * f * t) for f in hz) / len(hz)


def cadence(rng):
    """Call progress tones: ringback and busy of China and the US, fax-like and voicemail beeps, DTMF digits."""
    kind = rng.integers(6)
    if kind == 0:
        return sine((450,), 1.0), 4.0
    if kind == 1:
        return sine((450,), 0.35), 0.35
    if kind == 2:
        return sine((440, 480), 2.0), 4.0
    if kind == 3:
        return sine((480, 620), 0.5), 0.5
    if kind == 4:
        return sine((rng.uniform(400, 2000),), rng.uniform(0.2, 1.0)), rng.uniform(0.5, 3)
    return sine((rng.choice(DTMF_LOW), rng.choice(DTMF_HIGH)), rng.uniform(0.05, 0.3)), rng.uniform(0.05, 0.6)


def signals(frames, rng):
    """Power spectra [frames, 257] of one kind of tone with its pauses, loud frames near 1."""
    tone, pause = cadence(rng)
    silence = np.zeros(int(pause * dsp.RATE))
    wave = np.concatenate([silence[:int(rng.uniform(0, 1) * len(silence))], *([tone, silence] * 20)])
    while len(wave) < frames * dsp.SHIFT:
        wave = np.concatenate([wave, wave])
    power = dsp.power(wave[:frames * dsp.SHIFT].astype(np.float32))
    return power / (power.mean(1).max() + 1e-9)


def nothing(frames, tables, noises, rng):
    """A stretch without speech: a noise or two, or the tones of the network."""
    if rng.random() < 0.4:
        return signals(frames, rng) + tables.noise(frames, rng) * np.float32(10 ** rng.uniform(-9, -2))
    makers = (stationary, stationary, noises.floor, noises.recorded, tones, tones)
    power = np.zeros((frames, dsp.BINS), np.float32)
    for _ in range(rng.integers(1, 3)):
        noise = makers[rng.integers(len(makers))](frames, tables, rng)
        power += noise / (noise.mean() + 1e-9) * np.float32(np.exp(rng.normal(0, 1)))
    return power


def loudness(power):
    """Mean power of the loudest 0.15 s, whatever the length of the silence around."""
    return np.sort(power.mean(1))[-15:].mean() + 1e-9


# Spectra are stored pre-emphasised, which lifts white noise by 10 dB against speech; ratios are meant before that, above 60 Hz.
FLAT = np.where(HZ > 60, 1 / dsp.PREEMPHASIS, 0).astype(np.float32)


def mix_noise(power, tables, noises, rng):
    """Adds up to two noises, -1 to 38 dB below the loud frames of the speech."""
    loud = loudness(power * FLAT)
    makers = (stationary, noises.floor, noises.recorded, noises.babble, tones)
    for _ in range(rng.choice((0, 1, 1, 1, 2))):
        kind = rng.choice(5, p=(0.30, 0.16, 0.12, 0.34, 0.08))
        noise = makers[kind](len(power), tables, rng)
        snr = rng.triangular(6, 16, 38) if kind == 3 else rng.triangular(-1, 17, 38)  # a second loud voice has no right answer
        power = power + noise * np.float32(loud / ((noise * FLAT).mean() + 1e-9) * 10 ** (-snr / 10))
    return power


def reverberate(power, tables, rng):
    """A decaying tail of what was said, its energy -2 to 16 dB below the direct sound."""
    decay = 10 ** (-6 * 0.01 / rng.uniform(0.12, 0.75))
    gain = 10 ** (-rng.uniform(-1, 16) / 10) * (1 - decay)
    late = lfilter(np.array([0, 0, gain], np.float32), np.array([1, -decay], np.float32), power, axis=0).astype(np.float32)
    return power + late * tables.noise(len(power), rng) * np.exp(curve(rng, 0.4))


def microphone(power, rng):
    """Smooth random response, and a low cut."""
    cut = rng.uniform(20, 250)
    low = 1 / (1 + (cut / np.maximum(HZ, 15)) ** 4)
    tilt = rng.normal(0, 0.35) * np.log2(np.maximum(HZ, 100) / 1000)
    return power * (np.exp(curve(rng, 0.7) + tilt) * low).astype(np.float32)


def telephone(power, rng):
    """300-3,400 Hz more or less steep, nothing above 4 kHz, and the companding noise of G.711."""
    low = 1 / (1 + (rng.uniform(120, 330) / np.maximum(HZ, 15)) ** rng.uniform(4, 10))
    high = 1 / (1 + (HZ / rng.uniform(3300, 3900)) ** rng.uniform(20, 60))
    above = np.where(HZ > 4000, 10 ** rng.uniform(-9, -4.5), 1)
    shape = (low * high * above).astype(np.float32)
    out = power * shape
    companding = out.mean(1, keepdims=True) * np.float32(10 ** rng.uniform(-4.2, -3.3)) * dsp.PREEMPHASIS
    return out + companding * (above.astype(np.float32) if rng.random() < 0.9 else np.float32(1))


def narrow(power, rng):
    """A codec that ends between 4.5 and 7.5 kHz."""
    edge = rng.uniform(4500, 7500)
    return power * np.where(HZ > edge, 10 ** rng.uniform(-8, -3), 1).astype(np.float32)


def record(power, tables, noises, rng, open_from=0, open_to=None):
    """Clean speech with silence around it -> what arrives, at some level, with the noise floor of 16 bits.

    Outside frames open_from..open_to the line is dead: silence suppression, a mute key, a file that was cut.
    """
    if rng.random() < 0.5:
        power = reverberate(power, tables, rng)
    if rng.random() < 0.8:
        power = mix_noise(power, tables, noises, rng)
    if rng.random() < 0.8:
        power = microphone(power, rng)
    kind = rng.random()
    if kind < 0.45:
        power = telephone(power, rng)
    elif kind < 0.60:
        power = narrow(power, rng)
    loud = loudness(power)
    power = power * np.float32(np.exp(rng.normal(-2.8, 1.7)) / loud)
    power[:open_from] = 0
    power[len(power) if open_to is None else open_to:] = 0
    return power + tables.noise(len(power), rng) * np.float32(10 ** rng.uniform(-9.5, -6.5)) * dsp.PREEMPHASIS
