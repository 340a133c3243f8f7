package flow

import (
	"context"
	"slices"
	"strings"

	"waggle/dialog"
	"waggle/dialog/nlu/division"
	"waggle/shop"
)

// readPlace finds the province that a turn names as where something goes, by
// itself or by a city or district of it.
func readPlace(sc *dialog.Scene) string {
	p, _ := division.Destination(sc.Heard.Text, sc.Heard.Correction)
	return p.Province
}

// readOther finds a second product in the turn, by its id.
func readOther(ctx context.Context, sc *dialog.Scene, _ string) string {
	said := sc.Clause.Text
	if sc.Answering || said == "" {
		said = sc.Heard.Text
	}
	named := namedProducts(ctx, sc, said)
	if len(named) < 2 {
		return ""
	}
	for _, p := range named {
		if p.ID != sc.State.Product {
			return p.ID
		}
	}
	return ""
}

// namedProducts finds every product that a text names, in the order in which
// they stand there; a name inside a longer one that is named too counts for
// nothing.
func namedProducts(ctx context.Context, sc *dialog.Scene, said string) []shop.Product {
	found, err := sc.Shop.Search(ctx, said, 2*candidates)
	if err != nil {
		return nil
	}
	at := make(map[string]int)
	name := make(map[string]string)
	var out []shop.Product
	for _, p := range found {
		for _, n := range callable(said, append([]string{p.Name}, p.Aliases...)) {
			if i := strings.Index(said, strings.ToLower(n)); n != "" && i >= 0 && len(n) > len(name[p.ID]) {
				at[p.ID], name[p.ID] = i, n
			}
		}
		if name[p.ID] != "" {
			out = append(out, p)
		}
	}
	out = slices.DeleteFunc(out, func(p shop.Product) bool {
		return slices.ContainsFunc(out, func(o shop.Product) bool {
			if o.ID != p.ID && at[o.ID] == at[p.ID] && name[o.ID] == name[p.ID] { // of those alike the one that fits best
				return slices.IndexFunc(found, func(x shop.Product) bool { return x.ID == o.ID }) < slices.IndexFunc(found, func(x shop.Product) bool { return x.ID == p.ID })
			}
			return o.ID != p.ID && len(name[o.ID]) > len(name[p.ID]) && strings.Contains(name[o.ID], name[p.ID])
		})
	})
	slices.SortStableFunc(out, func(a, b shop.Product) int { return at[a.ID] - at[b.ID] })
	return out
}
