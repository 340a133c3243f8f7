"""Figures by voice, on the recordings kept out of training where there are any.

acoustic: with the recording's durations, how far F0 and envelope are from the recording. tones: a Gaussian classifier of
F0 contours, fitted on training recordings of the person, reads the tones of held-out recordings (its ceiling) and of the
same words spoken by the voice. distortion: mel-cepstral distance between held-out recordings and the voice, dynamic time
warping between them. sound: what an engineer checks first. heard: unit errors of the built-in recogniser, which learnt from the same
recordings. stranger: single syllables read by a net that never heard the person (stranger.py). vocoder: envelope of
re-made recordings against the originals. speed: of the exported graphs.
"""

import json
import time

import numpy as np
import torch

import acoustic
import align
import ear
import features
import labels
import nets
import prepare
import quality
import sample
import speak
import speakers
import stranger
import warm

DECIBEL = 10 / np.log(10)


def contour(f0, voiced, a, b):
    """F0 at eight places of frames a..b in semitones around 240 Hz, voiced part only; None when there is too little voice."""
    on = np.where(voiced[a:b] > 0)[0]
    if len(on) < 5:
        return None
    track = 12 * np.log2(f0[a + on] / 240)
    return np.interp(np.linspace(0.08, 0.92, 8) * (len(on) - 1), np.arange(len(on)), track)


class ToneReader:
    """One full-covariance Gaussian per tone and place in the word (last or not)."""

    def __init__(self, samples):
        self.model = {}
        for key in sorted({s[:2] for s in samples}):
            x = np.array([s[2] for s in samples if s[:2] == key])
            cov = np.cov(x.T) + 0.05 * np.eye(x.shape[1])
            self.model[key] = (x.mean(0), np.linalg.inv(cov), np.linalg.slogdet(cov)[1], np.log(len(x)))

    def read(self, last, x):
        def score(tone):
            mean, inverse, logdet, prior = self.model[(tone, last)]
            return prior - 0.5 * (logdet + (x - mean) @ inverse @ (x - mean))
        return max((t for t, where in self.model if where == last), key=score)


def samples(phones, tones, positions, durations, f0, voiced):
    """(tone, last?, contour) of every full-toned syllable; durations include the silences at both ends."""
    out, at = [], durations[0]
    for p, tone, place, d in zip(phones, tones, positions, durations[1:-1]):
        if 1 <= tone <= 4 and labels.PHONES[p] in labels.FINAL_SET:
            c = contour(f0, voiced, at, at + d)
            if c is not None:
                out.append((int(tone), place in (labels.LAST, labels.ONLY), c))
        at += d
    return out


def label_of(words, i):
    label = labels.Label()
    label.add(labels.SIL, 0, 0)
    for name in ("phones", "tones", "positions"):
        getattr(label, name).extend(int(v) for v in words.of(name, i))
    label.add(labels.SIL, 0, 0)
    return label


def tones(words, data, voice, k, tests, rng):
    """Accuracy of the tone reader on recordings of voice k and on the voice."""
    who = speakers.VOICES[k]

    def recorded(i):
        return samples(*(words.of(k, i) for k in ("phones", "tones", "positions")), data.durations[i],
                       words.of("f0", i), words.of("voiced", i))

    train = [s for i in np.where(~words.test & (words.voice == k))[0] for s in recorded(i)]
    reader, rate = ToneReader(train), lambda xs: float(np.mean([reader.read(s[1], s[2]) == s[0] for s in xs]))
    spoken = []
    for i in tests:
        label = label_of(words, i)
        mel, f0, voiced, durations = voice.frames(label, voice=k)
        audio = voice.sound(mel, f0, voiced).astype(np.float64) + features.DITHER * rng.standard_normal(mel.shape[1] * 160)
        heard, on = features.pitch(audio, who.f0_low, who.f0_high)
        spoken += samples(label.phones[1:-1], label.tones[1:-1], label.positions[1:-1], durations[0], heard, on)
    real = [s for i in tests for s in recorded(i)]
    return {"syllables": len(spoken), "recordings": round(rate(real), 4), "voice": round(rate(spoken), 4)}


