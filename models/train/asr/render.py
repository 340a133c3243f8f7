"""Renders sentences with espeak-ng's Mandarin and caches them: joined speech with exact labels, from a machine's voices.

They teach rhythm and transitions, never timbre; the augmentation draws them for a minority of utterances.
"""

import random
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cache
import recordings
import sentences
import units

VARIANTS = ["", "+f1", "+f2", "+f3", "+f4", "+f5", "+m1", "+m2", "+m3", "+m4", "+m5", "+m6", "+m7", "+m8"]
COUNT = 2500


def speak(job):
    path, text, voice, pitch, speed = job
    if not path.exists():
        subprocess.run(
            ["espeak-ng", "-v", "cmn-latn-pinyin" + voice, "-p", str(pitch), "-s", str(speed), "-w", str(path), text],
            check=True, capture_output=True)


def plan(data, folder, count=COUNT):
    """Jobs for espeak-ng and the matching cache entries."""
    texts, rng, jobs, entries = sentences.Texts(data), random.Random(7), [], []
    while len(jobs) < count:
        text = texts.draw(rng)
        said = sentences.pinyin(text)
        if not said or not 3 <= len(said) <= 14:
            continue
        path = folder / f"{len(jobs):05d}.wav"
        jobs.append((path, " ".join(said), rng.choice(VARIANTS), rng.randint(10, 90), rng.randint(150, 260)))
        entries.append({"path": path.name, "text": text, "syllables": [units.base(s) for s in said], "pinyin": " ".join(said),
                        "speaker": "espeak" + jobs[-1][2], "source": "espeak", "held": False, "trim": True})
    return jobs, entries


def build(data, where):
    """Renders and caches; `where` is the cache folder."""
    folder = Path(where) / "espeak-wav"
    folder.mkdir(parents=True, exist_ok=True)
    jobs, entries = plan(data, folder)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(speak, jobs))
    cache.build(entries, folder, Path(where) / "espeak")


if __name__ == "__main__":
    args = recordings.arguments(__doc__).parse_args()
    build(args.data, args.cache)
