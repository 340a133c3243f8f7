"""A second, independent painter of damage, for measuring only: what train.py learns must not be the brush of damage.py.

It shares no drawing code with damage.py and works by other means: foreign texture through thresholded noise (as DRAEM, Zavrtanik
et al. 2021), cut-and-paste scars (Li et al. 2021), Voronoi cells taken out of the rim and filled by inpainting, cracks along
Voronoi edges, Bezier scratches, metaball stains, slid-apart tears, lens dents. Pictures are uint8 RGB, masks uint8 0 or 255.
"""

import cv2
import numpy as np
from scipy.ndimage import gaussian_filter, zoom
from scipy.spatial import cKDTree


def field(rng, h, w, cells):
    """Value noise of two octaves, normalised to 0..1."""
    total = np.zeros((h, w))
    for octave in (1, 2):
        g = rng.random((cells * octave + 3, cells * octave + 3))
        z = zoom(g, (h / (g.shape[0] - 2), w / (g.shape[1] - 2)), order=3)[:h, :w]
        total += np.pad(z, ((0, h - z.shape[0]), (0, w - z.shape[1])), "edge") / octave
    return (total - total.min()) / (np.ptp(total) + 1e-9)


def spot(rng, item):
    ys, xs = np.nonzero(item > 127)
    i = rng.integers(len(xs))
    return int(xs[i]), int(ys[i])


def window(rng, item, share):
    """Soft disc somewhere on the item whose radius is `share` of the item's side."""
    h, w = item.shape
    x, y = spot(rng, item)
    yy, xx = np.ogrid[:h, :w]
    r = max(5.0, share * np.sqrt((item > 127).sum()))
    return np.hypot(xx - x, yy - y) / r, (x, y), r


def mixed(img, other, alpha):
    return np.uint8(np.clip(img + (np.float64(other) - img) * alpha[..., None], 0, 255))


def foreign(rng, img, item, texture):
    """Mould, peeling, dirt: another photo's texture through a noise mask."""
    h, w = item.shape
    d, _, _ = window(rng, item, rng.uniform(0.15, 0.4))
    m = (field(rng, h, w, int(rng.integers(6, 25))) > 0.55) & (d < 1) & (item > 127)
    tile = cv2.resize(texture, (w, h))
    return mixed(img, tile, gaussian_filter(np.float64(m), 0.7) * rng.uniform(0.5, 1)), m, "stain"


def scar(rng, img, item, texture):
    h, w = item.shape
    x, y = spot(rng, item)
    long, wide, a = rng.uniform(15, 60), rng.uniform(2, 7), rng.uniform(0, 180)
    m = np.zeros((h, w), np.uint8)
    cv2.fillPoly(m, [np.int32(cv2.boxPoints(((x, y), (long, wide), a)))], 255)
    tile = cv2.resize(texture, (w, h))
    m = (m > 0) & (item > 127)
    return mixed(img, tile, gaussian_filter(np.float64(m), 0.5)), m, "scratch"


def cells(rng, item, n):
    """Voronoi cells of n random points: (owner [h, w], distance to the nearest edge [h, w])."""
    h, w = item.shape
    tree = cKDTree(rng.random((n, 2)) * [h, w])
    yy, xx = np.mgrid[:h, :w]
    d, i = tree.query(np.stack([yy, xx], -1).reshape(-1, 2), k=2)
    return i[:, 0].reshape(h, w), (d[:, 1] - d[:, 0]).reshape(h, w)


