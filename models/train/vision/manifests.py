"""Writes the labelled sets that `waggle eval` reads, into the cache folder, from photos that no training has seen.

    vision-real.tsv       held-out intact photos, whole cookies and clean cloth against broken cookies and stained cloth
    vision-again-listing.tsv  intact packages, each beside another real photo of the product
    calibrate.tsv         photos for the thresholds, none of them in the sets above that end in -test
    vision-windows.tsv    real stains against clean places of the same cloth, no ruler in sight
    vision-made.tsv       held-out photos with synthetic damage, and the same photos with harmless things only
    vision-other.tsv      the same by otherhand.py, which shares no brush with the training
    vision-*-listing.tsv  both with the undamaged photo, seen from elsewhere under other light, as listing
    colour-made.tsv       one item under two synthetic lights, and with its colour changed, with and without paper beside it
    colour-real.tsv       packages photographed twice in real light (same), and packages of another colour
    colour-fruit.tsv      one fruit twice, and fruits of different colours, in the light of a shop
    quality.tsv           good photos and the same blurred, dark, overexposed and small; screenshots
"""

import argparse
import json
from pathlib import Path

import cv2
import numpy as np

import damage
import data
import harmless
import otherhand
import scene
import synth


PACKAGES = ("Juice", "Milk", "Yoghurt", "Oatghurt", "Soygurt", "Sour-Milk", "Sour-Cream", "Soy-Milk", "Oat-Milk")


def save(path, img):
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), cv2.cvtColor(img, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, 90])
    return str(path)


def table(path, head, rows):
    path.write_text("\n".join("\t".join(map(str, r)) for r in [head, *rows]) + "\n")
    print(f"{path.name}: {len(rows)}")


def real(args, part, out):
    vision = Path(args.data).resolve() / "vision"
    rows = [(vision / f, "intact", "") for f, p in data.intact(args.data) if p == part]
    if part == "test":
        for r in data.rows(vision / "anomaly_cookie" / "labels.csv"):
            bad = r["label"] == "anomaly"
            rows.append((vision / r["file"], "broken" if bad else "intact", vision / r["mask"] if r["mask"] else ""))
        rows += [(path, label, "") for path, label in windows(args, out)]
    table(out / f"vision-real-{part}.tsv", ("path", "label", "mask"), rows)


def stain_mask(args, photo, boxes):
    img = cv2.imread(str(photo))
    mask = np.zeros(img.shape, np.uint8)
    for x, y, w, h in boxes:
        mask[int(y) : int(y + h) + 1, int(x) : int(x + w) + 1] = 255
    path = args.cache / "eval" / "stain" / (photo.stem + ".png")
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), mask)
    return path


def again(args, part, out, most):
    """Intact packages, each beside another real photo of the same product, as its listing."""
    vision, groups, rows = Path(args.data).resolve() / "vision", {}, []
    for r in data.rows(vision / "products_grocery" / "labels.csv"):
        if r["coarse"] in PACKAGES and (vision / r["file"]).exists() and data.part("grocery-" + r["fine_id"]) == part:
            groups.setdefault(r["fine_id"], set()).add(str(vision / r["file"]))
    for k in range(1, 30):
        for files in map(sorted, groups.values()):
            rows += [(files[i], "intact", "", files[i + k]) for i in range(0, len(files) - k, k + 1)]
    table(out / f"vision-again-listing-{part}.tsv", ("path", "label", "mask", "listing"), rows[:most])


def calibration(out, made=150, listed=200):
    """What `waggle eval vision --calibrate` takes: photos alone, and photos beside a listing."""
    rows = []
    for name, listing, most in (("real", "", None), ("made", "", made), ("other", "", made), ("made", "-listing", listed), ("other", "-listing", listed), ("again", "-listing", None)):
        lines = (out / f"vision-{name}{listing}-calibrate.tsv").read_text().splitlines()[1:]
        rows += [(line.split("\t") + ["", ""])[:4] for line in lines[:most]]
    shots = (out / "vision-reshot-listing-calibrate.tsv").read_text().splitlines()[1:]  # written by reshoot.py
    # What passes over a thing is measured and not fitted: until the network knows it from damage, a threshold above all of it
    # would leave next to nothing to be found.
    rows += [(path, label, "", listing) for path, label, listing, source in (line.split("\t") for line in shots) if not source.startswith("passing")]
    table(out / "calibrate.tsv", ("path", "label", "mask", "listing"), rows)


# Windows that still show a ruler or the table, seen by eye, in the order that windows() makes them.
NOT_CLOTH = {"005-stain", "005-clean1", "010-clean2", "016-clean1", "016-clean2", "017-clean2", "017-clean3"}


