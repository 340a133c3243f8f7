"""Fits the weights of asr/confidence.go on the speakers of one half and says how well they hold for those of the other.

    waggle eval asr --manifest ALL.tsv --details clean.tsv            and so on for other conditions
    python models/train/asr/calibrate.py clean.tsv phone.tsv babble.tsv

Logistic regression (Platt 1999) of "at most a fifth of the characters is wrong" on what the search knows: gap, language and lead.
Speakers are split by REPORTED, never recordings: nobody is fitted and reported on.
"""

import argparse
import csv

import numpy as np

REPORTED = ("dspspeech20_d30", "dspspeech20_d33", "dspspeech20_d34", "tcl606", "espeak Annie", "espeak Michael", "espeak Andy",
            "invented man", "invented girl")
RIGHT_WITHIN = 0.2  # as in asr/eval
NAMES = ("bias", "gap", "language", "nearest")
RIDGE = 1e-3


def load(paths):
    """Features [n, 4], whether right [n], whether the speaker is reported on [n], the product's confidence [n]."""
    rows = []
    for path in paths:
        with open(path, encoding="utf-8") as f:
            rows += [r for r in csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE) if r["heard"]]
    x = np.array([[1, float(r["gap"]), float(r["language"]), float(r["lead"])] for r in rows])
    right = np.array([float(r["errors"]) <= RIGHT_WITHIN * float(r["chars"]) for r in rows])
    return x, right, np.array([r["speaker"] in REPORTED for r in rows]), np.array([float(r["confidence"]) for r in rows])


def logistic(z):
    return 1 / (1 + np.exp(-z))


def fit(x, y):
    """Newton's method."""
    w = np.zeros(x.shape[1])
    for _ in range(50):
        p = logistic(x @ w)
        w += np.linalg.solve((x.T * (p * (1 - p))) @ x + RIDGE * np.eye(len(w)), x.T @ (y - p) - RIDGE * w)
    return w


def calibration_error(p, y, bins=10):
    bin_of = np.minimum((p * bins).astype(int), bins - 1)
    return sum(abs(p[bin_of == b].mean() - y[bin_of == b].mean()) * (bin_of == b).mean() for b in range(bins) if (bin_of == b).any())


def area(p, y):
    """Under the ROC curve, by ranks (Mann and Whitney 1947)."""
    values, index, count = np.unique(p, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[index]
    good = y.sum()
    return (ranks[y].sum() - good * (good + 1) / 2) / (good * (len(y) - good))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("details", nargs="+", help="files that `waggle eval asr --details` wrote")
    x, right, reported, now = load(parser.parse_args().details)
    w = fit(x[~reported], right[~reported])
    print(" ".join(f"{n} {v:+.3f}" for n, v in zip(NAMES, w)))
    for name, part in ("fitted", ~reported), ("reported", reported):
        for kind, p in ("as shipped", now[part]), ("new", logistic(x[part] @ w)):
            y = right[part]
            print(f"{name} {kind}: n {len(y)}, right {y.mean():.2f}, ECE {calibration_error(p, y):.3f}, Brier {((p - y) ** 2).mean():.3f}, "
                  f"AUC {area(p, y):.3f}")
    p, y = logistic(x[reported] @ w), right[reported]
    for low in np.arange(0, 1, 0.2):
        inside = (p >= low) & (p < low + 0.2)
        if inside.any():
            print(f"{low:.1f} to {low + 0.2:.1f}: n {inside.sum()}, said {p[inside].mean():.2f}, right {y[inside].mean():.2f}")


if __name__ == "__main__":
    main()
