"""Two strongly different views of one product: another place in the frame, another ground, other light, another camera."""

import cv2
import numpy as np


def ground(rng, photos, side):
    """What a thing may lie on: white as in a listing, a plain colour, a gradient, or somebody's photo."""
    kind = rng.random()
    if kind < 0.35:
        return np.full((side, side, 3), rng.uniform(225, 255), np.float32)
    if kind < 0.6:
        a, b = rng.uniform(0, 255, (2, 3)).astype(np.float32)
        t = np.linspace(0, 1, side, dtype=np.float32)
        t = t[:, None, None] if rng.random() < 0.5 else t[None, :, None]
        flat = np.broadcast_to(a + (b - a) * t * np.float32(rng.random() < 0.6) * 0.5, (side, side, 3))
        return flat + rng.normal(0, rng.uniform(0, 6), (side, side, 1)).astype(np.float32)
    img = photos[rng.integers(len(photos))][2][..., :3]
    h, w = img.shape[:2]
    k = int(min(h, w) * rng.uniform(0.4, 1))
    y, x = rng.integers(0, h - k + 1), rng.integers(0, w - k + 1)
    img = cv2.resize(img[y : y + k, x : x + k], (side, side), interpolation=cv2.INTER_AREA)
    return (cv2.GaussianBlur(img, (0, 0), rng.uniform(0.5, 4)) if rng.random() < 0.5 else img).astype(np.float32)


def homography(rng, box, side, turn):
    """Maps the item's box to the view: scale, place, turn, slant."""
    x0, y0, x1, y1 = box
    cx, cy, half = (x0 + x1) / 2, (y0 + y1) / 2, max(x1 - x0, y1 - y0) / 2
    zoom = side / 2 / half * np.exp(rng.uniform(np.log(0.55), np.log(1.5)))
    a = np.deg2rad(rng.normal(0, 10) + turn)
    rot = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]]) * zoom
    rot[0] *= np.exp(rng.normal(0, 0.07))
    src = np.float32([[-half, -half], [half, -half], [half, half], [-half, half]])
    dst = src @ rot.T + side / 2 + rng.uniform(-0.12, 0.12, 2) * side + rng.uniform(-0.1, 0.1, (4, 2)) * half * zoom
    return cv2.getPerspectiveTransform(src + np.float32([cx, cy]), dst.astype(np.float32))


def light(rng, img):
    """Exposure, white balance, contrast, a gradient or shadow, gloss. Moderate: colour tells products apart."""
    side = img.shape[0]
    img = 255 * np.clip(img / 255, 0, 1) ** np.exp(rng.normal(0, 0.22))
    img = img * np.exp(rng.normal(0, 0.15) + rng.normal(0, 0.055, 3)).astype(np.float32)
    if rng.random() < 0.4:
        a = rng.uniform(0, 2 * np.pi)
        y, x = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j].astype(np.float32)
        t = np.cos(a) * x + np.sin(a) * y + rng.uniform(-0.5, 0.5)
        soft = 1 / (1 + np.exp(-t * rng.choice([1.5, 20])))
        img = img * (1 - rng.uniform(0, 0.5) * soft)[..., None]
    if rng.random() < 0.15:
        p, s = rng.uniform(0, side, 2), rng.uniform(3, 14)
        y, x = np.mgrid[0:side, 0:side].astype(np.float32)
        img = img + rng.uniform(60, 220) * np.exp(-((x - p[0]) ** 2 + (y - p[1]) ** 2) / (2 * s * s))[..., None]
    if rng.random() < 0.3:
        grey = img.mean(2, keepdims=True)
        img = grey + (img - grey) * rng.uniform(0.6, 1.3)
    return img


def hand(rng, img):
    """Fingers that come in from an edge and hold the thing."""
    side = img.shape[0]
    skin = np.float32([1, 0.76, 0.62]) * rng.uniform(70, 245) * np.exp(rng.normal(0, 0.06, 3))
    a = rng.uniform(0, 2 * np.pi)
    root = side / 2 + np.array([np.cos(a), np.sin(a)]) * side * 0.75
    tip = side / 2 + np.array([np.cos(a), np.sin(a)]) * side * rng.uniform(0.15, 0.4)
    across = np.array([-np.sin(a), np.cos(a)])
    thick = side * rng.uniform(0.06, 0.11)
    cover = np.zeros((side, side), np.float32)
    for k in range(rng.integers(1, 5)):
        end = tip + across * (k - 1) * thick * 1.1 + rng.normal(0, 3, 2)
        cv2.line(cover, (root + across * (k - 1) * thick).astype(int).tolist(), end.astype(int).tolist(), 1.0, int(thick), cv2.LINE_AA)
    shade = cv2.GaussianBlur(cover, (0, 0), thick / 4)[..., None] * 0.5 + 0.5  # darker towards the edges of a finger
    return img * (1 - cover[..., None]) + skin * shade * cover[..., None]


