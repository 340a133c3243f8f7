"""Hard negatives: things that are on good items and in good photos and that a hasty eye takes for damage."""

import cv2
import numpy as np

from draw import blend, blob, blur, fill, fractal, inside, line, noise, shade, walk, warp

FONTS = [cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, cv2.FONT_HERSHEY_TRIPLEX]
LETTERS = list("ABCDEFGHIJKLMNOPRSTUVWXYZabcdefghiklmnoprstuvwxyz0123456789")


def colour(rng):
    return rng.uniform(0, 1, 3) if rng.random() < 0.6 else np.repeat(rng.choice([0.05, 0.95]), 3)


def text(rng, img, item):
    h, w = item.shape
    m = np.zeros((h, w), np.uint8)
    at, scale = inside(rng, item), rng.uniform(0.25, 1.6)
    for row in range(rng.integers(1, 5)):
        word = "".join(rng.choice(LETTERS, rng.integers(2, 9)))
        org = (int(at[0] - 8 * scale * len(word)), int(at[1] + row * 30 * scale))
        cv2.putText(m, word, org, int(rng.choice(FONTS)), scale, 255, int(rng.integers(1, 4)), cv2.LINE_AA)
    turn = cv2.getRotationMatrix2D(at, rng.uniform(-40, 40), 1)
    m = cv2.warpAffine(m, turn, (w, h)).astype(np.float32) / 255
    return blend(img, m * item, colour(rng), rng.uniform(0.6, 1))


def stripes(rng, img, item):
    h, w = item.shape
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    a, period = rng.uniform(0, np.pi), rng.uniform(5, 40)
    wave = np.sin((xx * np.cos(a) + yy * np.sin(a) + 3 * noise(rng, h, w, 80)) * 2 * np.pi / period)
    m = np.clip((wave - rng.uniform(-0.3, 0.8)) * 6, 0, 1)
    if rng.random() < 0.4:
        b = a + np.pi / 2
        m = np.maximum(m, np.clip((np.sin((xx * np.cos(b) + yy * np.sin(b)) * 2 * np.pi / period) - 0.5) * 6, 0, 1))
    return blend(img, m * item, colour(rng), rng.uniform(0.2, 0.8))


def dots(rng, img, item):
    """A regular print of round or square marks."""
    h, w = item.shape
    m = np.zeros((h, w), np.uint8)
    step, r, a = rng.uniform(10, 40), rng.uniform(1.5, 6), rng.uniform(0, np.pi / 2)
    square = rng.random() < 0.3
    for i in range(-30, 31):
        for j in range(-30, 31):
            x = int(w / 2 + step * (i * np.cos(a) - j * np.sin(a)))
            y = int(h / 2 + step * (i * np.sin(a) + j * np.cos(a)))
            if 0 <= x < w and 0 <= y < h:
                if square:
                    cv2.rectangle(m, (int(x - r), int(y - r)), (int(x + r), int(y + r)), 255, -1)
                else:
                    cv2.circle(m, (x * 16, y * 16), int(r * 16), 255, -1, cv2.LINE_AA, 4)
    return blend(img, m.astype(np.float32) / 255 * item, colour(rng), rng.uniform(0.4, 1))


def seam(rng, img, item):
    """A stitched seam: a smooth curve with shading beside it and short threads along it."""
    h, w = item.shape
    pts = walk(rng, inside(rng, item), rng.uniform(0, 2 * np.pi), rng.uniform(60, 260), rng.uniform(0, 0.03))
    pts = cv2.GaussianBlur(pts, (1, 9), 2)
    ridge = blur(line(h, w, pts, 2), rng.uniform(0.8, 2))
    out = shade(img, rng.uniform(-0.6, 0.3) * ridge * item)
    thread = np.zeros((h, w), np.uint8)
    off = rng.uniform(2, 6)
    for p, q in zip(pts[::1], pts[1::1]):
        d = (q - p) / (np.hypot(*(q - p)) + 1e-6)
        n = np.array([-d[1], d[0]]) * off
        for t in np.arange(0.1, 0.9, 0.35):
            u = p + (q - p) * t + n
            v = u + d * 2.5
            cv2.line(thread, tuple(np.int32(u)), tuple(np.int32(v)), 255, 1, cv2.LINE_AA)
    return blend(out, thread.astype(np.float32) / 255 * item, colour(rng), rng.uniform(0.3, 0.9))