def cloth(img, mark):
    """Where the photo has the colour of the cloth around the mark, or the mark itself: bool [h, w]."""
    lab = cv2.cvtColor(img, cv2.COLOR_RGB2LAB).astype(np.float32)
    (ys, xs), ring = np.where(mark), np.zeros_like(mark)
    y0, y1, x0, x1 = ys.min(), ys.max(), xs.min(), xs.max()
    reach = int(max(20, 0.6 * max(y1 - y0, x1 - x0)))
    ring[max(0, y0 - reach) : y1 + reach, max(0, x0 - reach) : x1 + reach] = True
    usual = np.median(lab[ring & ~mark], 0)
    return (np.sqrt((((lab - usual) * [0.35, 1, 1]) ** 2).sum(2)) < 14) | mark


def windows(args, out):
    """Real stains against the same cloth: windows of the stained garments' photos with the stain in them and without. The rulers
    that lie beside the stains, and only there, are in no window: a network that dislikes rulers would look good or bad by them."""
    rng, vision, rows = np.random.default_rng(4), Path(args.data).resolve() / "vision", []
    for k, r in enumerate(json.loads((vision / "real_stain_garment" / "labels.json").read_text())):
        img = cv2.cvtColor(cv2.imread(str(vision / r["file"])), cv2.COLOR_BGR2RGB)
        mark = cv2.imread(str(stain_mask(args, vision / r["file"], r["boxes_xywh"])), 0) > 20
        fine, bad = (cv2.integral(m.astype(np.float32)) for m in (cloth(img, mark), mark))
        (h, w), best, clean = mark.shape, (0, 0, 0, 0, 0), []
        for _ in range(6000):
            side = int(rng.uniform(0.28, 0.6) * min(h, w))
            x, y = int(rng.integers(0, w - side)), int(rng.integers(0, h - side))
            share, held = ((t[y + side, x + side] - t[y, x + side] - t[y + side, x] + t[y, x]) for t in (fine, bad))
            share, held = share / side**2, held / mark.sum()
            if held > 0.98:
                best = max(best, (share + 0.1 * side / min(h, w), share, x, y, side))
            if held == 0 and share > 0.93:
                clean.append((share, x, y, side))
        if best[1] < 0.85:
            continue  # the stain lies too near to a ruler
        rng.shuffle(clean)
        kept = []
        for _, x, y, side in clean:
            x, y, side = int(x), int(y), int(side)
            if len(kept) < 3 and all(overlap(x, y, side, *c) < 0.4 * min(side, c[2]) ** 2 for c in kept):
                kept.append((x, y, side))
        for name, (x, y, side) in [("stain", best[2:]), *((f"clean{i}", c) for i, c in enumerate(kept, 1))]:
            name = f"{k:03d}-{name}"
            if name not in NOT_CLOTH:
                near = cv2.resize(img[y : y + side, x : x + side], (1024, 1024), interpolation=cv2.INTER_CUBIC)  # as many pixels as a photo has
                rows.append((save(out / "windows" / f"{name}.jpg", near), "stain" if "stain" in name else "intact"))
    table(out / "vision-windows-test.tsv", ("path", "label"), rows)
    return rows


def overlap(x, y, side, u, v, other):
    """Common area of two squares."""
    return max(0, min(x + side, u + other) - max(x, u)) * max(0, min(y + side, v + other) - max(y, v))


def relit(rng, img, strength=1.0):
    """Another light: gains along warm and cold, a little tint, exposure."""
    warm, tint = rng.normal(0, 0.16) * strength, rng.normal(0, 0.04) * strength
    gain = np.exp(np.array([warm, tint, -warm]) + rng.normal(0, 0.2) * strength)
    linear = (img.astype(np.float32) / 255) ** 2.2 * gain
    return (np.clip(linear, 0, 1) ** (1 / 2.2) * 255).astype(np.uint8)


