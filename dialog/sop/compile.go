package sop

import (
	"context"
	"slices"
	"strings"

	"waggle/dialog"
	"waggle/dialog/fact"
)

// compiler makes the steps of one flow. first is where its own steps begin,
// after those that put an order or a product in focus.
type compiler struct {
	flow  *Flow
	kit   Kit
	scope fact.Scope
	first int
}

// before makes the steps that see to what the flow requires.
func (c *compiler) before() []dialog.Step {
	var out []dialog.Step
	if c.flow.Requires.Caller && len(c.flow.Requires.Order) == 0 {
		out = append(out, c.kit.Caller)
	}
	if len(c.flow.Requires.Order) > 0 {
		out = append(out, c.kit.Which(c.flow.Requires.Order))
	}
	if c.flow.Requires.Product {
		out = append(out, c.kit.Product)
	}
	return out
}

// step makes one step, with its condition.
func (c *compiler) step(s *Step) dialog.Step {
	run := c.verb(s)
	if s.If == nil {
		return run
	}
	return func(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		if sc.Slot(entered+s.name()) == "" { // a step that has asked waits for its answer
			e := c.env(ctx, sc)
			holds := s.If.Holds(e)
			if e.err != nil || !holds {
				return dialog.Continue, e.err
			}
		}
		v, err := run(ctx, sc)
		if v == dialog.Wait {
			sc.Set(entered+s.name(), "yes")
		} else if v != dialog.Unanswered {
			sc.Set(entered+s.name(), "")
		}
		return v, err
	}
}

// Names of slots that belong to the interpreter; no slot of a flow can have
// such a name.
const (
	entered  = "~in."  // a conditional step that waits
	argument = "~arg." // of the write that was read back
	proposed = "~plan"
	agreed   = "~yes"
	question = "~asked"
)

func (c *compiler) verb(s *Step) dialog.Step {
	switch {
	case s.Say != nil:
		return c.say(s.Say)
	case s.Ask != "":
		slot, _ := c.flow.slot(s.Ask)
		return c.ask(slot)
	case s.Tool != nil:
		return c.use(s)
	case s.Branch != nil:
		return c.branch(s.Branch)
	case s.Confirm != nil:
		return c.confirm(s)
	case s.See != nil:
		return c.kit.See(*s.See)
	case s.HandOff != nil:
		return c.handOff(s.HandOff)
	case s.Do != "":
		return c.kit.Deeds[s.Do]
	case s.Start != "":
		return func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
			sc.Then(s.Start)
			return dialog.Finish, nil
		}
	}
	return func(_ context.Context, sc *dialog.Scene) (dialog.Verdict, error) { return c.jump(sc, s.Goto), nil }
}

// jump goes on at another step.
func (c *compiler) jump(sc *dialog.Scene, id string) dialog.Verdict {
	i, ok := c.flow.step(id)
	if !ok {
		return dialog.Finish
	}
	sc.Goto(c.first + i)
	return dialog.Continue
}

func (c *compiler) say(s *Say) dialog.Step {
	return func(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		e := c.env(ctx, sc)
		src, values := e.source(s.Text)
		if e.err != nil {
			return dialog.Finish, e.err
		}
		if s.Refuses && sc.Refuse(ctx) {
			return dialog.Finish, nil
		}
		if s.Detail {
			sc.Detail(src, s.Text.format, values...)
		} else {
			sc.Say(src, s.Text.format, values...)
		}
		if s.Card == "" {
			return dialog.Continue, nil
		}
		return dialog.Continue, c.kit.Show(ctx, sc, s.Card)
	}
}

func (c *compiler) branch(cases []Case) dialog.Step {
	return func(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		e := c.env(ctx, sc)
		for _, x := range cases {
			holds := x.If == nil || x.If.Holds(e)
			if e.err != nil {
				return dialog.Finish, e.err
			}
			if holds {
				return c.jump(sc, x.Goto), nil
			}
		}
		return dialog.Continue, nil
	}
}

func (c *compiler) handOff(h *HandOff) dialog.Step {
	return func(ctx context.Context, sc *dialog.Scene) (dialog.Verdict, error) {
		e := c.env(ctx, sc)
		src, values := e.source(h.Text)
		if e.err != nil {
			return dialog.Finish, e.err
		}
		sc.Say(src, h.Text.format, values...)
		sc.HandOff(dialog.HandOff{Reason: h.Reason, Summary: sc.Summary(), NextStep: h.Next})
		return dialog.Finish, nil
	}
}

// source is the evidence of a text: the record that it speaks of first, with
// where each record stands.
func (e *env) source(t text) (dialog.Source, []dialog.Value) {
	src := dialog.FromFlow(e.c.flow.ID)
	for i, root := range t.roots() {
		if i == 0 || src.Kind == "flow" {
			if kind, id := e.record(root); kind != "" {
				src.Kind, src.ID = kind, id
			}
		}
		if state := e.Fact(root + ".state"); state.Text() != "" && !slices.Contains(src.Facts, state.Text()) {
			src.Facts = append(src.Facts, state.Text())
		}
	}
	return src, t.fill(e)
}

// record names the record behind a root.
func (e *env) record(root string) (kind, id string) {
	id = e.Fact(root + ".id").Text()
	switch root {
	case "order", "product", "refund":
		return root, id
	case "parcel":
		return root, e.Fact("parcel.tracking").Text()
	case "policy":
		return root, e.c.flow.ID
	case "slot", "turn", "plan", "customer":
		return "", ""
	}
	kind, id, _ = strings.Cut(e.sc.Slot(resultOf(root)), " ")
	return kind, id
}