def folds(rng, img, item):
    h, w = item.shape
    field = np.zeros((h, w), np.float32)
    for _ in range(rng.integers(2, 7)):
        pts = walk(rng, inside(rng, item), rng.uniform(0, 2 * np.pi), rng.uniform(40, 200), rng.uniform(0.02, 0.15))
        ridge = line(h, w, pts, rng.uniform(1, 4))
        wide = rng.uniform(1.5, 8)
        gy, gx = np.gradient(blur(ridge, wide))
        a = rng.uniform(0, 2 * np.pi)
        field += (gx * np.cos(a) + gy * np.sin(a)) * wide * rng.uniform(0.5, 2)
    return shade(img, np.clip(field, -0.5, 0.5) * item)


def shadow(rng, img, item):
    h, w = item.shape
    if rng.random() < 0.5:
        m = blob(rng, h, w, rng.uniform(0, 256, 2), rng.uniform(20, 120), rng.uniform(0, 0.4), rng.uniform(1, 3))
    else:
        corner = rng.uniform(-40, 296, (rng.integers(3, 6), 2)).astype(np.float32)
        m = fill(h, w, cv2.convexHull(corner)[:, 0])
    return shade(img, -rng.uniform(0.1, 0.6) * blur(m, rng.uniform(1, 14)))


def shine(rng, img, item):
    h, w = item.shape
    m = np.zeros((h, w), np.float32)
    for _ in range(rng.integers(1, 5)):
        m = np.maximum(m, blob(rng, h, w, inside(rng, item), rng.uniform(2, 18), rng.uniform(0, 0.2), rng.uniform(1, 5)))
    return blend(img, blur(m, rng.uniform(0.6, 5)) * item, [1, 1, 1], rng.uniform(0.3, 1))


def sticker(rng, img, item):
    """A label or badge: a clean shape with writing, sometimes bars."""
    h, w = item.shape
    x, y = inside(rng, item)
    bw, bh, a = rng.uniform(8, 45), rng.uniform(6, 30), rng.uniform(0, 180)
    box = cv2.boxPoints(((x, y), (2 * bw, 2 * bh), a)).astype(np.float32)
    m = fill(h, w, box) if rng.random() < 0.7 else blob(rng, h, w, (x, y), bh, 0)
    out = blend(img, m, colour(rng), rng.uniform(0.8, 1))
    ink = np.zeros((h, w), np.uint8)
    if rng.random() < 0.4:
        for i in range(int(x - bw * 0.7), int(x + bw * 0.7), 3):
            cv2.line(ink, (i, int(y - bh * 0.5)), (i, int(y + bh * 0.5)), 255, int(rng.integers(1, 3)))
    else:
        word = "".join(rng.choice(LETTERS, 5))
        cv2.putText(ink, word, (int(x - bw * 0.7), int(y)), cv2.FONT_HERSHEY_SIMPLEX, bw / 60, 255, 1, cv2.LINE_AA)
    return blend(out, ink.astype(np.float32) / 255 * m, colour(rng))


def buttons(rng, img, item):
    h, w = item.shape
    p, a, step, r = np.array(inside(rng, item)), rng.uniform(0, 2 * np.pi), rng.uniform(12, 40), rng.uniform(2, 6)
    c, out = colour(rng), img
    for i in range(rng.integers(1, 6)):
        q = p + i * step * np.array([np.cos(a), np.sin(a)])
        disc = blob(rng, h, w, q, r, 0)
        out = shade(blend(out, disc, c), -0.4 * np.clip(blur(disc, 1.5) - disc, 0, 1))
        for k in (-1, 1):
            out = blend(out, blob(rng, h, w, q + k * np.array([r * 0.35, 0]), max(0.6, r * 0.15), 0), [0.1] * 3)
    return out


