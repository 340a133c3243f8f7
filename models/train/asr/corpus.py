"""The cached clips, and which of them are put together into one made-up utterance."""

import json
import random
from collections import defaultdict
from pathlib import Path

import numpy as np

import render
import sentences
import units

SYLLABLE_SOURCES = ("syllabs", "davinfifield", "hantts")


class Cache:
    """One cache folder, memory-mapped."""

    def __init__(self, folder):
        folder = Path(folder)
        self.power = np.load(folder / "power.npy", mmap_mode="r")
        self.envelope = np.load(folder / "envelope.npy", mmap_mode="r")
        self.pitch = np.load(folder / "pitch.npy")
        self.flux = np.load(folder / "flux.npy")
        self.clips = json.loads((folder / "clips.json").read_text())
        voiced = defaultdict(list)
        for c in self.clips:
            f0 = self.pitch[c["start"]:c["start"] + c["frames"]]
            voiced[c["speaker"]].append(f0[f0 > 0])
        self.median = {s: float(np.median(np.concatenate(v))) if sum(map(len, v)) else 180.0 for s, v in voiced.items()}


class Part:
    """A stretch of one cached clip with what is said in it."""

    __slots__ = ("cache", "clip", "start", "frames", "syllables")

    def __init__(self, cache, clip, start=None, frames=None, syllables=None):
        self.cache, self.clip = cache, clip
        self.start = clip["start"] if start is None else start
        self.frames = clip["frames"] if frames is None else frames
        self.syllables = clip["syllables"] if syllables is None else syllables


