package tool

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"waggle/dialog/fact"
	"waggle/shop"
)

func changeTools() []Tool {
	return []Tool{
		{Name: "modify_order", Effect: Write, Description: "Another colour, size or count of one line of an order that has not been sent.",
			Params: []Param{orderParam(), lineParam(), optional(words("colour", "the colour that is wanted")),
				optional(words("size", "the size that is wanted")), countParam()},
			Returns: OrderSchema(), Plans: plans(fact.Schema{"variant": {Kind: fact.Text}}), guard: guardModify, run: runModify},
		{Name: "note_for_courier", Effect: Write, Description: "Ask the courier something about an order on its way: a time, a place, to call first.",
			Params: []Param{orderParam(), words("note", "what the courier is asked, in a few words")}, Returns: OrderSchema(),
			Plans: plans(fact.Schema{"note": {Kind: fact.Text}}), guard: guardNote, run: runNote},
		{Name: "withdraw_refund", Effect: Write, Description: "Take back the open refund or return of an order: the customer keeps the goods.",
			Params: []Param{orderParam()}, Returns: RefundSchema(), Plans: plans(fact.Schema{"kind": {Kind: fact.Text}}), guard: guardWithdraw, run: runWithdraw},
		{Name: "notify_restock", Effect: Write, Description: "Tell the customer when a product is back in stock.",
			Params:  []Param{productParam(), optional(words("colour", "the colour")), optional(words("size", "the size"))},
			Returns: fact.Schema{"id": {Kind: fact.Text}}, Plans: fact.Schema{"name": {Kind: fact.Text}, "variant": {Kind: fact.Text}},
			guard: guardRestock, run: runRestock},
	}
}

// variantOf reads the colour and size of a line.
func (s *scope) variantOf(line shop.Line, p shop.Product) (colour, size string) {
	for _, f := range strings.Fields(line.Variant) {
		switch {
		case slices.Contains(p.Sizes, strings.TrimSuffix(f, "码")):
			size = strings.TrimSuffix(f, "码")
		default:
			colour = f
		}
	}
	return colour, size
}

// variant is the colour and size of a line after the change.
func (s *scope) variant(line shop.Line, p shop.Product) (colour, size string) {
	colour, size = s.variantOf(line, p)
	if c := s.Args["colour"]; c != "" {
		colour = closest(c, p.Colours)
	}
	if z := s.Args["size"]; z != "" {
		size = closest(strings.TrimSuffix(z, "码"), p.Sizes)
	}
	return colour, size
}

// closest is the one of the list that the word names: 黑 names 黑色.
func closest(word string, list []string) string {
	for _, x := range list {
		if strings.EqualFold(x, word) {
			return x
		}
	}
	for _, x := range list {
		if bare := strings.TrimSuffix(word, "色"); bare != "" && strings.Contains(x, bare) {
			return x
		}
	}
	return word
}

// modification reads the change; line counts from 1 and is the first when it
// was left out.
func (s *scope) modification(ctx context.Context) (shop.Modification, shop.Line, error) {
	at := max(s.whole("line"), 1)
	if at > len(s.order.Lines) {
		return shop.Modification{}, shop.Line{}, fmt.Errorf("%w: the order has no line %d", ErrArguments, at)
	}
	line := s.order.Lines[at-1]
	p, err := s.shop.Product(ctx, line.Product)
	if err != nil {
		return shop.Modification{}, line, err
	}
	colour, size := s.variant(line, p)
	m := shop.Modification{Line: at - 1, Count: s.whole("count")}
	if v := (shop.Variant{Colour: colour, Size: size}).Name(); v != line.Variant {
		m.Variant = v
	}
	want := line.Count
	if m.Count > 0 {
		want = m.Count
	}
	n, sold := p.StockOf(colour, size)
	switch {
	case m.Variant == "" && (m.Count == 0 || m.Count == line.Count):
		return m, line, refuse(RefusedNothing, "that is what was ordered")
	case !sold, n < want:
		return m, line, refuse(RefusedStock, "%d of %q in stock", n, m.Variant)
	case m.Count > 0 && m.Count != line.Count && s.order.State != shop.StateToPay:
		return m, line, refuse(RefusedState, "the count of a paid order is a person's to change")
	}
	return m, line, nil
}

