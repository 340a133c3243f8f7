"""Trains the acoustic model: phones, tones and positions -> durations, F0, voicing, envelope.

The recordings are single words, so sentences are made from them: one to five words end to end, with a pause between or
without one, in part at a quicker tempo. What the model learns of a word's inside and its end stays true in a long
sequence, because it only sees a neighbourhood of two syllables.
"""

import math
import time

import numpy as np
import torch
import torch.nn.functional as F

import align
import labels
import nets
import prepare
import speakers
import warm
from vocoder import average

BATCH, LONGEST = 8, 480
LENT = 0.6         # share of a syllable voice's words that are converted from the first voice
SIL, SP = labels.PHONE_ID[labels.SIL], labels.PHONE_ID[labels.SP]


class Sentences:
    """Pseudo-sentences of aligned words, each in one voice.

    A voice without words of its own speaks its syllables and, half of the time, the words of the first voice as convert.py
    makes them. The durations of such syllables teach nothing: they are slower than any sentence.
    """

    def __init__(self, words, durations, test, converted=None):
        self.words, self.converted = words, converted
        at = np.concatenate([[0], np.cumsum(words.units + 2)])
        self.durations = [durations[a:b].astype(int) for a, b in zip(at[:-1], at[1:])]
        self.pools = [np.where((words.test == test) & (words.voice == k))[0] for k in range(len(speakers.VOICES))]

    def word(self, i, voice=None):
        """One word with its silences: ids [L, 3], durations [L], frames [T, 82] of log-F0, voicing, envelope.

        voice makes a converted word when it is not the word's own.
        """
        w = self.words
        own = w.voice[i]
        ids = np.stack([w.of(k, i).astype(int) for k in ("phones", "tones", "positions")], 1)
        edge = np.array([[SIL, 0, 0]])
        f0 = (np.log(w.of("f0", i)) - float(nets.VOICE_MEAN[own])) / float(nets.VOICE_SPREAD[own])
        mel = w.of("mel", i) if voice in (None, own) else self.converted[w.frame_at[i]:w.frame_at[i + 1]]
        mel = (mel.astype(np.float32) - nets.MEL_MEAN) / nets.MEL_SPREAD
        return (np.concatenate([edge, ids, edge]), self.durations[i],
                np.concatenate([f0[:, None], w.of("voiced", i)[:, None], mel], 1).astype(np.float32))

    def draw(self, rng, voice):
        """A word for a sentence of voice: ids, natural durations, durations as laid out, frames."""
        lent = not speakers.VOICES[voice].words and self.converted is not None and rng.random() < LENT
        ids, durations, frames = self.word(rng.choice(self.pools[0 if lent else voice]), voice)
        ids, natural, laid, frames = stretch(ids, durations, frames, rng.uniform(0.55, 1.0) if rng.random() < 0.5 else 1.0)
        return ids, natural if speakers.VOICES[voice].words or lent else np.zeros_like(natural), laid, frames

    def sentence(self, rng, voice):
        """Words end to end: ids, natural durations (0: unknown), durations as laid out, frames."""
        parts, count, room = [], int(rng.integers(1, 6)), LONGEST
        while len(parts) < count:
            word = self.draw(rng, voice)
            room -= len(word[3])
            if parts and room < 0:
                break
            parts.append(word)
        for k in range(len(parts)):
            pause = int(rng.integers(4, 25)) if rng.random() < 0.35 else 0
            parts[k] = trim(*parts[k], head=k == 0, tail=pause if k + 1 < len(parts) else None)
        return [np.concatenate(x) for x in zip(*parts)]

    def batch(self, rng, n):
        voices = rng.integers(len(self.pools), size=n)
        return [torch.from_numpy(voices), *pad([self.sentence(rng, v) for v in voices])]


def stretch(ids, durations, frames, factor):
    """A word at another tempo: its frames are interpolated and its durations follow."""
    if factor == 1.0:
        return ids, durations, durations, frames
    ends = np.maximum.accumulate(np.round(np.cumsum(durations) * factor).astype(int))
    laid = np.maximum(np.diff(np.concatenate([[0], ends])), 1)
    n = laid.sum()
    at = np.clip((np.arange(n) + 0.5) * len(frames) / n - 0.5, 0, len(frames) - 1)
    low = np.floor(at).astype(int)
    high = np.minimum(low + 1, len(frames) - 1)
    out = frames[low] + (at - low)[:, None] * (frames[high] - frames[low])
    out[:, 1] = np.round(out[:, 1])
    return ids, durations, laid, out.astype(np.float32)


def trim(ids, natural, laid, frames, head, tail):
    """A word inside a sentence: without its leading silence unless head, with a pause of tail frames (None: all) after it."""
    if tail is not None:
        left = min(tail, laid[-1])
        frames = frames[: len(frames) - laid[-1] + left]
        ids, laid = ids.copy(), laid.copy()
        ids[-1, 0], laid[-1] = SP, left
        if left == 0:
            ids, natural, laid = ids[:-1], natural[:-1], laid[:-1]
    if not head:
        ids, natural, frames, laid = ids[1:], natural[1:], frames[laid[0]:], laid[1:]
    return ids, natural, laid, frames


