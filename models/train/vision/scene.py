"""What lies in front of the camera before anything happens to it: a held photo, or a made thing on a made ground.

Made things have an exact mask and a ground that is known everywhere, so that broken-off pieces and openings show what is really
behind them. Pictures are float32 in 0..1 [h, w, 3], masks float32 [h, w].
"""

import cv2
import numpy as np

from draw import blend, blob, blur, fill, fractal, noise, shade, shift


def surface(rng, h, w, photos):
    """An even material: plain, grained, speckled, woven, or a blow-up of some photo."""
    how = rng.random()
    if how < 0.3:
        _, img, _ = photos[rng.integers(len(photos))]
        y, x = rng.integers(0, max(1, img.shape[0] - 80)), rng.integers(0, max(1, img.shape[1] - 80))
        size = int(rng.integers(40, 200))
        piece = cv2.resize(img[y : y + size, x : x + size], (w, h), interpolation=cv2.INTER_CUBIC)
        out = np.clip(piece.astype(np.float32) / 255, 0, 1)
        return out if rng.random() < 0.5 else blur(out, rng.uniform(1, 12))
    base = rng.uniform(0.05, 0.95) if rng.random() < 0.5 else rng.beta(0.7, 0.7)
    out = np.clip(np.full((h, w, 3), base, np.float32) + rng.normal(0, 0.12, 3).astype(np.float32), 0.02, 0.98)
    if how < 0.45:
        field = 0.03 * fractal(rng, h, w, rng.uniform(10, 80))
    elif how < 0.65:  # crumb, plaster, felt
        field = rng.uniform(0.04, 0.22) * fractal(rng, h, w, rng.uniform(2, 10))
    elif how < 0.8:  # chips, seeds, terrazzo
        f = fractal(rng, h, w, rng.uniform(3, 12))
        cut = np.quantile(f, rng.uniform(0.75, 0.97))
        field = np.float32(rng.choice([-0.6, 0.5])) * np.clip((f - cut) * 4, 0, 1) + 0.05 * fractal(rng, h, w, 4)
    else:  # weave, wood, brushed metal
        yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
        a, period = rng.uniform(0, np.pi), rng.uniform(2.5, 14)
        phase = (xx * np.cos(a) + yy * np.sin(a)) / period + rng.uniform(0, 2) * noise(rng, h, w, rng.uniform(20, 90))
        field = rng.uniform(0.03, 0.2) * np.sin(2 * np.pi * phase)
        if rng.random() < 0.4:
            field = field * np.sin(2 * np.pi * (yy * np.cos(a) - xx * np.sin(a)) / period)
    return shade(out, field.astype(np.float32))


def outline(rng, h, w):
    """Mask of a whole thing: round, oval, boxy, many-sided, ring, bottle or cloth."""
    c = np.array([w / 2, h / 2]) + rng.normal(0, 14, 2)
    r, how, turn = rng.uniform(55, 120), rng.random(), rng.uniform(0, 2 * np.pi)
    if rng.random() < 0.3:  # a close-up shows a part of it
        r, c = r * rng.uniform(1.6, 3.5), c + rng.normal(0, 60, 2)
    stretch = rng.uniform(1, 1.7)
    t = np.linspace(0, 2 * np.pi, 180, endpoint=False)
    if how < 0.35:  # round or oval, a little uneven as baked and grown things are
        rad = 1 + sum(rng.normal(0, 0.02) * np.cos(k * t + rng.uniform(0, 6)) for k in range(2, 6))
        x, y = rad * np.cos(t), rad * np.sin(t) / stretch
    elif how < 0.7:  # box with rounded corners
        p = rng.uniform(3, 14)
        rad = (np.abs(np.cos(t)) ** p + np.abs(np.sin(t)) ** p) ** (-1 / p)
        x, y = rad * np.cos(t), rad * np.sin(t) / stretch
    elif how < 0.8:  # scalloped or toothed rim
        n, deep = int(rng.integers(5, 36)), rng.uniform(0.01, 0.1)
        rad = 1 + deep * (np.abs(np.sin(n * t / 2)) if rng.random() < 0.6 else np.sin(n * t))
        x, y = rad * np.cos(t), rad * np.sin(t)
    elif how < 0.9:  # turned on a lathe: bottle, vase, cup
        v = np.linspace(-1, 1, 90)
        half = np.clip(0.45 + 0.15 * np.sin(rng.uniform(1, 4) * v + rng.uniform(0, 6)) - rng.uniform(0, 0.25) * (v < -0.4), 0.12, 1)
        x, y = np.r_[half, -half[::-1]], np.r_[v, v[::-1]]
    else:  # lying cloth
        corner = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * [1, 1 / stretch] + rng.normal(0, 0.15, (4, 2))
        k = np.repeat(np.arange(4), 45)
        s = np.tile(np.linspace(0, 1, 45, endpoint=False), 4)[:, None]
        p = corner[k] * (1 - s) + corner[(k + 1) % 4] * s
        x, y = p[:, 0] + 0.02 * np.sin(9 * t), p[:, 1] + 0.02 * np.cos(7 * t)
    co, si = np.cos(turn), np.sin(turn)
    pts = np.stack([c[0] + r * (x * co - y * si), c[1] + r * (x * si + y * co)], 1)
    m = fill(h, w, pts.astype(np.float32))
    if how < 0.35 and rng.random() < 0.12:
        m = m * (1 - blob(rng, h, w, c, r * rng.uniform(0.15, 0.45), 0))
    return m


