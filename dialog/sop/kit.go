package sop

import (
	"context"

	"waggle/dialog"
	"waggle/dialog/fact"
	"waggle/dialog/tool"
	"waggle/shop"
)

// Reader takes the value of a slot out of a turn, "" for none. old is what the
// slot holds already, when an answer may correct it.
type Reader func(ctx context.Context, sc *dialog.Scene, old string) string

// Kit is what flows may refer to that is not written in them. Names are what
// a linter needs; the functions are needed only to run.
type Kit struct {
	Tools   *tool.Registry
	Readers map[string]Reader
	// Deeds read records and tell of them; they never write.
	Deeds map[string]dialog.Step
	// Flows are those that are not written in YAML, Intents all that there are.
	Flows, Intents []string

	// Which puts an order in focus, likely one in the states; Product a
	// product; Caller finds out who is calling.
	Which           func(likely []string) dialog.Step
	Product, Caller dialog.Step
	// See waits for a photo.
	See func(Evidence) dialog.Step
	// Show adds a card of an order, parcel or product.
	Show func(ctx context.Context, sc *dialog.Scene, card string) error
	// Sounds tells whether a text holds one of the words, by sound too.
	Sounds func(said string, words []string) bool
}

// cards that a sentence may come with.
func cards() []string { return []string{"order", "parcel", "product"} }

// Verdicts of evidence.
const (
	Accepted = "accepted"
	Person   = "person"
)

// base is what every flow may ask about.
func base() fact.Scope {
	states := []string{""}
	for _, s := range shop.States() {
		states = append(states, string(s))
	}
	order := tool.OrderSchema()
	order["state"] = fact.Field{Kind: fact.Text, Of: states}
	return fact.Scope{
		"order": order, "parcel": tool.ParcelSchema(), "product": tool.ProductSchema(), "refund": tool.RefundSchema(),
		"policy": tool.PolicySchema(),
		"customer": {"name": {Kind: fact.Text}, "title": {Kind: fact.Text}, "level": {Kind: fact.Text},
			"points": {Kind: fact.Count}, "refund_max": {Kind: fact.Money}, "vip": {Kind: fact.Flag}, "known": {Kind: fact.Flag}},
		"turn": {"text": {Kind: fact.Text}, "summary": {Kind: fact.Text}, "voice": {Kind: fact.Flag}, "intent": {Kind: fact.Text}, "upset": {Kind: fact.Count}},
	}
}

// scope is what the steps of a flow may ask about.
func (f *Flow) scope() fact.Scope {
	s := base()
	slots := fact.Schema{}
	for _, x := range f.Slots {
		slots[x.Name] = fact.Field{Kind: x.Kind}
	}
	for _, x := range f.Steps {
		if x.See != nil {
			slots["verdict"] = fact.Field{Kind: fact.Text, Of: []string{Accepted, Person}}
			slots["note"] = fact.Field{Kind: fact.Text}
		}
		if x.Tool != nil && x.Tool.As != "" {
			if t, ok := standard(x.Tool.Name); ok {
				s[x.Tool.As] = t.Returns
			}
		}
	}
	s["slot"] = slots
	return s
}

// standard finds a tool's description.
func standard(name string) (tool.Tool, bool) {
	for _, t := range tool.Standard() {
		if t.Name == name {
			return t, true
		}
	}
	return tool.Tool{}, false
}

// step finds a step by its id.
func (f *Flow) step(id string) (int, bool) {
	for i, s := range f.Steps {
		if s.ID == id {
			return i, true
		}
	}
	return 0, false
}

func (f *Flow) slot(name string) (*Slot, bool) {
	for i := range f.Slots {
		if f.Slots[i].Name == name {
			return &f.Slots[i], true
		}
	}
	return nil, false
}