def pad(items):
    """Pads to tensors: ids [B, L, 3], natural and laid-out durations [B, L], frames [B, T, 82]."""
    length, t = max(len(i[0]) for i in items), max(len(i[3]) for i in items)
    grow = lambda x, n: np.pad(x, [(0, n - len(x))] + [(0, 0)] * (x.ndim - 1))
    return [torch.from_numpy(np.stack([grow(np.asarray(i[k]), n) for i in items]))
            for k, n in ((0, length), (1, length), (2, length), (3, t))]


def losses(net, batch):
    """Errors of durations, pitch, voicing and envelope, each a mean over what it applies to."""
    voices, ids, natural, laid, frames = batch
    phones, tones, positions = ids.unbind(2)
    log_f0, voiced, mel = frames[..., 0], frames[..., 1], frames[..., 2:].transpose(1, 2)
    ends = torch.cumsum(laid, 1)
    t = frames.shape[1]
    inside = (torch.arange(t)[None] < ends[:, -1:]).float()
    spoken = ((phones != SIL) & (phones != SP) & (natural > 0)).float()
    owner = nets.owner_of(ends, t)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        codes, duration = net.encode(phones, tones, positions, voices)
        x = net.frames(codes, owner, nets.place_of(ends, owner, t))
        pitch, voicing = net.melody(x)
        out = net.envelope(x, log_f0, voiced)
    pitch, voicing, out, duration = pitch.float(), voicing.float(), out.float(), duration.float()
    target = torch.log(natural.clamp(min=1).float())
    weight = inside * (0.05 + voiced)
    mean = lambda e, w: (e * w).sum() / w.sum().clamp(min=1)
    slope = lambda x: x[..., 1:] - x[..., :-1]
    return {
        "duration": mean((duration - target).abs(), spoken),
        "pitch": mean((pitch - log_f0).abs(), weight),
        "slope": mean((slope(pitch) - slope(log_f0)).abs(), voiced[:, 1:] * voiced[:, :-1] * inside[:, 1:]),
        "voicing": mean(F.binary_cross_entropy_with_logits(voicing, voiced, reduction="none"), inside),
        "mel": mean((out - mel).abs().mean(1), inside),
        "motion": mean((slope(out) - slope(mel)).abs().mean(1), inside[:, 1:]),
    }


def predict(net, data, path, together=24):
    """Envelopes of all words as the model would make them with the recording's durations and pitch: what the vocoder will meet."""
    words = data.words
    out = np.empty_like(words.data["mel"])
    order = np.argsort(words.frames, kind="stable")
    for some in np.array_split(order, len(order) // together + 1):
        read = [data.word(i) for i in some]
        ids, _, laid, truth = pad([(w[0], w[1], w[1], w[2]) for w in read])
        ends = torch.cumsum(laid, 1)
        owner = nets.owner_of(ends, truth.shape[1])
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            codes, _ = net.encode(*ids.unbind(2), torch.from_numpy(words.voice[some]))
            x = net.frames(codes, owner, nets.place_of(ends, owner, truth.shape[1]))
            mels = net.envelope(x, truth[..., 0], truth[..., 1]).float().transpose(1, 2).numpy()
        for i, mel in zip(some, mels):
            out[words.frame_at[i]:words.frame_at[i + 1]] = mel[:words.frames[i]] * nets.MEL_SPREAD + nets.MEL_MEAN
    np.save(path, out)


def main():
    p = prepare.arguments(__doc__)
    p.add_argument("--steps", type=int, default=4000)
    p.add_argument("--rate", type=float, default=1e-3)
    p.add_argument("--warm", action="store_true", help="begin with the weights in models/builtin")
    p.add_argument("--predict", action="store_true", help="train no further, only write the envelopes for the vocoder")
    args = p.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(2)
    words = align.Words(args.cache)
    data = Sentences(words, np.load(args.cache / "align.npz")["durations"], False, np.load(args.cache / "converted.npy", mmap_mode="r"))
    net, shadow = nets.Acoustic(), nets.Acoustic(drop=0.0)
    if args.warm:
        warm.start(net, "acoustic")
    opt = torch.optim.AdamW(net.parameters(), args.rate, betas=(0.9, 0.98), weight_decay=0.01)
    path, step = args.cache / "acoustic.pt", 0
    shadow.load_state_dict(net.state_dict())
    if path.exists():
        saved = torch.load(path)
        net.load_state_dict(saved["net"]), shadow.load_state_dict(saved["shadow"]), opt.load_state_dict(saved["opt"])
        step = saved["step"]
    started, sums = time.time(), {}
    while step < args.steps and not args.predict:
        for g in opt.param_groups:
            g["lr"] = args.rate * min(1, (step + 1) / 200) * (0.02 + 0.49 * (1 + math.cos(math.pi * step / args.steps)))
        parts = losses(net, data.batch(np.random.default_rng([2, step]), BATCH))
        opt.zero_grad()
        sum(parts.values()).backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        opt.step()
        step += 1
        average(shadow, net, min(0.999, step / (step + 9)))
        for k, v in parts.items():
            sums[k] = sums.get(k, 0) + v.item() / 100
        if step % 100 == 0:
            print(step, {k: round(v, 4) for k, v in sums.items()}, "%.2f s a step" % ((time.time() - started) / 100), flush=True)
            started, sums = time.time(), {}
        if step % 250 == 0 or step == args.steps:
            torch.save({"net": net.state_dict(), "shadow": shadow.state_dict(), "opt": opt.state_dict(), "step": step}, path)
    predict(shadow.eval(), data, args.cache / "predicted.npy")


if __name__ == "__main__":
    main()
