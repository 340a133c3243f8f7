"""Texts that a shopper says, with toned pinyin: filled templates, digit strings, and turns of CrossWOZ.

`python sentences.py --data ../shared/data` prints a sample.
"""

import gzip
import json
import random
import re
from pathlib import Path

from pypinyin import Style, lazy_pinyin

import recordings  # makes models/train importable
import patterns
import units

DIGITS = patterns.DIGITS
spoken_digits = patterns.read_out
AS_SAID = {"幺": "yao1", "谁": "shei2"}  # where people differ from the dictionary


class Texts:
    """Draws sentences (hanzi only, no punctuation)."""

    def __init__(self, data):
        self.patterns = patterns.Patterns(recordings.HERE / "templates.txt", random.Random(0))
        lines = [line for _, line in self.patterns.lines]
        self.templates = lines
        self.answers = [t for t in lines if "{" not in t and len(t) <= 4] + list(DIGITS + "幺两十百") * 5
        places = self._places(Path(data) / "dialog" / "admin-divisions" / "pca-code.json")
        self.patterns.slots["city"], self.patterns.slots["district"] = zip(*places)
        self.turns = self._turns(Path(data) / "dialog" / "crosswoz" / "turns_val.jsonl.gz")

    @staticmethod
    def _places(path):
        pairs = []
        for province in json.loads(path.read_text(encoding="utf-8")):
            for city in province["children"]:
                name = province["name"] if city["name"] in ("市辖区", "县") else city["name"]
                pairs += [(name, d["name"]) for d in city["children"]]
        return pairs

    @staticmethod
    def _turns(path):
        clauses = []
        with gzip.open(path, "rt", encoding="utf-8") as f:
            for line in f:
                for clause in re.split(r"[，。！？；、,.!?~：:（）()\s]", json.loads(line)["text"]):
                    if 2 <= len(clause) <= 16 and re.fullmatch(r"[一-鿿0-9]+", clause):
                        clauses.append(clause)
        return clauses

    def answer(self, rng):
        """What is said alone: yes, no, a digit, a greeting."""
        return rng.choice(self.answers)

    def draw(self, rng):
        """One sentence; nearly half from templates, a fifth digit strings, the rest everyday clauses of CrossWOZ."""
        kind = rng.random()
        if kind < 0.55:
            self.patterns.rng = rng
            return self.patterns.expand(rng.choice(self.templates))
        if kind < 0.70:
            return spoken_digits("".join(rng.choice("0123456789") for _ in range(rng.randint(1, 11))), rng)
        clause = rng.choice(self.turns)
        return re.sub(r"\d+", lambda m: patterns.number(int(m[0][-5:])), clause)


def pinyin(text):
    """Toned pinyin of the table for each character, for example ["yao1", "ni3"]; None when one is unknown."""
    out = lazy_pinyin(text, style=Style.TONE3, neutral_tone_with_five=True, v_to_u=False)
    out = [AS_SAID.get(c, p) for c, p in zip(text, out)] if len(out) == len(text) else out
    return out if all(units.base(p) for p in out) else None


def main():
    args = recordings.arguments(__doc__).parse_args()
    texts, rng = Texts(args.data), random.Random(1)
    for _ in range(40):
        text = texts.draw(rng)
        print(text, " ".join(pinyin(text) or ["?"]))


if __name__ == "__main__":
    main()