def seen_again(rng, img):
    """The same thing photographed again: turned, nearer or farther, other light, JPEG."""
    h, w = img.shape[:2]
    m = cv2.getRotationMatrix2D((w / 2, h / 2), rng.normal(0, 5), rng.uniform(0.85, 1.1))
    out = cv2.warpAffine(relit(rng, img, 0.7), m, (w, h), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    return np.clip(out + rng.standard_normal(out.shape) * 3, 0, 255).astype(np.uint8)


def made(args, part, out, count):
    """Held-out photos damaged by damage.py's brush."""
    rng = np.random.default_rng(42)
    names = [p.__name__ for p in damage.PAINTERS]

    def painted(base, item):
        broken, where, kind = damage.paint(rng, base, item, scene.behind(rng, base, item))
        seen = cv2.absdiff(broken, base).mean(2) > 0.04
        return ((broken * 255).astype(np.uint8), where > 0.3, names[kind]) if (seen & (where > 0.3)).sum() >= 25 else None

    damaged(args, part, out, count, "made", rng, painted)


def other(args, part, out, count):
    """Held-out photos damaged by another hand."""
    rng = np.random.default_rng(46)
    photos = data.load(args.data, args.cache, part)

    def painted(base, item):
        img, mask = (base * 255).astype(np.uint8), np.uint8(item > 0.5) * 255
        return otherhand.hurt(rng, img, mask, photos[rng.integers(len(photos))][1]) if mask.any() else None

    damaged(args, part, out, count, "other", rng, painted)


def damaged(args, part, out, count, name, rng, painted):
    """Two tables: photos with damage and the same ones without; and both beside the thing seen again, as listing."""
    photos = data.load(args.data, args.cache, part)
    plain, listed, folder = [], [], out / name / part
    for n in range(count):
        _, img, mask = photos[rng.integers(len(photos))]
        item = mask.astype(np.float32) / 255
        base = harmless.decorate(rng, img.astype(np.float32) / 255, item, 2)
        hurt = painted(base, item)
        if hurt is None:
            continue
        good, (bad, where, kind) = (base * 255).astype(np.uint8), hurt
        listing = save(folder / f"{n:04d}-listing.jpg", seen_again(rng, good))
        mask_file = folder / f"{n:04d}-mask.png"
        plain += [(save(folder / f"{n:04d}-good.jpg", good), "intact", ""), (save(folder / f"{n:04d}-bad.jpg", bad), kind, mask_file)]
        cv2.imwrite(str(mask_file), np.uint8(where) * 255)
        listed += [(*row, listing) for row in plain[-2:]]
    table(out / f"vision-{name}-{part}.tsv", ("path", "label", "mask"), plain)
    table(out / f"vision-{name}-listing-{part}.tsv", ("path", "label", "mask", "listing"), listed)


def recoloured(rng, img, mask):
    """The item in a clearly other colour, texture and shading kept."""
    lab = cv2.cvtColor(img.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    a, turn = (mask.astype(np.float32) / 255)[..., None], rng.uniform(0, 2 * np.pi)
    move = np.array([rng.uniform(-8, 8), 32 * np.cos(turn), 32 * np.sin(turn)], np.float32)
    out = cv2.cvtColor(np.clip(lab + a * move, [0, -127, -127], [100, 127, 127]).astype(np.float32), cv2.COLOR_LAB2RGB)
    return (np.clip(out, 0, 1) * 255).astype(np.uint8)


def with_paper(rng, img):
    """A sheet of paper laid into a corner, in the light of the scene (before relighting)."""
    h, w = img.shape[:2]
    size = (w * rng.uniform(0.2, 0.28), h * rng.uniform(0.14, 0.2))
    at = (w * rng.choice([0.18, 0.82]), h * rng.choice([0.14, 0.86]))
    box = cv2.boxPoints((at, size, rng.uniform(-20, 20))).astype(np.int32)
    out = img.copy()
    cv2.fillPoly(out, [box], (236, 236, 234), cv2.LINE_AA)
    return out


def colour(args, part, out, count):
    rng = np.random.default_rng(43)
    photos = [p for p in data.load(args.data, args.cache, part) if p[0].startswith("clothing")]
    rows, sheets = [], []
    for n in range(count):
        _, img, mask = photos[rng.integers(len(photos))]
        folder = out / "colour" / part
        listing = save(folder / f"{n:04d}-listing.jpg", img)
        other = recoloured(rng, img, mask)
        for name, pic, same in (("same", img, 1), ("other", other, 0)):
            rows.append((save(folder / f"{n:04d}-{name}.jpg", relit(rng, pic)), listing, same))
            sheet = relit(rng, with_paper(rng, pic))
            sheets.append((save(folder / f"{n:04d}-{name}-paper.jpg", sheet), listing, same))
    table(out / f"colour-made-{part}.tsv", ("photo", "listing", "same"), rows)
    table(out / f"colour-paper-{part}.tsv", ("photo", "listing", "same"), sheets)


def packages(args, part, out):
    """Pairs of photos of one package, and of packages of two products."""
    rng = np.random.default_rng(44)
    vision = Path(args.data).resolve() / "vision"
    groups = {}
    for r in data.rows(vision / "products_grocery" / "labels.csv"):
        if r["coarse"] in PACKAGES:
            if (vision / r["file"]).exists() and data.part("grocery-" + r["fine_id"]) in part:
                groups.setdefault(r["fine_id"], []).append(vision / r["file"])
    rows, ids = [], sorted(groups)
    for i in ids:
        files = groups[i]
        order = rng.permutation(len(files))
        rows += [(files[a], files[b], 1) for a, b in zip(order[::2], order[1::2])]
    table(out / f"colour-real-{'-'.join(part)}.tsv", ("photo", "listing", "same"), rows)


FRUITS = {
    "yellow": ("Lemon", "Banana"),
    "green": ("Lime", "Granny-Smith", "Zucchini", "Cucumber", "Avocado", "Green-Bell-Pepper", "Watermelon"),
    "orange": ("Orange", "Satsumas", "Carrots"),
    "purple": ("Aubergine", "Plum"),
    "red": ("Red-Bell-Pepper", "Regular-Tomato", "Vine-Tomato", "Red-Delicious", "Royal-Gala", "Beef-Tomato", "Pink-Lady"),
    "white": ("Garlic", "Brown-Cap-Mushroom", "Cabbage"),
}


def fruits(args, parts, out):
    """Real differences in real light: pairs of one fruit, and of fruits of clearly different colours."""
    rng = np.random.default_rng(5)
    vision = Path(args.data).resolve() / "vision"
    colour_of = {n: k for k, names in FRUITS.items() for n in names}
    by = {}
    for r in data.rows(vision / "products_grocery" / "labels.csv"):
        if r["kind"] == "natural" and r["fine"] in colour_of and (vision / r["file"]).exists() and data.part("grocery-" + r["fine_id"]) in parts:
            by.setdefault(r["fine"], []).append(vision / r["file"])
    rows = []
    for files in by.values():
        order = rng.permutation(len(files))
        rows += [(files[a], files[b], 1) for a, b in list(zip(order[::2], order[1::2]))[:12]]
    wanted, names = 2 * len(rows), list(by)
    while len(rows) < wanted:
        a, b = rng.choice(names, 2, replace=False)
        if colour_of[a] != colour_of[b] and {colour_of[a], colour_of[b]} != {"yellow", "green"}:
            rows.append((by[a][rng.integers(len(by[a]))], by[b][rng.integers(len(by[b]))], 0))
    table(out / f"colour-fruit-{parts[-1]}.tsv", ("photo", "listing", "same"), rows)


def quality(args, part, out, count):
    rng = np.random.default_rng(45)
    vision = Path(args.data).resolve() / "vision"
    files = [f for f, p in data.intact(args.data) if p == part]
    rows = [(vision / f, "ok") for f in files]
    for n in range(count):
        img = cv2.cvtColor(cv2.imread(str(vision / files[rng.integers(len(files))])), cv2.COLOR_BGR2RGB)
        folder = out / "quality" / part
        k = int(rng.integers(7, 15))
        streak = np.zeros((k, k), np.float32)
        streak[k // 2] = 1 / k
        turn = cv2.getRotationMatrix2D((k / 2 - 0.5, k / 2 - 0.5), rng.uniform(0, 180), 1)
        streak = cv2.warpAffine(streak, turn, (k, k))
        bad = {
            "defocus": (cv2.GaussianBlur(img, (0, 0), rng.uniform(2.2, 5)), "blurred"),
            "motion": (cv2.filter2D(img, -1, streak / streak.sum()), "blurred"),
            "dark": (np.clip(img * rng.uniform(0.03, 0.12) + rng.standard_normal(img.shape) * 2, 0, 255).astype(np.uint8), "dark"),
            "over": (np.clip(img.astype(np.float32) * rng.uniform(2.5, 5) + 60, 0, 255).astype(np.uint8), "overexposed"),
            "small": (cv2.resize(img, None, fx=96 / max(img.shape), fy=96 / max(img.shape), interpolation=cv2.INTER_AREA), "small"),
        }
        rows += [(save(folder / f"{n:04d}-{name}.jpg", pic), label) for name, (pic, label) in bad.items()]
    rows += [(f, "not_a_photo") for f in sorted((vision / "screenshots").glob("*.jpg"))]
    table(out / f"quality-{part}.tsv", ("path", "label"), rows)


def main():
    here = Path(__file__).resolve().parents[1] / ".cache" / "vision"
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--data", default="../shared/data")
    ap.add_argument("--cache", default=here, type=Path)
    ap.add_argument("--count", type=int, default=250)
    args = ap.parse_args()
    cv2.setNumThreads(1)
    out = args.cache / "eval"
    out.mkdir(parents=True, exist_ok=True)
    for part in ("calibrate", "test"):
        real(args, part, out)
        made(args, part, out, args.count)
        other(args, part, out, args.count)
        again(args, part, out, args.count)
        colour(args, part, out, args.count // 2)
        packages(args, [part], out)
        quality(args, part, out, args.count // 4)
    calibration(out)
    packages(args, ["train"], out)
    fruits(args, ["train"], out)
    fruits(args, ["calibrate", "test"], out)


if __name__ == "__main__":
    main()
