"""Orders of the demo shop with their parcels, refunds and tickets. Hours count
from the demo's now; a life goes: created, paid an hour later, shipped within 48
hours from 杭州, signed two days after."""

# Orders to make, by state.
STATES = {"signed": 116, "closed": 62, "shipped": 40, "delivering": 30, "paid": 42, "to-pay": 26, "refunding": 16, "refunded": 16, "cancelled": 14}
COURIERS = [("顺丰速运", "SF", 12), ("圆通速递", "YT", 12), ("中通快递", "7", 12), ("韵达快递", "4", 12)]
HUBS = {"广东省": "广州市", "江苏省": "南京市", "浙江省": "杭州市", "四川省": "成都市", "湖北省": "武汉市", "湖南省": "长沙市", "河南省": "郑州市", "山东省": "济南市",
        "河北省": "石家庄市", "山西省": "太原市", "陕西省": "西安市", "辽宁省": "沈阳市", "安徽省": "合肥市", "江西省": "南昌市", "福建省": "福州市",
        "广西壮族自治区": "南宁市", "云南省": "昆明市", "贵州省": "贵阳市", "内蒙古自治区": "呼和浩特市"}
REASONS = ["不喜欢", "尺码不合适", "拍错了", "质量问题", "与描述不符", "收到破损"]
DELAYS = ["因暴雨天气，在{}转运中心滞留", "因车辆故障，在{}转运中心滞留", "{}转运中心货量大，派送延后", "因道路结冰，在{}转运中心滞留"]
SIGNERS = ["已签收，签收人：门卫", "已签收，签收人：驿站代收", "已签收，签收人：邻居代收", "已签收，签收人：家人", "已放在门口，签收人：他人代收"]
# Customers and orders that the rehearsed tasks and the conformance suite name.
TOLD = {"c%d" % n for n in (26, 27, 28, 29, 30, 33, 34, 36, 37, 43, 44, 46, 50, 52, 54, 61, 71, 74, 79)} | {"2694270569", "2674476604"}
REMOTE = ("新疆维吾尔自治区", "西藏自治区")


