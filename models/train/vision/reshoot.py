"""Writes sets of intact things only, each photo beside the same thing seen again, for the rate of false accusations:

    vision-reshot-listing-{calibrate,test}.tsv   columns path, label (always intact), listing, source

A rate of 1 % with 95 % confidence takes 300 photos without an error, so every held-out photo is used once, and the second shot
is made by three hands in turn (column source), each of which errs in its own way:

    turned    manifests.seen_again: turned, nearer or farther, other light, noise; harmless prints on both
    passing   the same, and on the buyer's photo alone what comes and goes: shadow, shine, hand, folds, ruler, sticker
    handheld  no code shared with the recipe: perspective, lens fall-off, uneven and coloured light, focus, a messenger's JPEG
"""

import argparse
import zlib
from pathlib import Path

import cv2
import numpy as np

import data
import harmless
from manifests import save, seen_again, table


def turned(rng, img, item):
    base = harmless.decorate(rng, img, item, 2)
    return base, seen_again(rng, np.uint8(base * 255)), "turned"


def passing(rng, img, item):
    listing = seen_again(rng, np.uint8(img * 255))
    painter = harmless.PASSING[rng.integers(len(harmless.PASSING))]
    return np.clip(painter(rng, img, item), 0, 1), listing, "passing-" + painter.__name__


def handheld(rng, img, item):
    """The photo is the buyer's shot; the listing is the picture as it was."""
    h, w = img.shape[:2]
    corners = np.float32([[0, 0], [w, 0], [w, h], [0, h]])
    seen = corners + np.float32(rng.uniform(-0.07, 0.07, (4, 2)) * [w, h])
    out = cv2.warpPerspective(img, cv2.getPerspectiveTransform(corners, seen), (w, h), borderMode=cv2.BORDER_REFLECT_101)
    y, x = np.mgrid[0:h, 0:w].astype(np.float32)
    cx, cy, slope = w * rng.uniform(0.2, 0.8), h * rng.uniform(0.2, 0.8), rng.uniform(-0.5, 0.5, 2)
    lamp = 1 + slope[0] * (x - cx) / w + slope[1] * (y - cy) / h
    fall = 1 - rng.uniform(0, 0.35) * ((x - w / 2) ** 2 + (y - h / 2) ** 2) / (w * w + h * h) * 4
    tint = 1 + rng.uniform(-0.15, 0.15, 3)
    out = np.clip(out**2.2 * (lamp * fall)[..., None] * tint * rng.uniform(0.7, 1.3), 0, 1) ** (1 / 2.2)
    out = cv2.GaussianBlur(out, (0, 0), rng.uniform(0.2, 1.1)) + rng.normal(0, rng.uniform(0, 0.025), out.shape)
    _, raw = cv2.imencode(".jpg", np.uint8(np.clip(out, 0, 1) * 255), [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(45, 92))])
    return cv2.imdecode(raw, cv2.IMREAD_COLOR).astype(np.float32) / 255, np.uint8(img * 255), "handheld"


HANDS = [turned, passing, handheld]


def main():
    here = Path(__file__).resolve().parents[1] / ".cache" / "vision"
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--data", default="../shared/data")
    ap.add_argument("--cache", default=here, type=Path)
    args = ap.parse_args()
    cv2.setNumThreads(1)
    for part in ("calibrate", "test"):
        rows, folder = [], args.cache / "eval" / "reshot" / part
        for n, (file, img, mask) in enumerate(data.load(args.data, args.cache, part)):
            rng, hand = np.random.default_rng(zlib.crc32(file.encode())), HANDS[n % len(HANDS)]
            photo, listing, source = hand(rng, img.astype(np.float32) / 255, mask.astype(np.float32) / 255)
            pic = save(folder / f"{n:04d}-photo.jpg", np.uint8(np.clip(photo, 0, 1) * 255))
            rows.append((pic, "intact", save(folder / f"{n:04d}-listing.jpg", listing), source))
        table(args.cache / "eval" / f"vision-reshot-listing-{part}.tsv", ("path", "label", "listing", "source"), rows)


if __name__ == "__main__":
    main()
