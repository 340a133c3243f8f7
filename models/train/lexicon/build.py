"""Makes mandarin/lexicon.tsv.gz: words, how likely they are, and how they are read where the characters alone would not tell.

    python models/train/lexicon/build.py --jieba DIR/jieba/dict.txt --go-pinyin DIR/pinyin_dict.go

Sources: word frequencies of jieba 0.42.1 (MIT, Sun Junyi), readings of phrases of pypinyin (MIT, Huang Huang; phrase-pinyin-data),
readings of characters of go-pinyin v0.21.0 (MIT, the table that the product falls back on). Two hand-written tables win over all of
them: own.tsv beside this file (words of shops, and the unstressed syllables that dictionaries give with their full tone) and
mandarin/characters.tsv (the usual reading of a character, where go-pinyin's first one is not it; `alone` holds for words of one
character only).

Columns of the output: word, cost (-10 ln p, an integer), reading. The reading is left out when every character has its usual one.
"""

import argparse
import csv
import gzip
import math
import re
import unicodedata
from pathlib import Path

HERE = Path(__file__).resolve().parent
MANDARIN = HERE.parents[2] / "mandarin"
OUT = MANDARIN / "lexicon.tsv.gz"
HANZI = re.compile(r"^[\u4e00-\u9fff\u3007]+$")
MARKS = {"\u0304": 1, "\u0301": 2, "\u030c": 3, "\u0300": 4}
MIN_WEIGHT = 40  # rarer words of jieba are left out
RARE = 3  # weight of a phrase that only pypinyin knows
CHILDREN = tuple("女儿 婴儿 幼儿 孤儿 少儿 胎儿 生儿 血儿 产儿 宠儿 健儿 男儿 托儿 育儿 弃儿 小儿 患儿 妻儿".split())  # 儿 is a word here
CITATION = {"一": "yi1", "不": "bu4"}  # their sandhi is the product's business


def numbered(marked):
    """"lǜ" -> "lv4"; a syllable without a mark has the neutral tone 5."""
    tone, letters = 5, []
    for c in unicodedata.normalize("NFD", marked):
        if c in MARKS:
            tone = MARKS[c]
        elif c == "\u0308":
            letters[-1] = "v"
        elif c == "\u0302":
            letters[-1] = "ei"
        else:
            letters.append(c)
    return "".join(letters) + str(tone)


def rows(path):
    with open(path, encoding="utf-8") as f:
        yield from csv.DictReader(f, delimiter="\t")


def characters(go_pinyin):
    usual = {}
    for code, readings in re.findall(r'0x([0-9A-F]+): "([^"]+)"', Path(go_pinyin).read_text(encoding="utf-8")):
        usual[chr(int(code, 16))] = numbered(readings.split(",")[0])
    table = list(rows(MANDARIN / "characters.tsv"))
    usual.update((r["character"], r["reading"]) for r in table if r["where"] == "always")
    return usual


def frequencies(jieba):
    out = {}
    for line in open(jieba, encoding="utf-8"):
        word, weight, _ = line.split()
        if HANZI.match(word) and (len(word) == 1 or int(weight) >= MIN_WEIGHT) and len(word) <= 5:
            out[word] = max(int(weight), 1)
    return out


def citation(word, reading):
    out = [CITATION[c] if c in CITATION and not r.endswith("5") else r for c, r in zip(word, reading)]
    if len(word) == 3 and word[1] == "不" and word[0] != word[2]:
        out[1] = "bu5"  # 来不及
    if len(word) > 1 and word[-1] == "儿" and not word.endswith(CHILDREN):
        out[-1] = "er5"  # 差点儿
    return out


def phrase_readings():
    from pypinyin.phrases_dict import phrases_dict

    for word, parts in phrases_dict.items():
        if HANZI.match(word) and 2 <= len(word) <= 6 and len(parts) == len(word):
            yield word, citation(word, [numbered(p[0]) for p in parts])


def words(jieba, usual):
    weight, reading = frequencies(jieba), {}

    def set_reading(word, r):
        reading.pop(word, None)
        if r != [usual.get(c) for c in word] and all(r):
            reading[word] = r

    for word, r in phrase_readings():
        set_reading(word, r)
    alone = {r["character"] for r in rows(MANDARIN / "characters.tsv") if r["where"] == "alone"}
    for word, _ in phrase_readings():  # also 就地, which must not fall apart into characters read alone
        if word in reading or alone & set(word):
            weight.setdefault(word, RARE)
    known = {w for w, _ in phrase_readings()}
    for row in rows(HERE / "own.tsv"):
        word = row["word"]
        weight[word] = max(weight.get(word, 0), int(row["weight"]))
        if row["reading"]:
            known.add(word)
            set_reading(word, citation(word, row["reading"].split()))
    for word in weight:  # 重庆市 is read as its part 重庆 is
        if len(word) > 1 and word not in known:
            set_reading(word, citation(word, compose(word, reading, usual)))
    return weight, reading


def compose(word, reading, usual):
    """Reads a compound from its known parts, longest first."""
    out, i = [], 0
    while i < len(word):
        for n in range(min(4, len(word) - i), 0, -1):
            part = word[i:i + n]
            if part in reading or n == 1:
                out += reading.get(part, [usual.get(c, "") for c in part])
                i += n
                break
    return out


def write(weight, reading):
    total = sum(weight.values())
    lines = [f"{w}\t{round(-10 * math.log(n / total))}\t{' '.join(reading.get(w, []))}".rstrip("\t") for w, n in sorted(weight.items())]
    with open(OUT, "wb") as f, gzip.GzipFile(fileobj=f, mode="wb", compresslevel=9, mtime=0, filename="") as z:
        z.write(("\n".join(lines) + "\n").encode())
    print(f"{len(lines)} words, {len(reading)} with a reading, {OUT.stat().st_size} bytes")


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--jieba", required=True, help="dict.txt of the jieba 0.42.1 source package")
    p.add_argument("--go-pinyin", required=True, help="pinyin_dict.go of github.com/mozillazg/go-pinyin v0.21.0")
    a = p.parse_args()
    write(*words(a.jieba, characters(a.go_pinyin)))


if __name__ == "__main__":
    main()
