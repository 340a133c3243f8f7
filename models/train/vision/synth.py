"""One training sample: a real photo, harmless things, perhaps damage, a camera between it and the network.

Run as a program it fills the pool of samples that train.py reads: shards of SHARD samples, each from its own seed, so that
an interrupted run goes on where it stopped and comes to the same shards.
"""

import argparse
import time
from pathlib import Path

import cv2
import numpy as np

import damage
import data
import harmless
from draw import blur

CROP = 256
SHARD = 1000


def view(rng, img, mask):
    """A random crop of CROP x CROP at a random scale, mirrored and turned; pixels as float32."""
    h, w = img.shape[:2]
    scale = rng.uniform(260, 460) / max(h, w)
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


def light(rng, img):
    """White balance, exposure, contrast, saturation."""
    img = img * np.float32(np.exp(rng.normal(0, 0.12, 3) + rng.normal(0, 0.18)))
    grey = cv2.cvtColor(img, cv2.COLOR_RGB2GRAY)[..., None]
    img = grey + (img - grey) * np.float32(rng.uniform(0.4, 1.5))
    return cv2.pow(np.clip(img, 0, 1), float(np.exp(rng.normal(0, 0.2))))


def camera(rng, img):
    """Blur, noise, sharpening and JPEG of a phone and of messengers."""
    if rng.random() < 0.4:
        img = blur(img, rng.uniform(0.3, 1.2))
    elif rng.random() < 0.3:
        img = img + (img - blur(img, 1)) * rng.uniform(0.2, 1)
    img = img + rng.standard_normal(img.shape, np.float32) * np.float32(rng.uniform(0, 0.03))
    img = (np.clip(img, 0, 1) * 255).astype(np.uint8)
    if rng.random() < 0.7:
        ok, raw = cv2.imencode(".jpg", img, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 96))])
        img = cv2.imdecode(raw, cv2.IMREAD_COLOR) if ok else img
    return img


def mark(label, mask, changed, kind):
    """Writes a damage into the label where the eye can see it; where it hardly can, nothing is judged."""
    touched = cv2.resize(mask, label.shape[::-1], interpolation=cv2.INTER_AREA)
    seen = cv2.resize(mask * (changed > 0.045), label.shape[::-1], interpolation=cv2.INTER_AREA)
    label[(touched > 0.04) & (label == 0)] = 255
    label[seen > (0.12 if kind < 2 else 0.3)] = 1 + kind  # cracks and scratches are thinner than a label's pixel


def sample(rng, photos, share=0.5):
    """(image uint8 [256, 256, 3], label uint8 [128, 128]): label 0 is sound, 1 + type is damage, 255 is not judged."""
    _, img, mask = photos[rng.integers(len(photos))]
    img, item = view(rng, img, mask)
    if item.mean() < 0.03:
        item[:] = 1
    img = harmless.decorate(rng, light(rng, img).astype(np.float32), item)
    label = np.zeros((CROP // 2, CROP // 2), np.uint8)
    if rng.random() < share:
        for _ in range(1 if rng.random() < 0.75 else 2):
            before = img
            img, m, kind = damage.paint(rng, img, item)
            mark(label, m, blur(cv2.cvtColor(cv2.absdiff(img, before), cv2.COLOR_RGB2GRAY), 1.5), kind)
    if rng.random() < 0.3:
        img = np.clip(harmless.shadow(rng, img, item), 0, 1)
    return camera(rng, img), label


def shard(cache, part, i):
    return Path(cache) / f"pool-{part}-{i:03d}.npz"


def make(photos, path, seed):
    rng = np.random.default_rng(seed)
    pairs = [sample(rng, photos) for _ in range(SHARD)]
    tmp = path.with_suffix(".tmp.npz")
    np.savez(tmp, images=np.stack([p[0] for p in pairs]), labels=np.stack([p[1] for p in pairs]))
    tmp.rename(path)


def main():
    here = Path(__file__).resolve().parents[1] / ".cache" / "vision"
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--data", default="../shared/data")
    ap.add_argument("--cache", default=here, type=Path)
    ap.add_argument("--shards", type=int, default=8)
    args = ap.parse_args()
    cv2.setNumThreads(1)
    for part, count, base in (("calibrate", 1, 900), ("train", args.shards, 0)):
        photos = data.load(args.data, args.cache, part)
        for i in range(count):
            path, start = shard(args.cache, part, i), time.time()
            if not path.exists():
                make(photos, path, base + i)
                print(f"{path.name}: {time.time() - start:.0f} s", flush=True)


if __name__ == "__main__":
    main()
