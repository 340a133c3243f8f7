"""Synthetic damage: each function paints one damage onto a photo and returns (picture, mask).

Sizes are drawn so that damage covers from a thousandth to a third of the item.
"""

import cv2
import numpy as np

from draw import beyond, blend, blob, blur, fill, fractal, inside, line, noise, shade, shift, walk, warp


def size_of(item):
    return float(np.sqrt(max(400.0, (item > 0.5).sum())))


def crack(rng, img, item):
    h, w = item.shape
    s = size_of(item)
    start, angle, length = inside(rng, item), rng.uniform(0, 2 * np.pi), s * rng.uniform(0.2, 0.9)
    main = walk(rng, start, angle, length, rng.uniform(0.1, 0.3))
    width = rng.uniform(0.7, 2.6)
    mask = line(h, w, main, width)
    for _ in range(rng.integers(0, 5)):
        p = main[rng.integers(len(main))]
        twig = walk(rng, p, angle + rng.normal(0, 0.9), length * rng.uniform(0.15, 0.5), 0.25)
        mask = np.maximum(mask, line(h, w, twig, width * rng.uniform(0.4, 0.9)))
    mask *= item
    dark = rng.random() < 0.85
    out = shade(img, (-rng.uniform(0.35, 0.85) if dark else rng.uniform(0.3, 0.8)) * mask)
    rim = np.clip(shift(mask, *rng.uniform(-1.5, 1.5, 2)) - mask, 0, 1)
    return shade(out, (1 if dark else -1) * rng.uniform(0, 0.35) * rim), mask


def scratch(rng, img, item):
    h, w = item.shape
    s, angle = size_of(item), rng.uniform(0, np.pi)
    at = inside(rng, item)
    mask = np.zeros((h, w), np.float32)
    for _ in range(rng.integers(1, 7)):
        start = np.array(at) + rng.normal(0, s * 0.05, 2)
        pts = walk(rng, start, angle + rng.normal(0, 0.08), s * rng.uniform(0.12, 0.6), rng.uniform(0, 0.04))
        mask = np.maximum(mask, line(h, w, pts, rng.uniform(0.5, 1.6)) * rng.uniform(0.5, 1))
    mask *= item
    bare = rng.uniform(0.6, 1) if rng.random() < 0.7 else rng.uniform(0, 0.3)
    return blend(img, mask, [bare] * 3 + rng.normal(0, 0.03, 3), rng.uniform(0.35, 0.9)), mask


STAINS = np.array(  # coffee, soy, oil, rust, blood, ink, mould, mud, soot, wine, grass; red green blue
    [[90, 55, 25], [60, 35, 20], [190, 165, 90], [150, 75, 30], [120, 20, 20], [30, 30, 80], [70, 85, 60],
     [110, 90, 65], [30, 30, 30], [100, 20, 50], [60, 100, 40]], np.float32) / 255


def stain(rng, img, item):
    h, w = item.shape
    s, at = size_of(item), inside(rng, item)
    radius = s * np.exp(rng.uniform(np.log(0.02), np.log(0.22)))
    mask = blob(rng, h, w, at, max(1.6, radius), rng.uniform(0.2, 0.7), rng.uniform(1, 2.5))
    for _ in range(rng.integers(0, 6)):
        p = np.array(at) + rng.normal(0, radius * 1.6, 2)
        mask = np.maximum(mask, blob(rng, h, w, p, max(1.2, radius * rng.uniform(0.05, 0.4)), 0.4))
    mask = blur(mask, rng.uniform(0.3, 0.06 * radius + 0.8)) * item
    colour = np.clip(STAINS[rng.integers(len(STAINS))] + rng.normal(0, 0.06, 3), 0, 1)
    strength = rng.uniform(0.3, 0.95) * np.clip(0.8 + 0.35 * fractal(rng, h, w, max(3, radius)), 0.3, 1)
    if rng.random() < 0.4:  # dried liquid gathers at its edge
        strength = strength * np.clip(0.45 + 1.6 * (blur(mask, 2) - blur(mask, 2) ** 2), 0, 1.2)
    if rng.random() < 0.55:  # soaked in: filters the light
        tint = np.clip(0.25 + 0.9 * colour, 0, 1)
        out = img * (1 - (mask * strength)[..., None] * (1 - tint))
    else:
        out = blend(img, mask * strength, colour, 0.9)
    return out, mask


