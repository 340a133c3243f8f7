package offer

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"waggle/shop"
)

func goods(id, category string, price shop.Fen) shop.Product {
	return shop.Product{ID: id, Name: id, Category: category, Price: price, Stock: 50}
}

func cart(items ...Item) Cart {
	return Cart{Items: items, At: noon, To: shop.Address{Province: "浙江省"}}
}

func item(p shop.Product, count int) Item { return Item{Product: p, Count: count} }

var (
	full = shop.Promotion{ID: "full", Name: "满199元减20元、满399元减50元", Kind: shop.PromotionTiers, Group: "shop",
		Tiers: []shop.Tier{{Over: 19900, Off: 2000}, {Over: 39900, Off: 5000}}}
	each = shop.Promotion{ID: "each", Name: "食品每满100元减10元", Kind: shop.PromotionEach, Group: "food", Most: 3000,
		Scope: shop.Scope{Categories: []string{"食品"}}, Tiers: []shop.Tier{{Over: 10000, Off: 1000}}}
	rate  = shop.Promotion{ID: "rate", Name: "数码95折", Kind: shop.PromotionRate, Group: "rate", Scope: shop.Scope{Categories: []string{"数码"}}, Tiers: []shop.Tier{{Percent: 95}}}
	piece = shop.Promotion{ID: "piece", Name: "2件9折、3件8折", Kind: shop.PromotionPieces, Group: "wear", Scope: shop.Scope{Categories: []string{"服装"}},
		Tiers: []shop.Tier{{Pieces: 2, Percent: 90}, {Pieces: 3, Percent: 80}}}
	terms = shop.Policy{FreeShipping: 4900, ShippingFee: 800, Remote: []string{"西藏自治区"}, RemoteFee: 1800, Stacking: shop.Stacking{Coupon: true}}
)

