"""One training pair: a thing with harmless things on it, once as it is and once perhaps damaged, seen by two cameras.

Run as a program it fills the pool of pairs that train.py reads: shards of SHARD pairs, each from its own seed, so that an
interrupted run goes on where it stopped and comes to the same shards.
"""

import argparse
import time
from pathlib import Path

import cv2
import numpy as np

import damage
import data
import harmless
import scene
from draw import blur, noise, shade

CROP = 256
SCALE = 4  # labels are this much smaller
SHARD = 240


def view(rng, img, mask):
    """A random crop of CROP x CROP at a random scale, mirrored and turned; pixels as float32."""
    h, w = img.shape[:2]
    scale = np.exp(rng.uniform(np.log(230), np.log(480))) / max(h, w)
    angle = rng.normal(0, 8) + (90 * rng.integers(4) if rng.random() < 0.4 else 0)
    cx, cy = w * rng.uniform(0.3, 0.7), h * rng.uniform(0.3, 0.7)
    m = cv2.getRotationMatrix2D((cx, cy), angle, scale)
    m[:, 2] += CROP / 2 - np.array([cx, cy])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    out = cv2.warpAffine(img, m, (CROP, CROP), flags=how, borderMode=cv2.BORDER_REFLECT_101)
    item = cv2.warpAffine(mask, m, (CROP, CROP))
    if rng.random() < 0.5:
        out, item = out[:, ::-1], item[:, ::-1]
    return np.ascontiguousarray(out, np.float32) / 255, np.ascontiguousarray(item, np.float32) / 255


def thing(rng, photos):
    """(picture, item mask, ground): a held photo, its thing on other ground, or a made thing, with harmless things on it."""
    if rng.random() < 0.4:
        img, item, ground = scene.made(rng, CROP, CROP, photos)
    else:
        _, img, mask = photos[rng.integers(len(photos))]
        img, item = view(rng, img, mask)
        if item.mean() < 0.03:
            item[:] = 1
        if rng.random() < 0.3 and item.mean() < 0.7:
            img, ground = scene.elsewhere(rng, img, item, photos)
        else:
            ground = scene.behind(rng, img, item)
    # Most photos stay as they are: real things bring their own prints and seams.
    most = 0 if rng.random() < 0.65 else 2
    return harmless.decorate(rng, light(rng, img, 0.7).astype(np.float32), item, most), item, ground


def light(rng, img, strength=1.0):
    """White balance, exposure, contrast, saturation; perhaps brighter to one side."""
    img = img * np.float32(np.exp(strength * (rng.normal(0, 0.12, 3) + rng.normal(0, 0.18))))
    if rng.random() < 0.5:
        img = shade(img, 0.18 * strength * noise(rng, *img.shape[:2], 150))
    grey = cv2.cvtColor(np.float32(img), cv2.COLOR_RGB2GRAY)[..., None]
    img = grey + (img - grey) * np.float32(1 + strength * rng.uniform(-0.5, 0.4))
    return cv2.pow(np.clip(img, 0, 1), float(np.exp(strength * rng.normal(0, 0.2))))


def camera(rng, img):
    """Lost resolution, blur, noise, sharpening and JPEG of a phone and of messengers."""
    h, w = img.shape[:2]
    if rng.random() < 0.25:
        k = rng.uniform(0.5, 0.95)
        img = cv2.resize(cv2.resize(img, None, fx=k, fy=k, interpolation=cv2.INTER_AREA), (w, h), interpolation=cv2.INTER_CUBIC)
    if rng.random() < 0.4:
        img = blur(img, rng.uniform(0.3, 1.2))
    elif rng.random() < 0.5:
        img = img + (img - blur(img, rng.uniform(0.7, 1.5))) * rng.uniform(0.2, 1.2)
    img = img + rng.standard_normal(img.shape, np.float32) * np.float32(rng.uniform(0, 0.03) * (rng.random() < 0.7))
    img = (np.clip(img, 0, 1) * 255).astype(np.uint8)
    if rng.random() < 0.8:
        ok, raw = cv2.imencode(".jpg", img, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 97))])
        img = cv2.imdecode(raw, cv2.IMREAD_COLOR) if ok else img
    return img


