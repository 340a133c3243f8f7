"""Interpolated Witten-Bell n-grams, linear mixture, entropy pruning.

Witten and Bell, "The zero-frequency problem", IEEE Trans. Information Theory 37 (1991); Stolcke, "Entropy-based pruning of
backoff language models", DARPA workshop 1998. Small and plain: counts of a few million words fit in dictionaries.
"""

import math
from collections import Counter, defaultdict


class WittenBell:
    """p(w|h) interpolated down to a unigram that is itself smoothed to uniform over size words."""

    def __init__(self, sentences, order, size):
        self.order, self.size = order, size
        self.counts = [Counter() for _ in range(order)]
        for words in sentences:
            words = ["<s>", *words, "</s>"]
            for n in range(order):
                self.counts[n].update(tuple(words[i : i + n + 1]) for i in range(len(words) - n))
        del self.counts[0][("<s>",)]  # never predicted
        self.total, self.types = Counter(), Counter()
        for table in self.counts:
            for gram, c in table.items():
                self.total[gram[:-1]] += c
                self.types[gram[:-1]] += 1

    def p(self, gram):
        """p(last | the others)."""
        context = gram[:-1]
        lower = self.p(gram[1:]) if context else 1 / self.size
        total = self.total[context]
        if not total:
            return lower
        types = self.types[context]
        return (self.counts[len(gram) - 1][gram] + types * lower) / (total + types)


class Mixture:
    """Weighted sum of models."""

    def __init__(self, parts):
        self.parts = parts  # [(weight, model)]

    def p(self, gram):
        return sum(w * m.p(gram[-m.order :]) for w, m in self.parts)

    def grams(self, n):
        return set().union(*(m.counts[n - 1] for _, m in self.parts if m.order >= n))

    def context_mass(self, context):
        """About how often a context is met: the weight of pruning decisions."""
        return sum(w * m.total[context] / max(m.total[()], 1) for w, m in self.parts if len(context) < m.order)


class Unigram:
    """A plain word distribution with the interface of WittenBell."""

    order = 1

    def __init__(self, weights):
        total = sum(weights.values())
        self.counts = [Counter({(w,): c for w, c in weights.items()})]
        self.probability = {w: c / total for w, c in weights.items()}
        self.total = Counter({(): total})

    def p(self, gram):
        return self.probability.get(gram[-1], 0.0)


class Backoff:
    """What ships: kept n-grams with probabilities, and weights that make every context sum to one."""

    def __init__(self, mixture, words, thresholds):
        self.words = words
        self.uni = {w: mixture.p((w,)) for w in words if w != "<s>"}
        self.bi = self._keep(mixture, 2, thresholds[0])
        tri = self._keep(mixture, 3, thresholds[1])
        for gram in tri:  # a trigram's context must be a kept bigram
            self.bi.setdefault(gram[:2], mixture.p(gram[:2]))
        self.tri = {g: p for g, p in tri.items() if g[:2] in self.bi}
        self.bow = self._weights()

    def _keep(self, mixture, n, threshold):
        kept = {}
        for gram in mixture.grams(n):
            if gram[-1] == "<s>" or any(w not in self.uni and w != "<s>" for w in gram):
                continue
            p, lower = mixture.p(gram), mixture.p(gram[1:])
            if mixture.context_mass(gram[:-1]) * p * math.log(p / lower) > threshold:
                kept[gram] = p
        return kept

    def lower(self, gram):
        """The probability that backing off gives to a gram without its first word."""
        if len(gram) == 2:
            return self.uni[gram[1]]
        tail = gram[1:]
        return self.bi[tail] if tail in self.bi else self.bow.get(tail[:1], 1.0) * self.uni[tail[1]]

    def _weights(self):
        self.bow = {}
        for table in (self.bi, self.tri):
            kept, backed = defaultdict(float), defaultdict(float)
            for gram, p in table.items():
                kept[gram[:-1]] += p
                backed[gram[:-1]] += self.lower(gram)
            for context in kept:
                self.bow[context] = max(1 - kept[context], 1e-7) / max(1 - backed[context], 1e-7)
        return self.bow
