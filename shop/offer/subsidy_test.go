package offer

import (
	"errors"
	"testing"
	"time"

	"waggle/shop"
)

func TestSubsidy(t *testing.T) {
	table := []shop.Subsidy{
		{ID: "east", Name: "冰箱补贴", Regions: []string{"浙江省", "苏州市"}, Scope: shop.Scope{Kinds: []string{"冰箱"}}, Cap: 50000, PerPerson: 1,
			Rates: []shop.SubsidyRate{{Energy: 1, Percent: 20}, {Energy: 2, Percent: 15}}, Until: noon.Add(time.Hour)},
		{ID: "inland", Name: "冰箱补贴", Regions: []string{"湖北省"}, Scope: shop.Scope{Kinds: []string{"冰箱"}}, Cap: 40000, Rates: []shop.SubsidyRate{{Energy: 1, Percent: 15}}},
		{ID: "digital", Name: "数码补贴", Scope: shop.Scope{Kinds: []string{"手机"}}, Cap: 50000, PerPerson: 1, PriceMax: 600000, Rates: []shop.SubsidyRate{{Percent: 15}}},
		{ID: "phone-more", Name: "手机补贴", Regions: []string{"浙江省"}, Scope: shop.Scope{Kinds: []string{"手机"}}, Cap: 60000, Rates: []shop.SubsidyRate{{Percent: 15}}},
	}
	fridge := shop.Product{ID: "f", Name: "冰箱", Kind: "冰箱", Energy: 1, Price: 200000}
	second := shop.Product{ID: "g", Name: "冰箱", Kind: "冰箱", Energy: 2, Price: 200000}
	phone := shop.Product{ID: "p", Name: "手机", Kind: "手机", Price: 399900}
	at := func(province, city string) shop.Address { return shop.Address{Province: province, City: city} }
	for name, c := range map[string]struct {
		p     shop.Product
		price shop.Fen
		to    shop.Address
		used  map[string]int
		when  time.Time
		want  shop.Fen
		err   error
	}{
		"first class":           {fridge, 200000, at("浙江省", "杭州市"), nil, noon, 40000, nil},
		"second class":          {second, 200000, at("浙江省", "杭州市"), nil, noon, 30000, nil},
		"up to the cap":         {fridge, 360000, at("浙江省", "杭州市"), nil, noon, 50000, nil},
		"by city":               {fridge, 200000, at("江苏省", "苏州市"), nil, noon, 40000, nil},
		"another region's rate": {fridge, 200000, at("湖北省", "武汉市"), nil, noon, 30000, nil},
		"class left out there":  {second, 200000, at("湖北省", "武汉市"), nil, noon, 0, ErrRegion},
		"nowhere":               {fridge, 200000, at("海南省", "海口市"), nil, noon, 0, ErrRegion},
		"had one":               {fridge, 200000, at("浙江省", "杭州市"), map[string]int{"east": 1}, noon, 0, ErrUsedUp},
		"over":                  {fridge, 200000, at("浙江省", "杭州市"), nil, noon.Add(2 * time.Hour), 0, ErrRegion},
		"everywhere":            {phone, 300000, at("海南省", "海口市"), nil, noon, 45000, nil},
		"the better row":        {phone, 399900, at("浙江省", "杭州市"), nil, noon, 59985, nil},
		"too dear":              {phone, 600001, at("海南省", "海口市"), nil, noon, 0, ErrRegion},
		"no such kind":          {shop.Product{Kind: "杯子"}, 1000, at("浙江省", "杭州市"), nil, noon, 0, ErrExempt},
		"no price":              {fridge, 0, at("浙江省", "杭州市"), nil, noon, 0, ErrInput},
	} {
		got, err := Subsidy(table, c.p, c.price, c.to, c.used, c.when)
		if !errors.Is(err, c.err) || got.Amount != c.want {
			t.Errorf("%s: %+v, %v, want %s, %v", name, got, err, c.want, c.err)
		}
		if err == nil && (got.Price != c.price-c.want || got.Working.Sum() != got.Price) {
			t.Errorf("%s: %+v does not add up", name, got)
		}
	}
	if _, err := Subsidy(table[:1], fridge, 200000, at("浙江省", "杭州市"), nil, noon.Add(2*time.Hour)); !errors.Is(err, ErrTooLate) {
		t.Errorf("the only row is over: %v", err)
	}
}

