"""Sentences for the language model: patterns expanded with slots, spoken numbers, and public dialogue text.

`python corpus.py` prints a sample. Sentences are hanzi as spoken, no punctuation; <digits> stands for a run of digits (the
decoder's sub-grammar) and <phrase> for a name that the dialog may add to a turn.
"""

import gzip
import json
import random
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
DIGITS = "零一二三四五六七八九"
GROUP = re.compile(r"\(([^()]*)\)")
SLOT = re.compile(r"\{(\w+)\}")
WEIGHT = re.compile(r"^<(\d+)>")
FILLERS = "嗯 呃 那个 就是 哦 啊 哎 唉 这个 然后 嗯那个 对 好 那 你好 不好意思 喂".split()
ENDINGS = "啊 呢 吧 呀 哦 啦 谢谢 好吧 好吗 行吗 可以吗 嘛".split()
PHRASE_SHARE = 0.06  # how often an article's name is written as <phrase>


def number(n):
    """0..99,999 in Chinese, as spoken."""
    if n < 10:
        return DIGITS[n]
    out, zero = "", False
    for unit, size in (("万", 10000), ("千", 1000), ("百", 100), ("十", 10), ("", 1)):
        digit, n = divmod(n, size)
        if digit:
            out += ("零" if zero and out else "") + DIGITS[digit] + unit
            zero = False
        else:
            zero = True
    return out[1:] if out.startswith("一十") else out


REPO = HERE.parents[2]


def read_slots():
    """The slot words, with the articles of the demo shop among them."""
    slots = {}
    for line in (HERE / "slots.txt").read_text(encoding="utf-8").splitlines():
        name, _, words = line.partition(":")
        if words:
            slots[name] = words.split()
    for product in json.loads((REPO / "shop" / "demo" / "data" / "products.json").read_text(encoding="utf-8")):
        names = [product["name"], *product["aliases"]]
        slots["item"] += [n for n in names if re.fullmatch("[\u4e00-\u9fff]{2,6}", n)]
    return slots


class Patterns:
    """Expands one pattern file."""

    def __init__(self, path, rng):
        self.rng, self.slots, self.lines = rng, read_slots(), []
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                weight = WEIGHT.match(line)
                self.lines.append((int(weight[1]) if weight else 1, WEIGHT.sub("", line)))

    def sentences(self, per_line):
        for weight, line in self.lines:
            for _ in range(per_line * weight):
                yield self.expand(line)

    def expand(self, line):
        line = GROUP.sub(lambda m: self.rng.choice(m[1].split("|")), line)
        text = SLOT.sub(lambda m: self.fill(m[1]), line)
        if self.rng.random() < 0.04:
            text = self.rng.choice(FILLERS) + text
        if self.rng.random() < 0.03:
            text += self.rng.choice(ENDINGS)
        return text

    def fill(self, name):
        rng = self.rng
        match name:
            case "digits" | "digits4" | "phone":
                return " <digits> "
            case "number":
                return rng.choice([rng.choice("一两三四五六七八九十"), number(rng.randint(1, 99)), number(rng.randint(1, 12))])
            case "hour":
                return rng.choice("一 两 三 四 五 六 七 八 九 十 十一 十二".split())
            case "minute":
                return rng.choice(["十", "十五", "二十", "三十", "四十", "五十", "零五", number(rng.randint(10, 59))])
            case "time":
                part = rng.choice(["", "", "上午", "下午", "晚上", "早上", "中午"])
                return part + self.fill("hour") + rng.choice(["点", "点", "点半", "点钟", "点" + self.fill("minute") + "分"])
            case "date":
                return number(rng.randint(1, 12)) + "月" + number(rng.randint(1, 31)) + rng.choice("号号日")
            case "height":
                return rng.choice([number(rng.randint(150, 190)), "一米" + rng.choice(["五", "六", "七", "八"]) + rng.choice(["", *DIGITS[1:]])])
            case "weight":
                return number(rng.randint(40, 180))
            case "money":
                return self.money()
            case "name":
                return rng.choice(self.slots["surname"]) + rng.choice(self.slots["given"])
            case "place2":
                return rng.choice(["", rng.choice(self.slots["city"]) + rng.choice(["", "市"])]) + rng.choice(self.slots["road"]) + \
                    rng.choice(["", number(rng.randint(1, 300)) + "号"])
            case "item" if rng.random() < PHRASE_SHARE:
                return " <phrase> "
        return rng.choice(self.slots[name])

    def money(self):
        n = self.rng.choice([self.rng.randint(1, 99), self.rng.randint(100, 999), self.rng.choice([100, 200, 300, 500, 1000, 2000]),
                             self.rng.randint(1000, 9999)])
        text = number(n)
        if text.startswith("二") and n >= 200:
            text = self.rng.choice("二两") + text[1:]
        cents = self.rng.choice(["", "", "", "五", "九", "八"])
        return text + self.rng.choice("块块元") + cents + ("钱" if self.rng.random() < 0.1 else "")


HANZI = re.compile(r"[^\u4e00-\u9fff<>a-zT恤 ]+")
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