def camera(rng, img):
    """Blur, noise, small size, JPEG, something in the way."""
    side = img.shape[0]
    if rng.random() < 0.12:  # another thing before it
        h, w = (rng.uniform(0.15, 0.4, 2) * side).astype(int)
        y, x = rng.integers(0, side - h), rng.integers(0, side - w)
        img[y : y + h, x : x + w] = rng.uniform(0, 255, 3)
    elif rng.random() < 0.15:
        img = hand(rng, img)
    if rng.random() < 0.3:
        img = cv2.GaussianBlur(img, (0, 0), rng.uniform(0.4, 1.6))
    elif rng.random() < 0.2:
        k = rng.uniform(0.35, 0.8)
        img = cv2.resize(cv2.resize(img, None, fx=k, fy=k, interpolation=cv2.INTER_AREA), (side, side))
    if rng.random() < 0.3:
        img = img + rng.normal(0, rng.uniform(2, 12), img.shape)
    img = np.clip(img, 0, 255).astype(np.uint8)
    if rng.random() < 0.3:
        _, raw = cv2.imencode(".jpg", img, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 85))])
        img = cv2.imdecode(raw, cv2.IMREAD_COLOR)
    return img


def listing(rng, img, side):
    """A picture of a catalogue: the item alone, upright, on white; None where the item was not found."""
    ys, xs = np.nonzero(img[..., 3] > 127)
    if not 0.06 < len(ys) / img[..., 3].size < 0.85:
        return None
    y0, y1, x0, x1 = ys.min(), ys.max() + 1, xs.min(), xs.max() + 1
    cut = img[y0:y1, x0:x1]
    k = side * rng.uniform(0.7, 0.98) / max(cut.shape[:2])
    cut = cv2.resize(cut, (max(1, int(cut.shape[1] * k)), max(1, int(cut.shape[0] * k))), interpolation=cv2.INTER_AREA).astype(np.float32)
    out = np.full((side, side, 3), 255, np.float32)
    h, w = cut.shape[:2]
    y, x = (side - h) // 2, (side - w) // 2
    a = cv2.GaussianBlur(cut[..., 3], (0, 0), 0.8)[..., None] / 255
    out[y : y + h, x : x + w] = cut[..., :3] * a + 255 * (1 - a)
    return np.clip(255 * (out / 255) ** np.exp(rng.normal(0, 0.1)), 0, 255).astype(np.uint8)


def view(rng, photo, photos, side, as_listing=False):
    """One view, uint8 [side, side, 3]. photo is (file, id, uint8 [h, w, 4]); photos are those to lay things on."""
    _, ident, img = photo
    if as_listing and (out := listing(rng, img, side)) is not None:
        return out
    h, w = img.shape[:2]
    box = (0, 0, w, h)
    if rng.random() < 0.5 or ident.startswith("pack"):
        ys, xs = np.nonzero(img[..., 3] > 127)
        if len(ys) > 0.04 * h * w:
            box = (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1)
    turn = rng.choice([0, 90, 180, 270]) if rng.random() < 0.15 else 0
    m = homography(rng, box, side, turn)
    k = min(1, 1.3 * side / max(1, box[2] - box[0], box[3] - box[1]))  # against aliasing
    if k < 0.8:
        img = cv2.resize(img, None, fx=k, fy=k, interpolation=cv2.INTER_AREA)
        m = m @ np.diag([w / img.shape[1], h / img.shape[0], 1])
    swap = 0.75 if ident.startswith("pack") else 0.3
    if rng.random() < swap:
        warped = cv2.warpPerspective(img, m, (side, side), flags=cv2.INTER_LINEAR, borderValue=(0, 0, 0, 0)).astype(np.float32)
        a = cv2.GaussianBlur(warped[..., 3], (0, 0), 0.8)[..., None] / 255
        out = warped[..., :3] * a + ground(rng, photos, side) * (1 - a)
    else:
        edge = cv2.BORDER_REFLECT_101 if rng.random() < 0.6 else cv2.BORDER_REPLICATE
        out = cv2.warpPerspective(img[..., :3], m, (side, side), flags=cv2.INTER_LINEAR, borderMode=edge).astype(np.float32)
    return camera(rng, light(rng, out).astype(np.float32))
