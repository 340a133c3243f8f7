"""Promotions, coupons and subsidies of the demo shop. Hours count from the
demo's now."""

# Sold out altogether, and in how many hours some of them are back.
SOLD_OUT = ["fairycup", "woolgloves", "washer8", "silkquilt", "basketball"]
RESTOCK = {"fairycup": 120, "woolgloves": 72, "washer8": 168}

PROMOTIONS = [
    {"id": "full199", "name": "满199元减20元、满399元减50元", "kind": "tiers", "group": "shop",
     "tiers": [{"over": 19900, "off": 2000}, {"over": 39900, "off": 5000}], "from_h": -6, "until_h": 240},
    {"id": "food100", "name": "食品每满100元减10元", "kind": "each", "group": "food", "scope": {"categories": ["食品"], "except": ["newyearbox"]},
     "tiers": [{"over": 10000, "off": 1000}], "most": 5000, "from_h": -30, "until_h": 160},
    {"id": "wear2", "name": "服装2件9折、3件8折", "kind": "pieces", "group": "wear", "scope": {"categories": ["服装"]},
     "tiers": [{"pieces": 2, "percent": 90}, {"pieces": 3, "percent": 80}], "from_h": 48, "until_h": 120},
    {"id": "digital95", "name": "数码商品95折", "kind": "rate", "group": "digital", "scope": {"categories": ["数码"]},
     "tiers": [{"percent": 95}], "most": 20000, "from_h": 96, "until_h": 264},
]

_EAST = ["上海市", "江苏省", "浙江省", "广东省", "北京市", "山东省", "福建省", "天津市"]
_INLAND = ["湖北省", "湖南省", "四川省", "重庆市", "河南省", "安徽省", "江西省", "陕西省", "广西壮族自治区", "云南省", "贵州省"]


def _household(kind, regions, tag, percents, cap):
    id = {"冰箱": "fridge", "洗衣机": "washer", "空调": "ac", "电视": "tv", "热水器": "heater"}[kind]
    return {"id": "%s-%s" % (id, tag), "name": kind + "以旧换新补贴", "regions": regions, "scope": {"kinds": [kind]},
            "rates": [{"energy": i + 1, "percent": p} for i, p in enumerate(percents)], "cap": cap * 100, "per_person": 1,
            "trade_in": True, "from_h": -2000, "until_h": 900}


SUBSIDIES = [_household(k, _EAST, "east", (20, 15), 2000) for k in ("冰箱", "洗衣机", "空调", "电视", "热水器")] + \
            [_household(k, _INLAND, "inland", (15,), 1500) for k in ("冰箱", "洗衣机", "空调", "电视")] + \
            [{"id": "digital", "name": "数码产品购新补贴", "scope": {"kinds": ["手机", "平板", "穿戴"]}, "rates": [{"energy": 0, "percent": 15}],
              "cap": 50000, "per_person": 1, "price_max": 600000, "from_h": -2000, "until_h": 900}]

_GIVEN = [
    {"id": "new10", "name": "新人券", "over": 9900, "off": 1000, "until_h": 720},
    {"id": "bag30", "name": "鞋包券", "scope": {"categories": ["鞋包"]}, "over": 30000, "off": 3000, "until_h": 240},
    {"id": "home15", "name": "家居券", "scope": {"categories": ["家居"]}, "over": 15000, "off": 1500, "until_h": 360},
    {"id": "tea90", "name": "茶叶九折券", "scope": {"kinds": ["茶叶"]}, "over": 10000, "percent": 90, "most": 5000, "until_h": 360},
    {"id": "retain20", "name": "专享挽留券", "over": 5000, "off": 2000, "alone": True, "until_h": 720},
]


def coupons(book):
    """What anybody may claim, and what some customers have: good, too small an
    order, expired and used ones."""
    out = list(_GIVEN)
    for i, c in enumerate(book.people):
        if i % 3 == 1:
            continue
        have = dict(_GIVEN[i % 4])
        have.update(id="k%d" % (3001 + i), of=have["id"], customer=c["id"])
        if i % 5 == 0:
            have["until_h"] = -24 * (1 + i % 9)
        elif i % 7 == 0:
            have["used_h"] = -200 - i
            have["order"] = book.of[c["id"]][-1]["id"]
        out.append(have)
    return out
