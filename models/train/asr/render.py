"""Renders sentences with espeak-ng and caches them: joined speech with exact labels, from a machine's voices.

The Mandarin ones teach rhythm and transitions, the English ones what letters, sizes and brands sound like between Mandarin
words. Timbre comes from the augmentation. HELD_OUT voices are never trained on; proxy.py measures with them.
"""

import csv
import random
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cache
import recordings
import sentences
import units

HELD_OUT = ("f2", "Annie", "Linda", "m3", "Michael", "Andy")
VARIANTS = ("", "f1", "f3", "f4", "f5", "m1", "m2", "m4", "m5", "m6", "m7", "m8", "Adam", "Alex", "Alicia", "Andrea", "antonio", "aunty",
            "belinda", "benjamin", "caleb", "david", "Denis", "ed", "edward", "Gene", "grandma", "grandpa", "Henrique", "Hugo", "klatt",
            "klatt2", "klatt3", "klatt4", "klatt6", "Lee", "marcelo", "Marco", "Mario", "max", "michel", "miguel", "mike", "pablo", "paul",
            "pedro", "quincy", "rob", "robert", "sandro", "shelby", "steph", "travis", "victor")
COUNT = 5000
STRANGE = ("check", "sorry", "Samsung", "Adidas", "Google", "please", "coffee", "style", "Windows", "delivery", "return", "Chanel", "Gucci",
           "black", "gift card", "computer", "free size", "new balance", "Uniqlo", "Bluetooth", "cancel", "service", "Dyson", "Philips",
           "order", "thank you", "no problem", "sale", "fashion", "outlet", "Starbucks", "Lego", "Disney", "model", "version two")
ENGLISH = recordings.HERE.parent / "lexicon" / "english.tsv"


def speak(job):
    path, text, voice, pitch, speed = job
    if not path.exists():
        subprocess.run(["espeak-ng", "-v", voice, "-p", str(pitch), "-s", str(speed), "-w", str(path), text],
                       check=True, capture_output=True)


def variant(language, name):
    return f"{language}+{name}" if name else language


def entry(path, text, said, name):
    return {"path": path.name, "text": text, "syllables": [units.base(s) for s in said], "pinyin": " ".join(said),
            "speaker": "espeak " + name, "source": "espeak", "held": False, "trim": True}


def mandarin(data, folder, count, seed=7, voices=VARIANTS):
    """Jobs for espeak-ng and the matching cache entries: sentences a shopper says."""
    texts, rng, jobs, entries = sentences.Texts(data), random.Random(seed), [], []
    while len(jobs) < count:
        text = texts.draw(rng)
        said = sentences.pinyin(text)
        if not said or not 2 <= len(said) <= 14:
            continue
        path, name = folder / f"{len(jobs):05d}.wav", rng.choice(voices)
        jobs.append((path, " ".join(said), variant("cmn-latn-pinyin", name), rng.randint(5, 90), rng.randint(150, 270)))
        entries.append(entry(path, text, said, name))
    return jobs, entries


def english():
    """[(written, reading in toned pinyin)] of the lexicon's English words."""
    with open(ENGLISH, encoding="utf-8") as f:
        return [(r["word"], r["reading"].split()) for r in csv.DictReader(f, delimiter="\t")]


def foreign(folder, rounds=8):
    """English words: those of the lexicon labelled as Mandarin speakers say them, others without a label."""
    rng, jobs, entries = random.Random(8), [], []
    words = [(w, r) for w, r in english() if w.isascii()]
    for i in range(rounds):
        for text, said in words + [(w, []) for w in STRANGE]:
            path, name = folder / f"en{len(jobs):04d}.wav", rng.choice(VARIANTS)
            spelt = " ".join(text) if text.isupper() else text
            jobs.append((path, spelt, variant(rng.choice(("en-us", "en-gb")), name), rng.randint(5, 90), rng.randint(140, 230)))
            entries.append({**entry(path, text, said, name), "source": "foreign"})
    return jobs, entries


def build(data, where):
    """Renders and caches; `where` is the cache folder."""
    folder = Path(where) / "espeak-wav"
    folder.mkdir(parents=True, exist_ok=True)
    jobs, entries = mandarin(data, folder, COUNT)
    more, others = foreign(folder)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(speak, jobs + more))
    cache.build(entries + others, folder, Path(where) / "espeak")


if __name__ == "__main__":
    args = recordings.arguments(__doc__).parse_args()
    build(args.data, args.cache)
