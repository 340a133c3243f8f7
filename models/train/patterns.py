"""What shoppers say, expanded from pattern files: one grammar for the recogniser's training sentences and its language model.

A pattern is a line of hanzi with (one|another|) choices and {slot} names; `<3>` in front gives it weight. Slots are lists in
lm/slots.txt, the articles of the demo shop among the items, or numbers, dates, times, money and names that are made here.
"""

import json
import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPO = HERE.parents[1]
DIGITS = "零一二三四五六七八九"
SAID = dict(zip("0123456789", DIGITS))
GROUP = re.compile(r"\(([^()]*)\)")
SLOT = re.compile(r"\{(\w+)\}")
WEIGHT = re.compile(r"^<(\d+)>")
HOURS = "一 两 三 四 五 六 七 八 九 十 十一 十二".split()


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


def read_out(figures, rng):
    """A string of figures one by one; 1 is yao or yi throughout, as people do."""
    one = rng.choice("一幺")
    return "".join(one if c == "1" else SAID[c] for c in figures)


def random_figures(name, rng):
    """Figures for a slot: digits, digitsN or phone."""
    if name == "phone":
        return "1" + rng.choice("35789") + "".join(rng.choice("0123456789") for _ in range(9))
    length = int(name[6:] or rng.choice((4, 4, 6, 8, 11)))
    return "".join(rng.choice("0123456789") for _ in range(length))


def read_slots():
    """{slot: its words}, the articles of the demo shop among the items."""
    slots = {}
    for line in (HERE / "lm" / "slots.txt").read_text(encoding="utf-8").splitlines():
        name, _, words = line.partition(":")
        if words and not line.startswith("#"):
            slots[name] = words.split()
    for product in json.loads((REPO / "shop" / "demo" / "data" / "products.json").read_text(encoding="utf-8")):
        names = [product["name"], *product["aliases"]]
        slots["item"] += [n for n in names if re.fullmatch("[\u4e00-\u9fff]{2,6}", n)]
    return slots


class Patterns:
    """One pattern file. `figures(slot, rng)` says how runs of digits are written, read out one by one unless told otherwise."""

    def __init__(self, path, rng, figures=None):
        self.rng, self.slots, self.lines = rng, read_slots(), []
        self.figures = figures or (lambda slot, r: read_out(random_figures(slot, r), r))
        for line in Path(path).read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                weight = WEIGHT.match(line)
                self.lines.append((int(weight[1]) if weight else 1, WEIGHT.sub("", line)))

    def expand(self, line):
        line = GROUP.sub(lambda m: self.rng.choice(m[1].split("|")), line)
        return SLOT.sub(lambda m: self.fill(m[1]), line)

    def fill(self, name):
        if name in self.slots:
            return self.rng.choice(self.slots[name])
        if name == "phone" or name.startswith("digits"):
            return self.figures(name, self.rng)
        return getattr(self, "_" + name)()

    def _between(self, low, high):
        return number(self.rng.randint(low, high))

    def _number(self):
        return self.rng.choice([self.rng.choice("一两三四五六七八九十"), self._between(1, 99), self._between(1, 12)])

    def _hour(self):
        return self.rng.choice(HOURS)

    def _minute(self):
        return self.rng.choice(["十", "十五", "二十", "三十", "四十", "五十", "零五", self._between(10, 59)])

    def _time(self):
        part = self.rng.choice(["", "", "上午", "下午", "晚上", "早上", "中午"])
        return part + self._hour() + self.rng.choice(["点", "点", "点半", "点钟", "点" + self._minute() + "分"])

    def _date(self):
        return self._month() + "月" + self._monthday() + self.rng.choice("号号日")

    def _month(self):
        return self._between(1, 12)

    def _monthday(self):
        return self._between(1, 31)

    def _height(self):
        return self.rng.choice([self._between(150, 190), "一米" + self.rng.choice("五六七八") + self.rng.choice(["", *DIGITS[1:]])])

    def _weight(self):
        return self._between(40, 180)

    def _name(self):
        return self.fill("surname") + self.fill("given")

    def _place2(self):
        city = self.rng.choice(["", self.fill("city") + self.rng.choice(["", "市"])])
        return city + self.fill("road") + self.rng.choice(["", self._between(1, 300) + "号"])

    def _money(self):
        rng = self.rng
        n = rng.choice([rng.randint(1, 99), rng.randint(100, 999), rng.choice([100, 200, 300, 500, 1000, 2000]), rng.randint(1000, 9999)])
        text = number(n)
        if text.startswith("二") and n >= 200:
            text = rng.choice("二两") + text[1:]
        cents = rng.choice(["", "", "", "五", "九", "八"])
        return text + rng.choice("块块元") + cents + ("钱" if rng.random() < 0.1 else "")
