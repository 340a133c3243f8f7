package guard

import "slices"

// AboutMoney tells whether one of the claims binds the shop to pay: an amount,
// a share, a promise.
func AboutMoney(claims []Claim) bool {
	return slices.ContainsFunc(claims, func(c Claim) bool {
		return c.Kind == Ratio || c.Kind == Promise || c.Kind == Number && c.unit == units["元"]
	})
}
