"""Test sentences by voices that training never heard, as far as that can be had without recordings of strangers.

    python models/train/asr/proxy.py --data ../shared/data --out FOLDER

writes WAV files and manifest.tsv (path, text, speaker, gender, kind) for `waggle eval asr --manifest FOLDER/manifest.tsv --root FOLDER`:

    machine   shop sentences from the patterns of the language model, by espeak-ng voices that render.py keeps out of training
    digits    runs of 4 to 11 figures by the same voices
    joined    two or three held-back words of the word voice, quickened, cross-faded and spoken again by WORLD (Morise et al. 2016)
              with the pitch and the formants of invented strangers: their sounds are human, their texts are no sentences

None of it is a person speaking freely: what these sets show is what changes from one model to the next.
"""

import csv
import random
from pathlib import Path

import numpy as np
import pyworld
import soundfile as sf
from scipy.signal import resample_poly

import cache
import dsp
import recordings  # makes models/train importable
import patterns
import render
import sentences

FEMALE = {"f2", "Annie", "Linda"}
STRANGERS = (("woman", "F"), ("man", "M"), ("low", "M"), ("girl", "F"))
PITCH = {"woman": (190, 240), "man": (100, 140), "low": (75, 95), "girl": (260, 310)}
FORMANTS = {"woman": (0.98, 1.07), "man": (0.84, 0.90), "low": (0.78, 0.85), "girl": (1.10, 1.18)}


def shop_texts(rng, count):
    """Sentences in hanzi, 4 to 14 characters, each once."""
    shopper, found = patterns.Patterns(recordings.HERE.parent / "lm" / "shopper.txt", rng), set()
    for weight, line in shopper.lines:
        for _ in range(6 * weight):
            text = shopper.expand(line)
            if 4 <= len(text) <= 14 and len(sentences.pinyin(text) or "") == len(text):
                found.add(text)
    return rng.sample(sorted(found), count)


def machine(folder, rng, texts, kind):
    """Renders texts by the held-out voices -> manifest rows."""
    rows = []
    for i, text in enumerate(texts):
        name = render.HELD_OUT[i % len(render.HELD_OUT)]
        path = folder / f"{kind}{i:03d}.wav"
        voice = render.variant("cmn-latn-pinyin", name)
        render.speak((path, " ".join(sentences.pinyin(text)), voice, rng.randint(25, 75), rng.randint(170, 230)))
        rows.append((path.name, text, "espeak " + name, "F" if name in FEMALE else "M", kind))
    return rows


def spoken(wave):
    """Without the silence at both ends."""
    first, last = cache.trim(dsp.power(wave))
    return wave[first * dsp.SHIFT:last * dsp.SHIFT]


def joined(waves, overlap=480):
    """Cross-fades over 30 ms."""
    out = waves[0]
    ramp = np.linspace(0, 1, overlap, dtype=np.float32)
    for wave in waves[1:]:
        mixed = out[-overlap:] * (1 - ramp) + wave[:overlap] * ramp
        out = np.concatenate([out[:-overlap], mixed, wave[overlap:]])
    return out


def strange(wave, stranger, rng):
    """The same words at 4 to 5 syllables a second in another person's pitch and formants."""
    wide = wave.astype(np.float64)
    pitch, at = pyworld.dio(wide, dsp.RATE, frame_period=5, f0_floor=60, f0_ceil=600)
    pitch = pyworld.stonemask(wide, pitch, at, dsp.RATE)
    envelope = pyworld.cheaptrick(wide, pitch, at, dsp.RATE)
    rough = pyworld.d4c(wide, pitch, at, dsp.RATE)
    quick = rng.uniform(1.5, 1.9)  # words said alone last about twice as long as in a sentence
    keep = np.minimum(np.round(np.arange(0, len(at), quick)).astype(int), len(at) - 1)
    bins = envelope.shape[1]
    source = np.minimum(np.arange(bins) / rng.uniform(*FORMANTS[stranger]), bins - 1)
    low = source.astype(int)
    share = source - low
    bent = np.log(envelope[keep])
    bent = np.exp(bent[:, low] * (1 - share) + bent[:, np.minimum(low + 1, bins - 1)] * share)
    voiced = pitch[keep]
    voiced = voiced * rng.uniform(*PITCH[stranger]) / np.median(voiced[voiced > 0]) * np.linspace(1.06, 0.92, len(keep))
    bent, rough = np.ascontiguousarray(bent), np.ascontiguousarray(rough[keep])
    return pyworld.synthesize(voiced, bent, rough, dsp.RATE, frame_period=5).astype(np.float32)


def words(data, folder, rng, count):
    held = [e for e in recordings.load(data) if e["held"] and e["source"] == "hsk" and 2 <= len(e["syllables"]) <= 3]
    rows = []
    for i in range(count):
        stranger, gender = STRANGERS[i % len(STRANGERS)]
        chosen = rng.sample(held, rng.choice((2, 2, 3)))
        wave = joined([spoken(cache.read(Path(data) / "speech" / e["path"])) for e in chosen])
        wave = np.pad(strange(wave, stranger, rng), 4000)
        path = folder / f"joined{i:03d}.wav"
        sf.write(path, wave / np.abs(wave).max() * 0.5, dsp.RATE)
        rows.append((path.name, "".join(e["text"] for e in chosen), "invented " + stranger, gender, "joined"))
    return rows


def even(folder, rows):
    """16 kHz, 16 bits, 0.25 s of faint noise around the speech."""
    for path, *_ in rows:
        wave, rate = sf.read(folder / path, dtype="float32")
        wave = resample_poly(wave, dsp.RATE, rate).astype(np.float32) if rate != dsp.RATE else wave
        wave = np.pad(wave, 4000) if "joined" not in path else wave
        wave = wave + np.random.default_rng(1).normal(0, 1e-4, len(wave)).astype(np.float32)
        sf.write(folder / path, np.clip(wave, -1, 1), dsp.RATE, subtype="PCM_16")


def main():
    parser = recordings.arguments(__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--count", type=int, default=150, help="items a kind")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    rng = random.Random(2026)
    runs = [sentences.spoken_digits("".join(rng.choice("0123456789") for _ in range(rng.choice((4, 6, 8, 11)))), rng)
            for _ in range(args.count // 3)]
    rows = machine(args.out, rng, shop_texts(rng, args.count), "machine") + machine(args.out, rng, runs, "digits")
    rows += words(args.data, args.out, rng, args.count)
    even(args.out, rows)
    with open(args.out / "manifest.tsv", "w", encoding="utf-8", newline="") as f:
        out = csv.writer(f, delimiter="\t", lineterminator="\n")
        out.writerow(["path", "text", "speaker", "gender", "kind"])
        out.writerows(rows)
    print(f"{args.out}: {len(rows)} recordings")


if __name__ == "__main__":
    main()