def hole(rng, img, item):
    h, w = item.shape
    s, at = size_of(item), inside(rng, item)
    radius = max(2.0, s * np.exp(rng.uniform(np.log(0.025), np.log(0.16))))
    mask = blob(rng, h, w, at, radius, rng.uniform(0.1, 0.5), rng.uniform(1, 1.8)) * item
    out = blend(img, mask, beyond(rng, img, item))
    dx, dy = rng.normal(0, max(1, radius * 0.2), 2)
    out = shade(out, -rng.uniform(0.1, 0.6) * mask * np.clip(1 - shift(mask, dx, dy), 0, 1))
    rim = np.clip(blur(mask, 1.2) * 2 - mask, 0, 1) * (1 - mask)
    return shade(out, rng.uniform(-0.3, 0.5) * rim * np.clip(0.5 + noise(rng, h, w, 3), 0, 1)), mask


def missing(rng, img, item):
    """A piece broken or torn off the item's edge: a wedge from outside towards the middle."""
    h, w = item.shape
    contours, _ = cv2.findContours((item > 0.5).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return hole(rng, img, item)
    edge = max(contours, key=len)[:, 0].astype(np.float32)
    s, n = size_of(item), len(edge)
    i, half = rng.integers(n), max(2, int(s * rng.uniform(0.06, 0.35)))
    a, b, middle = edge[(i - half) % n], edge[(i + half) % n], edge.mean(0)
    tip = edge[i] + (middle - edge[i]) * rng.uniform(0.25, 1.0)
    out_by = (edge[i] - middle) * 0.3

    def side(p, q):
        d = q - p
        return walk(rng, p, np.arctan2(d[1], d[0]), float(np.hypot(*d)), rng.uniform(0.08, 0.25))

    wedge = np.concatenate([side(a, tip), side(tip, b), [b + out_by, a + out_by]]).astype(np.float32)
    mask = fill(h, w, wedge) * item
    ground = beyond(rng, img, item)
    outside = (item < 0.5).astype(np.uint8)
    if outside.sum() > 200 and rng.random() < 0.7:  # the ground nearest to the gap shows through
        near = cv2.dilate(mask, np.ones((41, 41), np.uint8)) * outside > 0.5
        if near.sum() > 20:
            ground = ground * 0 + img[near].mean(0) * (1 + 0.06 * fractal(rng, h, w, 6))[..., None] * rng.uniform(0.6, 1)
    out = blend(img, mask, np.clip(ground, 0, 1))
    inner = np.clip(blur(mask, 2.5) * 2 - mask, 0, 1) * (1 - mask) * item
    return shade(out, rng.uniform(-0.35, 0.25) * inner), mask


def tear(rng, img, item):
    h, w = item.shape
    s, angle = size_of(item), rng.uniform(0, 2 * np.pi)
    pts = walk(rng, inside(rng, item), angle, s * rng.uniform(0.12, 0.5), rng.uniform(0.05, 0.18))
    t = np.linspace(0, 1, len(pts))
    gap = np.sin(np.pi * t ** rng.uniform(0.5, 1.5)) * s * rng.uniform(0.01, 0.06) + 0.6
    normal = np.array([-np.sin(angle), np.cos(angle)], np.float32)
    jag = rng.normal(0, 0.25, (2, len(pts))) * gap
    lip = np.concatenate([pts + normal * (gap + jag[0])[:, None], (pts - normal * (gap + jag[1])[:, None])[::-1]])
    mask = fill(h, w, lip.astype(np.float32)) * item
    out = blend(img, mask, beyond(rng, img, item))
    curl = np.clip(shift(blur(mask, 1), *(normal * rng.uniform(1, 3))) - mask, 0, 1) * item
    return shade(out, rng.uniform(0.1, 0.6) * curl), np.maximum(mask, 0.6 * curl)


def dent(rng, img, item):
    h, w = item.shape
    s, at = size_of(item), inside(rng, item)
    radius = s * rng.uniform(0.06, 0.22)
    bump = blur(blob(rng, h, w, at, radius, rng.uniform(0.05, 0.4), rng.uniform(1, 2.2)), radius * rng.uniform(0.15, 0.4))
    gy, gx = np.gradient(bump)
    a = rng.uniform(0, 2 * np.pi)
    slope = (gx * np.cos(a) + gy * np.sin(a)) * radius
    pull = radius * rng.uniform(0.3, 1.2)
    out = shade(warp(img, gx * pull * 3, gy * pull * 3), rng.uniform(0.5, 1.2) * slope - rng.uniform(0, 0.15) * bump)
    mask = np.clip(bump * 1.6, 0, 1) * item
    return np.clip(out, 0, 1) * item[..., None] + img * (1 - item[..., None]), mask


def wet(rng, img, item):
    h, w = item.shape
    s, at = size_of(item), inside(rng, item)
    radius = s * rng.uniform(0.12, 0.45)
    mask = blob(rng, h, w, at, radius, rng.uniform(0.3, 0.8), rng.uniform(1, 2))
    for _ in range(rng.integers(0, 8)):
        p = np.array(at) + rng.normal(0, radius * 1.3, 2)
        mask = np.maximum(mask, blob(rng, h, w, p, max(2, radius * rng.uniform(0.03, 0.2)), 0.2))
    mask = blur(mask, rng.uniform(0.5, 2.5)) * item
    deep = rng.uniform(0.2, 0.5)
    out = shade(img, -deep * mask)
    grey = out.mean(2, keepdims=True)
    out = out + (out - grey) * (mask * rng.uniform(0, 0.5))[..., None]
    rim = blur(mask, 1.5) * (1 - blur(mask, 1.5)) * 4
    return shade(np.clip(out, 0, 1), -rng.uniform(0, 0.3) * rim * item), mask


def crush(rng, img, item):
    """Facets with their own slope, creases between them, the outline pushed in."""
    h, w = item.shape
    s, at = size_of(item), inside(rng, item)
    radius = s * rng.uniform(0.2, 0.6)
    region = blur(blob(rng, h, w, at, radius, 0.5, rng.uniform(1, 1.6)), 2)
    k = rng.integers(5, 16)
    seeds = np.array(at) + rng.normal(0, radius * 0.7, (k, 2))
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    dist = (xx[..., None] - seeds[:, 0]) ** 2 + (yy[..., None] - seeds[:, 1]) ** 2
    dist += (fractal(rng, h, w, radius * 0.5) * radius**2 * 0.1)[..., None]
    near = np.sort(np.maximum(dist, 0), axis=2)[..., :2]
    owner = dist.argmin(2)
    slope, light = rng.normal(0, 1, (k, 2)), rng.normal(0, 0.16, k)
    lean = (slope[owner, 0] * (xx - seeds[owner, 0]) + slope[owner, 1] * (yy - seeds[owner, 1])) / radius
    field = light[owner] + 0.14 * np.clip(lean, -1.5, 1.5)
    crease = np.exp(-(np.sqrt(near[..., 1]) - np.sqrt(near[..., 0])) / rng.uniform(1, 2.5))
    field = blur(field.astype(np.float32), 0.8) + rng.uniform(-0.5, 0.4) * crease
    move = rng.uniform(1, 4)
    out = warp(img, move * slope[owner, 0] * region, move * slope[owner, 1] * region)
    mask = region * item
    out = out * mask[..., None] + img * (1 - mask[..., None])
    return shade(out, (field * mask).astype(np.float32)), mask


# In the order of net.TYPES; a piece that is missing counts as a hole.
PAINTERS = [crack, scratch, stain, hole, tear, dent, wet, crush]


def paint(rng, img, item):
    """Paints one random damage. Returns (picture, mask, type index)."""
    kind = int(rng.choice(len(PAINTERS), p=[0.16, 0.12, 0.19, 0.17, 0.12, 0.08, 0.08, 0.08]))
    painter = PAINTERS[kind]
    if painter is hole and rng.random() < 0.55:
        painter = missing
    out, mask = painter(rng, img, item)
    return np.clip(out, 0, 1).astype(np.float32), mask, kind
