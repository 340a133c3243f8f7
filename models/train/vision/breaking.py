"""Pieces broken, bitten or torn off a thing, and things broken in two. As damage.py: (picture, mask)."""

import cv2
import numpy as np

from draw import blend, blob, blur, fill, fractal, noise, opening, shade, shift, size_of, walk, warp


def rim(item):
    """Points of the item's longest outline inside the picture, [n, 2], or None."""
    contours, _ = cv2.findContours((item > 0.5).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return None
    edge, (h, w) = max(contours, key=len)[:, 0].astype(np.float32), item.shape
    free = (edge[:, 0] > 6) & (edge[:, 0] < w - 7) & (edge[:, 1] > 6) & (edge[:, 1] < h - 7)
    return edge[free] if free.sum() > 40 else None


def rim_point(rng, item):
    edge = rim(item)
    if edge is None:
        ys, xs = np.nonzero(item > 0.5)
        i = rng.integers(len(xs)) if len(xs) else 0
        return np.array([xs[i], ys[i]], np.float32) if len(xs) else np.array([item.shape[1] / 2, item.shape[0] / 2], np.float32)
    return edge[rng.integers(len(edge))]


def side(rng, item, at, angle, wander):
    """One side of a jagged line through `at`, as a mask."""
    h, w = item.shape
    d = np.array([np.cos(angle), np.sin(angle)])
    a, b = np.array(at) - 200 * d, np.array(at) + 200 * d
    pts = np.concatenate([walk(rng, np.array(at), angle + np.pi, 200, wander)[::-1], walk(rng, np.array(at), angle, 200, wander)])
    n = np.array([-d[1], d[0]]) * 500
    return fill(h, w, np.concatenate([pts, [b + n, a + n]]).astype(np.float32))


def opened(rng, img, item, ground, mask):
    """Shows the ground in mask; the fresh break gets an edge with the thing's inside and a shadow on the ground."""
    h, w = item.shape
    mask = mask * item
    out = blend(img, mask, opening(rng, img, item, ground))
    a, thick = rng.uniform(0, 2 * np.pi), rng.uniform(0.5, 5)
    left = np.clip(item - mask, 0, 1)
    dx, dy = thick * np.cos(a), thick * np.sin(a)
    if rng.random() < 0.7:  # shadow of what is left
        out = shade(out, -rng.uniform(0.1, 0.6) * blur(shift(left, dx, dy), rng.uniform(0.6, 2.5)) * mask)
    if rng.random() < 0.7:  # the broken face: lighter or darker and rough
        face = np.clip(left - shift(left, -dx, -dy), 0, 1) * np.clip(blur(mask, 3) * 4, 0, 1)
        inner = np.clip(img[item > 0.5].mean(0) * rng.uniform(0.6, 1.5) + rng.normal(0, 0.05, 3), 0, 1) if (item > 0.5).any() else [0.5] * 3
        texture = 1 + 0.25 * fractal(rng, h, w, 3)
        out = blend(out, face, np.clip(inner * texture[..., None], 0, 1), rng.uniform(0.4, 1))
    return out, mask


def wedge(rng, img, item, ground):
    """A jagged wedge from the rim towards the middle."""
    edge = rim(item)
    if edge is None:
        return bite(rng, img, item, ground)
    h, w = item.shape
    s, n = size_of(item), len(edge)
    i, half = int(rng.integers(n)), max(2, int(s * rng.uniform(0.04, 0.35)))
    a, b, middle = edge[(i - half) % n], edge[(i + half) % n], edge.mean(0)
    if np.hypot(*(a - b)) > 3 * half:
        return bite(rng, img, item, ground)
    tip = edge[i] + (middle - edge[i]) * rng.uniform(0.15, 1.0) + rng.normal(0, half * 0.3, 2)
    by, wander = (edge[i] - middle) * 0.5, rng.uniform(0.05, 0.25)

    def path(p, q):
        d = q - p
        return walk(rng, p, np.arctan2(d[1], d[0]), float(np.hypot(*d)), wander)

    pts = np.concatenate([path(a, tip), path(tip, b), [b + by, a + by]]).astype(np.float32)
    return opened(rng, img, item, ground, fill(h, w, pts))


def bite(rng, img, item, ground):
    """Rounded pieces out of the rim: bites, chips, torn corners."""
    h, w = item.shape
    s, at = size_of(item), rim_point(rng, item)
    mask, radius = np.zeros((h, w), np.float32), s * np.exp(rng.uniform(np.log(0.02), np.log(0.3)))
    for _ in range(rng.integers(1, 4)):
        mask = np.maximum(mask, blob(rng, h, w, at + rng.normal(0, radius * 0.6, 2), radius * rng.uniform(0.6, 1), rng.uniform(0, 0.5)))
    return opened(rng, img, item, ground, mask)


def halved(rng, img, item, ground):
    """Broken through: the smaller part is gone, or lies apart, shifted and turned."""
    h, w = item.shape
    ys, xs = np.nonzero(item > 0.5)
    if len(xs) < 100:
        return bite(rng, img, item, ground)
    s, angle = size_of(item), rng.uniform(0, np.pi)
    at = np.array([xs.mean(), ys.mean()]) + rng.normal(0, s * 0.16, 2)
    part = side(rng, item, at, angle, rng.uniform(0.02, 0.15))
    if (part * item).sum() > 0.5 * item.sum():
        part = 1 - part
    part = part * item
    if rng.random() < 0.4:
        return opened(rng, img, item, ground, part)
    out, _ = opened(rng, img, item, ground, part)
    py, px = np.nonzero(part > 0.5)
    if len(px) < 30:
        return bite(rng, img, item, ground)
    c = (float(px.mean()), float(py.mean()))
    m = cv2.getRotationMatrix2D(c, rng.normal(0, 12), 1)
    away = np.array(c) - at
    m[:, 2] += away / (np.hypot(*away) + 1e-6) * s * rng.uniform(0.01, 0.12) + rng.normal(0, 1.5, 2)
    piece, alpha = cv2.warpAffine(img, m, (w, h), borderMode=cv2.BORDER_REFLECT), cv2.warpAffine(part, m, (w, h))
    out = blend(shade(out, -0.4 * blur(alpha, 2) * (1 - alpha)), alpha, piece)
    changed = np.clip(cv2.absdiff(out, img).mean(2) * 12, 0, 1)
    gap = np.clip(blur(part, 1.5) * (1 - blur(part, 1.5)) * 4, 0, 1)
    return out, np.maximum(np.clip(gap * item, 0, 1), part * (1 - alpha)) * (changed > 0.2)


def crumbled(rng, img, item, ground):
    """The rim crumbles along a stretch, crumbs lie on the ground."""
    h, w = item.shape
    s, at = size_of(item), rim_point(rng, item)
    radius = s * rng.uniform(0.08, 0.4)
    near = blur(blob(rng, h, w, at, radius, 0.3), 2)
    deep = cv2.distanceTransform((item > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    ragged = fractal(rng, h, w, rng.uniform(3, 12)) * radius * 0.25 + radius * rng.uniform(0.1, 0.4)
    out, mask = opened(rng, img, item, ground, np.clip((ragged * near - deep) * 1.5, 0, 1) * (near > 0.2))
    own = img[item > 0.5].mean(0) if (item > 0.5).any() else img.mean((0, 1))
    for _ in range(rng.integers(0, 14)):
        p = np.array(at) + rng.normal(0, radius, 2)
        crumb = blob(rng, h, w, p, rng.uniform(0.7, 4), 0.4) * (1 - np.clip(item - mask, 0, 1))
        out = blend(shade(out, -0.4 * np.clip(shift(crumb, 1, 1) - crumb, 0, 1)), crumb, np.clip(own * rng.uniform(0.7, 1.2), 0, 1))
    return out, mask


FORMS = [wedge, wedge, bite, bite, halved, crumbled]