func TestPrice(t *testing.T) {
	ten := shop.Coupon{ID: "ten", Name: "新人券", Over: 9900, Off: 1000}
	ninety := shop.Coupon{ID: "ninety", Name: "九折券", Percent: 90, Most: 1500}
	alone := shop.Coupon{ID: "alone", Name: "专享券", Off: 6000, Alone: true}
	member := goods("m", "家居", 20000)
	member.MemberPrice = 17000
	all := []shop.Promotion{full, each, rate, piece}
	for name, c := range map[string]struct {
		cart    Cart
		promos  []shop.Promotion
		coupons []shop.Coupon
		stack   shop.Stacking
		want    shop.Fen
		rules   []string // of the discounts, in order
	}{
		"nothing holds":                {cart(item(goods("a", "家居", 10000), 1)), all, nil, terms.Stacking, 10000, nil},
		"just below the threshold":     {cart(item(goods("a", "家居", 19899), 1)), all, nil, terms.Stacking, 19899, nil},
		"on the threshold":             {cart(item(goods("a", "家居", 19900), 1)), all, nil, terms.Stacking, 17900, []string{"full"}},
		"the higher tier":              {cart(item(goods("a", "家居", 20000), 2)), all, nil, terms.Stacking, 35000, []string{"full"}},
		"again and again":              {cart(item(goods("f", "食品", 5000), 3)), []shop.Promotion{each}, nil, terms.Stacking, 14000, []string{"each"}},
		"up to the most":               {cart(item(goods("f", "食品", 10000), 9)), []shop.Promotion{each}, nil, terms.Stacking, 87000, []string{"each"}},
		"a share of the price":         {cart(item(goods("d", "数码", 9999), 1)), []shop.Promotion{rate}, nil, terms.Stacking, 9500, []string{"rate"}},
		"two pieces":                   {cart(item(goods("w", "服装", 5000), 2)), []shop.Promotion{piece}, nil, terms.Stacking, 9000, []string{"piece"}},
		"pieces of two products":       {cart(item(goods("w", "服装", 5000), 1), item(goods("v", "服装", 5000), 2)), []shop.Promotion{piece}, nil, terms.Stacking, 12000, []string{"piece"}},
		"shares before sums":           {cart(item(goods("d", "数码", 20000), 1)), []shop.Promotion{full, rate}, nil, terms.Stacking, 19000, []string{"rate"}},
		"shares and sums":              {cart(item(goods("d", "数码", 22000), 1)), []shop.Promotion{full, rate}, nil, terms.Stacking, 18900, []string{"rate", "full"}},
		"coupon after promotion":       {cart(item(goods("a", "家居", 20000), 1)), all, []shop.Coupon{ten}, terms.Stacking, 17000, []string{"full", "ten"}},
		"coupon or promotion":          {cart(item(goods("a", "家居", 20000), 1)), all, []shop.Coupon{ten}, shop.Stacking{}, 18000, []string{"full"}},
		"the better coupon":            {cart(item(goods("a", "家居", 12000), 1)), nil, []shop.Coupon{ten, ninety}, terms.Stacking, 10800, []string{"ninety"}},
		"the most of a coupon":         {cart(item(goods("a", "家居", 19000), 1)), nil, []shop.Coupon{ninety}, terms.Stacking, 17500, []string{"ninety"}},
		"two coupons":                  {cart(item(goods("a", "家居", 19000), 1)), nil, []shop.Coupon{ten, ninety}, shop.Stacking{Coupon: true, Coupons: 2}, 16500, []string{"ninety", "ten"}},
		"a coupon that stands alone":   {cart(item(goods("a", "家居", 20000), 1)), all, []shop.Coupon{alone}, terms.Stacking, 14000, []string{"alone"}},
		"not more than it costs":       {cart(item(goods("a", "家居", 5000), 1)), nil, []shop.Coupon{{ID: "big", Off: 9000}}, terms.Stacking, 800, []string{"big"}},
		"no member":                    {cart(item(member, 1)), nil, nil, terms.Stacking, 20000, nil},
		"member price or promotion":    {Cart{Items: []Item{item(member, 1)}, Member: true, At: noon}, all, nil, terms.Stacking, 17000, []string{"member"}},
		"promotion or member price":    {Cart{Items: []Item{item(member, 2)}, Member: true, At: noon}, all, nil, terms.Stacking, 34000, []string{"member"}},
		"member price and promotion":   {Cart{Items: []Item{item(member, 2)}, Member: true, At: noon}, all, nil, shop.Stacking{Member: true}, 32000, []string{"member", "full"}},
		"shipping":                     {cart(item(goods("a", "家居", 4000), 1)), nil, nil, terms.Stacking, 4800, nil},
		"a discount costs the freight": {cart(item(goods("a", "家居", 5000), 1)), nil, []shop.Coupon{{ID: "c", Off: 200}}, terms.Stacking, 5600, []string{"c"}},
		"far away":                     {Cart{Items: []Item{item(goods("a", "家居", 9000), 1)}, At: noon, To: shop.Address{Province: "西藏自治区"}}, nil, nil, terms.Stacking, 10800, nil},
	} {
		p := terms
		p.Stacking = c.stack
		got, err := Price(c.cart, Rules{c.promos, c.coupons, p})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		var rules []string
		for _, d := range got.Discounts {
			rules = append(rules, d.Rule)
		}
		if got.Total != c.want || len(rules) != len(c.rules) {
			t.Errorf("%s: %s by %v, want %s by %v", name, got.Total, rules, c.want, c.rules)
			continue
		}
		for i := range rules {
			if rules[i] != c.rules[i] {
				t.Errorf("%s: %v, want %v", name, rules, c.rules)
			}
		}
		checkQuote(t, c.cart, got)
	}
}

