"""Shapes and fields that damage and hard negatives are drawn with. Images are float32 in 0..1, masks float32 in 0..1."""

import cv2
import numpy as np


def noise(rng, h, w, cell):
    """Smooth random field in about -1..1 whose features are about `cell` pixels wide."""
    gh, gw = max(2, int(h / cell) + 2), max(2, int(w / cell) + 2)
    return cv2.resize(rng.standard_normal((gh, gw), np.float32), (w, h), interpolation=cv2.INTER_CUBIC)


def fractal(rng, h, w, cell):
    return (noise(rng, h, w, cell) + 0.5 * noise(rng, h, w, cell / 2) + 0.25 * noise(rng, h, w, max(2, cell / 4))) / 1.4


def blob(rng, h, w, centre, radius, rough=0.5, stretch=1.0):
    """Irregular filled shape around centre (x, y), soft by about a pixel."""
    out = np.zeros((h, w), np.float32)
    reach = radius * stretch * (1 + 2 * rough) + 4
    x0, x1 = int(max(0, centre[0] - reach)), int(min(w, centre[0] + reach + 1))
    y0, y1 = int(max(0, centre[1] - reach)), int(min(h, centre[1] + reach + 1))
    if x1 <= x0 or y1 <= y0:
        return out
    dx = np.arange(x0, x1, dtype=np.float32)[None] - np.float32(centre[0])
    dy = np.arange(y0, y1, dtype=np.float32)[:, None] - np.float32(centre[1])
    a = rng.uniform(0, np.pi)
    c, s = np.float32(np.cos(a)), np.float32(np.sin(a))
    r = np.sqrt(((dx * c + dy * s) / np.float32(stretch)) ** 2 + (dy * c - dx * s) ** 2) / np.float32(radius)
    edge = r - 1 + np.float32(rough) * fractal(rng, y1 - y0, x1 - x0, max(3, radius * 0.8))
    out[y0:y1, x0:x1] = np.clip(0.5 - edge * np.float32(radius * 0.7), 0, 1)
    return out


def walk(rng, start, angle, length, wander):
    """Jagged path as an array of (x, y) points, made by midpoint displacement."""
    end = (start[0] + length * np.cos(angle), start[1] + length * np.sin(angle))
    pts = [np.array(start, np.float32), np.array(end, np.float32)]
    step = wander * length
    while len(pts) < 33 and step > 0.4:
        out = []
        for p, q in zip(pts, pts[1:]):
            d = q - p
            normal = np.array([-d[1], d[0]]) / (np.hypot(*d) + 1e-6)
            out += [p, (p + q) / 2 + normal * rng.normal(0, step * 0.5)]
        pts = out + [pts[-1]]
        step *= 0.5
    return np.array(pts, np.float32)


def line(h, w, pts, width):
    """Mask of a path drawn `width` pixels wide (may be below 1), antialiased."""
    m = np.zeros((h, w), np.uint8)
    cv2.polylines(m, [np.round(pts * 16).astype(np.int32)], False, 255, max(1, int(round(width))), cv2.LINE_AA, 4)
    return m.astype(np.float32) / 255 * min(1, width)


def fill(h, w, pts):
    m = np.zeros((h, w), np.uint8)
    cv2.fillPoly(m, [np.round(pts * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    return m.astype(np.float32) / 255


def blend(img, mask, colour, alpha=1.0):
    """Paints colour (3 values or a picture) over img where mask is."""
    a = np.float32(mask * alpha)[..., None]
    return img + (np.asarray(colour, np.float32) - img) * a


def shade(img, field):
    """Multiplies the light: field is a relative change, -0.5 halves it."""
    return np.clip(img * np.float32(1 + field)[..., None], 0, 1)


def blur(m, sigma):
    return cv2.GaussianBlur(m, (0, 0), max(0.3, sigma))


def shift(m, dx, dy):
    return cv2.warpAffine(m, np.float32([[1, 0, dx], [0, 1, dy]]), (m.shape[1], m.shape[0]))


def warp(img, dx, dy):
    """The picture where each pixel is taken from dx, dy beside it."""
    yy, xx = np.mgrid[0 : img.shape[0], 0 : img.shape[1]].astype(np.float32)
    return cv2.remap(img, np.float32(xx + dx), np.float32(yy + dy), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)


def inside(rng, item):
    """A random point (x, y) of the item mask, away from its border if it is big enough."""
    core = cv2.erode((item > 0.5).astype(np.uint8), np.ones((9, 9), np.uint8))
    ys, xs = np.nonzero(core if core.any() else np.ones_like(core))
    i = rng.integers(len(xs))
    return float(xs[i]), float(ys[i])


def size_of(item):
    """What damage is measured by: the side of a square a half larger than the item, pixels. People photograph what they see."""
    return float(np.sqrt(1.5 * max(400.0, (item > 0.5).sum())))


def opening(rng, img, item, ground):
    """What a viewer sees through an opening: the ground, darkness, a lining, or another layer of the item."""
    h, w = item.shape
    how = rng.random()
    if ground is not None and how < 0.55:
        return np.clip(ground * np.float32(rng.uniform(0.6, 1)), 0, 1)
    local = img[item > 0.5].mean(0) if (item > 0.5).any() else img.mean((0, 1))
    if how < 0.85:
        local = local * rng.uniform(0.05, 0.5)
    else:
        local = np.clip(local + rng.normal(0, 0.3, 3), 0, 1)
    texture = 1 + 0.12 * fractal(rng, h, w, rng.uniform(4, 30))
    return np.clip(local[None, None] * texture[..., None], 0, 1).astype(np.float32)
