"""From a word's hanzi and pinyin to what the voice is asked to say: phones, tones, positions.

The recordings are labelled with citation tones although the speaker makes the sandhi, so the sandhi of the third tone, of
一 and of 不 is applied here; a voice trained on the citation tones would learn that tone 3 is sometimes tone 2.
"""

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import units  # noqa: E402  (models/train/units.py: the inventory shared with the recogniser)

SIL, SP = "sil", "sp"
PHONES = [SIL, SP] + units.INITIALS + units.FINALS
PHONE_ID = {p: i for i, p in enumerate(PHONES)}

# Place of a syllable in its prosodic unit (what is said without a break): every phone of the syllable carries it.
INNER, FIRST, LAST, ONLY = 0, 1, 2, 3

DIGITS = set("零二三四五六七八九十百千万亿第初")


@dataclass
class Label:
    phones: list = field(default_factory=list)
    tones: list = field(default_factory=list)
    positions: list = field(default_factory=list)

    def add(self, phone, tone, position):
        self.phones.append(PHONE_ID[phone])
        self.tones.append(tone)
        self.positions.append(position)


def parse(pinyin):
    """Splits "yi1 xia4" into [(syllable, tone)], tone 5 for the neutral one; None when a syllable is not Mandarin."""
    out = []
    for token in pinyin.split():
        digits = re.findall(r"[0-5]", token)
        syllable = units.base(token)
        if syllable is None:
            return None
        tone = int(digits[-1]) if digits else 5
        out.append((syllable, tone or 5))
    return out


def sandhi(hanzi, tones):
    """Tones as spoken for a word's citation tones (Chao 1968, chapter 1.3.4)."""
    tones = list(tones)
    chars = hanzi if len(hanzi) == len(tones) else " " * len(tones)
    for i, char in enumerate(chars):
        before = chars[i - 1] if i else ""
        after = tones[i + 1] if i + 1 < len(tones) else 0
        between = 0 < i < len(chars) - 1 and chars[i - 1] == chars[i + 1]
        if char in "一不" and between:
            tones[i] = 5
        elif char == "一" and after and before not in DIGITS and chars[i + 1] not in DIGITS | set("月日号"):
            tones[i] = 2 if after in (4, 5) else 4
        elif char == "不" and after == 4:
            tones[i] = 2
    for i in range(len(tones) - 1):
        if tones[i] == 3 and tones[i + 1] == 3:
            tones[i] = 2
    return tones


def word(hanzi, pinyin):
    """Label of one isolated word without its silences, or None when the pinyin cannot be read."""
    parsed = parse(pinyin)
    if not parsed:
        return None
    tones = sandhi(hanzi, [t for _, t in parsed])
    label = Label()
    for i, ((syllable, _), tone) in enumerate(zip(parsed, tones)):
        position = place(i, len(parsed))
        for unit in units.units(syllable):
            label.add(unit, tone if unit in FINAL_SET else 0, position)
    return label


def place(i, n):
    """Position code of syllable i of n in one prosodic unit."""
    if n == 1:
        return ONLY
    return FIRST if i == 0 else LAST if i == n - 1 else INNER


FINAL_SET = set(units.FINALS)