// checkQuote: nothing is negative, and everything adds up.
func checkQuote(t *testing.T, c Cart, q Quote) {
	t.Helper()
	for _, s := range q.Shares {
		if s < 0 {
			t.Errorf("%+v: a share of %s", c, s)
		}
	}
	if q.Total < 0 || sum(q.Shares)+q.Shipping != q.Total || q.Working.Sum() != q.Total || q.Goods-q.Off()+q.Shipping != q.Total {
		t.Errorf("%+v does not add up: %+v", c, q)
	}
	// An order made of the quote has the same shares.
	o := shop.Order{Shipping: q.Shipping, Total: q.Total, Discounts: q.Discounts}
	for _, it := range c.Items {
		o.Lines = append(o.Lines, shop.Line{Product: it.Product.ID, Price: it.Product.Price, Count: it.Count})
	}
	paid, err := Paid(o)
	if err != nil {
		t.Errorf("%+v: %v", q, err)
	}
	for i := range paid {
		if paid[i] != q.Shares[i] {
			t.Errorf("line %d: %s in the order, %s in the quote", i, paid[i], q.Shares[i])
		}
	}
}

func TestPriceHoldsOnlyInTime(t *testing.T) {
	c := cart(item(goods("a", "家居", 20000), 1))
	for name, times := range map[string][2]time.Time{
		"to come": {noon.Add(time.Second), {}}, "over": {{}, noon}, "used up": {noon.Add(-2 * time.Hour), noon.Add(-time.Hour)},
	} {
		p, k := full, shop.Coupon{ID: "k", Off: 100, From: times[0], Until: times[1]}
		p.From, p.Until = times[0], times[1]
		if q, err := Price(c, Rules{[]shop.Promotion{p}, []shop.Coupon{k}, terms}); err != nil || q.Total != 20000 {
			t.Errorf("%s: %+v, %v", name, q, err)
		}
	}
	used := shop.Coupon{ID: "k", Off: 100, Used: noon.Add(-time.Hour)}
	if q, err := Price(c, Rules{Coupons: []shop.Coupon{used}, Policy: terms}); err != nil || q.Total != 20000 {
		t.Errorf("used: %+v, %v", q, err)
	}
}

func TestPriceRefusesImpossibleCarts(t *testing.T) {
	for name, c := range map[string]Cart{
		"empty": {}, "no pieces": cart(item(goods("a", "家居", 1), 0)), "too many": cart(item(goods("a", "家居", 1), maxCount+1)),
		"negative price": cart(item(goods("a", "家居", -1), 1)), "too many items": {Items: make([]Item, maxItems+1)},
		"member price above price": cart(item(shop.Product{Price: 1, MemberPrice: 2}, 1)),
	} {
		if q, err := Price(c, Rules{}); !errors.Is(err, ErrInput) {
			t.Errorf("%s: %+v, %v", name, q, err)
		}
	}
}

func TestPriceRefusesImpossibleRules(t *testing.T) {
	c := cart(item(goods("a", "家居", 100), 1))
	tiers := func(tiers ...shop.Tier) Rules {
		return Rules{Promotions: []shop.Promotion{{ID: "p", Kind: shop.PromotionEach, Tiers: tiers}}}
	}
	for name, r := range map[string]Rules{
		"beyond all money":  tiers(shop.Tier{Over: 1, Off: math.MaxInt64}),
		"below zero":        tiers(shop.Tier{Over: -1}),
		"above the price":   tiers(shop.Tier{Percent: 101}),
		"coupon":            {Coupons: []shop.Coupon{{Off: -1}}},
		"too many coupons":  {Coupons: make([]shop.Coupon, maxItems+1)},
		"pieces below zero": tiers(shop.Tier{Pieces: -1}),
	} {
		if q, err := Price(c, r); !errors.Is(err, ErrInput) {
			t.Errorf("%s: %+v, %v", name, q, err)
		}
	}
	if q, err := Price(c, tiers(shop.Tier{Off: 10})); err != nil || q.Total != 90 {
		t.Errorf("a tier from nothing on: %+v, %v", q, err)
	}
}

