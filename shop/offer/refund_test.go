package offer

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"waggle/shop"
)

var (
	zone = time.FixedZone("CST", 8*3600)
	noon = time.Date(2026, 11, 20, 12, 0, 0, 0, zone)
)

// order makes one of lines "price count" with discounts, its total in order.
func order(shipping shop.Fen, discounts []shop.Discount, lines ...shop.Line) shop.Order {
	o := shop.Order{ID: "1", Customer: "c", State: shop.StateSigned, Signed: noon.Add(-48 * time.Hour), Lines: lines, Discounts: discounts, Shipping: shipping}
	o.Total = shipping
	for _, l := range lines {
		o.Total += l.Price * shop.Fen(l.Count)
	}
	for _, d := range discounts {
		o.Total -= d.Off
	}
	return o
}

func line(product string, price shop.Fen, count int) shop.Line {
	return shop.Line{Product: product, Name: product, Price: price, Count: count}
}

func TestPaid(t *testing.T) {
	off := func(off shop.Fen, lines ...int) shop.Discount {
		return shop.Discount{Rule: "d", Off: off, Lines: lines}
	}
	for name, c := range map[string]struct {
		o    shop.Order
		want []shop.Fen
	}{
		"no discount":          {order(800, nil, line("a", 1000, 2), line("b", 500, 1)), []shop.Fen{2000, 500}},
		"in proportion":        {order(0, []shop.Discount{off(2000)}, line("a", 15000, 1), line("b", 5000, 1)), []shop.Fen{13500, 4500}},
		"a fen that is left":   {order(0, []shop.Discount{off(100)}, line("a", 1000, 1), line("b", 1000, 1), line("c", 1000, 1)), []shop.Fen{966, 967, 967}},
		"one line only":        {order(0, []shop.Discount{off(300, 1)}, line("a", 1000, 1), line("b", 1000, 1)), []shop.Fen{1000, 700}},
		"one after the other":  {order(0, []shop.Discount{off(500, 0), off(300)}, line("a", 1000, 1), line("b", 1000, 1)), []shop.Fen{400, 800}},
		"everything for free":  {order(0, []shop.Discount{off(2000)}, line("a", 1000, 1), line("b", 1000, 1)), []shop.Fen{0, 0}},
		"a gift of no price":   {order(0, []shop.Discount{off(100)}, line("a", 1000, 1), line("gift", 0, 1)), []shop.Fen{900, 0}},
		"discount without sum": {order(0, []shop.Discount{off(0)}, line("a", 1000, 1)), []shop.Fen{1000}},
	} {
		got, err := Paid(c.o)
		if err != nil || len(got) != len(c.want) {
			t.Errorf("%s: %v, %v", name, got, err)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: %v, want %v", name, got, c.want)
				break
			}
		}
	}
}

func TestPaidRefusesOrdersThatDoNotAddUp(t *testing.T) {
	wrong := order(0, nil, line("a", 1000, 1))
	wrong.Total++
	for name, o := range map[string]shop.Order{
		"total":               wrong,
		"no pieces":           order(0, nil, line("a", 1000, 0)),
		"negative price":      order(0, nil, line("a", -1, 1)),
		"more than it costs":  order(0, []shop.Discount{{Off: 1001}}, line("a", 1000, 1)),
		"negative discount":   order(0, []shop.Discount{{Off: -1}}, line("a", 1000, 1)),
		"no such line":        order(0, []shop.Discount{{Off: 1, Lines: []int{4}}}, line("a", 1000, 1)),
		"a price beyond all":  order(0, nil, line("a", maxPrice+1, 1)),
		"more lines than can": order(0, nil, make([]shop.Line, maxItems+1)...),
	} {
		if got, err := Paid(o); !errors.Is(err, ErrInput) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
}

// randomOrder makes an order with up to three discounts.
func randomOrder(rng *rand.Rand) shop.Order {
	lines := make([]shop.Line, 1+rng.IntN(5))
	var whole shop.Fen
	for i := range lines {
		lines[i] = line(string(rune('a'+i)), shop.Fen(rng.IntN(90_000)), 1+rng.IntN(6))
		whole += lines[i].Price * shop.Fen(lines[i].Count)
	}
	var discounts []shop.Discount
	for range rng.IntN(4) {
		off := shop.Fen(rng.Int64N(int64(whole)/4 + 1))
		whole -= off
		discounts = append(discounts, shop.Discount{Rule: "d", Name: "减", Off: off})
	}
	return order(shop.Fen(rng.IntN(2)*800), discounts, lines...)
}

// Whatever an order is: the lines add up to what was paid, none is negative or
// above its price, and giving back every piece one by one, in any order, gives
// back exactly what was paid for the goods.
func TestSharesAddUp(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 8)) //nolint:gosec // a test
	for range 2000 {
		o := randomOrder(rng)
		paid, err := Paid(o)
		if err != nil {
			t.Fatalf("%+v: %v", o, err)
		}
		var pieces []int
		for i, p := range paid {
			if p < 0 || p > o.Lines[i].Price*shop.Fen(o.Lines[i].Count) {
				t.Fatalf("line %d of %+v: %s", i, o, p)
			}
			for range o.Lines[i].Count {
				pieces = append(pieces, i)
			}
		}
		if sum(paid)+o.Shipping != o.Total {
			t.Fatalf("%+v: %v", o, paid)
		}
		rng.Shuffle(len(pieces), func(i, k int) { pieces[i], pieces[k] = pieces[k], pieces[i] })
		if back := giveBack(t, o, pieces); back != o.Total-o.Shipping {
			t.Fatalf("%+v: %s went back", o, back)
		}
	}
}

