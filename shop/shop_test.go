package shop

import (
	"errors"
	"strings"
	"testing"
)

func TestFen(t *testing.T) {
	for f, want := range map[Fen]string{0: "0", 5: "0.05", 50: "0.5", 100: "1", 1250: "12.5", 12800: "128", 12801: "128.01", -1250: "-12.5"} {
		if got := f.String(); got != want {
			t.Errorf("%d: %s, not %s", int64(f), got, want)
		}
	}
	if Yuan(3) != 300 {
		t.Error("a yuan has a hundred fen")
	}
}

func TestAddress(t *testing.T) {
	a := Address{Province: "上海市", City: "上海市", District: "徐汇区", Street: "漕溪北路88号"}
	if got := a.String(); got != "上海市徐汇区漕溪北路88号" {
		t.Errorf("%s names the city twice", got)
	}
	a.Province = "江苏省"
	if got := a.String(); got != "江苏省上海市徐汇区漕溪北路88号" {
		t.Error(got)
	}
}

func TestTail(t *testing.T) {
	if got := (Order{ID: "2679864326"}).Tail(); got != "4326" {
		t.Error(got)
	}
	if got := (Parcel{Tracking: "12"}).Tail(); got != "12" {
		t.Error(got)
	}
}

func TestPolicyValidate(t *testing.T) {
	good := Policy{ShopName: "x", ReturnDays: 7, QualityDays: 15, RefundMax: 30000, PhotoScore: 0.7}
	for name, c := range map[string]struct {
		change func(*Policy)
		names  string // the rule that the message names; empty for a good policy
	}{
		"as it should be":     {func(*Policy) {}, ""},
		"everything":          {func(p *Policy) { p.VIPRefundMax, p.Remote, p.RemoteFee = 50000, []string{"西藏自治区"}, 1800 }, ""},
		"no name":             {func(p *Policy) { p.ShopName = "" }, "shop_name"},
		"days below zero":     {func(p *Policy) { p.ReturnDays = -1 }, "return_days"},
		"days of a century":   {func(p *Policy) { p.PriceDays = 36500 }, "price_days"},
		"negative limit":      {func(p *Policy) { p.RefundMax = -1 }, "refund_max"},
		"a limit of millions": {func(p *Policy) { p.RefundMax = maxRule + 1 }, "refund_max"},
		"VIPs get less":       {func(p *Policy) { p.VIPRefundMax = 100 }, "vip_refund_max"},
		"score above one":     {func(p *Policy) { p.PhotoScore = 1.1 }, "photo_score"},
		"unknown payer":       {func(p *Policy) { p.ReturnFreight.Quality = "nobody" }, "return_freight.quality"},
		"remote for nothing":  {func(p *Policy) { p.Remote = []string{"西藏自治区"} }, "remote_fee"},
		"too many coupons":    {func(p *Policy) { p.Stacking.Coupons = 99 }, "stacking.coupons"},
		"negative points":     {func(p *Policy) { p.PointsOfYuan = -1 }, "points"},
		"hours of a year":     {func(p *Policy) { p.PayHours = 9000 }, "pay_hours"},
	} {
		p := good
		c.change(&p)
		err := p.Validate()
		if c.names == "" && err != nil || c.names != "" && (!errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), c.names)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPolicyRules(t *testing.T) {
	p := Policy{RefundMax: 30000, VIPRefundMax: 50000, FreeShipping: 4900, ShippingFee: 800, Remote: []string{"西藏自治区"}, RemoteFee: 1800,
		NoReturn: []string{"食品"}, ReturnFreight: ReturnFreight{Quality: PayerShop}}
	if p.RefundLimit(Customer{}) != 30000 || p.RefundLimit(Customer{VIP: true}) != 50000 || (Policy{RefundMax: 7}).RefundLimit(Customer{VIP: true}) != 7 {
		t.Error("refund limits")
	}
	if p.Returnable("食品") || !p.Returnable("家居") {
		t.Error("what goes back without a reason")
	}
	if p.Freight(true) != PayerShop || p.Freight(false) != PayerBuyer || (Policy{}).Freight(true) != PayerBuyer {
		t.Error("who pays the return freight")
	}
	for province, want := range map[string][2]Fen{"浙江省": {800, 0}, "西藏自治区": {1800, 1800}} {
		to := Address{Province: province}
		if p.Shipping(4899, to) != want[0] || p.Shipping(4900, to) != want[1] {
			t.Errorf("shipping to %s: %s and %s", province, p.Shipping(4899, to), p.Shipping(4900, to))
		}
	}
}

func TestStockOf(t *testing.T) {
	p := Product{Stock: 9, Colours: []string{"白色", "黑色"}, Sizes: []string{"M", "L"}}
	for _, c := range []struct {
		colour, size string
		n            int
		ok           bool
	}{{"", "", 9, true}, {"白色", "M", 9, true}, {"红色", "", 9, false}, {"", "S", 9, false}} {
		if n, ok := p.StockOf(c.colour, c.size); ok != c.ok || ok && n != c.n {
			t.Errorf("uncounted %s %s: %d, %v", c.colour, c.size, n, ok)
		}
	}
	p.Variants = []Variant{{"白色", "M", 4}, {"白色", "L", 0}, {"黑色", "M", 5}}
	for _, c := range []struct {
		colour, size string
		n            int
		ok           bool
	}{{"", "", 9, true}, {"白色", "", 4, true}, {"白色", "L", 0, true}, {"黑色", "L", 0, false}, {"", "M", 9, true}, {"红色", "", 0, false}} {
		if n, ok := p.StockOf(c.colour, c.size); ok != c.ok || n != c.n {
			t.Errorf("%s %s: %d, %v", c.colour, c.size, n, ok)
		}
	}
	for want, v := range map[string]Variant{"白色 M码": {Colour: "白色", Size: "M"}, "白色": {Colour: "白色"}, "42码": {Size: "42"}} {
		if v.Name() != want {
			t.Errorf("%+v is called %s", v, v.Name())
		}
	}
}

func TestScope(t *testing.T) {
	p := Product{ID: "cup", Kind: "杯具", Category: "家居"}
	for name, c := range map[string]struct {
		s    Scope
		want bool
	}{
		"everything": {Scope{}, true}, "category": {Scope{Categories: []string{"家居"}}, true}, "kind": {Scope{Kinds: []string{"杯具"}}, true},
		"product": {Scope{Products: []string{"cup"}}, true}, "another": {Scope{Categories: []string{"食品"}}, false},
		"one of them": {Scope{Categories: []string{"食品"}, Kinds: []string{"杯具"}}, true},
		"left out":    {Scope{Categories: []string{"家居"}, Except: []string{"cup"}}, false}, "only left out": {Scope{Except: []string{"cup"}}, false},
	} {
		if c.s.Holds(p) != c.want {
			t.Errorf("%s: %v", name, !c.want)
		}
	}
}
