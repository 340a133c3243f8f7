"""Synthetic damage: each function paints one damage onto a picture and returns (picture, mask).

img is float32 [h, w, 3] in 0..1, item the thing's mask, ground what lies behind it. Sizes are drawn so that damage covers from
a thousandth to half of the item, most of them small. break.py, tear and stain keep their variants here and beside.
"""

import cv2
import numpy as np

import breaking
import staining
from draw import blend, blob, blur, fill, fractal, inside, line, noise, opening, shade, shift, size_of, walk, warp


def crack(rng, img, item, ground):
    """A branching line; half of the time its two sides no longer fit: one is moved or tilted against the light."""
    h, w = item.shape
    s, start = size_of(item), inside(rng, item)
    arms = int(rng.integers(3, 9)) if rng.random() < 0.2 else 1  # struck glass and glaze crack like a star
    mask = np.zeros((h, w), np.float32)
    width, wander = rng.uniform(0.7, 2.8), rng.uniform(0.06, 0.3)
    turn = rng.uniform(0, 2 * np.pi)
    for k in range(arms):
        angle, length = turn + 2 * np.pi * k / arms + rng.normal(0, 0.25), s * rng.uniform(0.15, 0.9) / (1 + 0.3 * (arms > 1))
        main = walk(rng, start, angle, length, wander)
        mask = np.maximum(mask, line(h, w, main, width))
        for _ in range(rng.integers(0, 4)):
            p = main[rng.integers(len(main))]
            twig = walk(rng, p, angle + rng.normal(0, 0.9), length * rng.uniform(0.15, 0.5), 0.25)
            mask = np.maximum(mask, line(h, w, twig, width * rng.uniform(0.4, 0.9)))
    mask *= item
    out = img
    if arms == 1 and rng.random() < 0.4:
        half = blur(breaking.side(rng, item, start, turn, wander), 0.7) * blur(np.minimum(1, 4 * blur(mask, s * 0.12)), 3) * item
        out = blend(img, half, warp(img, half * rng.normal(0, 2), half * rng.normal(0, 2)))
        out = shade(out, half * rng.normal(0, 0.1))
    dark = rng.random() < 0.82
    out = shade(out, (-rng.uniform(0.3, 0.9) if dark else rng.uniform(0.3, 0.9)) * mask)
    rim = np.clip(shift(mask, *rng.uniform(-1.8, 1.8, 2)) - mask, 0, 1)
    return shade(out, (1 if dark else -1) * rng.uniform(0, 0.4) * rim), mask


def scratch(rng, img, item, ground):
    """Straight thin lines, single, parallel, or a scuffed patch of many."""
    h, w = item.shape
    s, angle = size_of(item), rng.uniform(0, np.pi)
    at = inside(rng, item)
    mask = np.zeros((h, w), np.float32)
    scuff = rng.random() < 0.3
    spread, long = (0.1, 0.12) if scuff else (0.05, 0.6)
    for _ in range(rng.integers(12, 45) if scuff else rng.integers(1, 7)):
        start = np.array(at) + rng.normal(0, s * spread, 2)
        pts = walk(rng, start, angle + rng.normal(0, 0.15), s * rng.uniform(0.05, long), rng.uniform(0, 0.05))
        mask = np.maximum(mask, line(h, w, pts, rng.uniform(0.5, 1.9)) * rng.uniform(0.4, 1))
    mask *= item
    bare = rng.uniform(0.6, 1) if rng.random() < 0.7 else rng.uniform(0, 0.3)
    colour = np.clip([bare] * 3 + rng.normal(0, 0.05, 3), 0, 1)
    out = blend(img, mask, colour, rng.uniform(0.35, 0.95))
    lip = np.clip(shift(mask, 1, 1) - mask, 0, 1)
    return shade(out, -rng.uniform(0, 0.4) * lip), np.maximum(mask, 0.8 * blur(mask, 2.5) * 2 * scuff).clip(0, 1)