func giveBack(t *testing.T, o shop.Order, pieces []int) shop.Fen {
	t.Helper()
	var before []shop.Refund
	var back shop.Fen
	for _, at := range pieces {
		piece := []shop.RefundLine{{Line: at, Count: 1}}
		r, err := Refund(o, piece, before)
		if err != nil && !errors.Is(err, ErrNothing) || r.Amount < 0 || r.Amount != r.Working.Sum() && err == nil {
			t.Fatalf("line %d of %+v: %+v, %v", at, o, r, err)
		}
		back += r.Amount
		before = append(before, shop.Refund{RefundRequest: shop.RefundRequest{Kind: shop.RefundReturn, Amount: r.Amount, Lines: piece}, State: shop.RefundOpen})
	}
	return back
}

func TestRefund(t *testing.T) {
	o := order(800, []shop.Discount{{Rule: "d", Name: "满199元减20元", Off: 2000}}, line("衬衫", 10000, 2), line("袜子", 2000, 1))
	state := func(s shop.RefundState, kind shop.RefundKind, amount shop.Fen, lines ...shop.RefundLine) []shop.Refund {
		return []shop.Refund{{State: s, RefundRequest: shop.RefundRequest{Kind: kind, Amount: amount, Lines: lines}}}
	}
	one := []shop.RefundLine{{Line: 0, Count: 1}}
	for name, c := range map[string]struct {
		pieces []shop.RefundLine
		before []shop.Refund
		want   shop.Fen
		err    error
	}{
		"one of two":               {one, nil, 9091, nil},
		"the second of two":        {one, state(shop.RefundDone, shop.RefundReturn, 9091, one...), 9091, nil},
		"a third of two":           {one, state(shop.RefundOpen, shop.RefundReturn, 18182, shop.RefundLine{Count: 2}), 0, ErrNothing},
		"after everything":         {one, state(shop.RefundOpen, shop.RefundReturn, 20800), 0, ErrNothing},
		"rejected does not count":  {[]shop.RefundLine{{Line: 0, Count: 2}}, state(shop.RefundRejected, shop.RefundReturn, 9091, one...), 18182, nil},
		"withdrawn does not count": {[]shop.RefundLine{{Line: 0, Count: 2}}, state(shop.RefundWithdrawn, shop.RefundReturn, 9091, one...), 18182, nil},
		"an exchange does not":     {one, state(shop.RefundDone, shop.RefundExchange, 0, one...), 9091, nil},
		"less goodwill":            {one, state(shop.RefundDone, shop.RefundGoodwill, 1000, shop.RefundLine{Count: 2}), 8591, nil},
		"less a price difference":  {one, state(shop.RefundDone, shop.RefundDifference, 1000, shop.RefundLine{Count: 2}), 8591, nil},
		"all":                      {[]shop.RefundLine{{Line: 0, Count: 2}, {Line: 1, Count: 1}}, nil, 20000, nil},
		"no such line":             {[]shop.RefundLine{{Line: 7, Count: 1}}, nil, 0, ErrInput},
		"no pieces":                {[]shop.RefundLine{{Line: 0}}, nil, 0, ErrInput},
		"too many at once":         {[]shop.RefundLine{{Line: 0, Count: 1}, {Line: 0, Count: 2}}, nil, 0, ErrInput},
		"nothing asked":            {nil, nil, 0, ErrNothing},
	} {
		got, err := Refund(o, c.pieces, c.before)
		if !errors.Is(err, c.err) || c.err == nil && (got.Amount != c.want || got.Working.Sum() != c.want) {
			t.Errorf("%s: %+v, %v, want %s, %v", name, got, err, c.want, c.err)
		}
	}
	got, err := Refund(o, one, nil)
	if want := "衬衫×1 100元；衬衫×1分摊的优惠 -9.09元"; err != nil || got.Working.String() != want {
		t.Errorf("working %q, %v", got.Working, err)
	}
}