def ruler(rng, img, item):
    """A ruler or tape beside the mark, as careful buyers lay it."""
    h, w = item.shape
    x, y, a = rng.uniform(0, w), rng.uniform(0, h), rng.uniform(0, np.pi)
    d, n = np.array([np.cos(a), np.sin(a)]), np.array([-np.sin(a), np.cos(a)])
    p, wide = np.array([x, y]), rng.uniform(8, 35)
    edge = np.array([p - 300 * d, p + 300 * d, p + 300 * d + n * wide, p - 300 * d + n * wide], np.float32)
    out = blend(img, fill(h, w, edge), rng.uniform(0.2, 0.95, 3), rng.uniform(0.6, 1))
    ticks = np.zeros((h, w), np.uint8)
    for i, t in enumerate(np.arange(-300, 300, rng.uniform(3, 8))):
        u = p + d * t
        v = u + n * wide * (0.5 if i % 5 == 0 else 0.25)
        cv2.line(ticks, tuple(np.int32(u)), tuple(np.int32(v)), 255, 1, cv2.LINE_AA)
    return blend(out, ticks.astype(np.float32) / 255, colour(rng))


def texture(rng, img, item):
    """Grain, weave, wood, marble: an even texture over the whole item."""
    h, w = item.shape
    f = fractal(rng, h, w, rng.uniform(2, 25))
    if rng.random() < 0.4:
        f = np.sin(f * rng.uniform(3, 9) + 0.2 * np.mgrid[0:h, 0:w][rng.integers(2)])
    f = f.astype(np.float32) * rng.uniform(0.04, 0.3)
    if rng.random() < 0.3:
        f = np.where(f > np.quantile(f, 0.9), f * 2, f * 0.2).astype(np.float32)
    return shade(img, f * item)


def bulge(rng, img, item):
    """A smooth lens-like warp without shading, so that warping alone never means dent."""
    h, w = item.shape
    m = blur(noise(rng, h, w, 60), 12)
    gy, gx = np.gradient(m)
    return warp(img, gx * 40, gy * 40)


def motif(rng, img, item):
    """A printed figure: a few overlapping clean shapes of strong colour."""
    h, w = item.shape
    at, r, out = np.array(inside(rng, item)), rng.uniform(8, 35), img
    for _ in range(rng.integers(1, 5)):
        c = at + rng.normal(0, r * 0.5, 2)
        k = rng.integers(3, 9)
        t = np.sort(rng.uniform(0, 2 * np.pi, k))
        star = c + np.stack([np.cos(t), np.sin(t)], 1) * r * rng.uniform(0.5, 1, (k, 1))
        m = fill(h, w, star.astype(np.float32)) if rng.random() < 0.6 else blob(rng, h, w, c, r * 0.6, 0)
        out = blend(out, m * item, colour(rng), rng.uniform(0.6, 1))
    return out


def hand(rng, img, item):
    """Fingers that hold the thing: long rounded shapes of skin from the picture's rim over the item."""
    h, w = item.shape
    skin = np.array([0.78, 0.57, 0.45]) * rng.uniform(0.35, 1.2) + rng.normal(0, 0.04, 3)
    a, at, out = rng.uniform(0, 2 * np.pi), np.array(inside(rng, item)), img
    d, thick = np.array([np.cos(a), np.sin(a)]), rng.uniform(9, 24)
    n = np.array([-d[1], d[0]])
    for k in range(rng.integers(1, 5)):
        tip = at + n * thick * 2.1 * k + d * rng.normal(0, thick)
        m = line(h, w, np.stack([tip, tip + d * 400]), 2 * thick)
        m = np.maximum(m, blob(rng, h, w, tip, thick, 0))
        soft = blur(m, thick * 0.4)
        out = shade(out, -0.35 * np.clip(blur(m, 4) - m, 0, 1))
        out = blend(out, m, np.clip(skin * (0.55 + 0.5 * soft)[..., None] * (1 + 0.03 * fractal(rng, h, w, 6))[..., None], 0, 1))
    return out