class Planner:
    """Chooses the parts of an utterance; everything random comes from the generator passed in."""

    def __init__(self, recordings, rendered, data, cuts=None):
        self.recordings, self.rendered = recordings, rendered
        self.texts = sentences.Texts(data)
        self.words = defaultdict(list)       # hanzi -> clips of the word voice
        self.toned = defaultdict(list)       # (speaker group, "ni3") -> parts
        self.toneless = defaultdict(list)    # (speaker group, "ni") -> parts
        self.students = defaultdict(list)
        self.word_clips, self.fillers = [], []  # fillers: English, nothing to write down
        self.sentences, self.foreign = [], []   # rendered ones
        self.english = [said for _, said in render.english()]
        self._index(cuts or {})
        self.by_syllable = ["syllabs", "davinfifield", "hantts", "hantts"] + ["cut", "cut"] * bool(cuts)  # the man twice
        self.voices = ["hsk", "hsk", "mixed"] + self.by_syllable
        self.keys = defaultdict(list)        # group -> its keys in toneless
        for key in self.toneless:
            self.keys[key[0]].append(key)
        for clip in rendered.clips if rendered else ():
            kind = self.sentences if clip["source"] == "espeak" else self.foreign if clip["syllables"] else self.fillers
            kind.append(Part(rendered, clip))

    def _index(self, cuts):
        for clip in self.recordings.clips:
            if clip["held"]:
                continue
            part = Part(self.recordings, clip)
            if not clip["syllables"]:
                self.fillers.append(part)
                continue
            if clip["source"] == "dspspeech20":
                self.students[clip["speaker"]].append(part)
                self._cut(cuts, clip, "student " + clip["speaker"])
                continue
            if clip["source"] == "hsk":
                self.words[clip["text"]].append(part)
                self.word_clips.append(part)
            if len(part.syllables) == 1:
                self._add(clip["source"], clip["pinyin"].split()[0], part)
            self._cut(cuts, clip, "cut")

    def _cut(self, cuts, clip, group):
        for (start, frames), tone, syllable in zip(cuts.get(clip["path"], []), clip["pinyin"].split(), clip["syllables"]):
            self._add(group, tone, Part(self.recordings, clip, clip["start"] + start, frames, [syllable]))

    def _add(self, group, tone, part):
        self.toned[group, tone].append(part)
        self.toneless[group, part.syllables[0]].append(part)

    def draw(self, rng):
        """Returns (parts, joined); joined is False for words said alone."""
        kind = rng.random()
        if kind < 0.40:
            parts = self._sentence(self.texts.draw, rng)
            if rng.random() < 0.4:  # in any order: the net shall hear the words, not guess the sentence
                rng.shuffle(parts)
            if rng.random() < 0.10:
                self._insert_english(parts, rng)
            return parts, len(parts) > 3 or rng.random() < 0.5
        if kind < 0.54:
            return [rng.choice(self.word_clips) for _ in range(rng.randint(1, 6))], True
        if kind < 0.65:
            return self._syllables_at_random(rng), rng.random() < 0.7
        if kind < 0.72:
            return [rng.choice(self.word_clips)], False
        if kind < 0.81:
            return self._sentence(self.texts.answer, rng), rng.random() < 0.3
        if kind < 0.90 or not self.sentences:
            return self._student(rng), rng.random() < 0.5
        return [rng.choice(self.sentences)], True

    def _insert_english(self, parts, rng):
        """An English word somewhere: one of the lexicon, by a Mandarin or an English mouth, or one that nobody writes down."""
        at, kind = rng.randrange(len(parts) + 1), rng.random()
        if kind < 0.5 or not self.foreign:
            said = [self._syllable(tone, rng.choice(self.by_syllable), rng) for tone in rng.choice(self.english)]
            parts[at:at] = [p for p in said if p] if all(said) else []
        else:
            parts.insert(at, rng.choice(self.foreign if kind < 0.75 else self.fillers))

    def _sentence(self, draw, rng):
        while True:
            text = draw(rng)
            said = sentences.pinyin(text)
            if not said or len(said) > 16:
                continue
            voice = rng.choice(self.voices)
            parts = self._cover(text, said, voice, rng)
            if parts:
                return parts

    def _cover(self, text, said, voice, rng):
        """Longest words first where the word voice speaks, else syllable by syllable."""
        parts, at = [], 0
        while at < len(text):
            length = 0
            if voice == "hsk" or (voice == "mixed" and rng.random() < 0.5):
                length = next((n for n in (4, 3, 2) if text[at:at + n] in self.words and at + n <= len(text)), 0)
            if length:
                parts.append(rng.choice(self.words[text[at:at + length]]))
                at += length
                continue
            part = self._syllable(said[at], voice, rng)
            if part is None:
                return None
            parts.append(part)
            at += 1
        return parts

    def _syllable(self, tone, voice, rng):
        order = [voice] if voice in SYLLABLE_SOURCES + ("cut",) else []
        if voice == "hsk":
            order = ["cut", "hsk"] if rng.random() < 0.8 else ["hsk", "cut"]
        rest = ["cut", "hsk", *SYLLABLE_SOURCES]
        rng.shuffle(rest)
        for index in (self.toned, self.toneless):
            for group in order + rest:
                found = index.get((group, tone if index is self.toned else units.base(tone)))
                if found:
                    return rng.choice(found)
        return None

    def _syllables_at_random(self, rng):
        keys = self.keys[rng.choice(self.by_syllable)]
        return [rng.choice(self.toneless[rng.choice(keys)]) for _ in range(rng.choice((1, 1, 1, 2, 3, 5, 8)))]

    def _student(self, rng):
        """Words of one student, or their syllables shuffled among others, lest a real microphone betray the dozen words."""
        speaker = rng.choice(list(self.students))
        keys = self.keys.get("student " + speaker)
        if keys and rng.random() < 0.6:
            said = [rng.choice(self.toneless[rng.choice(keys)]) for _ in range(rng.randint(1, 5))]
        else:
            said = [rng.choice(self.students[speaker]) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
        for _ in range(rng.choice((0, 0, 1, 2))):
            said.insert(rng.randrange(len(said) + 1), rng.choice(self.word_clips))
        return said


def labels(parts):
    """Unit names of all parts in order."""
    return [u for p in parts for s in p.syllables for u in units.units(s)]


def planner(cache, data):
    """Opens the caches under `cache`; rendered sentences and syllable cuts are used when they exist."""
    cache = Path(cache)
    rendered = Cache(cache / "espeak") if (cache / "espeak" / "clips.json").exists() else None
    cuts = json.loads((cache / "cuts.json").read_text()) if (cache / "cuts.json").exists() else None
    return Planner(Cache(cache / "recordings"), rendered, data, cuts)


if __name__ == "__main__":
    import recordings
    args = recordings.arguments(__doc__).parse_args()
    plan, rng = planner(args.cache, args.data), random.Random(1)
    for _ in range(20):
        parts, joined = plan.draw(rng)
        print(joined, [p.clip["path"] for p in parts], " ".join(labels(parts)))