def hole(rng, img, item, ground):
    """An opening with a thick rim; worn ones are fringed, burnt ones dark around."""
    h, w = item.shape
    s, at = size_of(item), inside(rng, item)
    radius = max(2.0, s * np.exp(rng.uniform(np.log(0.02), np.log(0.16))))
    mask = blob(rng, h, w, at, radius, rng.uniform(0.05, 0.6), rng.uniform(1, 1.9)) * item
    out = blend(img, mask, opening(rng, img, item, ground))
    dx, dy = rng.normal(0, max(1, radius * 0.2), 2)
    out = shade(out, -rng.uniform(0.1, 0.7) * mask * np.clip(1 - shift(mask, dx, dy), 0, 1))
    rim = np.clip(blur(mask, 1.2) * 2 - mask, 0, 1) * (1 - mask)
    out = shade(out, rng.uniform(-0.4, 0.5) * rim * np.clip(0.5 + noise(rng, h, w, 3), 0, 1))
    if rng.random() < 0.2:
        burnt = np.clip(blur(mask, radius * 0.3) * 2, 0, 1) * item
        return shade(out, -rng.uniform(0.4, 0.85) * burnt * np.clip(0.8 + 0.4 * fractal(rng, h, w, radius), 0, 1)), np.maximum(mask, burnt * (burnt > 0.4))
    if rng.random() < 0.35:
        out = threads(rng, out, img, mask, at, radius)
    return out, mask


def threads(rng, out, img, mask, at, radius):
    """Loose threads of the item's own colour that hang into an opening."""
    h, w = mask.shape
    m = np.zeros((h, w), np.float32)
    for _ in range(rng.integers(3, 18)):
        a = rng.uniform(0, 2 * np.pi)
        p = np.array(at) + radius * rng.uniform(0.7, 1.2) * np.array([np.cos(a), np.sin(a)])
        m = np.maximum(m, line(h, w, walk(rng, p, a + np.pi + rng.normal(0, 0.5), radius * rng.uniform(0.3, 1.3), 0.2), rng.uniform(0.5, 1.2)))
    near = (blur(mask, 3) > 0.02) & (mask < 0.3)
    own = img[near].mean(0) if near.any() else img.mean((0, 1))
    return blend(out, m * np.clip(blur(mask, 1) * 3, 0, 1), np.clip(own * rng.uniform(0.8, 1.4), 0, 1), rng.uniform(0.5, 1))


def tear(rng, img, item, ground):
    """A gap along a path, open like a lens or from the rim inwards, with curled and fringed lips."""
    h, w = item.shape
    s, angle = size_of(item), rng.uniform(0, 2 * np.pi)
    start = breaking.rim_point(rng, item) if rng.random() < 0.4 else inside(rng, item)
    edge = not item[int(np.clip(start[1], 3, h - 4)) - 2, int(np.clip(start[0], 3, w - 4))] > 0.9
    if edge:
        middle = np.array([w, h]) / 2
        angle = np.arctan2(*(middle - start)[::-1]) + rng.normal(0, 0.4)
    pts = walk(rng, start, angle, s * rng.uniform(0.12, 0.6), rng.uniform(0.04, 0.2))
    t = np.linspace(0, 1, len(pts))
    shape = (1 - t) ** rng.uniform(0.4, 1.2) if edge else np.sin(np.pi * t ** rng.uniform(0.5, 1.5))
    gap = shape * s * rng.uniform(0.008, 0.07) + 0.5
    normal = np.array([-np.sin(angle), np.cos(angle)], np.float32)
    jag = rng.normal(0, rng.uniform(0.05, 0.35), (2, len(pts))) * gap
    lip = np.concatenate([pts + normal * (gap + jag[0])[:, None], (pts - normal * (gap + jag[1])[:, None])[::-1]])
    mask = fill(h, w, lip.astype(np.float32)) * item
    out = blend(img, mask, opening(rng, img, item, ground))
    curl = np.clip(shift(blur(mask, 1), *(normal * rng.uniform(1, 4))) - mask, 0, 1) * item
    out = shade(out, rng.choice([-1, 1]) * rng.uniform(0.1, 0.6) * curl)
    if rng.random() < 0.4:
        for _ in range(3):
            p = pts[rng.integers(len(pts))]
            out = threads(rng, out, img, mask, p, 2 + float(gap.max()))
    return out, np.maximum(mask, 0.6 * curl)


