package flow

import (
	"context"
	"strings"
	"unicode/utf8"

	"waggle/dialog"
	"waggle/shop"
)

// bareName takes a turn that says a product's name and nothing else: of
// something that was bought it tells how the order stands, of anything else what
// it costs. It is tried when nothing else fits.
func bareName() dialog.Flow {
	return dialog.Flow{Name: "bare-name", Fallback: true, Steps: []dialog.Step{
		func(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
			said := sc.Heard.Text
			if utf8.RuneCountInString(said) > longestName {
				return dialog.Unanswered, nil
			}
			if sc.State.Caller.Known {
				orders, err := sc.Shop.OrdersOf(ctx, sc.State.Caller.Customer)
				if err != nil {
					return dialog.Finish, err
				}
				if o, ok := named(ctx, sc, orders, func(shop.Order) bool { return true }); ok && nothingElse(said, o.Name()) {
					sc.State.Order = o.ID
					return tellStatus(ctx, sc)
				}
			}
			all := namedProducts(ctx, sc, said)
			if len(all) != 1 || !nothingElse(said, append([]string{all[0].Name}, all[0].Aliases...)...) {
				return dialog.Unanswered, nil
			}
			p := all[0]
			sc.State.Product = p.ID
			sc.Card(productCard(p))
			sc.Ask(dialog.Expect{}, fromProduct(p), "%s现价%s，您想了解哪一点？", text(p.Name), money(p.Price))
			return dialog.Continue, nil
		},
	}}
}

// longestName is the most characters of a turn that only says a name.
const longestName = 12

// nothingElse tells whether a text says one of the names, in whole or in part,
// and beside it function words only.
func nothingElse(said string, names ...string) bool {
	for _, n := range names {
		rest := strings.Map(func(r rune) rune {
			if strings.ContainsRune(strings.ToLower(n), r) {
				return -1
			}
			return r
		}, said)
		if rest != said && subject(rest) == "" {
			return true
		}
	}
	return false
}
