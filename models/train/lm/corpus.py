"""Sentences for the language model: patterns expanded with slots, spoken numbers, and public dialogue text.

`python corpus.py` prints a sample. Sentences are hanzi as spoken, no punctuation; <digits> stands for a run of digits (the
decoder's sub-grammar) and <phrase> for a name that the dialog may add to a turn.
"""

import gzip
import json
import random
import re
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import patterns  # noqa: E402  (models/train/patterns.py, shared with the recogniser's training)

REPO = patterns.REPO
FILLERS = "嗯 呃 那个 就是 哦 啊 哎 唉 这个 然后 嗯那个 对 好 那 你好 不好意思 喂".split()
ENDINGS = "啊 呢 吧 呀 哦 啦 谢谢 好吧 好吗 行吗 可以吗 嘛".split()
PHRASE_SHARE = 0.06  # how often an article's name is written as <phrase>


class Patterns(patterns.Patterns):
    """Expands one pattern file for counting: runs of digits and some articles stay symbols, some sentences hum before or after."""

    def __init__(self, path, rng):
        super().__init__(path, rng, figures=lambda slot, r: " <digits> ")

    def sentences(self, per_line):
        for weight, line in self.lines:
            for _ in range(per_line * weight):
                yield self.expand(line)

    def expand(self, line):
        text = super().expand(line)
        if self.rng.random() < 0.04:
            text = self.rng.choice(FILLERS) + text
        if self.rng.random() < 0.03:
            text += self.rng.choice(ENDINGS)
        return text

    def fill(self, name):
        if name == "item" and self.rng.random() < PHRASE_SHARE:
            return " <phrase> "
        return super().fill(name)


ASCII = re.compile(r"[0-9A-Za-z]")


def clauses(text):
    """Pieces of running text between punctuation, those with figures or Latin letters left out."""
    for piece in re.split(r"[，。！？；：、,.!?;:…~\-—（）()“”\"《》\s]+", text):
        if 1 < len(piece) <= 24 and not ASCII.search(piece) and all("\u4e00" <= c <= "\u9fff" for c in piece):
            yield piece


def crosswoz(data):
    """Clauses of CrossWOZ (Zhu et al., TACL 2020; Apache-2.0): real typed dialogue of other trades, for everyday syntax."""
    with gzip.open(Path(data) / "dialog" / "crosswoz" / "turns_val.jsonl.gz", "rt", encoding="utf-8") as f:
        for line in f:
            yield from clauses(json.loads(line)["text"])


def intents():
    """Utterances that the dialog's classifier is trained on, when they are there (not its held-out file)."""
    path = REPO / "dialog" / "nlu" / "data" / "train.tsv"
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines()[1:]:
            yield from clauses(line.split("\t")[0])


def replies():
    """What the robot itself says: the string literals of its conversation code, cut where a record's value is put in."""
    for path in sorted((REPO / "dialog").glob("**/*.go")):
        if not path.name.endswith("_test.go"):
            for literal in re.findall(r'"([^"\n]*)"', path.read_text(encoding="utf-8")):
                yield from clauses(re.sub(r"%\w", "，", literal))


if __name__ == "__main__":
    rng = random.Random(7)
    for name in ("shopper", "agent", "everyday"):
        drawn = list(Patterns(HERE / f"{name}.txt", rng).sentences(3))
        print(name, len(drawn), rng.sample(drawn, 15))
