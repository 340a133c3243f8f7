"""Damage and variety for training: what recognisers, thumbs and habits do to a sentence, on tokens."""

import random


class Noise:
    """words: {concept: [tokens of a word]}; alike: {sound: [characters]}."""

    def __init__(self, words, alike, rng: random.Random):
        self.words, self.alike, self.rng = words, alike, rng
        self.fillers = {}

    def __call__(self, t):
        rng = self.rng
        cells = list(zip(t["Chars"], t["Sounds"], t["Concepts"]))
        if rng.random() < 0.5:
            cells = self.synonyms(cells)
        if rng.random() < 0.35:
            cells = self.misheard(cells)
        if rng.random() < 0.3 and len(cells) >= 6:
            cells = [c for c in cells if rng.random() > 0.12] or cells
        if rng.random() < 0.2 and self.fillers:
            cells = rng.choice(self.fillers["front"]) + cells
        if rng.random() < 0.15 and self.fillers:
            cells = cells + rng.choice(self.fillers["end"])
        return cells[:48]

    def synonyms(self, cells):
        """Writes words of a concept as other words of it."""
        out, i = [], 0
        while i < len(cells):
            name, j = cells[i][2], i + 1
            while j < len(cells) and name and cells[j][2] == name:
                j += 1
            choices = self.words.get(name)
            out += self.rng.choice(choices) if choices and self.rng.random() < 0.3 else cells[i:j]
            i = j
        return out

    def misheard(self, cells):
        """Writes characters as others of the same sound; their word is no longer known."""
        out = []
        for c, s, g in cells:
            if s and self.rng.random() < 0.2 and s in self.alike:
                c, g = self.rng.choice(self.alike[s]), ""
            elif self.rng.random() < 0.03:
                c, g = "<unk>", ""
            out.append((c, s, g))
        return out
