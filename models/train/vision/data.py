"""Which photos there are, who is held out, and a cache of them with rough item masks.

Held out by person and by product, never by photo: all clothes of one sender and all photos of one grocery product fall into
the same part. The broken cookies and the stained garments are real damage and are never trained on.
"""

import csv
import zlib
from pathlib import Path

import cv2
import numpy as np

SIDE = 400  # longest side of a cached photo
PARTS = ("train", "calibrate", "test")


def part(group):
    """65 % train, 15 % calibrate, 20 % test, by a stable hash of the group's name."""
    x = zlib.crc32(group.encode()) % 100
    return "train" if x < 65 else "calibrate" if x < 80 else "test"


def rows(path):
    with open(path, newline="") as f:
        return list(csv.DictReader(f))


def intact(data):
    """Yields (file, part) of photos that count as intact."""
    vision = Path(data) / "vision"
    for r in rows(vision / "clothing" / "labels.csv"):
        if r["label"] not in ("Skip", "Not sure", "Other"):
            yield r["file"], part("clothing-sender-" + r["sender_id"])
    for r in rows(vision / "products_grocery" / "labels.csv"):
        if r["kind"] == "natural" and (vision / r["file"]).exists():
            yield r["file"], part("grocery-" + r["fine_id"])
    for r in rows(vision / "objects_trashnet" / "labels.csv"):
        if r["material"] == "glass":  # the other materials are often crushed
            yield r["file"], "train"


def read(path, side=SIDE):
    """RGB uint8 with the longest side at most `side`."""
    img = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
    k = side / max(img.shape[:2])
    return cv2.resize(img, None, fx=k, fy=k, interpolation=cv2.INTER_AREA) if k < 1 else img


def item_mask(img):
    """Rough mask of the thing in the middle by GrabCut on a small copy; the middle ellipse where GrabCut fails."""
    h, w = img.shape[:2]
    k = 112 / max(h, w)
    small = cv2.resize(img, None, fx=k, fy=k, interpolation=cv2.INTER_AREA)
    sh, sw = small.shape[:2]
    mask = np.full((sh, sw), cv2.GC_BGD, np.uint8)
    mask[sh // 12 : -sh // 12, sw // 12 : -sw // 12] = cv2.GC_PR_FGD
    try:
        cv2.grabCut(small, mask, None, np.zeros((1, 65)), np.zeros((1, 65)), 3, cv2.GC_INIT_WITH_MASK)
    except cv2.error:
        mask[:] = cv2.GC_BGD
    fg = ((mask == cv2.GC_FGD) | (mask == cv2.GC_PR_FGD)).astype(np.uint8)
    fg = cv2.morphologyEx(fg, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    n, lab, stats, _ = cv2.connectedComponentsWithStats(fg)
    if n > 1:
        fg = (lab == 1 + stats[1:, cv2.CC_STAT_AREA].argmax()).astype(np.uint8)
    if fg.mean() < 0.08:
        fg[:] = 0
        cv2.ellipse(fg, (sw // 2, sh // 2), (int(sw * 0.35), int(sh * 0.35)), 0, 0, 360, 1, -1)
    return cv2.resize(fg * 255, (w, h), interpolation=cv2.INTER_LINEAR)


def load(data, cache, want):
    """List of (file, image uint8 [h, w, 3], mask uint8 [h, w]) of one part, from the cache when it is there."""
    store = Path(cache) / f"photos-{want}.npz"
    if not store.exists():
        out = {}
        files = [f for f, p in intact(data) if p == want]
        for i, f in enumerate(files):
            img = read(Path(data) / "vision" / f)
            out[f"{i:05d} {f}".replace("/", "|")] = np.dstack([img, item_mask(img)])
        store.parent.mkdir(parents=True, exist_ok=True)
        np.savez(store, **out)
    with np.load(store) as z:
        return [(k[6:].replace("|", "/"), z[k][..., :3], z[k][..., 3]) for k in z.files]
