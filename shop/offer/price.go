package offer

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"time"

	"waggle/shop"
)

// Item is a number of pieces of one product.
type Item struct {
	Product shop.Product
	Variant string
	Count   int
}

// Cart is what somebody wants to buy.
type Cart struct {
	Items []Item
	// Member is set for buyers who have the member price.
	Member bool
	To     shop.Address
	At     time.Time
}

// Rules are what lowers a price.
type Rules struct {
	Promotions []shop.Promotion
	Coupons    []shop.Coupon // those that the buyer holds
	Policy     shop.Policy
}

// Quote is what a cart costs.
type Quote struct {
	Goods     shop.Fen        `json:"goods"` // at list price
	Discounts []shop.Discount `json:"discounts,omitempty"`
	Shipping  shop.Fen        `json:"shipping"`
	Total     shop.Fen        `json:"total"`
	// Shares is what each item costs after its part of the discounts; they and
	// Shipping add up to Total.
	Shares []shop.Fen `json:"shares"`
	// Working adds up to Total.
	Working Working `json:"working"`
	// Missed lists what is within reach, the nearest first.
	Missed []Missed `json:"missed,omitempty"`
}

// Off is all that is taken off.
func (q Quote) Off() shop.Fen {
	var sum shop.Fen
	for _, d := range q.Discounts {
		sum += d.Off
	}
	return sum
}

// Missed is a reduction that more goods would bring.
type Missed struct {
	Rule string `json:"rule"` // id of the promotion; "" is free shipping
	Name string `json:"name"`
	// Lack is the money, Pieces the number of goods in Scope that is missing:
	// one of them is zero.
	Lack   shop.Fen   `json:"lack,omitempty"`
	Pieces int        `json:"pieces,omitempty"`
	Scope  shop.Scope `json:"scope,omitzero"`
	// More is what would be taken off beyond what is taken off now, at the
	// threshold; 0 for a share of the price.
	More shop.Fen `json:"more,omitempty"`
}

// Price works out what the cart costs, the cheapest way that the rules allow:
// member prices, then promotions (of each group the best; groups with shares of
// the price before groups with sums), then coupons, then shipping. Thresholds
// look at what is left of the goods in their scope at that point. Of more than
// one coupon the best is taken first, then the best beside it.
// Errors wrap ErrInput.
func Price(c Cart, r Rules) (Quote, error) {
	list, err := c.list()
	if err := errors.Join(err, r.check()); err != nil {
		return Quote{}, err
	}
	var best *bill
	for _, p := range plans(c, r) {
		b := newBill(c, list)
		p.settle(b, r)
		if best == nil || b.left() < best.left() {
			best = b
		}
	}
	return best.quote(r.Policy), nil
}

// check refuses rules that cannot be meant, before anything is reckoned with
// them.
func (r Rules) check() error {
	if len(r.Promotions) > maxItems || len(r.Coupons) > maxItems {
		return fmt.Errorf("%d promotions and %d coupons: %w", len(r.Promotions), len(r.Coupons), ErrInput)
	}
	money := func(all ...shop.Fen) bool {
		return !slices.ContainsFunc(all, func(f shop.Fen) bool { return f < 0 || f > maxPrice })
	}
	share := func(percent int) bool { return percent >= 0 && percent <= 100 }
	for _, p := range r.Promotions {
		for _, t := range p.Tiers {
			if !money(t.Over, t.Off, p.Most) || !share(t.Percent) || t.Pieces < 0 {
				return fmt.Errorf("promotion %s: %w", p.ID, ErrInput)
			}
		}
	}
	for _, c := range r.Coupons {
		if !money(c.Over, c.Off, c.Most) || !share(c.Percent) {
			return fmt.Errorf("coupon %s: %w", c.ID, ErrInput)
		}
	}
	return nil
}

// list is each item at its list price.
func (c Cart) list() ([]shop.Fen, error) {
	if len(c.Items) == 0 || len(c.Items) > maxItems {
		return nil, fmt.Errorf("a cart of %d items: %w", len(c.Items), ErrInput)
	}
	list := make([]shop.Fen, len(c.Items))
	for i, it := range c.Items {
		if it.Count <= 0 || it.Count > maxCount || it.Product.Price < 0 || it.Product.Price > maxPrice ||
			it.Product.MemberPrice < 0 || it.Product.MemberPrice > it.Product.Price {
			return nil, fmt.Errorf("%d pieces of %s at %s: %w", it.Count, it.Product.ID, it.Product.Price, ErrInput)
		}
		list[i] = it.Product.Price * shop.Fen(it.Count)
	}
	return list, nil
}

// plan is one of the ways in which discounts may hold together.
type plan struct{ member, promotions, alone bool }

// plans lists the ways that the stacking rules allow. Every way is tried: a
// buyer gets the cheapest one.
func plans(c Cart, r Rules) []plan {
	all := []plan{{promotions: true}, {alone: true}}
	if c.Member {
		all = append(all, plan{member: true, alone: true})
		if r.Policy.Stacking.Member {
			all = append(all, plan{member: true, promotions: true})
		}
	}
	return all
}

// settle takes off what the plan allows.
func (p plan) settle(b *bill, r Rules) {
	if p.member {
		b.memberPrices()
	}
	if p.promotions {
		for _, group := range groups(r.Promotions, b.cart.At) {
			b.bestOf(group)
		}
	}
	if p.promotions && !r.Policy.Stacking.Coupon && b.promoted {
		return
	}
	held := slices.DeleteFunc(slices.Clone(r.Coupons), func(c shop.Coupon) bool {
		return !c.Holds(b.cart.At) || p.promotions && b.promoted && c.Alone
	})
	for range max(r.Policy.Stacking.Coupons, 1) {
		held = b.bestCoupon(held)
	}
}

// groups gathers the promotions that hold: those with shares of the price come
// first, each group in the order in which it is named first.
func groups(all []shop.Promotion, at time.Time) [][]shop.Promotion {
	var names []string
	byName := make(map[string][]shop.Promotion)
	for _, p := range all {
		if !p.Holds(at) {
			continue
		}
		if len(byName[p.Group]) == 0 {
			names = append(names, p.Group)
		}
		byName[p.Group] = append(byName[p.Group], p)
	}
	slices.SortStableFunc(names, func(a, b string) int {
		return cmp.Compare(phase(byName[a]), phase(byName[b]))
	})
	out := make([][]shop.Promotion, len(names))
	for i, n := range names {
		out[i] = byName[n]
	}
	return out
}

// phase is 0 for groups that lower the pieces, 1 for those that lower a sum.
func phase(group []shop.Promotion) int {
	for _, p := range group {
		if p.Kind == shop.PromotionRate || p.Kind == shop.PromotionPieces {
			return 0
		}
	}
	return 1
}
