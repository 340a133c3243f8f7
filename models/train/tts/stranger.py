"""A listener who never heard the voice: reads initial, final and tone of single syllables.

One small net per voice, trained on the single syllables of all other people of the data, so that agreement with it cannot
come from the recordings that the voice was made of. It is fed 96 frames of filter bank with the speaker's mean removed and
the speaker's pitch in semitones round the speaker's median. Formants and tempo are varied in training. Syllables
that the voice says and the same ones as the person recorded them are read by the same net.
"""

import json

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import convert
import ear
import features
import labels
import prepare
import speakers
import speak

T = 96
INITIALS = ["-"] + labels.units.INITIALS
FINALS = labels.units.FINALS
OTHERS = [speakers.Speaker("chen", "audio-cmn/syllabs/", False, 100, 520, 235.0, 0.3, 1e-5, 1e-6),
          speakers.Speaker("davin", "davinfifield/", False, 100, 520, 235.0, 0.3, 1e-5, 1e-6)]


def view(x, low, high):
    """What the net is fed of a sound: [T frames, 82] of filter bank, semitones over the sound's median, voicing."""
    f0, voiced = features.pitch(x, low, high)
    mel = np.asarray(ear.dsp.fbank(x), np.float32)
    n = min(len(mel), len(f0))
    on = voiced[:n] > 0
    semitones = 12 * np.log2(f0[:n])
    return np.concatenate([mel[:n], semitones[:, None], on[:, None].astype(np.float32)], 1).astype(np.float32)


def classes(label):
    """(initial, final, tone) of a label of one syllable without its silences."""
    names = [labels.PHONES[p] for p in label.phones]
    return (INITIALS.index(names[0] if len(names) > 1 else "-"), FINALS.index(names[-1]), label.tones[-1] - 1)


def recordings(data, who, rng):
    """All single syllables of a person: views, classes, names. Words of several syllables are left out."""
    views, targets, names = [], [], []
    for r in prepare.rows(data, who):
        label = who.label(r)
        if label is None or len(r["pinyin"].split()) != 1:
            continue
        x = features.load(data / "speech" / r["path"], who, rng)
        if 25 <= len(x) // features.HOP:
            views.append(view(x, who.f0_low, who.f0_high))
            targets.append(classes(label))
            names.append(r["path"])
    return centred(views), np.array(targets), names


def centred(views):
    """A speaker's views with the mean filter bank of loud frames and the median pitch taken out."""
    everything = np.concatenate(views)
    loud = everything[:, :80].mean(1) > np.percentile(everything[:, :80].mean(1), 60)
    mean = everything[loud, :80].mean(0)
    middle = np.median(everything[everything[:, 81] > 0, 80])
    out = []
    for v in views:
        v = v.copy()
        v[:, :80] = (v[:, :80] - mean) / 3
        v[:, 80] = np.where(v[:, 81] > 0, (v[:, 80] - middle) / 4, 0)
        out.append(v)
    return out


def fit(v, rng=None):
    """Exactly T frames of a view; with rng, of a voice with another vocal tract and tempo, at another level."""
    if rng is not None:
        v = v.copy()
        v[:, :80] = convert.warp(v[:, :80], rng.uniform(0.84, 1.16)) + rng.normal(0, 0.15) + rng.normal(0, 0.1) * np.linspace(-1, 1, 80)
        v[:, 80] += rng.normal(0, 0.15) * v[:, 81]
        n = int(len(v) * rng.uniform(0.7, 1.2))
        v = v[np.linspace(0, len(v) - 1, n).round().astype(int)]
    if len(v) > T:
        v = v[np.linspace(0, len(v) - 1, T).round().astype(int)]
    out = np.tile(np.concatenate([v[-1:, :80], np.zeros((1, 2), np.float32)], 1), (T, 1))
    out[:len(v)] = v
    return out


