"""Cuts the words into their syllables with a first recogniser, so that later training can join them anew.

train.py does this by itself at step 1,500; `python models/train/asr/cuts.py` does it again with the checkpoint at hand.

CTC says when it has heard a unit, some frames late. How late is measured where the truth is known: at the start of a
word, whose silence is trimmed. A later syllable of the same first unit then began that much before its emission.
"""

import json
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch

import batches
import corpus
import dsp
import export
import recordings
import units

EARLY = 3   # frames; emissions lie on a 40 ms grid, so that the usual delay comes out somewhat short
MARGIN = 2  # frames of near-silence that trimming leaves before a word


def emissions(log_probs, ids):
    """Viterbi over the CTC lattice: the 40 ms frame at which each unit is first emitted, and the mean log score."""
    path = [0] + [x for i in ids for x in (i, 0)]
    skip = np.array([i > 1 and path[i] and path[i] != path[i - 2] for i in range(len(path))])
    score = np.full(len(path), -np.inf)
    score[:2] = log_probs[0, path[:2]]
    back = np.zeros((len(log_probs), len(path)), np.int64)
    for t in range(1, len(log_probs)):
        moves = np.stack([score, np.r_[-np.inf, score[:-1]], np.where(skip, np.r_[-np.inf, -np.inf, score[:-2]], -np.inf)])
        back[t] = moves.argmax(0)
        score = moves.max(0) + log_probs[t, path]
    state = len(path) - 1 if score[-1] > score[-2] else len(path) - 2
    total, first = score[state], {}
    for t in range(len(log_probs) - 1, -1, -1):
        if state % 2:
            first[state // 2] = t
        state -= back[t, state]
    return [first[i] for i in range(len(ids))], total / len(ids)


def heard(net, cache, clip):
    """Log probabilities of a cached clip with silence around it; the clip starts at frame 16."""
    power = np.exp(np.asarray(cache.power[clip["start"]:clip["start"] + clip["frames"]], np.float32)) * 0.06
    features = dsp.logmel(power)
    silence = np.full((16, dsp.MELS), -14.0, np.float32)
    tail = np.full((40 + -len(features) % 16, dsp.MELS), -14.0, np.float32)
    x = torch.from_numpy(np.concatenate([silence, features, tail]))[None]
    with torch.no_grad():
        return net(x, net.zero(1))[0][0].numpy()


def onsets(net, cache):
    """Per word: emission time (in 10 ms frames of the clip) and name of each syllable's first unit."""
    found = {}
    for clip in cache.clips:
        if clip["source"] not in ("hsk", "dspspeech20") or clip["held"] or len(clip["syllables"]) < 2:
            continue
        parts = [units.units(s) for s in clip["syllables"]]
        ids = [batches.ID[u] for p in parts for u in p]
        log_probs = heard(net, cache, clip)
        if len(log_probs) < 2 * len(ids):
            continue
        at, score = emissions(log_probs, ids)
        firsts = np.cumsum([0] + [len(p) for p in parts[:-1]])
        found[clip["path"]] = (clip, [(at[i] * 4 - 16, p[0]) for i, p in zip(firsts, parts)], score)
    return found


def cut(found, cache):
    """Onsets minus each unit's usual delay -> {path: [(start, frames) of each syllable]}; doubtful words are left out."""
    late = defaultdict(list)
    for clip, marks, _ in found.values():
        if clip["source"] == "hsk":
            late[marks[0][1]].append(marks[0][0] - MARGIN)
    usual = {u: float(np.median(v)) for u, v in late.items() if len(v) >= 5}
    floor = np.percentile([score for _, _, score in found.values()], 15)
    cuts = {}
    for path, (clip, marks, score) in found.items():
        if score < floor or any(u not in usual for _, u in marks):
            continue
        edges = settle(cache, clip, [int(round(t - usual[u])) - EARLY for t, u in marks])
        if min(np.diff(edges)) >= 9:
            cuts[path] = [(a, b - a) for a, b in zip(edges, edges[1:])]
    return cuts, usual


def settle(cache, clip, onsets):
    """Moves onsets inside a word to the quietest frame nearby; the last edge is where the clip has faded by 24 dB."""
    power = np.asarray(cache.power[clip["start"]:clip["start"] + clip["frames"]], np.float32)
    level = np.log(np.exp(power).mean(1))
    edges = [0 if clip["source"] == "hsk" else max(0, onsets[0])]
    for onset in onsets[1:]:
        low = max(edges[-1] + 1, onset - 3)
        edges.append(low + int(level[low:onset + 4].argmin()) if low < min(onset + 4, len(level)) else low)
    return edges + [int(np.flatnonzero(level > np.percentile(level, 95) - 5.5)[-1]) + 1]


def build(folder):
    """Writes cuts.json into a cache folder that has recordings/ and checkpoint.pt."""
    cache = corpus.Cache(Path(folder) / "recordings")
    cuts, usual = cut(onsets(export.network(Path(folder) / "checkpoint.pt"), cache), cache)
    (Path(folder) / "cuts.json").write_text(json.dumps(cuts, ensure_ascii=False))
    print(f"{len(cuts)} words cut; a unit is emitted {np.median(list(usual.values())) * 10:.0f} ms after it begins", flush=True)


def main():
    args = recordings.arguments(__doc__).parse_args()
    torch.set_num_threads(1)
    build(args.cache)


if __name__ == "__main__":
    main()
