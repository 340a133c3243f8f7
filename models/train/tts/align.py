"""Where each phone of each word lies: hidden Markov models started flat, then a small net over them.

Three rounds as in hybrid recognisers (Bourlard and Morgan 1994): one Gaussian per state, Viterbi re-estimation; a
convolutional net trained on those state labels; Viterbi again with the net's posteriors over the state priors.
Writes durations in frames, one per phone and one for the silence on each side, to align.npz.
"""

import numpy as np
import scipy.fft
import torch
import torch.nn.functional as F

import labels
import prepare
import speakers

FINAL_STATES, INITIAL_STATES, SIL_STATES = 3, 2, 1
SIL = labels.PHONE_ID[labels.SIL]


class Words:
    """The cache of prepare.py, cut into words; all voices one after the other, `voice` says whose each word is."""

    def __init__(self, cache):
        parts = [np.load(cache / f"words-{who.name}.npz") for who in speakers.VOICES]
        together = lambda key: np.concatenate([z[key] for z in parts])
        self.names, self.frames, self.units = together("names"), together("frames"), together("units")
        self.voice = np.repeat(np.arange(len(parts)), [len(z["names"]) for z in parts])
        self.frame_at = np.concatenate([[0], np.cumsum(self.frames)])
        self.unit_at = np.concatenate([[0], np.cumsum(self.units)])
        self.data = {k: together(k) for k in ("audio", "f0", "voiced", "mel", "phones", "tones", "positions")}
        self.test = np.array([prepare.held_out(n) for n in self.names])

    def __len__(self):
        return len(self.names)

    def of(self, key, i):
        at = self.unit_at if key in ("phones", "tones", "positions") else self.frame_at
        scale = 160 if key == "audio" else 1
        return self.data[key][at[i] * scale: at[i + 1] * scale]


def cepstra(mel, voiced):
    """16 cepstra with slopes, and voicing: [T, 33]."""
    c = scipy.fft.dct(mel.astype(np.float32), axis=1, norm="ortho")[:, :16]
    padded = np.pad(c, ((2, 2), (0, 0)), mode="edge")
    slope = (2 * (padded[4:] - padded[:-4]) + padded[3:-1] - padded[1:-3]) / 10
    return np.concatenate([c, 3 * slope, 6 * voiced[:, None]], 1).astype(np.float32)


def same_voice(words, feats):
    """Feats with every speaker's mean and spread made equal, so that one set of models aligns all of them."""
    owner = np.repeat(words.voice, words.frames)
    for k in range(words.voice.max() + 1):
        mine = feats[owner == k, :-1]
        feats[owner == k, :-1] = (mine - mine.mean(0)) / mine.std(0)
    return feats


def topology(phones):
    """States of sil + phones + sil: (state id, index of the phone it belongs to)."""
    states, owner = [], []
    for k, p in enumerate([SIL, *phones, SIL]):
        n = SIL_STATES if p == SIL else FINAL_STATES if labels.PHONES[p] in labels.FINAL_SET else INITIAL_STATES
        states += [p * 3 + j for j in range(n)]
        owner += [k] * n
    return np.array(states), np.array(owner)


def viterbi(score):
    """Best left-to-right path through score [T, S] that starts in the first state and ends in the last: state per frame."""
    t, s = score.shape
    best = np.full(s, -1e30)
    best[0] = score[0, 0]
    stay = np.zeros((t, s), bool)
    for i in range(1, t):
        moved = np.concatenate([[-1e30], best[:-1]])
        stay[i] = best >= moved
        best = np.where(stay[i], best, moved) + score[i]
    path = np.empty(t, int)
    path[-1] = s - 1
    for i in range(t - 1, 0, -1):
        path[i - 1] = path[i] if stay[i, path[i]] else path[i] - 1
    return path


def flat_start(words, i, states):
    """First guess: silence where it is quiet at the ends, the rest shared evenly."""
    level = words.of("mel", i)[:, 5:60].astype(np.float32).mean(1)
    loud = np.where(level > level.max() - 8)[0]
    a, b = max(loud[0] - 1, 1), min(loud[-1] + 1, len(level) - 1)
    inner = np.floor(np.linspace(1, len(states) - 1 - 1e-6, max(b - a, 1))).astype(int)
    return np.concatenate([np.zeros(a, int), inner, np.full(len(level) - a - len(inner), len(states) - 1)])


def gaussians(feats, owners, n):
    """Mean and variance per state with a floor; states never seen get the global ones."""
    count = np.bincount(owners, minlength=n)[:, None]
    mean, var = np.zeros((n, feats.shape[1])), np.zeros((n, feats.shape[1]))
    for d in range(feats.shape[1]):
        mean[:, d] = np.bincount(owners, feats[:, d], n)
        var[:, d] = np.bincount(owners, feats[:, d] ** 2, n)
    mean, var = mean / np.maximum(count, 1), var / np.maximum(count, 1)
    var = np.maximum(var - mean**2, 0.05 * feats.var(0))
    return np.where(count > 10, mean, feats.mean(0)), np.where(count > 10, var, feats.var(0))


