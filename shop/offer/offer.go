// Package offer is the arithmetic of a shop: what a cart costs after
// promotions and coupons, what reaches a threshold, what is paid back for a
// part of an order or after a price has fallen, which size fits, what a public
// subsidy gives. It is pure: no clock, no shop, no language model; everything
// comes in as values. Money is in fen and every sum is exact.
//
// Every result shows its working: the lines that a person would write down,
// whose amounts prove each figure that is spoken of the result. It imports
// shop only.
package offer

import (
	"errors"
	"strings"

	"waggle/shop"
)

// One sentinel per verdict; decide by errors.Is.
var (
	// ErrInput says that the question itself cannot be meant.
	ErrInput = errors.New("offer: impossible input")
	// ErrTooLate says that the time for it is over.
	ErrTooLate = errors.New("offer: the time for this is over")
	// ErrExempt says that the rule does not hold for this product.
	ErrExempt = errors.New("offer: the rule leaves this product out")
	// ErrNothing says that there is nothing to give: no price has fallen, all
	// has been paid back, no rule fits.
	ErrNothing = errors.New("offer: nothing to give")
)

// Bounds on what is worked on, so that nothing a caller says can be costly.
const (
	maxItems = 200
	maxCount = 9999
	maxPrice = shop.Fen(1_000_000_000) // ten million yuan
)

// Step is one line of a working: what it is and how much. Reductions are
// negative.
type Step struct {
	Label  string   `json:"label"`
	Amount shop.Fen `json:"amount"`
}

// Working is how a result came about, in order.
type Working []Step

// String writes the working on one line, for evidence and logs:
// "衬衫×2 318元；满199元减20元 -20元".
func (w Working) String() string {
	parts := make([]string, len(w))
	for i, s := range w {
		parts[i] = s.Label + " " + s.Amount.String() + "元"
	}
	return strings.Join(parts, "；")
}

// Sum adds the amounts.
func (w Working) Sum() shop.Fen {
	var sum shop.Fen
	for _, s := range w {
		sum += s.Amount
	}
	return sum
}

func (w *Working) add(label string, amount shop.Fen) {
	*w = append(*w, Step{Label: label, Amount: amount})
}