class Book:
    def __init__(self, rng, products, was, people):
        self.rng, self.products, self.was, self.people = rng, products, was, people
        self.by_id = {p["id"]: p for p in products}
        self.orders, self.parcels, self.refunds, self.tickets, self.notes = [], [], [], [], []
        self.of = {c["id"]: [] for c in people}
        self.used, self.turn = set(), 0

    # --- parts -----------------------------------------------------------

    def number(self, prefix, digits):
        while True:
            n = prefix + "".join(self.rng.choice("0123456789") for _ in range(digits))
            if n not in self.used and n[-4:] not in self.used:
                self.used |= {n, n[-4:]}
                return n

    def line(self, p, count=1, price=None):
        l = {"product": p["id"], "name": p["name"], "price": price or p["price"], "count": count}
        variant = " ".join(x for x in (self.rng.choice(p["colours"]) if p["colours"] else "",
                                       self.rng.choice(p["sizes"]) + "码" if p["sizes"] else "") if x)
        if variant:
            l["variant"] = variant
        return l

    def basket(self):
        """One to three lines; what goes together is bought together."""
        rng = self.rng
        p = rng.choice([p for p in self.products if not p.get("presale")])
        lines = [self.line(p, rng.choice([1, 1, 1, 2]) if p["price"] < 10000 else 1)]
        if rng.random() < 0.45:
            other = self.by_id[rng.choice(p["goes_with"])] if p.get("goes_with") else rng.choice([q for q in self.products if q["category"] == p["category"]])
            if other["id"] != p["id"] and not other.get("presale"):
                lines.append(self.line(other))
        if len(lines) == 2 and rng.random() < 0.3:
            other = rng.choice([q for q in self.products if q["price"] < 8000 and q["id"] not in [l["product"] for l in lines]])
            lines.append(self.line(other, rng.choice([1, 2])))
        return lines

    def price(self, o, customer, discounts):
        goods = sum(l["price"] * l["count"] for l in o["lines"]) - sum(d["off"] for d in discounts)
        remote = customer["address"]["province"] in REMOTE
        o["shipping"] = 1800 if remote else 0 if goods >= 4900 else 800
        if discounts:
            o["discounts"] = discounts
        o["total"] = goods + o["shipping"]

    def discounts(self, o, customer, kind):
        goods = sum(l["price"] * l["count"] for l in o["lines"])
        if kind == "tiers" and goods >= 19900:
            off = 5000 if goods >= 39900 else 2000
            return [{"rule": "autumn", "name": "秋季满%d元减%d元" % ((399, 50) if off == 5000 else (199, 20)), "kind": "promotion", "off": off}]
        if kind == "coupon" and goods >= 9900:
            return [{"rule": "new10", "name": "新人券", "kind": "coupon", "off": 1000}]
        if kind == "both" and goods >= 19900:
            return self.discounts(o, customer, "tiers") + [{"rule": "new10", "name": "新人券", "kind": "coupon", "off": 1000}]
        if kind == "member":
            out = []
            for i, l in enumerate(o["lines"]):
                p = self.by_id[l["product"]]
                if p.get("member_price") and l["price"] == p["price"]:
                    out.append({"rule": "member", "name": p["name"] + "会员价", "kind": "member", "off": (p["price"] - p["member_price"]) * l["count"], "lines": [i]})
            return out
        return []

    # --- one order -------------------------------------------------------

    def add(self, state, customer, lines=None, age=None, discount=None, note=None, parcel=None, signer=None):
        rng = self.rng
        age = age or {"signed": rng.randint(80, 260), "closed": rng.randint(620, 2400), "shipped": rng.randint(52, 66), "delivering": rng.randint(70, 84),
                      "paid": rng.choice([rng.randint(3, 44), rng.randint(3, 44), rng.randint(58, 80)]), "to-pay": rng.randint(1, 20),
                      "refunding": rng.randint(120, 200), "refunded": rng.randint(300, 900), "cancelled": rng.randint(60, 500)}[state]
        o = {"id": self.number("26", 8), "customer": customer["id"], "state": state, "lines": lines or self.basket()}
        kind = discount or rng.choice(["", "", "tiers", "tiers", "coupon", "both", "member" if customer.get("level") else ""])
        self.price(o, customer, self.discounts(o, customer, kind) if isinstance(kind, str) else kind)
        o["created_h"] = -age
        paid = state != "to-pay" and not (state == "cancelled" and rng.random() < 0.4)
        if paid:
            o["paid_h"] = -age + 1
            o["ship_by_h"] = -age + 49
        if state not in ("to-pay", "paid", "cancelled"):
            o["shipped_h"] = -age + 20
            name, prefix, digits = rng.choice(COURIERS)
            o["tracking"] = self.number(prefix, digits)
            if state in ("signed", "closed", "refunding", "refunded"):
                o["signed_h"] = o["shipped_h"] + rng.randint(40, 54)
            self.parcel(o, customer, name, parcel, signer)
        self.orders.append(o)
        self.of[customer["id"]].append(o)
        if note:
            self.notes.append((note, o["id"], customer))
        return o

    def parcel(self, o, customer, courier, state, signer):
        a, sent = customer["address"], o["shipped_h"]
        hub = HUBS.get(a["province"], a["city"])
        track = [(sent, "杭州市", "已揽收"), (sent + 5, "杭州市", "已从杭州转运中心发出")]
        p = {"tracking": o["tracking"], "courier": courier, "order": o["id"]}
        if "signed_h" in o:
            signed = o["signed_h"]
            track += [(signed - 16, hub, "已到达%s转运中心" % hub), (signed - 3, a["city"], "快递员正在%s派送" % a["district"]),
                      (signed, a["city"], signer or "已签收，签收人：本人")]
            p["state"] = "signed"
        elif state == "delayed":
            track.append((-18, hub, self.rng.choice(DELAYS).format(hub[:-1])))
            p.update(state="delayed", due_h=self.rng.choice([26, 30, 50]))
        elif o["state"] == "delivering":
            track += [(-14, hub, "已到达%s转运中心" % hub), (-4, a["city"], "已到达%s营业点" % a["district"])]
            if state == "in-locker":
                track.append((-1, a["city"], self.rng.choice(["已放入小区门口的快递柜", "已放入南门驿站"])))
                p.update(state="in-locker", pickup="".join(self.rng.choice("0123456789") for _ in range(6)))
            else:
                track.append((-2, a["city"], "快递员正在%s派送" % a["district"]))
                p.update(state="delivering", due_h=self.rng.choice([2, 3, 4]))
        else:
            track.append((-14, hub, "已到达%s转运中心" % hub))
            p.update(state="in-transit", due_h=self.rng.choice([20, 22, 25, 44]))
        p["track"] = [{"h": h, "place": place, "text": text} for h, place, text in track]
        self.parcels.append(p)

    def refund(self, o, kind, amount, state, opened, reason=None, lines=None):
        r = {"id": "r%d" % (5101 + len(self.refunds)), "order": o["id"], "kind": kind, "amount": amount, "reason": reason or self.rng.choice(REASONS),
             "state": state, "opened_h": opened}
        if lines:
            r["lines"] = lines
        if state in ("done", "withdrawn"):
            r["done_h"] = opened + 40
        self.refunds.append(r)

    def ticket(self, customer, kind, text, order="", opened=-30):
        t = {"id": "t%d" % (6101 + len(self.tickets)), "kind": kind, "customer": customer["id"], "text": text, "opened_h": opened}
        if order:
            t["order"] = order
        self.tickets.append(t)

    # --- all of them -----------------------------------------------------

    def next(self):
        self.turn += 1
        return self.people[(self.turn * 11) % len(self.people)]

    def fill(self):
        left = dict(STATES)
        before = len(self.orders)
        self.scenes_by_hand()
        for o in self.orders[before:]:
            left[o["state"]] -= 1
        for state, n in left.items():
            for i in range(n):
                parcel = "delayed" if state == "shipped" and i % 5 == 0 else "in-locker" if state == "delivering" and i % 3 == 0 else None
                o = self.add(state, self.next(), parcel=parcel)
                if state == "refunding":
                    self.refund(o, self.rng.choice(["return", "return", "refund-only"]), o["total"], "open", -self.rng.randint(20, 50))
                if state == "refunded":
                    self.refund(o, "return", o["total"], "done", o["signed_h"] + 30)
        self.dress()
        self.orders.sort(key=lambda o: -o["created_h"])

    def dress(self):
        """Gives a person the same size everywhere. Whom the rehearsed tasks
        name keeps what the tasks say."""
        for i, c in enumerate(self.people):
            lady = c["title"] == "女士"
            sizes = [(["S", "M", "L", "M"] if lady else ["L", "XL", "M", "XXL"])[i % 4],
                     (["36", "37", "38", "39"] if lady else ["41", "42", "43", "40"])[i % 4]]
            for o in self.of[c["id"]]:
                if c["id"] in TOLD or o["id"] in TOLD:
                    continue
                for l in o["lines"]:
                    worn = self.by_id[l["product"]]["sizes"]
                    mine = [x for x in sizes if x in worn]
                    if mine and "variant" in l:
                        l["variant"] = " ".join(l["variant"].split()[:-1] + [mine[0] + "码"])

    def scenes_by_hand(self):
        """What somebody would want to try: each with a note in SCENES.md."""
        line, p, people = self.line, self.by_id, iter(self.people)
        fallen = [q for q in self.products if self.was.get(q["id"])]
        for q in fallen:
            c = next(people)
            state = self.rng.choice(["signed", "signed", "shipped", "paid"])
            self.add(state, c, [line(q, 1, self.was[q["id"]])], age=self.rng.randint(85, 150) if state == "signed" else None, discount="none",
                     note="价格降了：%s买时%d元，现价%d元" % (q["name"], self.was[q["id"]] // 100, q["price"] // 100))
        for q in fallen[:4]:
            self.add("signed", next(people), [line(q, 1, self.was[q["id"]])], age=600, discount="none", note="价格降了，但签收已超过7天：%s" % q["name"])
        for q in [q for q in fallen if q["price"] < 20000][:4]:
            lines = [line(q, 2, self.was[q["id"]]), line(p["bathtowel"])]
            self.add("signed", next(people), lines, age=100, discount="tiers", note="两件%s加浴巾，用了满减，现在%s降价" % (q["name"], q["name"]))
        for state, paid, due, until in (("to-pay", -60, 24, 72), ("to-pay", -90, -10, 38), ("to-pay", -200, -90, -20), ("paid", -120, -60, -12)):
            c = next(people)
            o = self.add(state, c, [line(p["newyearbox"])], age=-paid,
                         discount=[{"rule": "presale", "name": "定金膨胀", "kind": "promotion", "off": 2000}])
            o["presale"] = {"deposit": 2000, "balance": o["total"] - 2000}
            o["presale_h"] = {"deposit_paid_h": paid, "pay_from_h": due, "pay_until_h": until}
            if state == "paid":
                o["presale_h"]["balance_paid_h"] = -50
                o["paid_h"], o["ship_by_h"] = -50, 40
            self.notes.append(({24: "预售：定金已付，尾款时间还没到", -10: "预售：现在可以付尾款", -90: "预售：尾款时间已过", -60: "预售：尾款已付，等发货"}[due], o["id"], c))
        for _ in range(6):
            c = next(people)
            o = self.add("signed", c, [line(p["glasscup"], 4), line(p["facetowels"]), line(p["oatmeal"], 2)], age=110, discount="tiers")
            self.refund(o, "refund-only", self.share(o, 0, 1), "done", -40, "收到破损", [{"line": 0, "count": 1}])
            self.notes.append(("四只玻璃杯退过一只，三行，用了满减", o["id"], c))
        for _ in range(8):
            c = next(people)
            self.add("signed", c, age=self.rng.randint(85, 100), signer=self.rng.choice(SIGNERS), note="显示签收，签收人不是本人")
        for subsidised in ("fridge4", "ac15", "washer10", "phonepro", "watchfit", "tv75"):
            c, q = next(people), p[subsidised]
            rate, cap, rule = {1: (20, 200000, "east"), 0: (15, 50000, "digital")}[q.get("energy", 0)]
            rule = "digital" if rule == "digital" else {"冰箱": "fridge", "空调": "ac", "洗衣机": "washer", "电视": "tv"}[q["kind"]] + "-east"
            off = min(q["price"] * rate // 100, cap)
            name = "数码产品购新补贴" if rule == "digital" else q["kind"] + "以旧换新补贴"
            self.add("signed", c, [line(q)], discount=[{"rule": rule, "name": name, "kind": "subsidy", "off": off}], note="用过补贴：%s" % q["name"])
        for kind, text in (("complaint", "客服回复太慢，希望有人回电"), ("missing", "三件套里少了一个漏勺"), ("wrong-item", "发来的颜色不是订单里的"), ("dispute", "对退款结果不满意，已经申请平台介入"), ("not-received", "显示签收，家里没有人收到")):
            c = next(people)
            o = self.add("signed", c, age=self.rng.randint(90, 150), note="已有工单：%s" % kind)
            self.ticket(c, kind, text, o["id"])
        for _ in range(3):
            c = next(people)
            o = self.add("signed", c, age=130, discount="none")
            self.refund(o, "return", o["total"], "withdrawn", -40, "不喜欢")
            self.notes.append(("撤销过退货", o["id"], c))

    def share(self, o, at, count):
        """What was paid for pieces of a line of an order with one discount."""
        whole = sum(l["price"] * l["count"] for l in o["lines"])
        off = sum(d["off"] for d in o.get("discounts", []))
        parts = [off * l["price"] * l["count"] // whole for l in o["lines"]]
        l = o["lines"][at]
        return (l["price"] * l["count"] - parts[at]) * count // l["count"]

    def scenes(self):
        out = ["# Scenes in the demo shop", "", "Orders worth trying, beside the ordinary ones. Written by grow.py.", "", "| what | order | customer | phone |", "|---|---|---|---|"]
        out += ["| %s | %s | %s %s | %s |" % (note, id, c["id"], c["name"], c["phone"]) for note, id, c in self.notes]
        return "\n".join(out) + "\n"