func TestProtect(t *testing.T) {
	policy := shop.Policy{PriceDays: 7, PriceExempt: []string{"食品"}}
	today := shop.Product{ID: "锅", Name: "锅", Category: "家居", Price: 10900}
	o := order(0, []shop.Discount{{Rule: "d", Name: "减", Off: 1000}}, line("锅", 13900, 2), line("碗", 12200, 1))
	back := func(kind shop.RefundKind, amount shop.Fen, count int) []shop.Refund {
		return []shop.Refund{{State: shop.RefundDone, RefundRequest: shop.RefundRequest{Kind: kind, Amount: amount, Lines: []shop.RefundLine{{Count: count}}}}}
	}
	for name, c := range map[string]struct {
		change func(*shop.Order, *shop.Product)
		before []shop.Refund
		line   int
		want   shop.Fen
		err    error
	}{
		"both pieces":          {want: 2*13900 - 695 - 2*10900},
		"one went back":        {before: back(shop.RefundReturn, 13553, 1), want: 13553 - 10900},
		"asked before":         {before: back(shop.RefundDifference, 5305, 2), err: ErrNothing},
		"asked before, less":   {before: back(shop.RefundDifference, 3000, 2), want: 2305},
		"all went back":        {before: back(shop.RefundReturn, 27105, 2), err: ErrNothing},
		"not cheaper":          {change: func(_ *shop.Order, p *shop.Product) { p.Price = 13900 }, err: ErrNothing},
		"too late":             {change: func(o *shop.Order, _ *shop.Product) { o.Signed = noon.AddDate(0, 0, -8) }, err: ErrTooLate},
		"on its way":           {change: func(o *shop.Order, _ *shop.Product) { o.State, o.Signed = shop.StateShipped, time.Time{} }, want: 5305},
		"unpaid":               {change: func(o *shop.Order, _ *shop.Product) { o.State = shop.StateToPay }, err: ErrInput},
		"food":                 {change: func(_ *shop.Order, p *shop.Product) { p.Category = "食品" }, err: ErrExempt},
		"of another line":      {line: 1, err: ErrInput},
		"of no line":           {line: 9, err: ErrInput},
		"signed without a day": {change: func(o *shop.Order, _ *shop.Product) { o.Signed = time.Time{} }, err: ErrInput},
	} {
		o, today := o, today
		if c.change != nil {
			c.change(&o, &today)
		}
		got, err := Protect(o, c.line, today, c.before, policy, noon)
		if !errors.Is(err, c.err) || c.err == nil && (got.Amount != c.want || got.Working.Sum() != c.want) {
			t.Errorf("%s: %+v, %v, want %s, %v", name, got, err, c.want, c.err)
		}
	}
	if _, err := Protect(o, 0, today, nil, shop.Policy{}, noon); !errors.Is(err, ErrExempt) {
		t.Errorf("without price protection: %v", err)
	}
	got, err := Protect(o, 0, today, nil, policy, noon)
	if err != nil || !strings.Contains(got.Working.String(), "锅×2现价 -218元") || !got.Until.Equal(noon.AddDate(0, 0, 5)) {
		t.Errorf("%s until %s, %v", got.Working, got.Until, err)
	}
}

// However a line is paid back, by difference first and pieces later or the
// other way round, never more goes back than was paid for it.
func TestDifferenceAndReturnTogether(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9)) //nolint:gosec // a test
	policy := shop.Policy{PriceDays: 7}
	for range 2000 {
		o := randomOrder(rng)
		paid, err := Paid(o)
		if err != nil {
			t.Fatal(err)
		}
		today := shop.Product{ID: o.Lines[0].Product, Price: shop.Fen(rng.IntN(90_000))}
		var before []shop.Refund
		var back shop.Fen
		add := func(kind shop.RefundKind, amount shop.Fen, pieces ...shop.RefundLine) {
			back += amount
			before = append(before, shop.Refund{State: shop.RefundOpen, RefundRequest: shop.RefundRequest{Kind: kind, Amount: amount, Lines: pieces}})
		}
		for range 6 {
			piece := shop.RefundLine{Count: 1}
			if rng.IntN(3) == 0 {
				p, err := Protect(o, 0, today, before, policy, noon)
				if err == nil {
					add(shop.RefundDifference, p.Amount, piece)
				}
				today.Price = max(0, today.Price-shop.Fen(rng.IntN(20_000)))
			} else if r, err := Refund(o, []shop.RefundLine{piece}, before); err == nil {
				add(shop.RefundReturn, r.Amount, piece)
			}
		}
		if back > paid[0] {
			t.Fatalf("%+v: %s went back of %s by %+v", o, back, paid[0], before)
		}
	}
}
