package shop

import (
	"context"
	"slices"
	"time"
)

// RetentionKind says what is given to somebody who keeps a purchase.
type RetentionKind string

// The kinds.
const (
	RetainCoupon   RetentionKind = "coupon"   // for another purchase
	RetainGoodwill RetentionKind = "goodwill" // a share of what was paid goes back, the goods stay
)

// RetentionRule is one row of what may be offered, once for an order, to
// somebody who would send it back or call it off. It bounds the offer; nobody
// is asked to give up the right to return.
type RetentionRule struct {
	Kind RetentionKind `json:"kind"`
	// Coupon is the id of the coupon that is given. Coupons named here are
	// given in no other way.
	Coupon string `json:"coupon,omitempty"`
	// Percent of what was paid is given as goodwill, Most at most.
	Percent int `json:"percent,omitempty"`
	Most    Fen `json:"most,omitempty"`
	// Over is the total from which the rule holds; States are those of the
	// order, none means paid and signed. Every product must be in the scope.
	Over   Fen          `json:"over,omitempty"`
	States []OrderState `json:"states,omitempty"`
	Scope  Scope        `json:"scope,omitzero"`
}

// In tells whether the rule holds for orders in the state.
func (r RetentionRule) In(s OrderState) bool {
	if len(r.States) == 0 {
		return s == StatePaid || s == StateSigned
	}
	return slices.Contains(r.States, s)
}

// sound tells whether the rule can be meant.
func (r RetentionRule) sound() bool {
	switch r.Kind {
	case RetainCoupon:
		return r.Coupon != "" && r.Percent == 0 && r.Most == 0 && r.Over >= 0
	case RetainGoodwill:
		return r.Coupon == "" && r.Percent > 0 && r.Percent <= 100 && r.Most > 0 && r.Most <= maxRule && r.Over >= 0
	}
	return false
}

// RetentionOffer is what may be given for one order now.
type RetentionOffer struct {
	Order string        `json:"order"`
	Kind  RetentionKind `json:"kind"`
	// Coupon is the one that is given, Amount the goodwill.
	Coupon *Coupon `json:"coupon,omitempty"`
	Amount Fen     `json:"amount,omitempty"`
}

// Retention is an offer that was taken.
type Retention struct {
	RetentionOffer
	ID    string    `json:"id"`
	Taken time.Time `json:"taken"`
}

// Retentions offers something to somebody who hesitates, and gives it.
type Retentions interface {
	// RetentionOffer works out what may be given for an order: ErrNotFound when
	// nothing may, because no rule holds, one was taken before, or money is
	// being paid back already.
	RetentionOffer(ctx context.Context, order string) (RetentionOffer, error)
	// Retain gives it: ErrState when nothing may be given (any more), and
	// ErrInvalid when the offer is not the one that stands now. The order stays
	// as it is; a coupon is then among the customer's, goodwill among the
	// refunds of the order.
	Retain(ctx context.Context, key Key, offer RetentionOffer) (Retention, error)
}
