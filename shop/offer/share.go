package offer

import (
	"fmt"
	"math/bits"

	"waggle/shop"
)

// split divides an amount in proportion to the weights, to the fen, by the
// largest remainder (Hamilton's method): the parts are never negative, add up
// to the amount, and no part is more than a fen away from its exact share. Of
// equal remainders the earlier one is served first. With all weights zero the
// first part gets everything.
func split(amount shop.Fen, weights []shop.Fen) []shop.Fen {
	parts := make([]shop.Fen, len(weights))
	var total shop.Fen
	for _, w := range weights {
		total += w
	}
	if len(parts) == 0 || amount <= 0 {
		return parts
	}
	if total == 0 {
		parts[0] = amount
		return parts
	}
	rests := make([]uint64, len(weights))
	left := amount
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(amount), uint64(w)) //nolint:gosec // neither is negative
		q, rest := bits.Div64(hi, lo, uint64(total))    //nolint:gosec // as above; w <= total keeps the quotient small
		parts[i], rests[i] = shop.Fen(q), rest          //nolint:gosec // at most amount
		left -= parts[i]
	}
	for ; left > 0; left-- {
		best := 0
		for i := range rests {
			if rests[i] > rests[best] {
				best = i
			}
		}
		parts[best]++
		rests[best] = 0
	}
	return parts
}

// Paid is what was paid for each line of the order, all pieces together: its
// price less its part of every discount. The parts and Shipping add up to
// Total exactly, whatever was discounted. An error wraps ErrInput: the order's
// own figures do not add up.
func Paid(o shop.Order) ([]shop.Fen, error) {
	if len(o.Lines) > maxItems {
		return nil, fmt.Errorf("%d lines: %w", len(o.Lines), ErrInput)
	}
	paid := make([]shop.Fen, len(o.Lines))
	for i, l := range o.Lines {
		if l.Count <= 0 || l.Count > maxCount || l.Price < 0 || l.Price > maxPrice {
			return nil, fmt.Errorf("line %d: %d pieces at %s: %w", i, l.Count, l.Price, ErrInput)
		}
		paid[i] = l.Price * shop.Fen(l.Count)
	}
	for _, d := range o.Discounts {
		if err := lower(paid, d); err != nil {
			return nil, err
		}
	}
	sum := o.Shipping
	for _, p := range paid {
		sum += p
	}
	if sum != o.Total {
		return nil, fmt.Errorf("order %s: lines and discounts make %s, the total is %s: %w", o.ID, sum, o.Total, ErrInput)
	}
	return paid, nil
}

// lower takes a discount off the lines that it is about, in proportion to what
// is left of them.
func lower(paid []shop.Fen, d shop.Discount) error {
	at := d.Lines
	if len(at) == 0 {
		at = make([]int, len(paid))
		for i := range paid {
			at[i] = i
		}
	}
	weights := make([]shop.Fen, len(at))
	var whole shop.Fen
	for i, line := range at {
		if line < 0 || line >= len(paid) {
			return fmt.Errorf("discount %s names line %d: %w", d.Rule, line, ErrInput)
		}
		weights[i] = paid[line]
		whole += paid[line]
	}
	if d.Off < 0 || d.Off > whole {
		return fmt.Errorf("discount %s of %s on %s: %w", d.Rule, d.Off, whole, ErrInput)
	}
	for i, off := range split(d.Off, weights) {
		paid[at[i]] -= off
	}
	return nil
}
