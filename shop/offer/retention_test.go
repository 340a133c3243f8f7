package offer

import (
	"errors"
	"testing"
	"time"

	"waggle/shop"
)

// retainRules are goodwill for what was signed, and a coupon for clothes.
func retainRules() []shop.RetentionRule {
	return []shop.RetentionRule{
		{Kind: shop.RetainGoodwill, Percent: 10, Most: 1500, Over: 10_000, States: []shop.OrderState{shop.StateSigned}},
		{Kind: shop.RetainCoupon, Coupon: "stay", Over: 5_000, Scope: shop.Scope{Categories: []string{"服装"}}},
	}
}

func TestRetain(t *testing.T) {
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	coat := shop.Product{ID: "coat", Category: "服装"}
	vase := shop.Product{ID: "vase", Category: "家居"}
	order := func(state shop.OrderState, total shop.Fen) shop.Order {
		return shop.Order{ID: "1", State: state, Total: total, Lines: []shop.Line{{Product: "coat", Count: 1, Price: total}}}
	}
	refund := func(kind shop.RefundKind, state shop.RefundState) []shop.Refund {
		return []shop.Refund{{RefundRequest: shop.RefundRequest{Order: "1", Kind: kind, Amount: 400}, State: state}}
	}
	given := []shop.Coupon{{ID: "stay", Name: "留下券", Off: 2000}}
	for name, c := range map[string]struct {
		order  shop.Order
		goods  shop.Product
		given  []shop.Coupon
		before []shop.Refund
		limit  shop.Fen
		want   shop.Fen // of goodwill
		coupon string
		err    error
	}{
		"a share":                 {order: order(shop.StateSigned, 12_345), goods: vase, limit: 30_000, want: 1234},
		"at most":                 {order: order(shop.StateSigned, 90_000), goods: vase, limit: 30_000, want: 1500},
		"within the limit":        {order: order(shop.StateSigned, 90_000), goods: vase, limit: 700, want: 700},
		"what was given counts":   {order: order(shop.StateSigned, 90_000), goods: vase, before: refund(shop.RefundDifference, shop.RefundDone), limit: 700, want: 300},
		"taken back counts not":   {order: order(shop.StateSigned, 90_000), goods: vase, before: refund(shop.RefundReturn, shop.RefundWithdrawn), limit: 700, want: 700},
		"goods on the way back":   {order: order(shop.StateSigned, 90_000), goods: vase, before: refund(shop.RefundReturn, shop.RefundOpen), limit: 30_000, err: ErrNothing},
		"goodwill before":         {order: order(shop.StateSigned, 90_000), goods: vase, before: refund(shop.RefundGoodwill, shop.RefundDone), limit: 30_000, err: ErrNothing},
		"no limit left, a coupon": {order: order(shop.StateSigned, 90_000), goods: coat, given: given, limit: 0, coupon: "stay"},
		"a coupon":                {order: order(shop.StatePaid, 6_000), goods: coat, given: given, limit: 30_000, coupon: "stay"},
		"too little":              {order: order(shop.StatePaid, 4_999), goods: coat, given: given, limit: 30_000, err: ErrNothing},
		"another category":        {order: order(shop.StatePaid, 6_000), goods: vase, given: given, limit: 30_000, err: ErrNothing},
		"coupon is over":          {order: order(shop.StatePaid, 6_000), goods: coat, given: []shop.Coupon{{ID: "stay", Until: now}}, limit: 30_000, err: ErrNothing},
		"on its way":              {order: order(shop.StateShipped, 90_000), goods: coat, given: given, limit: 30_000, err: ErrNothing},
	} {
		got, err := Retain(c.order, []shop.Product{c.goods}, c.given, c.before, c.limit, retainRules(), now)
		coupon := ""
		if got.Coupon != nil {
			coupon = got.Coupon.ID
		}
		if !errors.Is(err, c.err) || got.Amount != c.want || coupon != c.coupon {
			t.Errorf("%s: %+v, %v; want %s %q, %v", name, got, err, c.want, c.coupon, c.err)
		}
	}
	if _, err := Retain(order(shop.StateSigned, 1), nil, nil, nil, 0, nil, now); !errors.Is(err, ErrInput) {
		t.Errorf("an order without its goods: %v", err)
	}
}