class Listener(nn.Module):
    """Convolutions in time, mean and maximum over it, three answers."""

    def __init__(self, width=192):
        super().__init__()
        sizes = [82, width, width, width]
        self.layers = nn.ModuleList(nn.Conv1d(a, b, 5, stride=2 if k else 1, padding=2) for k, (a, b) in enumerate(zip(sizes, sizes[1:])))
        self.hidden = nn.Linear(width * T // 4, 256)
        self.out = nn.Linear(256, len(INITIALS) + len(FINALS) + 5)

    def forward(self, x):
        x = x.transpose(1, 2)
        for layer in self.layers:
            x = F.dropout1d(F.relu(layer(x)), 0.1, self.training)
        x = F.dropout(F.relu(self.hidden(x.flatten(1))), 0.3, self.training)
        return self.out(x).split([len(INITIALS), len(FINALS), 5], 1)


def train(views, targets, steps=1500, seed=4):
    """A listener for people whose views these are."""
    rng = np.random.default_rng(seed)
    torch.manual_seed(seed)
    net = Listener()
    opt = torch.optim.AdamW(net.parameters(), 2e-3, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(opt, 2e-3, total_steps=steps)
    for step in range(steps):
        some = rng.integers(len(views), size=64)
        x = torch.from_numpy(np.stack([fit(views[i], rng) for i in some]))
        with torch.autocast("cpu", dtype=torch.bfloat16):
            answers = net(x)
        loss = sum(F.cross_entropy(a.float(), torch.from_numpy(targets[some, k]), label_smoothing=0.05) for k, a in enumerate(answers))
        opt.zero_grad()
        loss.backward()
        opt.step()
        schedule.step()
        if step % 250 == 0:
            print("listener", step, round(loss.item(), 3), flush=True)
    return net.eval()


def read(net, views):
    """Classes heard [N, 3]."""
    out = []
    with torch.inference_mode():
        for a in range(0, len(views), 256):
            out.append(np.stack([p.argmax(1).numpy() for p in net(torch.from_numpy(np.stack([fit(v) for v in views[a:a + 256]])))], 1))
    return np.concatenate(out)


def said(voice, who, k, wanted):
    """Views of single syllables spoken by the voice. wanted: (initial, final, tone) classes."""
    views, rng = [], np.random.default_rng(6)
    for initial, final, tone in wanted:
        label = labels.Label()
        label.add(labels.SIL, 0, 0)
        if INITIALS[initial] != "-":
            label.add(INITIALS[initial], 0, labels.ONLY)
        label.add(FINALS[final], int(tone) + 1, labels.ONLY)
        label.add(labels.SIL, 0, 0)
        x = voice.sound(*voice.frames(label, 0.8, k)[:3]).astype(np.float64)
        views.append(view(x + features.DITHER * rng.standard_normal(len(x)), who.f0_low, who.f0_high))
    return centred(views)


def score(heard, wanted):
    right = heard == wanted
    full = wanted[:, 2] < 4
    return {"syllables": len(wanted), "initial": rate(right[:, 0]), "final": rate(right[:, 1]), "tone": rate(right[full, 2]),
            "initial_and_final": rate(right[:, 0] & right[:, 1])}


def rate(x):
    return round(float(np.mean(x)), 4)


def confusions(heard, wanted, names, k, most=8):
    """The commonest wrong answers, as said>heard."""
    pairs = [f"{names[w]}>{names[h]}" for h, w in zip(heard[:, k], wanted[:, k]) if h != w]
    return {p: pairs.count(p) for p in sorted(set(pairs), key=lambda p: (-pairs.count(p), p))[:most]}


def people(args):
    """Views, classes and names of everybody, read once."""
    path = args.cache / "syllables.npz"
    if path.exists():
        return np.load(path, allow_pickle=True)["people"].item()
    rng = np.random.default_rng(2)
    out = {who.name: recordings(args.data, who, rng) for who in [*speakers.VOICES, *OTHERS]}
    np.savez(path, people=np.array(out, dtype=object))
    return out


def listener(args, everybody, name):
    """The net that never heard name, trained once."""
    path = args.cache / f"stranger-{name}.pt"
    if not path.exists():
        rest = [v for k, v in everybody.items() if k != name]
        net = train([x for v in rest for x in v[0]], np.concatenate([v[1] for v in rest]))
        torch.save(net.state_dict(), path)
    net = Listener()
    net.load_state_dict(torch.load(path))
    return net.eval()


def judge(args, voice):
    """By voice: what a stranger makes of the person's recordings and of the voice saying the same syllables."""
    everybody, out = people(args), {}
    for k, who in enumerate(speakers.VOICES):
        net = listener(args, everybody, who.name)
        views, wanted, _ = everybody[who.name]
        some = np.random.default_rng(7).permutation(len(views))[:500]
        wanted = wanted[some]
        heard = read(net, said(voice, who, k, wanted))
        out[who.name] = {"recordings": score(read(net, [views[i] for i in some]), wanted), "voice": score(heard, wanted),
                         "initials_misheard": confusions(heard, wanted, INITIALS, 0), "finals_misheard": confusions(heard, wanted, FINALS, 1)}
    return out


def main():
    p = prepare.arguments(__doc__)
    p.add_argument("--models", type=speak.Path, default=speak.BUILTIN)
    args = p.parse_args()
    torch.set_num_threads(1)
    print(json.dumps(judge(args, speak.Voice(args.models)), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