// Random carts and rules: quotes add up, more coupons or promotions never make
// a buyer pay more for the goods, a member never pays more than others.
func TestPriceProperties(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4)) //nolint:gosec // a test
	kinds := []string{"家居", "食品", "数码", "服装"}
	promos := []shop.Promotion{full, each, rate, piece}
	for range 1500 {
		c := cart()
		for i := range 1 + rng.IntN(5) {
			p := goods(string(rune('a'+i)), kinds[rng.IntN(4)], shop.Fen(1+rng.IntN(60_000)))
			p.MemberPrice = p.Price - p.Price*shop.Fen(rng.IntN(20))/100
			c.Items = append(c.Items, item(p, 1+rng.IntN(4)))
		}
		var coupons []shop.Coupon
		for i := range rng.IntN(4) {
			k := shop.Coupon{ID: string(rune('A' + i)), Over: shop.Fen(rng.IntN(30_000)), Alone: rng.IntN(3) == 0}
			if k.Off = shop.Fen(1 + rng.IntN(6000)); rng.IntN(2) == 0 {
				k.Off, k.Percent = 0, 1+rng.IntN(99)
			}
			coupons = append(coupons, k)
		}
		r := Rules{promos, coupons, terms}
		r.Policy.Stacking = shop.Stacking{Member: rng.IntN(2) == 0, Coupon: rng.IntN(2) == 0, Coupons: rng.IntN(3)}
		q := price(t, c, r)
		checkQuote(t, c, q)
		for name, less := range map[string]Rules{
			"promotions": {nil, coupons, r.Policy}, "coupons": {promos, nil, r.Policy}, "rules": {nil, nil, r.Policy},
		} {
			if without := price(t, c, less); sum(q.Shares) > sum(without.Shares) {
				t.Fatalf("%+v: %s with and %s without %s", c, sum(q.Shares), sum(without.Shares), name)
			}
		}
		c.Member = true
		if m := price(t, c, r); sum(m.Shares) > sum(q.Shares) {
			t.Fatalf("%+v: a member pays %s, others %s", c, sum(m.Shares), sum(q.Shares))
		}
	}
}

func price(t *testing.T, c Cart, r Rules) Quote {
	t.Helper()
	q, err := Price(c, r)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestMissed(t *testing.T) {
	q := price(t, cart(item(goods("a", "家居", 18900), 1)), Rules{Promotions: []shop.Promotion{full}, Policy: terms})
	if len(q.Missed) != 1 || q.Missed[0].Lack != 1000 || q.Missed[0].More != 2000 || q.Missed[0].Rule != "full" {
		t.Errorf("below the first tier: %+v", q.Missed)
	}
	q = price(t, cart(item(goods("a", "家居", 38900), 1)), Rules{Promotions: []shop.Promotion{full}, Policy: terms})
	if len(q.Missed) != 1 || q.Missed[0].Lack != 1000 || q.Missed[0].More != 3000 {
		t.Errorf("between the tiers: %+v", q.Missed)
	}
	q = price(t, cart(item(goods("a", "家居", 50000), 1)), Rules{Promotions: []shop.Promotion{full}, Policy: terms})
	if len(q.Missed) != 0 {
		t.Errorf("above the last tier: %+v", q.Missed)
	}
	q = price(t, cart(item(goods("f", "食品", 9000), 1)), Rules{Promotions: []shop.Promotion{each}, Policy: terms})
	if len(q.Missed) != 1 || q.Missed[0].Lack != 1000 || q.Missed[0].More != 1000 {
		t.Errorf("each: %+v", q.Missed)
	}
	q = price(t, cart(item(goods("f", "食品", 90000), 1)), Rules{Promotions: []shop.Promotion{each}, Policy: terms})
	if len(q.Missed) != 0 {
		t.Errorf("at the most: %+v", q.Missed)
	}
	q = price(t, cart(item(goods("w", "服装", 9000), 1)), Rules{Promotions: []shop.Promotion{piece}, Policy: terms})
	if len(q.Missed) != 1 || q.Missed[0].Pieces != 1 || q.Missed[0].Lack != 0 {
		t.Errorf("pieces: %+v", q.Missed)
	}
	q = price(t, cart(item(goods("a", "家居", 4000), 1)), Rules{Policy: terms})
	if len(q.Missed) != 1 || q.Missed[0].Rule != "" || q.Missed[0].Lack != 900 || q.Missed[0].More != 800 {
		t.Errorf("free shipping: %+v", q.Missed)
	}
}
