"""Reads the words of Yue Tan once and writes the cache that the other steps share: sound, F0, voicing, envelope, labels."""

import argparse
import csv
import hashlib
from pathlib import Path

import numpy as np

import features
import labels

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


def rows(data):
    with open(data / "speech/transcripts.tsv", encoding="utf-8") as f:
        for r in csv.DictReader(f, delimiter="\t"):
            if r["path"].startswith("audio-cmn/hsk/") and r["quality"] == "ok":
                yield r


def main():
    args = arguments(__doc__).parse_args()
    args.cache.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(1)
    out = {k: [] for k in ("audio", "f0", "voiced", "mel", "phones", "tones", "positions", "names", "frames", "units")}
    for r in rows(args.data):
        label = labels.word(r["hanzi"], r["pinyin"])
        if label is None:
            continue
        x = features.load(args.data / "speech" / r["path"], rng)
        if not 30 <= len(x) // features.HOP <= 400:
            continue
        f0, voiced = features.pitch(x)
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
            print(len(out["names"]), "words", flush=True)
    flat = {k: np.concatenate(v) for k, v in out.items() if k not in ("names", "frames", "units")}
    np.savez(args.cache / "words.npz", names=np.array(out["names"]), frames=np.array(out["frames"]),
             units=np.array(out["units"]), **flat)
    print(len(out["names"]), "words,", round(sum(out["frames"]) / 6000, 1), "minutes")


if __name__ == "__main__":
    main()