class Net(torch.nn.Module):
    """State posteriors from 13 frames of context."""

    def __init__(self, inputs, outputs, width=160):
        super().__init__()
        self.layers = torch.nn.ModuleList(
            torch.nn.Conv1d(a, width, 5 if i == 0 else 3, padding="same", dilation=1)
            for i, a in enumerate([inputs, width, width, width, width]))
        self.out = torch.nn.Conv1d(width, outputs, 1)

    def forward(self, x):
        for layer in self.layers:
            y = F.relu(layer(x))
            x = y + x if y.shape == x.shape else y
        return self.out(F.dropout(x, 0.1, self.training))


def train_net(feats, targets, n, epochs, seed):
    """Frame classifier over the whole corpus laid end to end (silence separates the words)."""
    torch.manual_seed(seed)
    net = Net(feats.shape[1], n)
    opt = torch.optim.AdamW(net.parameters(), 2e-3)
    length, batch = 400, 32
    x, y = torch.from_numpy(feats), torch.from_numpy(targets)
    steps = epochs * len(x) // (length * batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(opt, 2e-3, total_steps=steps)
    for step in range(steps):
        at = torch.randint(0, len(x) - length, (batch,))
        xs = torch.stack([x[a:a + length] for a in at]).transpose(1, 2)
        ys = torch.stack([y[a:a + length] for a in at])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            logits = net(xs)
        loss = F.cross_entropy(logits.float(), ys, label_smoothing=0.05)
        opt.zero_grad()
        loss.backward()
        opt.step()
        schedule.step()
        if step % 200 == 0:
            print("net", step, "of", steps, round(loss.item(), 3), flush=True)
    return net.eval()


def gaussian_round(feats, at, tops, mean, var):
    """Viterbi over every word with one Gaussian per state: the paths and their log likelihood."""
    const = -0.5 * np.log(var).sum(1)
    paths, total = [], 0.0
    for i, (states, _) in enumerate(tops):
        x = feats[at[i]:at[i + 1], None]
        score = const[states] - 0.5 * ((x - mean[states][None]) ** 2 / var[states][None]).sum(2)
        paths.append(viterbi(score))
        total += score[np.arange(len(x)), paths[-1]].sum()
    return paths, total


def net_scores(net, feats, prior):
    out = np.empty((len(feats), len(prior)), np.float32)
    with torch.inference_mode():
        for a in range(0, len(feats), 20000):
            left, right = max(a - 20, 0), min(a + 20020, len(feats))
            y = net(torch.from_numpy(feats[left:right].T[None]))[0].log_softmax(0).T.numpy()
            out[a:a + 20000] = y[a - left: a - left + 20000]
    return out - 0.6 * np.log(prior)[None]


def realign(words, tops, scores):
    """Viterbi over every word; scores(i) gives [T, states of the whole set]."""
    return [viterbi(scores(i)[:, tops[i][0]]) for i in range(len(words))]


def labels_of(paths, tops):
    return np.concatenate([tops[i][0][p] for i, p in enumerate(paths)])


def main():
    args = prepare.arguments(__doc__).parse_args()
    torch.set_num_threads(1)
    words = Words(args.cache)
    n = 3 * len(labels.PHONES)
    tops = [topology(words.of("phones", i)) for i in range(len(words))]
    feats = np.concatenate([cepstra(words.of("mel", i), words.of("voiced", i)) for i in range(len(words))])
    feats = same_voice(words, feats)
    keep = [i for i in range(len(words)) if words.frames[i] > len(tops[i][0])]
    assert len(keep) == len(words), "a word is shorter than its states"
    paths = [flat_start(words, i, tops[i][0]) for i in range(len(words))]
    at = words.frame_at
    for round_ in range(6):
        mean, var = gaussians(feats, labels_of(paths, tops), n)
        paths, total = gaussian_round(feats, at, tops, mean, var)
        print("gaussian round", round_, "log likelihood a frame", round(total / at[-1], 3), flush=True)
    scaled = (feats - feats.mean(0)) / feats.std(0)
    for round_ in range(1):
        targets = labels_of(paths, tops)
        net = train_net(scaled.astype(np.float32), targets, n, 6, round_)
        prior = (np.bincount(targets, minlength=n) + 50) / (len(targets) + 50 * n)
        scores = net_scores(net, scaled.astype(np.float32), prior)
        new = realign(words, tops, lambda i: scores[at[i]:at[i + 1]])
        moved = np.mean(np.concatenate([tops[i][1][a] != tops[i][1][b] for i, (a, b) in enumerate(zip(paths, new))]))
        paths = new
        print("net round", round_, "frames that changed phone", round(float(moved), 4), flush=True)
    durations = [np.bincount(tops[i][1][p], minlength=words.units[i] + 2) for i, p in enumerate(paths)]
    np.savez(args.cache / "align.npz", durations=np.concatenate(durations).astype(np.int16))


if __name__ == "__main__":
    main()
