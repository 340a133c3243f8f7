"""Labelled sets for `waggle eval search`: some photos of each grocery product as the gallery, the others as queries.

    python embed_manifests.py --data ../shared/data

search-PART-N.tsv has N photos a product in the gallery; PART is calibrate or test (products that the network never saw), heldout
(both) or all (81 products, most of them trained on). search-PART-loo.tsv has every photo in the gallery and as a query (leave one
out), search-heldout-in-all.tsv the held-out photos as queries among all 81 products. search-PART-listing.tsv has a simulated
listing of each product in the gallery: the item of one photo, cut out by GrabCut, on white. It is no retailer's picture.
"""

import argparse
import zlib
from collections import defaultdict
from pathlib import Path

import cv2
import numpy as np

from data import item_mask, read
from embed_data import listed


def by_hash(files):
    """An order that says nothing."""
    return sorted(files, key=lambda f: zlib.crc32(f.encode()))


def write(path, rows):
    path.write_text("\n".join(["path\tproduct\tsplit", *("\t".join(r) for r in rows)]) + "\n")
    print(f"{path.name}: {len(rows)} photos")


def listing(photo, out):
    """The item on white, with a margin, written to out."""
    img = read(photo, 400)
    mask = item_mask(img)
    alpha = cv2.GaussianBlur(mask, (0, 0), 1.0)[..., None] / 255
    white = (img * alpha + 255 * (1 - alpha)).astype(np.uint8)
    ys, xs = np.nonzero(mask > 127)
    cut = white[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
    side = int(max(cut.shape[:2]) * 1.1)
    page = np.full((side, side, 3), 255, np.uint8)
    y, x = (side - cut.shape[0]) // 2, (side - cut.shape[1]) // 2
    page[y : y + cut.shape[0], x : x + cut.shape[1]] = cut
    out.parent.mkdir(exist_ok=True)
    cv2.imwrite(str(out), cv2.cvtColor(page, cv2.COLOR_RGB2BGR))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--data", required=True)
    p.add_argument("--cache", default="models/train/.cache/vision")
    a = p.parse_args()
    out = Path(a.cache) / "eval"
    out.mkdir(parents=True, exist_ok=True)
    products = defaultdict(lambda: defaultdict(list))
    for file, ident, part in listed(a.data):
        if ident.startswith("grocery"):
            products[part][ident].append(file)
    sets = {"calibrate": ["calibrate"], "test": ["test"], "heldout": ["calibrate", "test"], "all": ["train", "calibrate", "test"]}
    for name, parts in sets.items():
        for shots in (1, 3):
            rows = []
            for part in parts:
                for ident, files in sorted(products[part].items()):
                    rows += [(f, ident, "gallery" if i < shots else "query") for i, f in enumerate(by_hash(files))]
            write(out / f"search-{name}-{shots}.tsv", rows)
        rows = [(f, ident) for part in parts for ident, files in sorted(products[part].items()) for f in files]
        write(out / f"search-{name}-loo.tsv", [(*r, split) for split in ("gallery", "query") for r in rows])
    rows = []
    for part in sets["all"]:
        for ident, files in sorted(products[part].items()):
            first, *others = by_hash(files)
            rows += [(first, ident, "gallery")] + [(f, ident, "query") for f in others if part != "train"]
    write(out / "search-heldout-in-all.tsv", rows)
    for name in ("calibrate", "test", "heldout"):
        rows = []
        for part in sets[name]:
            for ident, files in sorted(products[part].items()):
                first, *others = by_hash(files)
                page = out / "listing" / f"{ident}.png"
                listing(Path(a.data) / "vision" / first, page)
                rows += [(str(page.resolve()), ident, "gallery")] + [(f, ident, "query") for f in others]
        write(out / f"search-{name}-listing.tsv", rows)


if __name__ == "__main__":
    main()
