"""Builds the recogniser's language model and lexicon: `python models/train/lm/build.py` writes models/builtin/asr-zh-lm.gz.

Needs: pip install jieba pypinyin. Reads ../shared/data (CrossWOZ text and the word list of the HSK recordings). The format is
described in asr/lm/format.go. Seeds are fixed: the same inputs give the same file.
"""

import argparse
import csv
import gzip
import random
import re
import struct
import sys
from collections import Counter
from pathlib import Path

import jieba
from pypinyin import Style, lazy_pinyin

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]
import corpus  # noqa: E402
import ngram  # noqa: E402
import units  # noqa: E402

SPECIAL = ["<s>", "</s>", "<digits>", "<phrase>"]
SCALE = 1500  # stored = natural logarithm times this, as int16
COMMON_WORDS = 9000  # words of the general dictionary that are added to those of the corpus
MIX = {"shop": 0.86, "talk": 0.09, "words": 0.05}
THRESHOLDS = (2e-8, 4e-8)

# Readings that speakers really use beside the dictionary's; tones do not matter here.
READINGS = {
    "还": "hai huan", "长": "chang zhang", "重": "zhong chong", "行": "xing hang", "得": "de dei", "了": "le liao", "地": "de di",
    "着": "zhe zhao", "都": "dou du", "会": "hui kuai", "谁": "shei shui", "那": "na nei", "哪": "na nei", "这": "zhe zhei",
    "血": "xie xue", "熟": "shu shou", "薄": "bao bo", "角": "jiao jue", "给": "gei ji", "率": "lv shuai", "色": "se shai",
    "便": "bian pian", "差": "cha chai", "乐": "le yue", "觉": "jue jiao", "调": "diao tiao", "藏": "cang zang", "没": "mei mo",
    "大": "da dai", "单": "dan", "幺": "yao", "嗯": "en ng", "这个": "zhege zheige", "那个": "nage neige", "哪个": "nage neige",
    "哪里": "nali", "这些": "zhexie zheixie", "那些": "naxie neixie", "什么": "shenme",
}
SPLIT = {"zhege": ("zhe", "ge"), "zheige": ("zhei", "ge"), "nage": ("na", "ge"), "neige": ("nei", "ge"), "nali": ("na", "li"),
         "zhexie": ("zhe", "xie"), "zheixie": ("zhei", "xie"), "naxie": ("na", "xie"), "neixie": ("nei", "xie"),
         "shenme": ("shen", "me")}


def english():
    """{word: readings in toneless syllables} of Latin letters, sizes and words, as Mandarin speakers say them."""
    out = {}
    with open(HERE.parent / "lexicon" / "english.tsv", encoding="utf-8") as f:
        for row in csv.DictReader(f, delimiter="\t"):
            out.setdefault(row["word"], []).append(tuple(re.sub("[0-9]", "", row["reading"]).split()))
    return out


ENGLISH = english()


def readings(word):
    """Toneless pronunciations of a word, most usual first: tuples of syllables of the table."""
    found = ENGLISH.get(word, [])
    if word in READINGS:
        found = [SPLIT.get(r, (r,)) for r in READINGS[word].split()]
    elif all("\u4e00" <= c <= "\u9fff" for c in word):
        plain = tuple(lazy_pinyin(word, style=Style.NORMAL, v_to_u=False))
        if len(plain) == len(word):
            found = [plain]
    return [tuple(map(units.base, r)) for r in found if all(units.base(s) for s in r)]


def segment(text):
    for piece in text.split():
        if piece.startswith("<"):
            yield piece
        else:
            yield from jieba.cut(piece, HMM=False)


def shop_sentences(rng):
    for name, share in (("shopper", 300), ("agent", 100), ("everyday", 80)):
        for text in corpus.Patterns(HERE / f"{name}.txt", rng).sentences(share):
            yield list(segment(text))
    for text in corpus.intents():
        yield from [list(segment(text))] * 12
    for text in corpus.replies():
        yield from [list(segment(text))] * 5


def heard_words(data):
    """Words of the HSK recordings: a broad everyday vocabulary, each also an utterance of its own."""
    with open(Path(data) / "speech" / "transcripts.tsv", encoding="utf-8") as f:
        for row in csv.DictReader(f, delimiter="\t"):
            if row["path"].startswith("audio-cmn/hsk") and row["quality"] != "pattern":
                yield row["hanzi"]


def general_words():
    """The most frequent words of the general dictionary (jieba, MIT)."""
    jieba.initialize()
    ranked = sorted(((f, w) for w, f in jieba.dt.FREQ.items() if f and len(w) <= 4), reverse=True)
    return {w: f for f, w in ranked[: 3 * COMMON_WORDS] if readings(w)}