def lost(rng, img, item, texture):
    """Cells at the rim are gone; what surrounds the item closes over them."""
    h, w = item.shape
    owner, _ = cells(rng, item, int(rng.integers(60, 400)))
    wobble = np.stack(np.meshgrid(np.arange(w), np.arange(h)), -1) + 5 * (np.stack([field(rng, h, w, 30), field(rng, h, w, 30)], -1) - 0.5)
    owner = cv2.remap(np.float32(owner), np.float32(wobble[..., 0]), np.float32(wobble[..., 1]), cv2.INTER_NEAREST)
    rim = cv2.morphologyEx(item, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) > 0
    ids = np.unique(owner[rim])
    if len(ids) == 0:
        return img, rim & False, "hole"
    first = owner == ids[rng.integers(len(ids))]
    m = (first | ((owner == ids[rng.integers(len(ids))]) & (cv2.dilate(np.uint8(first), np.ones((15, 15))) > 0))) & (item > 127)
    ground = img.copy()
    solid = cv2.dilate(item, np.ones((5, 5), np.uint8))
    if (solid == 0).mean() > 0.1:
        small = cv2.inpaint(cv2.resize(img, (w // 3, h // 3)), cv2.resize(solid, (w // 3, h // 3)), 4, cv2.INPAINT_TELEA)
        ground = cv2.resize(small, (w, h))
    else:
        ground[:] = np.uint8(rng.integers(10, 60, 3))
    return mixed(img, ground, gaussian_filter(np.float64(m), 0.6)), m, "hole"


def shattered(rng, img, item, texture):
    """Cracks along the edges of a few cells."""
    h, w = item.shape
    _, edge = cells(rng, item, int(rng.integers(8, 40)))
    d, _, _ = window(rng, item, rng.uniform(0.25, 0.7))
    m = (edge + 6 * (field(rng, h, w, 40) - 0.5) < rng.uniform(0.8, 2)) & (d < 1) & (item > 127)
    tone = rng.choice([10, 20, 245])
    return mixed(img, np.full_like(img, tone), gaussian_filter(np.float64(m), 0.5) * rng.uniform(0.5, 0.95)), m, "crack"


def scratches(rng, img, item, texture):
    h, w = item.shape
    m, at = np.zeros((h, w), np.uint8), np.array(spot(rng, item))
    for _ in range(rng.integers(1, 5)):
        p = [at + rng.normal(0, 12, 2) for _ in range(3)]
        p[2] = p[0] + rng.normal(0, 50, 2)
        t = np.linspace(0, 1, 40)[:, None]
        curve = (1 - t) ** 2 * p[0] + 2 * t * (1 - t) * (p[0] + p[2] + rng.normal(0, 6, 2)) / 2 + t**2 * p[2]
        cv2.polylines(m, [np.int32(curve)], False, 255, int(rng.integers(1, 3)), cv2.LINE_AA)
    m = (m > 90) & (item > 127)
    tone = np.uint8(rng.choice([225, 240, 30]))
    return mixed(img, np.full_like(img, tone), gaussian_filter(np.float64(m), 0.4) * rng.uniform(0.5, 0.9)), m, "scratch"


def spilt(rng, img, item, texture):
    """Metaballs that filter the light."""
    h, w = item.shape
    (x, y), total = spot(rng, item), np.zeros((h, w))
    yy, xx = np.mgrid[:h, :w]
    r = np.sqrt((item > 127).sum()) * rng.uniform(0.04, 0.16)
    for _ in range(rng.integers(2, 9)):
        cx, cy = x + rng.normal(0, r), y + rng.normal(0, r)
        total += (r * rng.uniform(0.3, 1)) ** 2 / ((xx - cx) ** 2 + (yy - cy) ** 2 + 1)
    m = (total > 1) & (item > 127)
    dye = np.array([[120, 80, 50], [70, 50, 30], [160, 40, 40], [60, 60, 70], [140, 130, 70]][rng.integers(5)])
    soft = gaussian_filter(np.float64(m), rng.uniform(0.6, 2)) * rng.uniform(0.5, 0.95)
    return mixed(img, img * (dye / 255.0 * 1.2), soft), m, "stain"


def slid(rng, img, item, texture):
    """One side of a wavy cut slides away and opens a dark gap."""
    h, w = item.shape
    d, (_, y), _ = window(rng, item, rng.uniform(0.2, 0.45))
    cut = y + 8 * (field(rng, h, w, 12)[0] - 0.5)
    yy = np.mgrid[:h, :w][0]
    gap = rng.uniform(3, 9) * np.clip(1 - d, 0, 1) ** 0.5
    below = yy - cut[None]
    m = (below > 0) & (below < gap) & (d < 1) & (item > 127)
    return mixed(img, np.full_like(img, int(rng.integers(5, 70))), gaussian_filter(np.float64(m), 0.5)), m, "tear"


def lens(rng, img, item, texture):
    h, w = item.shape
    d, (x, y), r = window(rng, item, rng.uniform(0.1, 0.3))
    bowl = np.exp(-2.5 * d**2)
    gy, gx = np.gradient(bowl)
    yy, xx = np.mgrid[:h, :w]
    bent = cv2.remap(img, np.float32(xx + r * r * 0.35 * gx), np.float32(yy + r * r * 0.35 * gy), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    light = rng.normal(0, 1, 2)
    light /= np.hypot(*light)
    m = (bowl > 0.35) & (item > 127)
    shaded = np.clip(bent * (1 + rng.uniform(0.5, 1.1) * r * (gx * light[0] + gy * light[1]))[..., None], 0, 255)
    return mixed(img, shaded, gaussian_filter(np.float64(item > 127), 1) * (bowl > 0.02)), m, "dent"


FORMS = [foreign, scar, lost, lost, shattered, scratches, spilt, spilt, slid, lens]


def hurt(rng, img, item, texture):
    """One damage: (picture uint8, mask bool, type); None when it came out too small or too faint to see."""
    out, m, kind = FORMS[rng.integers(len(FORMS))](rng, img, item, texture)
    seen = m & (cv2.absdiff(out, img).max(2) > 14)
    return (out, m, kind) if seen.sum() >= 25 else None
