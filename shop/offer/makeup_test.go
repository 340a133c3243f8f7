package offer

import (
	"errors"
	"slices"
	"testing"

	"waggle/shop"
)

func TestComplete(t *testing.T) {
	vase := goods("vase", "家居", 18900)
	vase.GoesWith = []string{"pillow"}
	pillow, cup, socks := goods("pillow", "家居", 4500), goods("cup", "家居", 1200), goods("socks", "服装", 700)
	gone := goods("gone", "家居", 1000)
	gone.Stock = 0
	ahead := goods("ahead", "食品", 1000)
	ahead.Presale = &shop.PresaleTerms{}
	tea := goods("tea", "食品", 1100)
	shelf := []shop.Product{vase, pillow, cup, socks, gone, ahead, tea}
	r := Rules{Promotions: []shop.Promotion{full}, Policy: terms}
	c := cart(item(vase, 1))
	q := price(t, c, r)

	got, err := Complete(c, r, q.Missed[0], shelf, []string{"tea"}, 5)
	if err != nil || len(got) < 3 {
		t.Fatalf("%+v, %v", got, err)
	}
	if first := got[0]; len(first.Items) != 1 || first.Items[0].Product.ID != "cup" || first.Cost != 1200-2000 || first.Quote.Total != 18100 {
		t.Errorf("the cheapest: %+v", first)
	}
	for i, m := range got {
		if i > 0 && m.Cost < got[i-1].Cost {
			t.Errorf("%d costs less than the one before it", i)
		}
		if !slices.ContainsFunc(m.Quote.Discounts, func(d shop.Discount) bool { return d.Rule == "full" }) {
			t.Errorf("%+v does not reach the threshold", m)
		}
		for _, it := range m.Items {
			if slices.Contains([]string{"vase", "gone", "ahead", "tea"}, it.Product.ID) {
				t.Errorf("%s was proposed", it.Product.ID)
			}
		}
		if m.Related != (len(m.Items) == 1 && m.Items[0].Product.ID == "pillow") {
			t.Errorf("%+v: related is %v", m.Items, m.Related)
		}
	}
}

func TestCompleteWithTwo(t *testing.T) {
	vase, socks, cup := goods("vase", "家居", 18000), goods("socks", "服装", 700), goods("cup", "家居", 1300)
	r := Rules{Promotions: []shop.Promotion{full}, Policy: terms}
	c := cart(item(vase, 1))
	q := price(t, c, r) // lacks 19 yuan
	got, err := Complete(c, r, q.Missed[0], []shop.Product{socks, cup}, nil, 1)
	if err != nil || len(got) != 1 || len(got[0].Items) != 2 || got[0].Cost != 0 { // 20 yuan of goods for 20 yuan off
		t.Errorf("%+v, %v", got, err)
	}
	got, err = Complete(c, r, q.Missed[0], []shop.Product{cup}, nil, 1)
	if err != nil || len(got) != 1 || got[0].Items[0].Count != 2 {
		t.Errorf("twice the same: %+v, %v", got, err)
	}
	cup.Stock = 1
	if got, err = Complete(c, r, q.Missed[0], []shop.Product{cup}, nil, 1); !errors.Is(err, ErrNothing) {
		t.Errorf("twice the last one: %+v, %v", got, err)
	}
}

func TestCompletePiecesAndShipping(t *testing.T) {
	shirt, socks, cup := goods("shirt", "服装", 3000), goods("socks", "服装", 700), goods("cup", "家居", 500)
	r := Rules{Promotions: []shop.Promotion{piece}, Policy: terms}
	c := cart(item(shirt, 1))
	q := price(t, c, r)
	got, err := Complete(c, r, q.Missed[slices.IndexFunc(q.Missed, func(m Missed) bool { return m.Rule == "piece" })], []shop.Product{socks, cup}, nil, 3)
	if err != nil || got[0].Items[0].Product.ID != "socks" || len(got) != 1 {
		t.Errorf("a second piece: %+v, %v", got, err)
	}
	m := q.Missed[slices.IndexFunc(q.Missed, func(m Missed) bool { return m.Rule == "" })]
	mug := goods("mug", "家居", 1950)
	if got, err = Complete(c, r, m, []shop.Product{cup, mug}, nil, 3); err != nil || got[0].Cost != 1950-800 || got[0].Quote.Shipping != 0 {
		t.Errorf("free shipping: %+v, %v", got, err)
	}
}

// A catalogue of any size costs a bounded number of prices.
func TestCompleteIsBounded(t *testing.T) {
	shelf := make([]shop.Product, 20_000)
	for i := range shelf {
		shelf[i] = goods("p"+string(rune('0'+i%10))+string(rune('a'+i%26)), "家居", shop.Fen(100+i))
	}
	r := Rules{Promotions: []shop.Promotion{full}, Policy: terms}
	c := cart(item(goods("vase", "家居", 19000), 1))
	got, err := Complete(c, r, price(t, c, r).Missed[0], shelf, nil, 1000)
	if err != nil || len(got) == 0 || len(got) > maxSets {
		t.Errorf("%d sets, %v", len(got), err)
	}
}
