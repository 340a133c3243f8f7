package offer

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"waggle/shop"
)

// Why there is no subsidy.
var (
	// ErrRegion says that the place of delivery is left out.
	ErrRegion = errors.New("offer: not in this region")
	// ErrUsedUp says that the person has had all the pieces that one may have.
	ErrUsedUp = errors.New("offer: used up")
)

// Subsidised is what a public subsidy gives for one piece.
type Subsidised struct {
	Rule    shop.Subsidy `json:"rule"`
	Percent int          `json:"percent"`
	Amount  shop.Fen     `json:"amount"`
	// Price is what is still paid; Working adds up to it.
	Price   shop.Fen `json:"price"`
	Working Working  `json:"working"`
}

// Subsidy looks one piece of a product, at the price after all other
// discounts, up in the table: the row that gives most at the address at the
// time. used counts by row the pieces that the person has had, see Used.
//
// Errors wrap ErrExempt (no row for such a product, price or energy class),
// ErrTooLate (not in force), ErrRegion or ErrUsedUp: the nearest miss.
func Subsidy(table []shop.Subsidy, p shop.Product, price shop.Fen, to shop.Address, used map[string]int, at time.Time) (Subsidised, error) {
	if price <= 0 || price > maxPrice {
		return Subsidised{}, fmt.Errorf("a price of %s: %w", price, ErrInput)
	}
	var (
		best Subsidised
		miss = ErrExempt
	)
	for _, row := range table {
		percent, err := fits(row, p, price, to, used, at)
		if err != nil {
			miss = nearer(miss, err)
			continue
		}
		if amount := min(price*shop.Fen(percent)/100, row.Cap); amount > best.Amount {
			best = Subsidised{Rule: row, Percent: percent, Amount: amount, Price: price - amount}
		}
	}
	if best.Amount == 0 {
		return Subsidised{}, fmt.Errorf("subsidy for %s: %w", p.Name, miss)
	}
	best.Working.add(p.Name, price)
	best.Working.add(fmt.Sprintf("%s按%d%%补贴，每件最高%s元", best.Rule.Name, best.Percent, best.Rule.Cap), -best.Amount)
	return best, nil
}

// misses, from the farthest to the nearest.
var misses = []error{ErrExempt, ErrTooLate, ErrRegion, ErrUsedUp}

func nearer(a, b error) error {
	if slices.Index(misses, b) > slices.Index(misses, a) {
		return b
	}
	return a
}

// fits gives the share that a row pays, or how it is missed.
func fits(row shop.Subsidy, p shop.Product, price shop.Fen, to shop.Address, used map[string]int, at time.Time) (int, error) {
	i := slices.IndexFunc(row.Rates, func(r shop.SubsidyRate) bool { return r.Energy == p.Energy })
	switch {
	case i < 0, row.Rates[i].Percent <= 0, row.Rates[i].Percent > 100, row.Cap < 0, !row.Scope.Holds(p), row.PriceMax > 0 && price > row.PriceMax:
		return 0, ErrExempt
	case !row.Holds(at):
		return 0, ErrTooLate
	case len(row.Regions) > 0 && !slices.Contains(row.Regions, to.Province) && !slices.Contains(row.Regions, to.City):
		return 0, ErrRegion
	case row.PerPerson > 0 && used[row.ID] >= row.PerPerson:
		return 0, ErrUsedUp
	}
	return row.Rates[i].Percent, nil
}

// Used counts by row of the table the subsidised pieces in a person's orders;
// what was cancelled or paid back does not count.
func Used(orders []shop.Order) map[string]int {
	used := make(map[string]int)
	for _, o := range orders {
		if o.State == shop.StateCancelled || o.State == shop.StateRefunded {
			continue
		}
		for _, d := range o.Discounts {
			if d.Kind != shop.DiscountSubsidy {
				continue
			}
			for i, l := range o.Lines {
				if len(d.Lines) == 0 || slices.Contains(d.Lines, i) {
					used[d.Rule] += l.Count
				}
			}
		}
	}
	return used
}