func guardModify(ctx context.Context, s *scope) (Plan, error) {
	if err := s.inState(shop.StateToPay, shop.StatePaid); err != nil {
		return Plan{}, err
	}
	m, line, err := s.modification(ctx)
	if err != nil {
		return Plan{}, err
	}
	var to []string
	if m.Variant != "" {
		to = append(to, m.Variant)
	}
	if m.Count > 0 {
		to = append(to, fmt.Sprintf("%d件", m.Count))
	}
	what := strings.Join(to, "，")
	return Plan{Says: "把" + line.Name + "改成" + what, Facts: s.about(fact.Record{"name": fact.OfText(line.Name), "variant": fact.OfText(what)})}, nil
}

func runModify(ctx context.Context, s *scope) (Result, error) {
	m, _, err := s.modification(ctx)
	if err != nil {
		return Result{}, err
	}
	return s.changed(s.shop.Modify(ctx, s.Key, s.order.ID, m))
}

// maxNote is what fits on a label, in characters.
const maxNote = 100

func guardNote(_ context.Context, s *scope) (Plan, error) {
	if err := s.inState(shop.StateToPay, shop.StatePaid, shop.StateShipped, shop.StateDelivering); err != nil {
		return Plan{}, err
	}
	note := []rune(strings.TrimSpace(s.Args["note"]))
	if len(note) == 0 || len(note) > maxNote {
		return Plan{}, fmt.Errorf("%w: a note has 1 to %d characters", ErrArguments, maxNote)
	}
	return Plan{Says: "给快递员留言：" + string(note), Facts: s.about(fact.Record{"note": fact.OfText(string(note))})}, nil
}

func runNote(ctx context.Context, s *scope) (Result, error) {
	return s.changed(s.shop.Instruct(ctx, s.Key, s.order.ID, strings.TrimSpace(s.Args["note"])))
}

// openRefund is the last one that can still be taken back.
func (s *scope) openRefund(ctx context.Context) (shop.Refund, error) {
	list, err := s.shop.RefundsOf(ctx, s.order.ID)
	if err != nil {
		return shop.Refund{}, err
	}
	for _, r := range slices.Backward(list) {
		if r.State == shop.RefundOpen {
			return r, nil
		}
	}
	return shop.Refund{}, refuse(RefusedNothing, "no refund is open")
}

// kindWords are the kinds of refunds as they are spoken.
func kindWords(k shop.RefundKind) string {
	return map[shop.RefundKind]string{shop.RefundOnly: "退款", shop.RefundReturn: "退货", shop.RefundExchange: "换货", shop.RefundDifference: "退差价", shop.RefundGoodwill: "补偿"}[k]
}

func guardWithdraw(ctx context.Context, s *scope) (Plan, error) {
	r, err := s.openRefund(ctx)
	if err != nil {
		return Plan{}, err
	}
	kind := kindWords(r.Kind)
	return Plan{Says: "撤销" + s.order.Name() + "的" + kind + "申请", Facts: s.about(fact.Record{"kind": fact.OfText(kind), "refund": fact.OfText(r.ID)})}, nil
}

func runWithdraw(ctx context.Context, s *scope) (Result, error) {
	r, err := s.openRefund(ctx)
	if err != nil {
		return Result{}, err
	}
	if r, err = s.shop.WithdrawRefund(ctx, s.Key, r.ID); err != nil {
		return Result{}, err
	}
	return Result{Kind: "refund", ID: r.ID, Facts: RefundRecord(r)}, nil
}

// wanted is the variant that is waited for; "" for any.
func (s *scope) wanted() string {
	colour, size := s.variant(shop.Line{}, s.product)
	return shop.Variant{Colour: colour, Size: size}.Name()
}

func guardRestock(_ context.Context, s *scope) (Plan, error) {
	colour, size := s.variant(shop.Line{}, s.product)
	n, sold := s.product.StockOf(colour, size)
	switch {
	case !sold:
		return Plan{}, fmt.Errorf("%w: no such variant", ErrArguments)
	case n > 0:
		return Plan{}, refuse(RefusedNothing, "%d in stock", n)
	}
	name := s.product.Name
	return Plan{Says: name + "到货后通知您", Facts: fact.Record{"name": fact.OfText(name), "variant": fact.OfText(s.wanted())}}, nil
}

func runRestock(ctx context.Context, s *scope) (Result, error) {
	n, err := s.shop.NotifyRestock(ctx, s.Key, shop.RestockRequest{Customer: s.Caller.Customer, Product: s.product.ID, Variant: s.wanted()})
	if errors.Is(err, shop.ErrState) {
		return Result{}, refuse(RefusedAlready, "it is noted, or in stock")
	}
	if err != nil {
		return Result{}, err
	}
	return Result{Kind: "notice", ID: n.ID, Facts: fact.Record{"id": fact.OfText(n.ID)}}, nil
}
