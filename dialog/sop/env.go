package sop

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"time"

	"waggle/dialog"
	"waggle/dialog/fact"
	"waggle/dialog/tool"
	"waggle/shop"
)

// env answers what conditions and texts ask about in one step. Records are
// read when they are first asked for; what could not be read is kept in err.
type env struct {
	ctx     context.Context //nolint:containedctx // an env lives for one step
	c       *compiler
	sc      *dialog.Scene
	records map[string]fact.Record
	err     error
}

var _ fact.Env = (*env)(nil)

func (c *compiler) env(ctx context.Context, sc *dialog.Scene) *env {
	return &env{ctx: ctx, c: c, sc: sc, records: make(map[string]fact.Record)}
}

// Fact reads one fact.
func (e *env) Fact(path string) fact.Value {
	root, name, _ := strings.Cut(path, ".")
	if root == "slot" {
		return e.slot(name)
	}
	r, ok := e.records[root]
	if !ok {
		var err error
		if r, err = e.read(root); err != nil && e.err == nil {
			e.err = err
		}
		e.records[root] = r
	}
	return r[name]
}

// slot reads a slot of the flow: encoded when a fact or a number filled it,
// plain words otherwise.
func (e *env) slot(name string) fact.Value {
	v := e.sc.Slot(name)
	kind := e.c.scope["slot"][name].Kind
	if d := fact.Decode(v); d.Kind() == kind && kind != fact.None {
		return d
	}
	if v == "" || kind == fact.Digits {
		return fact.OfDigits(v)
	}
	return fact.OfText(v)
}

// Said tells whether the turn holds one of the words.
func (e *env) Said(words []string) bool { return e.c.kit.Sounds(e.sc.Heard.Text, words) }

// Now is the time of the turn.
func (e *env) Now() time.Time { return e.sc.Now() }

func (e *env) read(root string) (fact.Record, error) {
	switch root {
	case "order":
		o, err := e.order()
		return tool.OrderRecord(o), err
	case "parcel":
		return e.parcel()
	case "product":
		return e.product()
	case "refund":
		return e.refund()
	case "policy":
		return tool.PolicyRecord(e.sc.Policy), nil
	case "customer":
		return e.customer()
	case "turn":
		return fact.Record{"text": fact.OfText(e.sc.Turn.Text), "summary": fact.OfText(e.sc.Summary()), "voice": fact.OfFlag(e.sc.Manner.Voice),
			"intent": fact.OfText(string(e.sc.Clause.Intent)), "upset": fact.OfCount(e.sc.State.Negative)}, nil
	}
	return e.result(root), nil
}

// order reads the one in focus; none is an order without a number.
func (e *env) order() (shop.Order, error) {
	if e.sc.State.Order == "" || !e.sc.State.Caller.Known {
		return shop.Order{}, nil
	}
	o, err := e.sc.Shop.Order(e.ctx, e.sc.State.Order)
	return o, missing(err)
}

// missing turns a record that is not there into one that is empty.
func missing(err error) error {
	if errors.Is(err, shop.ErrNotFound) {
		return nil
	}
	return err
}

func (e *env) parcel() (fact.Record, error) {
	tracking := e.Fact("order.tracking").Text()
	if tracking == "" || e.err != nil {
		return nil, e.err
	}
	p, err := e.sc.Shop.Parcel(e.ctx, tracking)
	if err != nil {
		return nil, missing(err)
	}
	return tool.ParcelRecord(p), nil
}

func (e *env) product() (fact.Record, error) {
	id := e.sc.State.Product
	if id == "" || len(e.c.flow.Requires.Order) > 0 { // what was looked at before is another matter
		var err error
		if id, err = e.ordered(); err != nil {
			return nil, err
		}
	}
	if id == "" || e.err != nil {
		return nil, e.err
	}
	p, err := e.sc.Shop.Product(e.ctx, id)
	if err != nil {
		return nil, missing(err)
	}
	return tool.ProductRecord(p), nil
}

// ordered is the product of the line that a slot names, or of the first.
func (e *env) ordered() (string, error) {
	o, err := e.order()
	if err != nil || len(o.Lines) == 0 {
		return "", err
	}
	at := 0
	if f, ok := e.c.scope["slot"]["line"]; ok && f.Kind == fact.Count {
		at = e.slot("line").Count() - 1
	}
	if at < 0 || at >= len(o.Lines) {
		at = 0
	}
	return o.Lines[at].Product, nil
}

// refund reads the last one of the order in focus.
func (e *env) refund() (fact.Record, error) {
	id := e.Fact("order.id").Text()
	if id == "" || e.err != nil {
		return nil, e.err
	}
	list, err := e.sc.Shop.RefundsOf(e.ctx, id)
	if err != nil || len(list) == 0 {
		return nil, missing(err)
	}
	return tool.RefundRecord(list[len(list)-1]), nil
}

func (e *env) customer() (fact.Record, error) {
	who := e.sc.State.Caller
	r := fact.Record{"known": fact.OfFlag(who.Known)}
	if !who.Known {
		return r, nil
	}
	c, err := e.sc.Shop.Customer(e.ctx, who.Customer)
	if err != nil {
		return r, missing(err)
	}
	r["name"], r["title"], r["level"] = fact.OfText(c.Name), fact.OfText(c.Title), fact.OfText(c.Level)
	r["refund_max"] = fact.OfMoney(e.sc.Policy.RefundLimit(c))
	r["points"], r["vip"] = fact.OfCount(c.Points), fact.OfFlag(c.VIP)
	return r, nil
}

// resultOf is the slot that says which record a result came from; its facts
// lie beside it.
func resultOf(as string) string { return "~" + as }

// keep remembers a result for the steps and turns that follow.
func (e *env) keep(as string, r tool.Result) {
	e.sc.Set(resultOf(as), r.Kind+" "+r.ID)
	for name := range e.c.scope[as] {
		if v, ok := r.Facts[name]; ok {
			e.sc.Set(resultOf(as)+"."+name, v.Encode())
		}
	}
	delete(e.records, as)
}

func (e *env) result(as string) fact.Record {
	r := fact.Record{}
	for name := range e.c.scope[as] {
		if v := e.sc.Slot(resultOf(as) + "." + name); v != "" {
			r[name] = fact.Decode(v)
		}
	}
	return r
}

// value brings what was said into the kind of the slot; "" when it does not
// fit.
func (s *Slot) value(said string) (string, error) {
	switch s.Kind {
	case fact.Count:
		if n, err := strconv.Atoi(said); err == nil {
			return fact.OfCount(n).Encode(), nil
		}
		return "", nil
	case fact.Money:
		if f, err := fact.Fen(said); err == nil {
			return fact.OfMoney(f).Encode(), nil
		}
		return "", nil
	}
	return said, nil
}