def pointer(rng, img, item):
    """What people draw into photos: arrows, circles, boxes of a loud colour."""
    h, w = item.shape
    m, p = np.zeros((h, w), np.uint8), np.array(inside(rng, item))
    thick, q = int(rng.integers(1, 6)), p + rng.normal(0, 45, 2)
    how = rng.random()
    if how < 0.5:
        cv2.arrowedLine(m, tuple(np.int32(q)), tuple(np.int32(p)), 255, thick, cv2.LINE_AA, tipLength=rng.uniform(0.15, 0.45))
    elif how < 0.8:
        cv2.ellipse(m, tuple(np.int32(p)), (int(rng.integers(8, 50)), int(rng.integers(8, 50))), 0, 0, 360, 255, thick, cv2.LINE_AA)
    else:
        cv2.rectangle(m, tuple(np.int32(p - abs(q - p) / 2)), tuple(np.int32(p + abs(q - p) / 2)), 255, thick)
    loud = [[1, 0, 0], [0.9, 0.1, 0.1], [1, 0.9, 0], [0, 0.8, 0.2], [0, 0.2, 1], [0, 0, 0], [1, 1, 1]]
    return blend(img, m.astype(np.float32) / 255, loud[rng.integers(len(loud))])


def sprinkled(rng, img, item):
    """Crumb, seeds, chips, sequins, raisins: many alike things all over, lit alike."""
    h, w = item.shape
    c, out, r = colour(rng), img, rng.uniform(1, 6)
    m = np.zeros((h, w), np.float32)
    for _ in range(rng.integers(20, 90)):
        m = np.maximum(m, blob(rng, h, w, rng.uniform(0, 256, 2), r * rng.uniform(0.6, 1.4), 0.3, rng.uniform(1, 1.6)))
    gy, gx = np.gradient(blur(m, 0.8))
    out = blend(out, m * item, c, rng.uniform(0.5, 1))
    a = rng.uniform(0, 2 * np.pi)
    return shade(out, (gx * np.cos(a) + gy * np.sin(a)) * rng.uniform(0, 1.2) * item)


def wrinkles(rng, img, item):
    """Soft cloth lying: many ridges of about one direction, lit from one side; the picture bends along."""
    h, w = item.shape
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    a, period = rng.uniform(0, np.pi), rng.uniform(14, 60)
    bend = noise(rng, h, w, rng.uniform(30, 90))
    field = fractal(rng, h, w, period) * 0.6 + np.sin(2 * np.pi * (xx * np.cos(a) + yy * np.sin(a)) / period + 2.5 * bend)
    field = np.float32(field * np.clip(0.5 + noise(rng, h, w, 70), 0, 1))
    gy, gx = np.gradient(field)
    b = a + rng.normal(0, 0.5)
    out = warp(img, gx * rng.uniform(0, 12), gy * rng.uniform(0, 12))
    return shade(out, np.clip((gx * np.cos(b) + gy * np.sin(b)) * rng.uniform(0.4, 2.2), -0.5, 0.5) * item)


def cable(rng, img, item):
    """A string, strap, handle, zip or cable: a smooth line of even width with a light side."""
    h, w = item.shape
    pts = walk(rng, inside(rng, item), rng.uniform(0, 2 * np.pi), rng.uniform(40, 300), rng.uniform(0, 0.3))
    pts = cv2.GaussianBlur(pts, (1, 9), 3)
    m = line(h, w, pts, rng.uniform(1, 7))
    out = blend(shade(img, -rng.uniform(0, 0.5) * blur(np.roll(m, 2, 0), 1.5)), m, colour(rng))
    return shade(out, 0.5 * (np.roll(m, 1, 1) - m) * m)


PAINTERS = [
    text, stripes, dots, seam, folds, shadow, shine, sticker, buttons, ruler, texture, bulge, motif,
    hand, pointer, sprinkled, wrinkles, cable,
]  # fmt: skip
PASSING = [shadow, shadow, shine, hand, pointer, folds, wrinkles, ruler, sticker]  # on one photo of a thing and not on another


def decorate(rng, img, item, most=3, painters=None):
    """Adds up to `most` harmless things."""
    painters = painters or PAINTERS
    for _ in range(rng.integers(0, most + 1)):
        img = np.clip(painters[rng.integers(len(painters))](rng, img, item), 0, 1).astype(np.float32)
    return img
