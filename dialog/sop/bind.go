package sop

import (
	"slices"
	"strings"

	"waggle/dialog"
	"waggle/dialog/fact"
	"waggle/dialog/tool"
	"waggle/shop"
	"waggle/vision"
)

// binder resolves the names, conditions and texts of one flow.
type binder struct {
	reader
	f     *Flow
	kit   Kit
	flows []string
	scope fact.Scope
}

// bind finds what each name stands for, and every name that stands for
// nothing.
func bind(f *Flow, kit Kit, flows []string) Problems {
	b := &binder{reader: reader{file: f.File, flow: f.ID}, f: f, kit: kit, flows: flows, scope: f.scope()}
	b.triggers()
	for i := range f.Slots {
		b.slot(&f.Slots[i])
	}
	for i := range f.Steps {
		b.step(&f.Steps[i])
	}
	b.target(f.OnFail, f.Line, true)
	return b.problems
}

func (b *binder) one(line int, what, name string, of []string) {
	if !slices.Contains(of, name) {
		b.wrong(line, "there is no %s %q; there are %s", what, name, strings.Join(of, ", "))
	}
}

func (b *binder) triggers() {
	for _, i := range b.f.Intents {
		b.one(b.f.Line, "intent", i, b.kit.Intents)
	}
	for _, k := range b.f.Findings {
		b.one(b.f.Line, "kind of finding", k, []string{vision.KindDamage, vision.KindColour, vision.KindProduct})
	}
	for _, e := range b.f.Events {
		b.one(b.f.Line, "event", e, Events())
	}
	for _, s := range b.f.Requires.Order {
		states := make([]string, 0, len(shop.States()))
		for _, x := range shop.States() {
			states = append(states, string(x))
		}
		b.one(b.f.Requires.line, "state of an order", s, states)
	}
}

// Events lists the events of a shop, and of calls with its people, that may
// start a flow.
func Events() []string {
	return []string{"order.created", "order.paid", "parcel.delayed", "refund.requested",
		string(dialog.EventTransferFailed), string(dialog.EventOperatorLeft)}
}

func (b *binder) cond(c *Cond) {
	if c == nil {
		return
	}
	var err error
	if c.Condition, err = fact.Compile(c.source, b.scope); err != nil {
		b.wrong(c.line, "%s", strings.TrimPrefix(err.Error(), fact.ErrCondition.Error()+": "))
	}
}

func (b *binder) text(t *text) {
	if t.source == "" {
		return
	}
	bound, err := readText(t.source, t.line, b.scope)
	if err != nil {
		b.wrong(t.line, "%v", err)
	}
	*t = bound
}

// target checks the name of a step; an empty one is fine where none is needed.
func (b *binder) target(id string, line int, optional bool) {
	if id == "" && optional || id == End {
		return
	}
	if _, ok := b.f.step(id); !ok {
		b.wrong(line, "there is no step %q", id)
	}
}

func (b *binder) slot(s *Slot) {
	if s.Fact != "" {
		if f, ok := b.scope.Field(s.Fact); !ok {
			b.wrong(s.Line, "slot %q: %q is not known here", s.Name, s.Fact)
		} else if f.Kind != s.Kind {
			b.wrong(s.Line, "slot %q is %s, but %s is %s", s.Name, s.Kind, s.Fact, f.Kind)
		}
	}
	if s.Read != "" {
		b.one(s.Line, "reader", s.Read, sortedKeys(b.kit.Readers))
	}
	if s.Entity != "" {
		b.one(s.Line, "entity", s.Entity, entities())
	}
	b.text(&s.Ask)
	b.text(&s.Invalid)
	b.cond(s.Validate)
	b.target(s.OnMiss, s.Line, true)
}

func (b *binder) step(s *Step) {
	b.cond(s.If)
	switch {
	case s.Say != nil:
		b.text(&s.Say.Text)
		if s.Say.Card != "" {
			b.one(s.Line, "card", s.Say.Card, cards())
		}
	case s.Ask != "":
		b.asks(s)
	case s.Tool != nil:
		b.use(s)
	case s.Confirm != nil:
		b.confirm(s)
	case s.See != nil:
		b.text(&s.See.Sorry)
	case s.HandOff != nil:
		b.text(&s.HandOff.Text)
		if s.HandOff.Reason == "" {
			b.wrong(s.Line, "a handoff needs a reason for the person who takes over")
		}
	case s.Do != "":
		b.one(s.Line, "deed", s.Do, sortedKeys(b.kit.Deeds))
	case s.Goto != "":
		b.target(s.Goto, s.Line, false)
	case s.Start != "":
		b.one(s.Line, "flow", s.Start, b.flows)
	}
	for i := range s.Branch {
		b.cond(s.Branch[i].If)
		b.target(s.Branch[i].Goto, s.Branch[i].Line, false)
	}
}

func (b *binder) asks(s *Step) {
	if _, ok := b.f.slot(s.Ask); !ok {
		b.wrong(s.Line, "there is no slot %q", s.Ask)
	}
}

func (b *binder) use(s *Step) {
	t, ok := standard(s.Tool.Name)
	if !ok {
		b.wrong(s.Line, "there is no tool %q", s.Tool.Name)
		return
	}
	for name, a := range s.Tool.Args {
		if !slices.ContainsFunc(t.Params, func(p tool.Param) bool { return p.Name == name }) {
			b.wrong(a.line, "tool %s has no parameter %q", t.Name, name)
		}
		b.argument(&a)
		s.Tool.Args[name] = a
	}
	for _, p := range t.Params {
		if _, given := s.Tool.Args[p.Name]; !given && !p.Optional {
			b.wrong(s.Line, "tool %s needs %q", t.Name, p.Name)
		}
	}
	for _, to := range s.Tool.OnFail {
		b.target(to, s.Line, false)
	}
	if as := s.Tool.As; as != "" {
		if _, taken := base()[as]; taken || as == "slot" || as == "plan" {
			b.wrong(s.Line, "%q is the name of something else", as)
		}
	}
}

// argument reads a text that is not spoken: words of the records may stand in
// it, and moments cannot.
func (b *binder) argument(t *text) {
	open := make(fact.Scope, len(b.scope))
	for root, schema := range b.scope {
		open[root] = make(fact.Schema, len(schema))
		for name, f := range schema {
			open[root][name] = fact.Field{Kind: f.Kind}
		}
	}
	bound, err := readText(t.source, t.line, open)
	if err != nil {
		b.wrong(t.line, "%v", err)
	}
	*t = bound
}

// confirm knows, beside the rest, what the plan of its tool says.
func (b *binder) confirm(s *Step) {
	i, ok := b.f.step(s.Confirm.Does)
	if !ok || b.f.Steps[i].Tool == nil {
		b.wrong(s.Line, "does must name the tool step that a yes allows")
		return
	}
	t, ok := standard(b.f.Steps[i].Tool.Name)
	if ok && t.Effect != tool.Write {
		b.wrong(s.Line, "tool %s only reads: nobody need agree to it", t.Name)
	}
	b.scope["plan"] = t.Plans
	b.text(&s.Confirm.Lead)
	b.text(&s.Confirm.Text)
	delete(b.scope, "plan")
	for _, name := range s.Confirm.Amend {
		if _, ok := b.f.slot(name); !ok {
			b.wrong(s.Line, "there is no slot %q to amend", name)
		}
	}
	b.target(s.Confirm.Amended, s.Line, true)
	b.target(s.Confirm.No, s.Line, true)
}
