package flow

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"

	"waggle/dialog"
	"waggle/dialog/knowledge/graph"
	"waggle/dialog/nlu"
	"waggle/shop"
	"waggle/vision"
)

// byAttribute answers from the table of attributes when the question names
// one that the product has, or introduces the product when its name is all that
// was said, and ends the flow with that.
func byAttribute(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	p, err := sc.Shop.Product(ctx, sc.State.Product)
	if errors.Is(err, shop.ErrNotFound) {
		return dialog.Continue, nil
	}
	if err != nil {
		return dialog.Finish, err
	}
	question := sc.Slot("question")
	bare := nothingElse(question, append([]string{p.Name}, p.Aliases...)...)
	if len(attributes(p, question)) != 1 && !bare {
		return dialog.Continue, nil
	}
	return dialog.Finish, tellAttribute(ctx, sc, p)
}

// mostShown is how many products are told of at once.
const mostShown = 3

// offerProducts tells of a few products and remembers them, so that the second
// one can be asked about.
func offerProducts(sc *dialog.Scene, lead string, values []dialog.Value, found []shop.Product) {
	found = found[:min(len(found), mostShown)]
	src := dialog.Source{Kind: "product", ID: found[0].ID}
	var parts []string
	sc.State.Shown = nil
	for _, p := range found {
		parts = append(parts, p.Name+p.Price.String()+"元")
		src.Facts = append(src.Facts, p.Name, p.Price.String()+"元")
		sc.State.Shown = append(sc.State.Shown, p.ID)
		sc.Card(productCard(p))
	}
	sc.State.Product = found[0].ID
	sc.Say(src, lead+"%s。", append(values, text(strings.Join(parts, "、")))...)
}

// inStock leaves out what cannot be had now.
func inStock(list []shop.Product) []shop.Product {
	var out []shop.Product
	for _, p := range list {
		if p.Stock > 0 {
			out = append(out, p)
		}
	}
	return out
}

// tellMatching tells what goes with the product in focus.
func tellMatching(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	p, err := sc.Shop.Product(ctx, sc.State.Product)
	if err != nil {
		return dialog.Finish, err
	}
	var suits []shop.Product
	for _, id := range p.GoesWith {
		other, err := sc.Shop.Product(ctx, id)
		if errors.Is(err, shop.ErrNotFound) {
			continue
		}
		if err != nil {
			return dialog.Finish, err
		}
		suits = append(suits, other)
	}
	suits = inStock(suits)
	if len(suits) == 0 {
		return dialog.Continue, nil
	}
	offerProducts(sc, "%s可以配", []dialog.Value{text(p.Name)}, suits)
	sc.State.Product = p.ID
	return dialog.Finish, nil
}

// tellDifference compares two products that are named, or the one that is
// named with the one in focus.
func tellDifference(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	said := sc.Clause.Text
	if sc.Answering {
		said = sc.Heard.Text
	}
	named := namedProducts(ctx, sc, said)
	if len(named) == 1 && sc.State.Product != "" && sc.State.Product != named[0].ID {
		if p, err := sc.Shop.Product(ctx, sc.State.Product); err == nil {
			named = append([]shop.Product{p}, named...)
		}
	}
	if len(named) < 2 && len(sc.State.Shown) >= 2 {
		named = nil
		for _, id := range sc.State.Shown[:2] {
			if p, err := sc.Shop.Product(ctx, id); err == nil {
				named = append(named, p)
			}
		}
	}
	switch {
	case len(named) < 2 && sc.Answering:
		return dialog.Unanswered, nil
	case len(named) < 2:
		sc.Ask(dialog.Expect{}, itself(sc.Flow()), "请问您想比较哪两件商品？")
		return dialog.Wait, nil
	}
	sayDifference(sc, named[0], named[1])
	return dialog.Finish, nil
}

