"""Accuracy of a checkpoint on recordings that training never saw: greedy unit errors, and choosing among the set's words.

    python models/train/asr/evaluate.py --data ../shared/data          prints one line a set and condition
    python models/train/asr/evaluate.py --data ../shared/data --list   also rewrites heldout.tsv

Conditions: `clean` as recorded; `phone` 8 kHz, A-law and back; `noise` phone with white noise at 15 dB.
"""

import csv
from pathlib import Path

import numpy as np
import torch
from scipy.signal import lfilter, resample_poly
from torch.nn import functional as F

import batches
import cache
import dsp
import export
import recordings
import units

LIST = recordings.HERE / "heldout.tsv"
KINDS = {"hsk": "words", "dspspeech20": "students", "tcl606_digits": "digits"}


def companded(wave):
    """16 kHz -> 8 kHz A-law (ITU-T G.711, by its formula) -> 16 kHz."""
    narrow = np.clip(resample_poly(wave, 1, 2), -1, 1)
    size = np.abs(narrow)
    code = np.where(size < 1 / 87.6, 87.6 * size, 1 + np.log(np.maximum(87.6 * size, 1))) / (1 + np.log(87.6))
    code = np.round(code * 127) / 127
    level = code * (1 + np.log(87.6))
    size = np.where(level < 1, level / 87.6, np.exp(level - 1) / 87.6)
    return resample_poly(np.sign(narrow) * size, 2, 1).astype(np.float32)


def condition(wave, name):
    if name == "clean":
        return wave
    if name == "noise":
        rng = np.random.default_rng(5)
        loud = np.sqrt(np.percentile(wave**2, 95) / 2)
        wave = wave + rng.normal(0, loud * 10 ** (-15 / 20), len(wave)).astype(np.float32)
    return companded(wave)


def padded(wave):
    """0.2 s before and 0.4 s after."""
    noise = np.random.default_rng(3).normal(0, 3e-5, 9600).astype(np.float32)
    return np.concatenate([noise[:3200], wave, noise[3200:]])


def features(wave):
    """Log-mel in whole chunks."""
    x = dsp.fbank(wave)
    return np.pad(x, ((0, -len(x) % 16), (0, 0)), mode="edge")


def posteriors(net, wave):
    x = torch.from_numpy(features(wave))[None]
    with torch.no_grad():
        return net(x, net.zero(1))[0][0]


def greedy(log_probs):
    best = log_probs.argmax(1).tolist()
    return [t for i, t in enumerate(best) if t and (i == 0 or best[i - 1] != t)]


def distance(a, b):
    """Levenshtein."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def scores(log_probs, candidates):
    """CTC log likelihood of each candidate (lists of ids)."""
    n = len(candidates)
    lengths = torch.tensor([len(c) for c in candidates])
    targets = torch.zeros(n, int(lengths.max()), dtype=torch.long)
    for row, c in zip(targets, candidates):
        row[:len(c)] = torch.tensor(c)
    frames = torch.full((n,), len(log_probs))
    return -F.ctc_loss(log_probs[:, None].expand(-1, n, -1), targets, frames, lengths, reduction="none", zero_infinity=False)


def ids(entry):
    return [batches.ID[u] for s in entry["syllables"] for u in units.units(s)]


def held_out(data):
    """{set name: entries}; the English words of the students are left out."""
    sets = {}
    for e in recordings.load(data):
        if e["held"] and e["syllables"]:
            sets.setdefault(e["source"], []).append(e)
    return sets


def measure(net, entries, waves, name):
    """Returns unit error and share of entries whose words win among all words of the set."""
    choices = list({e["text"]: ids(e) for e in entries}.items())
    wrong = total = right = 0
    for entry, wave in zip(entries, waves):
        log_probs = posteriors(net, condition(padded(wave), name))
        want = ids(entry)
        wrong, total = wrong + distance(greedy(log_probs), want), total + len(want)
        best = int(scores(log_probs, [c for _, c in choices]).argmax())
        right += choices[best][1] == want
    return wrong / total, right / len(entries), len(choices)


def write_list(sets):
    with open(LIST, "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f, delimiter="\t", lineterminator="\n")
        out.writerow(["path", "text", "speaker", "gender", "kind"])
        out.writerows([e["path"], e["text"], e["speaker"], e["gender"], KINDS[kind]] for kind, entries in sets.items() for e in entries)


def silences():
    """{name: a minute without speech}: noises from white to brown, hum, the tones of a telephone network, chords."""
    rng, t = np.random.default_rng(1), np.arange(60 * dsp.RATE) / dsp.RATE
    white = rng.normal(0, 1, len(t))
    brown = lfilter([1], [1, -0.999], white)
    chords = sum(np.sin(2 * np.pi * f * (1 + np.floor(t / 0.5) % 5 / 12) * t) / k for k, f in ((1, 220), (2, 277), (3, 330)))
    cadences = {"ringback": ((450,), 1, 4), "busy": ((450,), 0.35, 0.35), "ringback US": ((440, 480), 2, 4), "beeps": ((1400,), 0.2, 2)}
    waves = {"white": white, "brown": brown, "hum": np.sin(100 * np.pi * t) + 0.3 * np.sin(300 * np.pi * t), "chords": chords}
    for name, (tones, on, off) in cadences.items():
        waves[name] = sum(np.sin(2 * np.pi * f * t) for f in tones) * (t % (on + off) < on)
    dither = rng.normal(0, 3e-5, len(t))
    return {name: (0.1 * w / np.abs(w).max() + dither).astype(np.float32) for name, w in waves.items()}


def false_units(net):
    """Prints how many units are heard in a minute without speech."""
    for name, wave in silences().items():
        counts = [len(greedy(posteriors(net, w))) for w in (wave, companded(wave))]
        print(f"{name:14s} units a minute: {counts[0]}, by telephone {counts[1]}", flush=True)


def main():
    parser = recordings.arguments(__doc__)
    parser.add_argument("--list", action="store_true", help="rewrite heldout.tsv")
    parser.add_argument("--most", type=int, default=400, help="entries a set")
    args = parser.parse_args()
    torch.set_num_threads(1)
    sets = held_out(args.data)
    if args.list:
        write_list(sets)
    net = export.network(Path(args.cache) / "checkpoint.pt")
    false_units(net)
    for kind, entries in sets.items():
        entries = entries[:args.most]
        waves = [cache.read(Path(args.data) / "speech" / e["path"]) for e in entries]
        for name in ("clean", "phone", "noise"):
            error, closed, n = measure(net, entries, waves, name)
            print(f"{kind:14s} {name:6s} n {len(entries):4d}  unit error {error:.3f}  best of {n} {closed:.3f}", flush=True)


if __name__ == "__main__":
    main()
