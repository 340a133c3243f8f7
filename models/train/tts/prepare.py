"""Reads the recordings of every voice once and writes the cache that the other steps share: sound, F0, voicing, envelope, labels."""

import argparse
import csv
import hashlib
from pathlib import Path

import numpy as np

import features
import speakers

HERE = Path(__file__).resolve().parent


def arguments(description):
    """The options that every recipe of the voice has."""
    p = argparse.ArgumentParser(description=description)
    p.add_argument("--data", type=Path, default=HERE / "../../../../shared/data", help="folder that holds speech/")
    p.add_argument("--cache", type=Path, default=HERE.parent / ".cache/tts", help="features, checkpoints, logs")
    return p


def held_out(path):
    """True for the 5 % of words that no training sees, chosen by name so that the choice never moves."""
    return int(hashlib.sha256(path.encode()).hexdigest(), 16) % 20 == 0


def rows(data, who):
    """The rows of transcripts.tsv that are fit to train a voice on who."""
    with open(data / "speech/transcripts.tsv", encoding="utf-8") as f:
        for r in csv.DictReader(f, delimiter="\t"):
            if r["path"].startswith(who.folder) and r["quality"] == "ok":
                yield r


def read(data, who):
    """All recordings of who as lists of arrays, one item per recording."""
    rng = np.random.default_rng(1)
    out = {k: [] for k in ("audio", "f0", "voiced", "mel", "phones", "tones", "positions", "names", "frames", "units")}
    for r in rows(data, who):
        label = who.label(r)
        if label is None:
            continue
        x = features.load(data / "speech" / r["path"], who, rng)
        if not 30 <= len(x) // features.HOP <= 400:
            continue
        f0, voiced = features.pitch(x, who.f0_low, who.f0_high)
        out["mel"].append(features.envelope(x, f0, voiced).astype(np.float16))
        out["audio"].append((x * 32767).astype(np.int16))
        out["f0"].append(f0.astype(np.float32))
        out["voiced"].append(voiced.astype(np.float32))
        out["phones"].append(np.array(label.phones, np.int16))
        out["tones"].append(np.array(label.tones, np.int16))
        out["positions"].append(np.array(label.positions, np.int16))
        out["names"].append(r["path"])
        out["frames"].append(len(f0))
        out["units"].append(len(label.phones))
        if len(out["names"]) % 1000 == 0:
            print(len(out["names"]), "words of", who.name, flush=True)
    return out


def main():
    args = arguments(__doc__).parse_args()
    args.cache.mkdir(parents=True, exist_ok=True)
    for who in speakers.VOICES:
        out = read(args.data, who)
        flat = {k: np.concatenate(v) for k, v in out.items() if k not in ("names", "frames", "units")}
        np.savez(args.cache / f"words-{who.name}.npz", names=np.array(out["names"]), frames=np.array(out["frames"]),
                 units=np.array(out["units"]), **flat)
        print(len(out["names"]), "words of", who.name, round(sum(out["frames"]) / 6000, 1), "minutes", flush=True)


if __name__ == "__main__":
    main()
