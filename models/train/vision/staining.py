"""Stains and wet places. As damage.py: (picture, mask)."""

import numpy as np

from draw import blend, blob, blur, fractal, inside, line, noise, shade, shift, size_of, walk

# coffee, soy, oil, rust, blood, ink, mould, mud, soot, wine, grass, dust; red green blue
STAINS = np.array(
    [[90, 55, 25], [60, 35, 20], [190, 165, 90], [150, 75, 30], [120, 20, 20], [30, 30, 80], [70, 85, 60],
     [110, 90, 65], [30, 30, 30], [100, 20, 50], [60, 100, 40], [150, 145, 135]], np.float32) / 255


def splash(rng, h, w, at, radius):
    """One big irregular patch and perhaps small ones around it."""
    mask = blob(rng, h, w, at, max(1.6, radius), rng.uniform(0.1, 0.8), rng.uniform(1, 2.8))
    for _ in range(rng.integers(0, 7)):
        p = np.array(at) + rng.normal(0, radius * 1.6, 2)
        mask = np.maximum(mask, blob(rng, h, w, p, max(1.2, radius * rng.uniform(0.05, 0.4)), 0.4))
    return mask


def ring(rng, h, w, at, radius):
    """What a cup leaves: part of a ring of uneven width."""
    radius = max(5, radius)
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    d = np.hypot(xx - at[0], (yy - at[1]) * rng.uniform(0.8, 1.25)) - radius
    wide = np.clip(radius * rng.uniform(0.04, 0.15), 0.8, 6)
    m = np.clip(1.2 - np.abs(d + wide * noise(rng, h, w, radius)) / wide, 0, 1)
    return np.float32(m * np.clip(0.6 + noise(rng, h, w, radius), 0, 1))


def drips(rng, h, w, at, radius):
    """Runs down from a patch."""
    mask, down = blob(rng, h, w, at, max(2, radius * 0.6), 0.4, rng.uniform(1, 2)), rng.normal(np.pi / 2, 0.25)
    for _ in range(rng.integers(1, 6)):
        p = np.array(at) + [rng.normal(0, radius * 0.5), 0]
        pts, wide = walk(rng, p, down, radius * rng.uniform(0.6, 3.5), 0.03), rng.uniform(1, max(1.5, radius * 0.2))
        mask = np.maximum(mask, np.maximum(line(h, w, pts, wide), blob(rng, h, w, pts[-1], wide * 0.8, 0.1)))
    return mask


def smear(rng, h, w, at, radius):
    """Rubbed off: soft streaks of one direction."""
    mask, a = np.zeros((h, w), np.float32), rng.uniform(0, np.pi)
    for _ in range(rng.integers(3, 14)):
        p = np.array(at) + rng.normal(0, radius * 0.45, 2)
        streak = line(h, w, walk(rng, p, a + rng.normal(0, 0.2), radius * rng.uniform(0.5, 1.8), 0.05), rng.uniform(1, max(2, radius * 0.2)))
        mask = np.maximum(mask, blur(streak, rng.uniform(0.5, 2)) * rng.uniform(0.4, 1))
    return mask


def specks(rng, h, w, at, radius):
    """Mould, sprinkles, spatter: many small spots that get rarer outwards."""
    mask, radius = np.zeros((h, w), np.float32), max(5, radius)
    for _ in range(rng.integers(4, 40)):
        p = np.array(at) + rng.normal(0, radius, 2)
        mask = np.maximum(mask, blob(rng, h, w, p, np.exp(rng.uniform(np.log(0.7), np.log(max(1.5, radius * 0.25)))), 0.3) * rng.uniform(0.5, 1))
    return mask


FORMS = [splash, splash, splash, ring, drips, smear, smear, specks]


def stain(rng, img, item, ground):
    h, w = item.shape
    s, at = size_of(item), inside(rng, item)
    radius = s * np.exp(rng.uniform(np.log(0.018), np.log(0.22)))
    mask = FORMS[rng.integers(len(FORMS))](rng, h, w, at, radius)
    mask = blur(mask, rng.uniform(0.3, 0.1 * radius + 0.6)) * item
    colour = np.clip(STAINS[rng.integers(len(STAINS))] + rng.normal(0, 0.08, 3), 0, 1)
    if rng.random() < 0.2:
        colour = np.clip(rng.uniform(0, 1, 3), 0, 1)
    strength = rng.uniform(0.25, 0.95) * np.clip(0.8 + 0.35 * fractal(rng, h, w, max(3, radius)), 0.3, 1)
    if rng.random() < 0.35:  # dried liquid gathers at its edge
        soft = blur(mask, max(1, radius * 0.12))
        strength = strength * np.clip(0.4 + 2.2 * soft * (1 - soft), 0, 1.2)
    if rng.random() < 0.6:  # soaked in: filters the light, the weave stays
        return img * (1 - (mask * strength)[..., None] * (1 - np.clip(0.2 + 0.9 * colour, 0, 1))), mask
    out = blend(img, mask * strength, colour * (1 + 0.1 * fractal(rng, h, w, 4))[..., None], 0.9)
    if rng.random() < 0.3:  # thick: casts a little light and shade
        out = shade(out, 0.3 * (shift(mask, 1, 1) - mask))
    return out, mask


def wet(rng, img, item, ground):
    """Darkened and more saturated, a sharp soaked front; or drops that glint."""
    h, w = item.shape
    s, at = size_of(item), inside(rng, item)
    radius = s * rng.uniform(0.1, 0.45)
    mask = blob(rng, h, w, at, radius, rng.uniform(0.3, 0.8), rng.uniform(1, 2))
    for _ in range(rng.integers(0, 8)):
        p = np.array(at) + rng.normal(0, radius * 1.3, 2)
        mask = np.maximum(mask, blob(rng, h, w, p, max(2, radius * rng.uniform(0.03, 0.2)), 0.2))
    glossy = rng.random() < 0.35
    if glossy:
        mask = specks(rng, h, w, at, radius * 0.8)
    mask = blur(mask, rng.uniform(0.5, 2.5)) * item
    out = shade(img, -rng.uniform(0.18, 0.5) * mask)
    grey = out.mean(2, keepdims=True)
    out = out + (out - grey) * (mask * rng.uniform(0, 0.5))[..., None]
    soft = blur(mask, 1.5)
    out = shade(np.clip(out, 0, 1), -rng.uniform(0, 0.3) * soft * (1 - soft) * 4 * item)
    if glossy or rng.random() < 0.25:
        gy, gx = np.gradient(blur(mask, 1.2))
        a = rng.uniform(0, 2 * np.pi)
        out = blend(out, np.clip((gx * np.cos(a) + gy * np.sin(a)) * 5 - 0.3, 0, 1) * mask, [1, 1, 1], rng.uniform(0.4, 1))
    return out, mask
