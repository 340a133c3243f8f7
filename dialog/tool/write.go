package tool

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"waggle/dialog/fact"
	"waggle/shop"
)

// hurryAgain is how long after one press another one makes no difference.
const hurryAgain = 12 * time.Hour

func writeTools() []Tool {
	reason := optional(words("reason", "why, in the customer's words"))
	return slices.Concat([]Tool{
		{Name: "cancel_order", Effect: Write, Description: "Call off an order that has not been sent.",
			Params: []Param{orderParam(), reason}, Returns: OrderSchema(), Plans: amounts(), guard: guardCancel, run: runCancel},
		{Name: "change_address", Effect: Write, Description: "Send an order that has not left to another address; what is left out stays as it was.",
			Params:  []Param{orderParam(), words("address", "the new address as it was said, from city to house number")},
			Returns: OrderSchema(), Plans: plans(fact.Schema{"address": {Kind: fact.Text}}), guard: guardAddress, run: runAddress},
		{Name: "hurry_order", Effect: Write, Description: "Press the warehouse or the courier for an order.",
			Params: []Param{orderParam()}, Returns: OrderSchema(), Plans: plans(fact.Schema{"who": {Kind: fact.Text}}), guard: guardHurry, run: runHurry},
		{Name: "issue_invoice", Effect: Write, Description: "Issue an electronic invoice to a person (个人) or a company.",
			Params:  []Param{orderParam(), words("title", "个人, or the full name of the company"), optional(words("tax_id", "tax number of a company"))},
			Returns: fact.Schema{"id": {Kind: fact.Text}, "amount": {Kind: fact.Money}},
			Plans:   plans(fact.Schema{"amount": {Kind: fact.Money}, "title": {Kind: fact.Text}}), guard: guardInvoice, run: runInvoice},
		{Name: "open_ticket", Effect: Write, Description: "Hand a case to a person of the shop, who calls back.",
			Params: []Param{optional(orderParam()),
				{Name: "kind", Description: "what it is about", Type: Choice, Of: ticketKinds()}, words("text", "the case in a few words")},
			Returns: fact.Schema{"id": {Kind: fact.Text}, "due": {Kind: fact.Time}},
			Plans:   fact.Schema{"ticket_within": {Kind: fact.Text}, "kind": {Kind: fact.Text}}, guard: guardTicket, run: runTicket},
	}, refundTools(), changeTools(), offerTools(), keepTools())
}

// inState refuses an order that is in none of the states.
func (s *scope) inState(states ...shop.OrderState) error {
	if slices.Contains(states, s.order.State) {
		return nil
	}
	switch s.order.State {
	case shop.StateRefunding, shop.StateRefunded:
		return refuse(RefusedAlready, "order is %s", s.order.State)
	}
	return refuse(RefusedState, "order is %s", s.order.State)
}

// goods names everything in an order, so that a yes is to all of it.
func goods(o shop.Order) string {
	switch len(o.Lines) {
	case 0, 1:
		return o.Name()
	case 2:
		return o.Lines[0].Name + "和" + o.Lines[1].Name
	}
	return fmt.Sprintf("%s、%s等%d样", o.Lines[0].Name, o.Lines[1].Name, len(o.Lines))
}

// about begins a plan's facts with those of the order.
func (s *scope) about(more fact.Record) fact.Record {
	r := fact.Record{"order": fact.OfDigits(s.order.ID), "name": fact.OfText(s.order.Name())}
	for k, v := range more {
		r[k] = v
	}
	return r
}

func guardCancel(_ context.Context, s *scope) (Plan, error) {
	if s.order.State == shop.StateCancelled {
		return Plan{}, refuse(RefusedAlready, "order is cancelled")
	}
	if err := s.inState(shop.StateToPay, shop.StatePaid); err != nil {
		return Plan{}, err
	}
	return Plan{Says: "取消" + goods(s.order) + "的订单，金额" + s.order.Total.String() + "元",
		Facts: s.about(fact.Record{"name": fact.OfText(goods(s.order)), "amount": fact.OfMoney(s.order.Total)})}, nil
}

func runCancel(ctx context.Context, s *scope) (Result, error) {
	return s.changed(s.shop.Cancel(ctx, s.Key, s.order.ID, s.Args["reason"]))
}

// changed makes a result of an order that was written to.
func (s *scope) changed(o shop.Order, err error) (Result, error) {
	if err != nil {
		return Result{}, err
	}
	return Result{Kind: "order", ID: o.ID, Facts: OrderRecord(o)}, nil
}