func TestUsed(t *testing.T) {
	subsidised := func(state shop.OrderState, lines ...int) shop.Order {
		return shop.Order{State: state, Lines: []shop.Line{{Count: 1}, {Count: 2}},
			Discounts: []shop.Discount{{Rule: "a", Kind: shop.DiscountSubsidy, Lines: lines}, {Rule: "full", Kind: shop.DiscountPromotion}}}
	}
	got := Used([]shop.Order{subsidised(shop.StateSigned, 1), subsidised(shop.StatePaid), subsidised(shop.StateCancelled), subsidised(shop.StateRefunded)})
	if len(got) != 1 || got["a"] != 2+3 {
		t.Errorf("%v", got)
	}
}

func TestPresale(t *testing.T) {
	o := order(0, []shop.Discount{{Rule: "presale", Name: "定金膨胀", Off: 2000}}, line("礼盒", 19800, 1))
	o.Presale = &shop.Presale{Deposit: 2000, Balance: 15800, DepositPaid: noon.Add(-time.Hour), PayFrom: noon.Add(time.Hour), PayUntil: noon.Add(3 * time.Hour)}
	for want, at := range map[PresaleState]time.Time{PresaleWait: noon, PresaleDue: noon.Add(2 * time.Hour), PresaleLate: noon.Add(3 * time.Hour)} {
		if b, err := Presale(o, at); err != nil || b.State != want || b.Balance != 15800 || b.Working.Sum() != b.Balance || len(b.Working) != 3 {
			t.Errorf("%s: %+v, %v", want, b, err)
		}
	}
	unpaid, paid, wrong := *o.Presale, *o.Presale, *o.Presale
	unpaid.DepositPaid, paid.BalancePaid, wrong.Balance = time.Time{}, noon, 19000
	o.Presale = &unpaid
	if b, err := Presale(o, noon); err != nil || b.State != PresaleDeposit {
		t.Errorf("%+v, %v", b, err)
	}
	o.Presale = &paid
	if b, err := Presale(o, noon); err != nil || b.State != PresalePaid || b.Balance != 0 {
		t.Errorf("%+v, %v", b, err)
	}
	o.Presale = &wrong
	if b, err := Presale(o, noon); !errors.Is(err, ErrInput) {
		t.Errorf("%+v, %v", b, err)
	}
	if b, err := Presale(shop.Order{}, noon); !errors.Is(err, ErrExempt) {
		t.Errorf("%+v, %v", b, err)
	}
}

func TestPresell(t *testing.T) {
	p := shop.Product{Name: "礼盒", Price: 19800, Presale: &shop.PresaleTerms{Deposit: 2000, Counts: 4000, Until: noon.Add(time.Hour)}}
	b, err := Presell(p, 2, noon)
	if err != nil || b.Balance != 31600 || b.Working.Sum() != b.Balance || b.Working.String() != "礼盒×2 396元；定金 -40元；定金膨胀 -40元" {
		t.Errorf("%+v, %v", b, err)
	}
	if _, err := Presell(p, 1, noon.Add(time.Hour)); !errors.Is(err, ErrTooLate) {
		t.Error(err)
	}
	if _, err := Presell(p, 0, noon); !errors.Is(err, ErrInput) {
		t.Error(err)
	}
	if _, err := Presell(shop.Product{}, 1, noon); !errors.Is(err, ErrExempt) {
		t.Error(err)
	}
}