def dent(rng, img, item, ground):
    """A hollow: the picture is pulled towards it, one flank is bright and the other dark, perhaps a glint or a crease in it."""
    h, w = item.shape
    s, at = size_of(item), inside(rng, item)
    radius = s * rng.uniform(0.05, 0.24)
    bump = blur(blob(rng, h, w, at, radius, rng.uniform(0.05, 0.4), rng.uniform(1, 3.0)), radius * rng.uniform(0.12, 0.4))
    if rng.random() < 0.4:
        line_ = blur(line(h, w, walk(rng, at, rng.uniform(0, 6.3), radius * 1.6, 0.1), 2), radius * 0.12)
        bump = bump + rng.uniform(0.4, 1) * line_ / (line_.max() + 1e-6)
    gy, gx = np.gradient(bump)
    a = rng.uniform(0, 2 * np.pi)
    slope = (gx * np.cos(a) + gy * np.sin(a)) * radius
    pull = radius * rng.uniform(0.3, 1.2)
    out = shade(warp(img, gx * pull * 3, gy * pull * 3), rng.uniform(0.4, 1.3) * slope - rng.uniform(0, 0.2) * bump)
    if rng.random() < 0.35:
        glint = np.clip(slope * 3 - rng.uniform(0.5, 1.2), 0, 1)
        out = blend(out, glint, [1, 1, 1], rng.uniform(0.2, 0.8))
    mask = np.clip(bump * 1.6, 0, 1) * item
    return np.clip(out, 0, 1) * item[..., None] + img * (1 - item[..., None]), mask


def crush(rng, img, item, ground):
    """Facets with their own slope, creases between them, the outline pushed in where the rim is hit."""
    h, w = item.shape
    s = size_of(item)
    at = breaking.rim_point(rng, item) if rng.random() < 0.5 else inside(rng, item)
    radius = s * rng.uniform(0.15, 0.6)
    region = blur(blob(rng, h, w, at, radius, 0.5, rng.uniform(1, 1.6)), 2)
    k = int(rng.integers(5, 16))
    seeds = np.float32(np.array(at) + rng.normal(0, radius * 0.7, (k, 2)))
    yy, xx = np.mgrid[0 : h // 2, 0 : w // 2].astype(np.float32) * 2
    dist = (xx[..., None] - seeds[:, 0]) ** 2 + (yy[..., None] - seeds[:, 1]) ** 2
    dist += (fractal(rng, h // 2, w // 2, radius * 0.25) * np.float32(radius**2 * 0.1))[..., None]
    near = np.partition(np.maximum(dist, 0), 1, axis=2)[..., :2]
    owner = dist.argmin(2)
    slope, light = np.float32(rng.normal(0, 1, (k, 2))), np.float32(rng.normal(0, 0.16, k))
    lean = (slope[owner, 0] * (xx - seeds[owner, 0]) + slope[owner, 1] * (yy - seeds[owner, 1])) / np.float32(radius)
    field = light[owner] + rng.uniform(0.06, 0.2) * np.clip(lean, -1.5, 1.5)
    crease = np.exp(-(np.sqrt(near[..., 1]) - np.sqrt(near[..., 0])) / rng.uniform(1, 2.5))
    field = cv2.resize(np.float32(blur(np.float32(field), 0.5) + rng.uniform(-0.5, 0.4) * crease), (w, h))
    move, sx, sy = rng.uniform(1, 5), *(cv2.resize(slope[owner, i], (w, h)) for i in (0, 1))
    dx, dy = move * sx * region, move * sy * region
    mask = region * item
    if rng.random() < 0.5:  # the whole outline gives way towards the middle
        ys, xs = np.nonzero(item > 0.5)
        to = np.array([xs.mean(), ys.mean()]) - at
        push = rng.uniform(0.1, 0.5) * radius * to / (np.hypot(*to) + 1e-6)
        dx, dy = dx - push[0] * blur(region, radius * 0.2), dy - push[1] * blur(region, radius * 0.2)
        moved = warp(item, dx, dy)
        out = blend(ground if ground is not None else img, moved, warp(img, dx, dy))
        out = np.where((region > 0.02)[..., None], out, img)
        return shade(out, np.float32(field * region * moved)), np.clip(mask, 0, 1)
    out = warp(img, dx, dy) * mask[..., None] + img * (1 - mask[..., None])
    return shade(out, np.float32(field * mask)), mask


# In the order of net.TYPES; a piece that is missing or broken off counts as a hole.
PAINTERS = [crack, scratch, staining.stain, hole, tear, dent, staining.wet, crush]
SHARE = [0.14, 0.10, 0.20, 0.24, 0.11, 0.07, 0.07, 0.07]


def paint(rng, img, item, ground):
    """Paints one random damage. Returns (picture, mask, type index)."""
    kind = int(rng.choice(len(PAINTERS), p=SHARE))
    painter = PAINTERS[kind]
    if painter is hole and rng.random() < 0.65:
        painter = breaking.FORMS[rng.integers(len(breaking.FORMS))]
    out, mask = painter(rng, img, item, ground)
    return np.clip(out, 0, 1).astype(np.float32), mask, kind
