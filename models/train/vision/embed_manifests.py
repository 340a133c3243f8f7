"""Labelled sets for `waggle eval search`: some photos of each grocery product as the gallery, the others as queries.

    python embed_manifests.py --data ../shared/data

search-PART-N.tsv has N photos a product in the gallery; PART is calibrate or test (products that the network never saw), heldout
(both) or all (81 products, most of them trained on).
"""

import argparse
import zlib
from collections import defaultdict
from pathlib import Path

from embed_data import listed


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
            lines = ["path\tproduct\tsplit"]
            for part in parts:
                for ident, files in sorted(products[part].items()):
                    files = sorted(files, key=lambda f: zlib.crc32(f.encode()))  # an order that says nothing
                    lines += [f"{f}\t{ident}\t{'gallery' if i < shots else 'query'}" for i, f in enumerate(files)]
            (out / f"search-{name}-{shots}.tsv").write_text("\n".join(lines) + "\n")
            print(f"search-{name}-{shots}.tsv: {len(lines) - 1} photos")


if __name__ == "__main__":
    main()