def slot_words():
    for words in corpus.patterns.read_slots().values():
        for w in words:
            if len(w) <= 4:
                jieba.add_word(w, 20000)
    for w in ENGLISH:
        jieba.add_word(w, 20000)
    for w in ("转人工", "退换货", "订单号", "尾号", "手机号", "运费险", "没收到", "不用了", "幺"):
        jieba.add_word(w, 20000)
    for w in ("不要再", "是的", "好的", "对的", "这个", "那个"):
        jieba.add_word(w, 200000)


def build(data, seed):
    rng = random.Random(seed)
    jieba.initialize()
    general = general_words()
    slot_words()
    shop = [s for s in shop_sentences(rng) if s]
    talk = [list(segment(c)) for c in corpus.crosswoz(data)]
    single = [[w] for w in heard_words(data) if readings(w)]
    vocabulary = Counter(w for s in shop for w in s)
    common = Counter(w for s in talk for w in s)
    words = {w for w in vocabulary if w in SPECIAL or readings(w)}
    words |= {w for w, c in common.items() if c >= 2 and len(w) <= 4 and readings(w)}
    words |= {w for s in single for w in s if len(w) <= 4}
    words |= set(sorted(general, key=general.get, reverse=True)[:COMMON_WORDS])
    words |= {c for w in list(words) if w not in SPECIAL for c in w if readings(c)}
    words |= set(corpus.patterns.DIGITS) | {"幺", "两"} | set(ENGLISH) | set(SPECIAL)
    missing = Counter(w for s in shop for w in s if w not in words)
    print("without a reading:", missing.most_common(10))
    usable = lambda ss: [s for s in ss if all(w in words for w in s)]  # noqa: E731
    size = len(words) - 1
    spread = Counter({w: general.get(w, 1) ** 0.7 for w in words if w not in SPECIAL})
    mixture = ngram.Mixture([
        (MIX["shop"], ngram.WittenBell(usable(shop), 3, size)),
        (MIX["talk"], ngram.WittenBell(usable(talk) + single, 2, size)),
        (MIX["words"], ngram.Unigram(spread)),
    ])
    order = SPECIAL + sorted(words - set(SPECIAL))
    return order, ngram.Backoff(mixture, order, THRESHOLDS)


def fixed(p):
    import math
    return max(-32767, min(32767, round(math.log(max(p, 1e-9)) * SCALE)))


def pack(words, lm):
    """The file's bytes before gzip; see asr/lm/format.go."""
    syllables = sorted({s for w in words if w not in SPECIAL for r in readings(w) for s in r})
    index, sid = {w: i for i, w in enumerate(words)}, {s: i for i, s in enumerate(syllables)}
    out = [b"WAGGLELM", struct.pack("<II", 1, len(syllables))]
    out += [struct.pack("<B", len(s)) + s.encode() for s in syllables]
    out.append(struct.pack("<I", len(words)))
    for w in words:
        raw, prons = w.encode(), [] if w in SPECIAL else readings(w)
        out.append(struct.pack("<B", len(raw)) + raw + struct.pack("<B", len(prons)))
        out += [struct.pack(f"<B{len(r)}H", len(r), *(sid[s] for s in r)) for r in prons]
    bi = sorted((index[a], index[b], p) for (a, b), p in lm.bi.items())
    tri = sorted((index[a], index[b], index[c], p) for (a, b, c), p in lm.tri.items())
    out.append(struct.pack("<II", len(bi), len(tri)))
    starts = Counter(a for a, _, _ in bi)
    at = 0
    for w in words:
        out.append(struct.pack("<hhI", fixed(lm.uni.get(w, 1e-9)), fixed(lm.bow.get((w,), 1.0)), at))
        at += starts[index[w]]
    starts, at = Counter((a, b) for a, b, _, _ in tri), 0
    for a, b, p in bi:
        out.append(struct.pack("<HhhI", b, fixed(p), fixed(lm.bow.get((words[a], words[b]), 1.0)), at))
        at += starts[a, b]
    out += [struct.pack("<Hh", c, fixed(p)) for _, _, c, p in tri]
    print(f"{len(words)} words, {len(bi)} bigrams, {len(tri)} trigrams")
    return b"".join(out)


def main():
    args = argparse.ArgumentParser(description=__doc__)
    args.add_argument("--data", default=str(HERE.parents[3] / "shared" / "data"))
    args.add_argument("--out", default=str(HERE.parents[1] / "builtin" / "asr-zh-lm.gz"))
    args.add_argument("--seed", type=int, default=20261120)
    a = args.parse_args()
    raw = pack(*build(a.data, a.seed))
    Path(a.out).write_bytes(gzip.compress(raw, 9, mtime=0))
    print(len(raw), "bytes,", Path(a.out).stat().st_size, "packed")


if __name__ == "__main__":
    main()