func guardAddress(_ context.Context, s *scope) (Plan, error) {
	if err := s.inState(shop.StateToPay, shop.StatePaid); err != nil {
		return Plan{}, err
	}
	to := NewAddress(s.order.Address, s.Args["address"])
	switch {
	case to == s.order.Address:
		return Plan{}, refuse(RefusedNothing, "the address is the same")
	case to.City == "" || to.Street == "":
		return Plan{}, fmt.Errorf("%w: an address needs a city and a street", ErrArguments)
	}
	where := to.String()
	if to.Name != s.order.Address.Name {
		where += "，" + to.Name + "收"
	}
	if to.Phone != s.order.Address.Phone {
		where += "，电话" + to.Phone
	}
	return Plan{Says: "把" + s.order.Name() + "的地址改成" + where, Facts: s.about(fact.Record{"address": fact.OfText(where)})}, nil
}

func runAddress(ctx context.Context, s *scope) (Result, error) {
	return s.changed(s.shop.ChangeAddress(ctx, s.Key, s.order.ID, NewAddress(s.order.Address, s.Args["address"])))
}

func guardHurry(_ context.Context, s *scope) (Plan, error) {
	if err := s.inState(shop.StatePaid, shop.StateShipped, shop.StateDelivering); err != nil {
		return Plan{}, err
	}
	if !s.order.Hurried.IsZero() && s.Now.Sub(s.order.Hurried) < hurryAgain {
		return Plan{}, refuse(RefusedAlready, "hurried %s ago", s.Now.Sub(s.order.Hurried).Round(time.Minute))
	}
	who := "快递尽快派送"
	if s.order.State == shop.StatePaid {
		who = "仓库尽快发货"
	}
	return Plan{Says: "帮您的" + s.order.Name() + "催" + who, Facts: s.about(fact.Record{"who": fact.OfText(who)})}, nil
}

func runHurry(ctx context.Context, s *scope) (Result, error) {
	return s.changed(s.shop.Hurry(ctx, s.Key, s.order.ID))
}

func guardInvoice(_ context.Context, s *scope) (Plan, error) {
	if err := s.inState(shop.StatePaid, shop.StateShipped, shop.StateDelivering, shop.StateSigned, shop.StateClosed); err != nil {
		return Plan{}, err
	}
	title := strings.TrimSpace(s.Args["title"])
	return Plan{Says: "为" + s.order.Name() + "的订单开" + s.order.Total.String() + "元的发票，抬头" + title,
		Facts: s.about(fact.Record{"amount": fact.OfMoney(s.order.Total), "title": fact.OfText(title)})}, nil
}

func runInvoice(ctx context.Context, s *scope) (Result, error) {
	v, err := s.shop.Invoice(ctx, s.Key, shop.InvoiceRequest{Order: s.order.ID, Title: strings.TrimSpace(s.Args["title"]), TaxID: s.Args["tax_id"]})
	if err != nil {
		return Result{}, err
	}
	return Result{Kind: "invoice", ID: v.ID, Facts: fact.Record{"id": fact.OfText(v.ID), "amount": fact.OfMoney(v.Amount)}}, nil
}

// ticketKinds are those of shop.TicketRequest that a customer's wish may open.
func ticketKinds() []string {
	return []string{"complaint", "damaged", "missing", "wrong-item", "colour", "exchange", "return", "not-received", "dispute", "bulk", "hand-off", "other"}
}

func guardTicket(_ context.Context, s *scope) (Plan, error) {
	return Plan{Says: "把您的情况登记给同事，" + s.policy.TicketWithin + "回复您",
		Facts: fact.Record{"ticket_within": fact.OfText(s.policy.TicketWithin), "kind": fact.OfText(s.Args["kind"])}}, nil
}

func runTicket(ctx context.Context, s *scope) (Result, error) {
	t, err := s.shop.OpenTicket(ctx, s.Key, shop.TicketRequest{Kind: s.Args["kind"], Customer: s.Caller.Customer,
		Order: s.order.ID, Text: s.Args["text"], Photos: s.Evidence.Photos})
	if err != nil {
		return Result{}, err
	}
	return Result{Kind: "ticket", ID: t.ID, Facts: fact.Record{"id": fact.OfText(t.ID), "due": fact.OfTime(t.Due)}}, nil
}
