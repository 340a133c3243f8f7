"""Photos for the embedding: who is held out, a cache of small copies with masks, and drawn packs that have no photo.

An id is what a view must be told apart by: the product of a grocery photo, the photo itself for clothes and other objects.
Held out by product and by sender, as data.py does; the objects of trashnet have neither and are trained on.
"""

import argparse
from pathlib import Path

import cv2
import numpy as np

from data import item_mask, part, read, rows

SIDE = 224  # longest side of a cached photo
PACKS = 1200


def listed(data):
    """Yields (file, id, part)."""
    vision = Path(data) / "vision"
    seen = set()
    for r in rows(vision / "products_grocery" / "labels.csv"):
        if r["kind"] == "natural" and r["file"] not in seen and (vision / r["file"]).exists():
            seen.add(r["file"])
            yield r["file"], "grocery-" + r["fine_id"], part("grocery-" + r["fine_id"])
    for r in rows(vision / "clothing" / "labels.csv"):
        yield r["file"], r["file"], part("clothing-sender-" + r["sender_id"])
    for r in rows(vision / "objects_trashnet" / "labels.csv"):
        yield r["file"], r["file"], "train"


def artwork(rng, photos, w, h):
    """A printed face: a ground, shapes, a piece of a photo, bands and lines of letters."""
    a, b = rng.integers(0, 256, (2, 3))
    t = np.linspace(0, 1, h)[:, None, None] if rng.random() < 0.5 else np.linspace(0, 1, w)[None, :, None]
    face = np.broadcast_to(a + (b - a) * t * rng.uniform(0, 0.8), (h, w, 3)).astype(np.uint8).copy()
    colour = lambda: tuple(int(c) for c in rng.integers(0, 256, 3))
    for _ in range(rng.integers(1, 6)):
        p, q = rng.integers(0, (w, h), (2, 2))
        shape = rng.integers(0, 4)
        if shape == 0:
            cv2.rectangle(face, p.tolist(), q.tolist(), colour(), -1)
        elif shape == 1:
            cv2.ellipse(face, p.tolist(), (int(rng.integers(5, w // 2)), int(rng.integers(5, h // 2))), float(rng.uniform(0, 180)), 0, 360, colour(), -1, cv2.LINE_AA)
        elif shape == 2:
            cv2.fillPoly(face, [rng.integers(0, (w, h), (int(rng.integers(3, 6)), 2)).astype(np.int32)], colour(), cv2.LINE_AA)
        else:
            y = int(rng.integers(0, h))
            cv2.line(face, (0, y), (w, y), colour(), int(rng.integers(2, 20)))
    if rng.random() < 0.7:
        img = photos[rng.integers(len(photos))]
        k = rng.uniform(0.25, 0.6)
        pw, ph = int(w * k) + 8, int(h * k) + 8
        y, x = rng.integers(0, max(1, img.shape[0] - 60)), rng.integers(0, max(1, img.shape[1] - 60))
        cut = cv2.resize(img[y : y + 120, x : x + 120], (pw, ph))
        y, x = rng.integers(0, max(1, h - ph)), rng.integers(0, max(1, w - pw))
        face[y : y + ph, x : x + pw] = cut[: h - y, : w - x]
    letters = "ABCDEFGHIKLMNOPRSTUVWXYZabdeghkmnopqrstuvz0123456789%"
    for _ in range(rng.integers(2, 7)):
        word = "".join(rng.choice(list(letters), rng.integers(2, 9)))
        size = float(rng.choice([0.35, 0.5, 0.8, 1.3, 2.0]))
        at = (int(rng.integers(-10, max(1, w // 2))), int(rng.integers(10, h)))
        cv2.putText(face, word, at, int(rng.integers(0, 8)), size, colour(), max(1, int(size * 2)), cv2.LINE_AA)
    return face


def pack(rng, photos):
    """A drawn product on white with its mask: a box, a bottle or can (shaded as a cylinder), or a bag."""
    kind = rng.integers(0, 3)
    w, h = int(rng.integers(70, 160)), int(rng.integers(110, 190))
    face, mask = artwork(rng, photos, w, h), np.full((h, w), 255, np.uint8)
    if kind == 1:
        x = np.linspace(-1, 1, w)
        face = cv2.remap(face, np.tile((np.arcsin(x * 0.98) / np.pi * 2 * 0.5 + 0.5) * (w - 1), (h, 1)).astype(np.float32),
                         np.tile(np.arange(h)[:, None], (1, w)).astype(np.float32), cv2.INTER_LINEAR)
        face = np.clip(face * (1 - 0.5 * np.abs(x) ** 3)[None, :, None] + 25 * np.exp(-((x + 0.4) * 6) ** 2)[None, :, None], 0, 255).astype(np.uint8)
        neck = int(h * rng.uniform(0, 0.3))
        mask[:neck, : w // 3] = mask[:neck, -(w // 3) :] = 0
    elif kind == 2:
        shade = cv2.resize(rng.uniform(0.6, 1.15, (5, 4)).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC)
        face = np.clip(face * shade[..., None], 0, 255).astype(np.uint8)
        edge = (rng.uniform(0, 0.06, (h,)) * w).astype(int)
        for y in range(h):
            mask[y, : edge[y]] = mask[y, w - edge[y] :] = 0
    out, m = np.full((SIDE, SIDE, 3), 255, np.uint8), np.zeros((SIDE, SIDE), np.uint8)
    y, x = (SIDE - h) // 2, (SIDE - w) // 2
    out[y : y + h, x : x + w] = np.where(mask[..., None] > 0, face, 255)
    m[y : y + h, x : x + w] = mask
    return out, m


def small(path):
    img = read(path, SIDE)
    return np.dstack([img, item_mask(img)])


def load(data, cache):
    """{part: [(file, id, uint8 [h, w, 4])]}, from the cache when it is there."""
    store = Path(cache) / "embed-photos.npz"
    if not store.exists():
        store.parent.mkdir(parents=True, exist_ok=True)
        out = {}
        for i, (file, ident, where) in enumerate(listed(data)):
            out["\t".join([f"{i:05d}", where, ident, file]).replace("/", "|")] = small(Path(data) / "vision" / file)
        rng = np.random.default_rng(7)
        photos = [v[..., :3] for k, v in out.items() if k.split("\t")[1] == "train"]
        for i in range(PACKS):
            out["\t".join([f"p{i:04d}", "train", f"pack-{i}", "pack"])] = np.dstack(pack(rng, photos))
        np.savez(store, **out)
    parts = {"train": [], "calibrate": [], "test": []}
    with np.load(store) as z:
        for k in z.files:
            _, where, ident, file = k.replace("|", "/").split("\t")
            parts[where].append((file, ident, z[k]))
    return parts


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--data", required=True)
    p.add_argument("--cache", default="models/train/.cache/vision")
    a = p.parse_args()
    print({k: len(v) for k, v in load(a.data, a.cache).items()})
