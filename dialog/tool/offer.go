package tool

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"waggle/dialog/fact"
	"waggle/shop"
	"waggle/shop/offer"
)

func offerTools() []Tool {
	return []Tool{
		{Name: "protect_price", Effect: Write, Description: "Price protection: pay back what the price of an order's product has fallen by.",
			Params: []Param{orderParam(), lineParam()}, Returns: RefundSchema(), Plans: amounts(), guard: guardProtect, run: runProtect},
		{Name: "claim_coupon", Effect: Write, Description: "Give the customer a coupon that anybody may claim.",
			Params:  []Param{words("coupon", "the name or id of the coupon, one of list_coupons")},
			Returns: couponSchema(), Plans: fact.Schema{"coupon": {Kind: fact.Text}, "terms": {Kind: fact.Text}}, guard: guardClaim, run: runClaim},
	}
}

// protection is the best that price protection gives for the order, or for
// the line that was asked for.
func (s *scope) protection(ctx context.Context) (offer.Protection, error) {
	before, err := s.before(ctx)
	if err != nil {
		return offer.Protection{}, err
	}
	var (
		best offer.Protection
		why  error = offer.ErrNothing
	)
	for i, l := range s.order.Lines {
		if at := s.whole("line"); at > 0 && at != i+1 {
			continue
		}
		today, err := s.shop.Product(ctx, l.Product)
		if err != nil {
			return best, err
		}
		p, err := offer.Protect(s.order, i, today, before, s.policy, s.Now)
		switch {
		case err != nil:
			why = err
		case p.Amount > best.Amount:
			best = p
		}
	}
	if best.Amount == 0 {
		return best, noProtection(why)
	}
	return best, nil
}

func noProtection(why error) error {
	switch {
	case errors.Is(why, offer.ErrTooLate):
		return refuse(RefusedLate, "%v", why)
	case errors.Is(why, offer.ErrExempt):
		return refuse(RefusedCategory, "%v", why)
	case errors.Is(why, offer.ErrNothing):
		return refuse(RefusedNothing, "%v", why)
	}
	return refuse(RefusedState, "%v", why)
}

func guardProtect(ctx context.Context, s *scope) (Plan, error) {
	p, err := s.protection(ctx)
	if err != nil {
		return Plan{}, err
	}
	if err := s.within(ctx, p.Amount); err != nil {
		return Plan{}, err
	}
	name := s.order.Lines[p.Line].Name
	return Plan{Says: "退" + name + "的差价" + p.Amount.String() + "元", Facts: s.about(fact.Record{
		"name": fact.OfText(name), "amount": fact.OfMoney(p.Amount), "working": fact.OfText(p.Working.String())})}, nil
}

func runProtect(ctx context.Context, s *scope) (Result, error) {
	p, err := s.protection(ctx)
	if err != nil {
		return Result{}, err
	}
	return s.refund(ctx, shop.RefundRequest{Order: s.order.ID, Kind: shop.RefundDifference, Amount: p.Amount, Reason: "价格保护",
		Lines: []shop.RefundLine{{Line: p.Line, Count: s.order.Lines[p.Line].Count}}})
}

func couponSchema() fact.Schema {
	return fact.Schema{"id": {Kind: fact.Text}, "coupon": {Kind: fact.Text}, "terms": {Kind: fact.Text}, "until": {Kind: fact.Time},
		"used": {Kind: fact.Time}, "held": {Kind: fact.Count}, "usable": {Kind: fact.Count}, "names": {Kind: fact.List}, "offered": {Kind: fact.List}}
}

// terms says in a few words what a coupon does.
func terms(c shop.Coupon) string {
	out := "无门槛"
	if c.Over > 0 {
		out = "满" + c.Over.String() + "元"
	}
	if c.Off > 0 {
		return out + "减" + c.Off.String() + "元"
	}
	return fmt.Sprintf("%s打%d折", out, c.Percent)
}

func couponRecord(c shop.Coupon) fact.Record {
	return fact.Record{"id": fact.OfText(c.ID), "coupon": fact.OfText(c.Name), "terms": fact.OfText(terms(c)),
		"until": fact.OfTime(c.Until), "used": fact.OfTime(c.Used)}
}

// coupon finds the one that is meant among those that anybody may claim.
func (s *scope) coupon(ctx context.Context) (shop.Coupon, error) {
	list, err := s.shop.Coupons(ctx, "")
	if err != nil {
		return shop.Coupon{}, err
	}
	for _, c := range list {
		if w := s.Args["coupon"]; c.Holds(s.Now) && (c.ID == w || strings.Contains(w, c.Name)) {
			return c, nil
		}
	}
	if c, ok := hinted(list, s.Args["coupon"], s.Now); ok {
		return c, nil
	}
	return shop.Coupon{}, refuse(RefusedNothing, "no such coupon is given out")
}

// hinted finds the only coupon of which a character is said: 包包的券 is 鞋包券.
func hinted(list []shop.Coupon, said string, now time.Time) (found shop.Coupon, ok bool) {
	for _, c := range list {
		if !c.Holds(now) || !strings.ContainsAny(said, strings.TrimSuffix(c.Name, "券")) {
			continue
		}
		if ok {
			return shop.Coupon{}, false
		}
		found, ok = c, true
	}
	return found, ok
}

func guardClaim(ctx context.Context, s *scope) (Plan, error) {
	c, err := s.coupon(ctx)
	if err != nil {
		return Plan{}, err
	}
	held, err := s.shop.Coupons(ctx, s.Caller.Customer)
	if err != nil {
		return Plan{}, err
	}
	for _, h := range held {
		if h.Of == c.ID || h.Name == c.Name {
			return Plan{}, refuse(RefusedAlready, "the customer has had it")
		}
	}
	return Plan{Says: "领取" + c.Name, Facts: fact.Record{"coupon": fact.OfText(c.Name), "terms": fact.OfText(terms(c))}}, nil
}

func runClaim(ctx context.Context, s *scope) (Result, error) {
	c, err := s.coupon(ctx)
	if err != nil {
		return Result{}, err
	}
	if c, err = s.shop.ClaimCoupon(ctx, s.Key, s.Caller.Customer, c.ID); err != nil {
		return Result{}, err
	}
	return Result{Kind: "coupon", ID: c.ID, Facts: couponRecord(c)}, nil
}

// named tells whether the words name a coupon, as 新人券 in 我那张新人券.
func named(said, name string) bool { return name != "" && strings.Contains(said, name) }