def errors(words, data, net, k, tests):
    """Distance of predictions from recordings of voice k, durations given."""
    out = {k: [] for k in ("duration_frames", "f0_semitones", "voicing", "envelope_db")}
    for i in tests:
        ids, durations, frames = data.word(i)
        batch = acoustic.pad([(ids, durations, durations, frames)])
        with torch.inference_mode():
            codes, log_duration = net.encode(*batch[0].unbind(2), torch.tensor([k]))
            ends = torch.cumsum(batch[2], 1)
            owner = nets.owner_of(ends, len(frames))
            x = net.frames(codes, owner, nets.place_of(ends, owner, len(frames)))
            f0, voicing = (v[0].numpy() for v in net.melody(x))
            truth = torch.from_numpy(frames)[None]
            mel = net.envelope(x, truth[..., 0], truth[..., 1])[0].T.numpy()
        on, speech = frames[:, 1] > 0, slice(durations[0], len(frames) - durations[-1])
        out["duration_frames"] += list(abs(np.exp(log_duration[0].numpy()) - durations)[1:-1])
        out["f0_semitones"] += list((12 / np.log(2) * speakers.VOICES[k].f0_spread * (f0 - frames[:, 0])[on]) ** 2)
        out["voicing"] += list(((voicing > 0) != on)[speech])
        out["envelope_db"] += list(abs(mel - frames[:, 2:])[speech].mean(1) * nets.MEL_SPREAD * DECIBEL)
    means = {k: float(np.mean(v)) for k, v in out.items()}
    means["f0_semitones"] = means["f0_semitones"] ** 0.5
    return {k: round(v, 3) for k, v in means.items()}


def copies(words, voice, who, tests):
    """Envelope and pitch of recordings after a round through the vocoder, against the originals."""
    envelope, pitch = [], []
    for i in tests:
        mel, f0, voiced = words.of("mel", i).astype(np.float32), words.of("f0", i), words.of("voiced", i)
        audio = voice.sound(mel[None], f0[None], voiced[None]).astype(np.float64)
        again = features.envelope(audio, f0, voiced)
        loud = mel.max(1) > mel.max() - 10
        envelope += list(abs(again - mel)[loud].mean(1) * DECIBEL)
        heard, on = features.pitch(audio, who.f0_low, who.f0_high)
        both = (on > 0) & (voiced > 0)
        pitch += list(abs(12 * np.log2(heard / f0))[both])
    return {"envelope_db": round(float(np.mean(envelope)), 3), "f0_median_semitones": round(float(np.median(pitch)), 3)}


def heard(words, voice, k, tests):
    """Unit error rate of the built-in recogniser on recordings, on the same words spoken, and on the sample sentences."""
    listener, wrong, total = ear.Ear(), {"recordings": 0, "voice": 0, "sentences": 0}, {"words": 0, "sentences": 0}
    for i in tests:
        said = [labels.PHONES[p] for p in words.of("phones", i)]
        total["words"] += len(said)
        wrong["recordings"] += ear.distance(said, listener.units(words.of("audio", i) / 32767))
        wrong["voice"] += ear.distance(said, listener.units(voice.sound(*voice.frames(label_of(words, i), voice=k)[:3])))
    for pinyin in sample.SENTENCES.values():
        label = speak.sentence(pinyin)
        said = [labels.PHONES[p] for p in label.phones if p > 1]
        total["sentences"] += len(said)
        wrong["sentences"] += ear.distance(said, listener.units(voice.sound(*voice.frames(label, sample.RATE, k)[:3])))
    return {k: round(v / total["sentences" if k == "sentences" else "words"], 4) for k, v in wrong.items()}


def speed(voice):
    """CPU time over duration of both graphs on one thread, and CPU time until the first 200 ms of a sentence are there."""
    label = speak.sentence(next(iter(sample.SENTENCES.values())))
    whole, first = [], []
    for _ in range(5):
        started = time.process_time()
        mel, f0, voiced, _ = voice.frames(label, sample.RATE)
        voice.sound(mel[:, :20], f0[:, :20], voiced[:, :20])
        first.append(time.process_time() - started)
        audio = voice.sound(mel, f0, voiced)
        whole.append((time.process_time() - started) * 16000 / len(audio))
    return {"rtf": round(min(whole), 3), "first_block_cpu_ms": round(1000 * min(first), 1)}


def main():
    p = prepare.arguments(__doc__)
    p.add_argument("--models", type=speak.Path, default=speak.BUILTIN)
    p.add_argument("--words", type=int, default=10**6, help="look at no more held-out words of a voice than this")
    args = p.parse_args()
    torch.set_num_threads(1)
    words = align.Words(args.cache)
    data = acoustic.Sentences(words, np.load(args.cache / "align.npz")["durations"], test=True)
    net = warm.start(nets.Acoustic(drop=0.0), "acoustic", args.models).eval()
    voice, strangers = speak.Voice(args.models), stranger.judge(args, speak.Voice(args.models))
    report = {"speed": speed(voice)}
    for k, who in enumerate(speakers.VOICES):
        tests, rng = data.pools[k][: args.words], np.random.default_rng(3)
        report[who.name] = {
            "words": len(tests), "acoustic": errors(words, data, net, k, tests), "tones": tones(words, data, voice, k, tests, rng),
            "distortion": quality.distortion(words, voice, k, tests, label_of), "sound": quality.sound(voice, k, rng),
            "heard": heard(words, voice, k, tests), "stranger": strangers[who.name], "vocoder": copies(words, voice, who, tests)}
    print(json.dumps(report, indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
