"""Writes sets of photos that are spoilt in one place, beside the same people's photos as they are:

    quality-local-{calibrate,test}.tsv   columns path, label: ok, glare (a lamp or a window mirrors in the thing), noisy (a place
                                         with another level of noise, as after pasting or repainting)

`waggle eval quality` reads them: false refusals and false signs of ok photos, and what is caught of the others.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np

import data
from manifests import save, table


def glare(rng, img, item):
    """Light of a lamp or window added in linear light, over 2 to 15 % of the item where it clips; None if it came out otherwise."""
    h, w = item.shape
    ys, xs = np.nonzero(item > 127)
    i = rng.integers(len(xs))
    size = np.sqrt(len(xs) * rng.uniform(0.03, 0.2) / np.pi)
    long, turn = size * rng.uniform(1, 1.8), rng.uniform(0, np.pi)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    u = ((x - xs[i]) * np.cos(turn) + (y - ys[i]) * np.sin(turn)) / long
    v = ((y - ys[i]) * np.cos(turn) - (x - xs[i]) * np.sin(turn)) / (size * size / long)
    edge = rng.uniform(2, 4)  # 2 is a lamp on matt ground, 4 the frame of a window
    round_ = np.sqrt(u * u + v * v) if rng.random() < 0.6 else (u**4 + v**4) ** 0.25
    light = rng.uniform(1.2, 4) * np.exp(-(round_**edge)) * (0.3 + 0.7 * item / 255)  # the ground mirrors less
    lamp = 1 + rng.uniform(-0.08, 0.08, 3)
    out = (img / 255.0) ** 2.2 + light[..., None] * lamp
    out = np.uint8(np.clip(out, 0, 1) ** (1 / 2.2) * 255)
    share = ((out.min(2) >= 250) & (img.min(2) < 250) & (item > 127)).sum() / len(xs)
    return out if 0.02 <= share <= 0.15 else None


def noisy(rng, img, item):
    """A square of 4 to 16 % of the photo gets noise of 6 to 12 levels a channel."""
    h, w = item.shape
    ph, pw = int(h * rng.uniform(0.2, 0.4)), int(w * rng.uniform(0.2, 0.4))
    y, x = rng.integers(0, h - ph), rng.integers(0, w - pw)
    out = img.astype(np.float32)
    out[y : y + ph, x : x + pw] += rng.normal(0, rng.uniform(6, 12), (ph, pw, 3))
    return np.uint8(np.clip(out, 0, 255))


def main():
    here = Path(__file__).resolve().parents[1] / ".cache" / "vision"
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--data", default="../shared/data")
    ap.add_argument("--cache", default=here, type=Path)
    ap.add_argument("--count", type=int, default=150)
    args = ap.parse_args()
    cv2.setNumThreads(1)
    vision = Path(args.data).resolve() / "vision"
    for part in ("calibrate", "test"):
        rng, photos = np.random.default_rng(47), data.load(args.data, args.cache, part)
        rows = [(vision / f, "ok") for f, _, _ in photos]
        for spoil in (glare, noisy):
            made = 0
            while made < args.count:
                _, img, item = photos[rng.integers(len(photos))]
                out = spoil(rng, img, item)
                if out is not None:
                    rows.append((save(args.cache / "eval" / "local" / part / f"{spoil.__name__}-{made:04d}.jpg", out), spoil.__name__))
                    made += 1
        table(args.cache / "eval" / f"quality-local-{part}.tsv", ("path", "label"), rows)


if __name__ == "__main__":
    main()