def moved(rng, img):
    """The same seen again after registration: a few pixels off, a little bent."""
    h, w = img.shape[:2]
    m = cv2.getRotationMatrix2D((w / 2, h / 2), rng.normal(0, 0.5), 1 + rng.normal(0, 0.006))
    m[:, 2] += rng.normal(0, 1.3, 2)
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    dx, dy = rng.uniform(0, 1.5) * noise(rng, h, w, 70), rng.uniform(0, 1.5) * noise(rng, h, w, 70)
    mx, my = m[0, 0] * xx + m[0, 1] * yy + m[0, 2] + dx, m[1, 0] * xx + m[1, 1] * yy + m[1, 2] + dy
    return cv2.remap(img, np.float32(mx), np.float32(my), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)


def mark(label, mask, changed, kind):
    """Writes a damage into the label where the eye can see it; where it hardly can, nothing is judged."""
    touched = cv2.resize(np.float32(mask), label.shape[::-1], interpolation=cv2.INTER_AREA)
    seen = cv2.resize(np.float32(mask * (changed > 0.035)), label.shape[::-1], interpolation=cv2.INTER_AREA)
    label[(touched > 0.03) & (label == 0)] = 255
    label[seen > (0.1 if kind < 2 else 0.25)] = 1 + kind  # cracks and scratches are thinner than a label's place


def pair(rng, photos, share=0.75):
    """(images uint8 [2, 256, 256, 3], label uint8 [64, 64] of the first): label 0 is sound, 1 + type is damage, 255 is not
    judged. The second image shows the same thing before the damage."""
    img, item, ground = thing(rng, photos)
    other = img
    label = np.zeros((CROP // SCALE, CROP // SCALE), np.uint8)
    if rng.random() < share:
        for _ in range(1 if rng.random() < 0.75 else 2):
            before = img
            img, m, kind = damage.paint(rng, img, item, ground)
            mark(label, m, blur(cv2.absdiff(img, before).max(2), 1.2), kind)
    if rng.random() < 0.25:
        img = harmless.decorate(rng, img, item, 1, harmless.PASSING[:3] if label.any() else harmless.PASSING)
    if rng.random() < 0.2:
        other = harmless.decorate(rng, other, item, 1, harmless.PASSING)
    first, second = light(rng, img, 0.5), moved(rng, light(rng, other, rng.uniform(0, 1)))
    return np.stack([camera(rng, first), camera(rng, second)]), label


def shard(cache, part, i):
    return Path(cache) / f"pool-{part}-{i:03d}.npz"


def make(photos, path, seed, count=SHARD):
    rng = np.random.default_rng(seed)
    pairs = [pair(rng, photos) for _ in range(count)]
    tmp = path.with_suffix(".part")
    with open(tmp, "wb") as f:
        np.savez(f, images=np.stack([p[0] for p in pairs]), labels=np.stack([p[1] for p in pairs]))
    tmp.rename(path)


def main():
    here = Path(__file__).resolve().parents[1] / ".cache" / "vision"
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--data", default="../shared/data")
    ap.add_argument("--cache", default=here, type=Path)
    ap.add_argument("--first", type=int, default=0, help="shard to begin with, so that two processes can share the work")
    ap.add_argument("--shards", type=int, default=100)
    args = ap.parse_args()
    cv2.setNumThreads(1)
    for part, count, base in (("calibrate", 1, 9000), ("train", args.shards, 0)):
        photos = data.load(args.data, args.cache, part)
        for i in range(args.first if part == "train" else 0, count):
            path, start = shard(args.cache, part, i), time.time()
            if not path.exists():
                make(photos, path, base + i)
                print(f"{path.name}: {time.time() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
