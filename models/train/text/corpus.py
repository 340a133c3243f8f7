"""What the text encoder is trained on, as tokens of the gateway's own tokeniser (./tokens).

Utterances come from dialog/nlu/data/train.tsv, moods from mood.tsv beside this file, insults also from COLD, unlabelled text
from CrossWOZ and COLD. heldout.tsv, otherhand.tsv, double.tsv and clauses.tsv are never read.
"""

import csv
import gzip
import io
import json
import random
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
NLU = ROOT / "dialog/nlu/data"
DATA = ROOT.parent / "shared/data/dialog"


def rows(path):
    with open(path, encoding="utf-8") as f:
        return [line.rstrip("\n").split("\t") for line in f][1:]


def tokens(texts):
    """One {"Chars", "Sounds", "Concepts"} for each text."""
    done = subprocess.run(["go", "run", "./models/train/text/tokens"], cwd=ROOT, check=True, stdout=subprocess.PIPE,
                          input="\n".join(t.replace("\n", " ") for t in texts).encode())
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


def cold(split):
    """(text, offensive) of COLD (Deng et al., EMNLP 2022), short ones only."""
    with gzip.open(DATA / f"cold/{split}.csv.gz", "rb") as f:
        table = csv.DictReader(io.TextIOWrapper(f, encoding="utf-8"))
        return [(r["TEXT"], int(r["label"])) for r in table if r["TEXT"] and len(r["TEXT"]) <= 40]


def crosswoz():
    """(text, about a place or a ride) of CrossWOZ's turns (Zhu et al., TACL 2020)."""
    out = []
    with gzip.open(DATA / "crosswoz/turns_val.jsonl.gz", "rt", encoding="utf-8") as f:
        for line in f:
            turn = json.loads(line)
            acts = {a[0] for a in turn["acts"]}
            out.append((turn["text"], turn["role"] == "usr" and bool(acts & {"Inform", "Request"})))
    return out


def concepts():
    """{concept: [words]} of concepts.tsv."""
    return {name: words.split() for name, words in rows(NLU / "concepts.tsv")}


# Intents whose utterances are angry, worried or pleased more often than not: they teach the mood heads with less weight.
MOODS = {"complaint": ("negative", "angry"), "insult": ("negative", "angry"), "dispute": ("negative", "angry"),
         "hurry": ("negative", "anxious"), "thanks": ("positive", "satisfied"), "damaged": ("negative", "none"),
         "parcel": ("neutral", "none"), "price": ("neutral", "none"), "size": ("neutral", "none"), "stock": ("neutral", "none"),
         "invoice": ("neutral", "none"), "usage": ("neutral", "none"), "policy": ("neutral", "none"), "recommend": ("neutral", "none")}


def load(rng: random.Random, fold=None, folds=5):
    """Everything, tokenised: utterances [(tokens, intent, weight)], those kept for validation, moods, insults, plain texts."""
    utterances = [(t, i, 1.0) for t, i in rows(NLU / "train.tsv")]
    rng.shuffle(utterances)
    kept = []
    if fold is not None:
        kept = utterances[fold::folds]
        utterances = [u for n, u in enumerate(utterances) if n % folds != fold]
    wild = crosswoz()
    far = [t for t, about in wild if about]
    rng.shuffle(far)
    utterances += [(t, "oos", 0.5) for t in far[:700]]
    offensive = cold("train")
    rng.shuffle(offensive)
    utterances += [(t, "oos", 0.3) for t, bad in offensive if not bad][:400]
    moods = [(t, s, e, 1.0) for t, s, e in rows(Path(__file__).parent / "mood.tsv")]
    moods += [(t, *MOODS[i], 0.3) for t, i, _ in utterances if i in MOODS]
    insults = [(t, float(i == "insult"), 1.0) for t, i, _ in utterances if i == "insult" or rng.random() < 0.2]
    insults += [(t, float(bad), 0.5) for t, bad in offensive[:6000]]
    plain = [t for t, _ in wild] + [t for t, _ in offensive[:4000]] + [u[0] for u in utterances]
    lists = [[u[0] for u in utterances], [u[0] for u in kept], [m[0] for m in moods], [i[0] for i in insults], plain]
    flat = tokens([t for part in lists for t in part])
    parts, at = [], 0
    for part in lists:
        parts.append(flat[at:at + len(part)])
        at += len(part)
    return {"utterances": [(k, *u[1:]) for k, u in zip(parts[0], utterances)], "kept": [(k, u[1], u[0]) for k, u in zip(parts[1], kept)],
            "moods": [(k, *m[1:]) for k, m in zip(parts[2], moods)], "insults": [(k, *i[1:]) for k, i in zip(parts[3], insults)],
            "plain": parts[4]}
