"""Writes shop/demo/data/more: what the demo shop has beside its first, hand
written records. Products and articles are written by hand in the modules beside
this one; people, orders and parcels are made from them with a fixed seed, so
that running it again changes nothing.

    python shop/demo/grow/grow.py
"""
import json
import pathlib
import random

import articles
import orders
import people
import rules
from house import HOUSE
from plugged import PLUGGED
from wear import WEAR

HERE = pathlib.Path(__file__).resolve().parent
DATA = HERE.parent / "data"
CODES = ["XS", "S", "M", "L", "XL", "XXL"]


def charts():
    adult = [("S", 155, 165, 42, 52), ("M", 163, 171, 50, 61), ("L", 169, 177, 59, 70), ("XL", 175, 183, 68, 80), ("XXL", 180, 190, 78, 92)]
    kids = [("110", 100, 112, 15, 20), ("120", 113, 122, 20, 25), ("130", 123, 132, 25, 31), ("140", 133, 142, 31, 38), ("150", 143, 152, 38, 46)]
    body = lambda rows: [dict(zip(("size", "min_height", "max_height", "min_weight", "max_weight"), r)) for r in rows]
    foot = lambda first, last, base: [{"size": str(n), "foot": base + 5 * (n - first)} for n in range(first, last + 1)]
    return {"top": body(adult), "bottom": body(adult), "kids": body(kids), "shoes": foot(36, 44, 230), "ladies": foot(34, 40, 220),
            "kidshoes": foot(24, 33, 150), "": []}


def product(kind, category, chart, common, row, rng):
    id, title, name, aliases, yuan, colours, own, opt = row
    colours = [c for c in colours.split(",") if c]
    sizes = [r["size"] for r in chart]
    attributes = [dict(zip(("name", "value"), a.split(":", 1))) for a in (own + "|" + common).split("|")]
    variants = []
    for c in colours or [""]:
        for s in sizes or [""]:
            n = rng.choice([0, 2, 5, 8, 12, 20, 33, 47]) if sizes else rng.choice([6, 14, 25, 40, 66, 90])
            variants.append({k: v for k, v in (("colour", c), ("size", s), ("stock", n)) if v != ""})
    if id in rules.SOLD_OUT:
        for v in variants:
            v["stock"] = 0
    p = {"id": id, "title": title, "name": name, "category": category, "kind": kind, "aliases": [a for a in aliases.split(",") if a],
         "price": yuan * 100, "stock": sum(v["stock"] for v in variants), "colours": colours, "sizes": sizes}
    if "member" in opt:
        p["member_price"] = opt["member"] * 100
    if len(variants) > 1:
        p["variants"] = variants
    p["attributes"] = attributes
    if chart:
        p["size_chart"] = chart
    for key, field in (("goes", "goes_with"), ("part", "part_of"), ("replaces", "replaces"), ("style", "same_style")):
        if key in opt:
            p[field] = opt[key].split()
    if "energy" in opt:
        p["energy"] = opt["energy"]
    if id in rules.RESTOCK:
        p["restock_h"] = rules.RESTOCK[id]
    if "presale" in opt:
        deposit, counts = opt["presale"]
        p["presale"] = {"deposit": deposit * 100, "counts": counts * 100}
        p["presale_h"] = {"until_h": 120, "pay_from_h": 144, "pay_until_h": 192, "ships_h": 240}
    p["image"] = id + ".png"
    return p


def write(name, records):
    path = DATA / "more" / (name + ".json")
    path.write_text("[\n " + ",\n ".join(json.dumps(r, ensure_ascii=False) for r in records) + "\n]\n", encoding="utf-8")
    print(name, len(records))


def main():
    rng = random.Random(2026)
    (DATA / "more").mkdir(exist_ok=True)
    table, was, products = charts(), {}, []
    for kind, category, size, common, rows in WEAR + HOUSE + PLUGGED:
        for row in rows:
            products.append(product(kind, category, table[size], common, row, rng))
            was[row[0]] = row[7].get("was", 0) * 100
    first = json.loads((DATA / "products.json").read_text(encoding="utf-8"))
    crowd = people.customers(26, rng)
    book = orders.Book(rng, first + products, was, crowd)
    book.fill()
    write("products", products)
    write("customers", crowd)
    write("orders", book.orders)
    write("parcels", book.parcels)
    write("refunds", book.refunds)
    write("tickets", book.tickets)
    write("promotions", rules.PROMOTIONS)
    write("coupons", rules.coupons(book))
    write("subsidies", rules.SUBSIDIES)
    write("articles", articles.ARTICLES)
    (HERE / "SCENES.md").write_text(book.scenes(), encoding="utf-8")


main()
