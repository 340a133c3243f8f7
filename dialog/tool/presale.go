package tool

import (
	"context"
	"errors"

	"waggle/dialog/fact"
	"waggle/shop/offer"
)

// The states of presale_terms beside none.
const (
	termsOpen = "open" // a deposit can be paid now
	termsOver = "over" // the time for the deposit is over
)

func presaleTool() Tool {
	return Tool{Name: "presale_terms", Effect: Read, Open: true,
		Description: "What a product that is sold ahead costs: the deposit now, what it counts for, and the balance later.",
		Params:      []Param{productParam()},
		Returns: fact.Schema{"name": {Kind: fact.Text}, "state": {Kind: fact.Text, Of: []string{"", termsOpen, termsOver}},
			"deposit": {Kind: fact.Money}, "counts": {Kind: fact.Money}, "balance": {Kind: fact.Money},
			"until": {Kind: fact.Time}, "from": {Kind: fact.Time}, "pay_until": {Kind: fact.Time}, "ships": {Kind: fact.Time},
			"working": {Kind: fact.Text}}, run: presaleTerms}
}

func presaleTerms(_ context.Context, s *scope) (Result, error) {
	out := Result{Kind: "product", ID: s.product.ID, Facts: fact.Record{"name": fact.OfText(s.product.Name), "state": fact.OfText("")}}
	b, err := offer.Presell(s.product, 1, s.Now)
	switch {
	case errors.Is(err, offer.ErrExempt):
		return out, nil
	case errors.Is(err, offer.ErrTooLate):
		out.Facts["state"] = fact.OfText(termsOver)
		return out, nil
	case err != nil:
		return Result{}, err
	}
	t := s.product.Presale
	for name, v := range map[string]fact.Value{
		"state": fact.OfText(termsOpen), "deposit": fact.OfMoney(t.Deposit), "counts": fact.OfMoney(t.Counts),
		"balance": fact.OfMoney(b.Balance), "until": fact.OfTime(t.Until), "from": fact.OfTime(b.From),
		"pay_until": fact.OfTime(b.Until), "ships": fact.OfTime(t.Ships), "working": fact.OfText(b.Working.String()),
	} {
		out.Facts[name] = v
	}
	return out, nil
}

// presale is how an order that is paid in two parts stands.
func presale(_ context.Context, s *scope) (Result, error) {
	b, err := offer.Presale(s.order, s.Now)
	out := Result{Kind: "order", ID: s.order.ID, Facts: fact.Record{"state": fact.OfText("")}}
	if errors.Is(err, offer.ErrExempt) {
		return out, nil
	}
	if err != nil {
		return Result{}, err
	}
	out.Facts = fact.Record{"state": fact.OfText(string(b.State)), "balance": fact.OfMoney(b.Balance), "from": fact.OfTime(b.From),
		"until": fact.OfTime(b.Until), "working": fact.OfText(b.Working.String())}
	return out, nil
}