def lit(rng, item):
    """The light on a thing: relative change by where its surface faces, from its distance to the rim."""
    deep = cv2.distanceTransform((item > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    rim = rng.uniform(3, 40)
    height = blur(np.sqrt(np.clip(deep / rim, 0, 1)), 1.5)
    gy, gx = np.gradient(height)
    a = rng.uniform(0, 2 * np.pi)
    field = (gx * np.cos(a) + gy * np.sin(a)) * rim * rng.uniform(0, 0.6) - rng.uniform(0, 0.25) * (1 - height)
    return np.clip(field, -0.7, 0.6).astype(np.float32), a


def made(rng, h, w, photos):
    """(picture, item mask, ground): a made thing with its shadow on a made ground, and the ground without it."""
    item = blur(outline(rng, h, w), rng.uniform(0.4, 0.9))
    ground = surface(rng, h, w, photos)
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    a = rng.uniform(0, 2 * np.pi)
    ground = shade(ground, rng.uniform(0, 0.3) * ((xx - w / 2) * np.cos(a) + (yy - h / 2) * np.sin(a)) / w)
    field, a = lit(rng, item)
    thing = surface(rng, h, w, photos)
    for _ in range(30):
        if (item > 0.5).all() or abs(thing[item > 0.5].mean() - ground[item < 0.5].mean()) > 0.08:
            break
        thing = np.clip(thing + rng.normal(0, 0.25, 3).astype(np.float32), 0, 1)
    far = rng.uniform(0.5, 10)
    cast = blur(shift(item, -far * np.cos(a), -far * np.sin(a)), rng.uniform(0.8, 8)) * rng.uniform(0, 0.7)
    return blend(shade(ground, -cast), item, shade(thing, field)), item, ground


def elsewhere(rng, img, item, photos):
    """(picture, ground): a photographed thing cut out and laid on a made ground."""
    h, w = item.shape
    ground, a = surface(rng, h, w, photos), rng.uniform(0, 2 * np.pi)
    far = rng.uniform(0.5, 8)
    cast = blur(shift(item, far * np.cos(a), far * np.sin(a)), rng.uniform(0.8, 8)) * rng.uniform(0, 0.6)
    return blend(shade(ground, -cast), blur(cv2.erode(item, np.ones((3, 3))), 0.7), img), ground


def behind(rng, img, item):
    """A guess at the ground behind a photographed thing: what surrounds it, spread inwards."""
    out = (item < 0.3).astype(np.float32)
    if out.sum() < 150:
        return np.clip(img.mean((0, 1)) * rng.uniform(0.1, 0.7) * (1 + 0.1 * fractal(rng, *item.shape, 20))[..., None], 0, 1).astype(np.float32)
    total, weight = np.zeros_like(img), np.full(item.shape, 1e-6, np.float32)
    for sigma, share in ((6, 1.0), (20, 0.05), (60, 0.002)):
        total += share * blur(img * out[..., None], sigma)
        weight += share * blur(out, sigma)
    fillin = total / weight[..., None]
    grain = 1 + rng.uniform(0.01, 0.06) * fractal(rng, *item.shape, rng.uniform(2, 8))
    return np.clip(np.where(out[..., None] > 0, img, fillin * grain[..., None]), 0, 1).astype(np.float32)
