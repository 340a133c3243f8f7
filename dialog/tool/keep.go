package tool

import (
	"context"
	"errors"

	"waggle/dialog/fact"
	"waggle/shop"
)

func keepTools() []Tool {
	facts := fact.Schema{"gift": {Kind: fact.Text}, "kind": {Kind: fact.Text, Of: []string{string(shop.RetainCoupon), string(shop.RetainGoodwill)}}}
	return []Tool{{Name: "keep_purchase", Effect: Write,
		Description: "Give what the shop offers to somebody who keeps a purchase after all: once for an order, only before a refund is asked for. The right to return stays.",
		Params:      []Param{orderParam()}, Returns: facts, Plans: plans(facts), guard: guardKeep, run: runKeep}}
}

// gift is what is offered, as it is spoken.
func gift(o shop.RetentionOffer) string {
	if o.Coupon != nil {
		return o.Coupon.Name + "，" + terms(*o.Coupon)
	}
	return o.Amount.String() + "元补偿"
}

func giftRecord(o shop.RetentionOffer) fact.Record {
	return fact.Record{"gift": fact.OfText(gift(o)), "kind": fact.OfText(string(o.Kind))}
}

// retention is what may be offered for the order. It is worth something only
// against goods that could go back: an offer must not make a shopper believe in
// a return that is refused anyway.
func (s *scope) retention(ctx context.Context) (shop.RetentionOffer, error) {
	if err := s.inState(shop.StatePaid, shop.StateSigned); err != nil {
		return shop.RetentionOffer{}, err
	}
	if s.order.State == shop.StateSigned {
		if err := errors.Join(s.late(s.policy.ReturnDays), s.returnable(ctx)); err != nil {
			return shop.RetentionOffer{}, err
		}
	}
	o, err := s.shop.RetentionOffer(ctx, s.order.ID)
	switch {
	case errors.Is(err, shop.ErrNotFound), errors.Is(err, shop.ErrUnavailable):
		// A shop that does not answer here must not keep anybody from returning.
		return o, refuse(RefusedNothing, "nothing is offered: %v", err)
	case err == nil && o.Kind == shop.RetainGoodwill:
		err = s.within(ctx, o.Amount)
	}
	return o, err
}

func guardKeep(ctx context.Context, s *scope) (Plan, error) {
	o, err := s.retention(ctx)
	if err != nil {
		return Plan{}, err
	}
	return Plan{Says: "留下" + s.order.Name() + "，送您" + gift(o), Facts: s.about(giftRecord(o))}, nil
}

func runKeep(ctx context.Context, s *scope) (Result, error) {
	o, err := s.retention(ctx)
	if err != nil {
		return Result{}, err
	}
	got, err := s.shop.Retain(ctx, s.Key, o)
	if errors.Is(err, shop.ErrState) || errors.Is(err, shop.ErrInvalid) {
		return Result{}, refuse(RefusedNothing, "it is not offered any more: %v", err)
	}
	if err != nil {
		return Result{}, err
	}
	return Result{Kind: "retention", ID: got.ID, Facts: giftRecord(o)}, nil
}
