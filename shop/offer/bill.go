package offer

import (
	"cmp"
	"fmt"
	"slices"

	"waggle/shop"
)

// bill is a cart while discounts are taken off it.
type bill struct {
	cart      Cart
	list      []shop.Fen
	shares    []shop.Fen // what is left of each item
	discounts []shop.Discount
	missed    []Missed
	promoted  bool // a promotion holds
}

func newBill(c Cart, list []shop.Fen) *bill {
	return &bill{cart: c, list: list, shares: slices.Clone(list)}
}

func (b *bill) left() shop.Fen { return sum(b.shares) }

func sum(all []shop.Fen) shop.Fen {
	var s shop.Fen
	for _, f := range all {
		s += f
	}
	return s
}

// in lists the items of a scope, what is left of them and how many pieces.
func (b *bill) in(s shop.Scope) (items []int, left shop.Fen, pieces int) {
	for i, it := range b.cart.Items {
		if s.Holds(it.Product) {
			items, left, pieces = append(items, i), left+b.shares[i], pieces+it.Count
		}
	}
	return items, left, pieces
}

// take lowers the items of a discount, in proportion. It must not be more than
// is left of them.
func (b *bill) take(d shop.Discount) {
	if d.Off <= 0 || lower(b.shares, d) != nil {
		return
	}
	b.discounts = append(b.discounts, d)
}

func (b *bill) memberPrices() {
	for i, it := range b.cart.Items {
		if p := it.Product; p.MemberPrice > 0 {
			b.take(shop.Discount{Rule: "member", Name: p.Name + "会员价", Kind: shop.DiscountMember,
				Off: (p.Price - p.MemberPrice) * shop.Fen(it.Count), Lines: []int{i}})
		}
	}
}

// bestOf applies the promotion of a group that takes off most.
func (b *bill) bestOf(group []shop.Promotion) {
	var best shop.Discount
	for _, p := range group {
		if d := b.promotion(p); d.Off > best.Off {
			best = d
		}
	}
	for _, p := range group {
		b.reach(p, best.Off)
	}
	if best.Off > 0 {
		b.promoted = true
		b.take(best)
	}
}

// promotion is what a promotion would take off now.
func (b *bill) promotion(p shop.Promotion) shop.Discount {
	items, left, pieces := b.in(p.Scope)
	d := shop.Discount{Rule: p.ID, Name: p.Name, Kind: shop.DiscountPromotion, Lines: items}
	for _, t := range p.Tiers {
		if left < t.Over || pieces < t.Pieces {
			continue
		}
		off := t.Off
		switch p.Kind {
		case shop.PromotionEach:
			if t.Over > 0 {
				off = t.Off * (left / t.Over)
			}
		case shop.PromotionRate, shop.PromotionPieces:
			off = b.share(items, t.Percent)
		}
		d.Off = max(d.Off, off)
	}
	if p.Most > 0 {
		d.Off = min(d.Off, p.Most)
	}
	d.Off = min(d.Off, left)
	return d
}

// share is what is taken off when a percentage of each item is still paid;
// fractions of a fen stay with the shop.
func (b *bill) share(items []int, percent int) shop.Fen {
	if percent <= 0 || percent >= 100 {
		return 0
	}
	var off shop.Fen
	for _, i := range items {
		off += b.shares[i] * shop.Fen(100-percent) / 100
	}
	return off
}

// reach notes the next tier of a promotion, when it would take off more than
// holds now.
func (b *bill) reach(p shop.Promotion, now shop.Fen) {
	items, left, pieces := b.in(p.Scope)
	if len(items) == 0 {
		return
	}
	for _, t := range p.Tiers {
		m := Missed{Rule: p.ID, Name: p.Name, Scope: p.Scope, Lack: max(t.Over-left, 0), Pieces: max(t.Pieces-pieces, 0)}
		switch p.Kind {
		case shop.PromotionTiers:
			m.More = t.Off - now
		case shop.PromotionEach:
			if t.Over <= 0 {
				continue
			}
			times := left/t.Over + 1
			m.Lack, m.More = times*t.Over-left, times*t.Off-now
		}
		if p.Most > 0 {
			m.More = min(m.More, p.Most-now)
		}
		sums := p.Kind == shop.PromotionTiers || p.Kind == shop.PromotionEach
		if m.Lack+shop.Fen(m.Pieces) > 0 && (!sums || m.More > 0) {
			b.missed = append(b.missed, m)
			return
		}
	}
}

// bestCoupon applies the coupon that takes off most and returns the others.
func (b *bill) bestCoupon(held []shop.Coupon) []shop.Coupon {
	var best shop.Discount
	at := -1
	for i, c := range held {
		if d := b.coupon(c); d.Off > best.Off {
			best, at = d, i
		}
	}
	if at < 0 {
		return nil
	}
	b.take(best)
	return slices.Delete(slices.Clone(held), at, at+1)
}

// coupon is what a coupon would take off now.
func (b *bill) coupon(c shop.Coupon) shop.Discount {
	items, left, _ := b.in(c.Scope)
	d := shop.Discount{Rule: c.ID, Name: c.Name, Kind: shop.DiscountCoupon, Lines: items}
	if left < c.Over {
		return d
	}
	d.Off = c.Off
	if c.Percent > 0 {
		d.Off = b.share(items, c.Percent)
	}
	if c.Most > 0 {
		d.Off = min(d.Off, c.Most)
	}
	d.Off = min(d.Off, left)
	return d
}

// quote closes the bill.
func (b *bill) quote(p shop.Policy) Quote {
	goods := b.left()
	q := Quote{Goods: sum(b.list), Discounts: b.discounts, Shares: b.shares, Missed: b.missed, Shipping: p.Shipping(goods, b.cart.To)}
	q.Total = goods + q.Shipping
	for i, it := range b.cart.Items {
		q.Working.add(fmt.Sprintf("%s×%d", it.Product.Name, it.Count), b.list[i])
	}
	for _, d := range b.discounts {
		q.Working.add(d.Name, -d.Off)
	}
	if q.Shipping > 0 {
		q.Working.add("运费", q.Shipping)
		if lack := p.FreeShipping - goods; lack > 0 && q.Shipping == p.ShippingFee {
			q.Missed = append(q.Missed, Missed{Name: "包邮", Lack: lack, More: q.Shipping})
		}
	}
	slices.SortStableFunc(q.Missed, func(a, b Missed) int { return cmp.Compare(a.Lack, b.Lack) })
	return q
}