func sayDifference(sc *dialog.Scene, a, b shop.Product) {
	src := fromProduct(a)
	src.Facts = append(src.Facts, b.Name)
	sc.State.Shown = []string{a.ID, b.ID}
	sc.Say(src, "%s%s，%s%s。", text(a.Name), money(a.Price), text(b.Name), money(b.Price))
	const most = 2
	for i, d := range graph.Compare(a, b) {
		if i == most {
			break
		}
		sc.Detail(src, "%s：%s是%s，%s是%s。", text(d.Name), text(a.Name), text(d.A), text(b.Name), text(d.B))
	}
	sc.Card(productCard(a))
	sc.Card(productCard(b))
}

// recommend looks for products by what was said of the need, within the
// budget if one was named.
func recommend(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	said := sc.Clause.Text
	if sc.Answering {
		said = sc.Heard.Text
	}
	found, err := sc.Shop.Search(ctx, said, 4*candidates)
	if err != nil {
		return dialog.Finish, err
	}
	found = inStock(found)
	if most, ok := budget(sc); ok {
		var cheap []shop.Product
		for _, p := range found {
			if p.Price <= most {
				cheap = append(cheap, p)
			}
		}
		found = cheap
	}
	found = meant(said, found)
	switch {
	case len(found) > 0:
		offerProducts(sc, "可以看看", nil, found)
		return dialog.Finish, nil
	case sc.Answering:
		return dialog.Continue, nil
	}
	sc.Ask(dialog.Expect{}, itself(sc.Flow()), "请问想看哪一类商品，预算大概多少？")
	return dialog.Wait, nil
}

// meant keeps what was asked for by name, kind or property, those first that
// meet more of it; all of the list where nothing of that was said.
func meant(said string, list []shop.Product) []shop.Product {
	var out []shop.Product
	for _, p := range list {
		if sounds(said, callable(said, append([]string{p.Name}, p.Aliases...))) {
			out = append(out, p)
		}
	}
	g := graph.New(list)
	if q := g.Read(said); len(q.Kinds)+len(q.Words) > 0 {
		fitting, _ := g.Find(q, len(list))
		for _, p := range fitting {
			if !slices.ContainsFunc(out, func(o shop.Product) bool { return o.ID == p.ID }) {
				out = append(out, p)
			}
		}
	}
	if len(out) == 0 {
		return list
	}
	return out
}

// budget reads the most that somebody wants to spend.
func budget(sc *dialog.Scene) (shop.Fen, bool) {
	e, ok := sc.Heard.Entity(nlu.Amount)
	if !ok {
		return 0, false
	}
	yuan, err := strconv.ParseFloat(e.Value, 64)
	return shop.Fen(yuan*100 + 0.5), err == nil && yuan > 0
}

// findByPhoto waits for a picture and tells which products look like it.
func findByPhoto(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
	if !pictured(sc) {
		switch {
		case sc.Answering && noPhoto(sc):
			return dialog.Continue, nil
		case sc.Answering:
			return dialog.Unanswered, nil
		}
		wantPhoto(sc, sc.Flow(), "想找的商品")
		return dialog.Wait, nil
	}
	findings := sc.State.Photos
	sc.State.Photos, sc.State.PhotoIDs = nil, nil
	var alike []shop.Product
	sure := false
	for _, f := range findings {
		if f.Kind != vision.KindProduct || f.Label == vision.LabelUnknown {
			continue
		}
		sure = sure || f.Score >= sc.Policy.PhotoScore
		p, err := sc.Shop.Product(ctx, f.Label)
		if errors.Is(err, shop.ErrNotFound) {
			continue
		}
		if err != nil {
			return dialog.Finish, err
		}
		alike = append(alike, p)
	}
	if len(alike) == 0 {
		return dialog.Continue, nil
	}
	lead := "照片里的像是"
	if !sure {
		lead = "照片里的可能是这几样之一："
	}
	offerProducts(sc, lead, nil, alike)
	return dialog.Finish, nil
}
