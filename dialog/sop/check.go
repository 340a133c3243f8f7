package sop

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"waggle/dialog"
	"waggle/dialog/nlu"
	"waggle/dialog/tool"
)

// fixedNow is a moment to read words against that name no day anyway.
var fixedNow = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// Check finds everything that is wrong with the flows: names that stand for
// nothing, conditions and texts that cannot be, steps that are never reached,
// writes without a confirm, slots that are never filled, failures that lead
// nowhere, loops without an end, figures that no record proves, and intents
// that two flows claim. The flows are bound to the kit on the way.
func Check(flows []Flow, kit Kit) Problems {
	names := slices.Clone(kit.Flows)
	for _, f := range flows {
		names = append(names, f.ID)
	}
	slices.Sort(names)
	var out Problems
	for i := range flows {
		wrong := bind(&flows[i], kit, names)
		if len(wrong) == 0 { // the ways through a flow make sense only when its names do
			wrong = lint(&flows[i])
		}
		out = append(out, wrong...)
	}
	return append(out, claimed(flows)...).sorted()
}

// claimed finds ids, intents, events and findings that two flows want.
func claimed(flows []Flow) Problems {
	var out Problems
	owner := make(map[string]string)
	for _, f := range flows {
		claim := func(what, name string) {
			key := what + " " + name
			if other, taken := owner[key]; taken {
				out = append(out, Problem{File: f.File, Line: f.Line, Flow: f.ID, Text: fmt.Sprintf("%s is claimed by %s already", key, other)})
				return
			}
			owner[key] = f.ID + " (" + f.File + ")"
		}
		claim("id", f.ID)
		for _, i := range f.Intents {
			claim("intent", i)
		}
		for _, e := range f.Events {
			claim("event", e)
		}
		for _, k := range f.Findings {
			claim("finding", k)
		}
	}
	return out
}

// Compile checks the flows and makes flows of the engine of them. Nothing is
// made unless all of them are sound.
func Compile(flows []Flow, kit Kit) ([]dialog.Flow, error) {
	if err := Check(flows, kit).Err(); err != nil {
		return nil, err
	}
	out := make([]dialog.Flow, 0, len(flows))
	for i := range flows {
		out = append(out, compile(&flows[i], kit))
	}
	return out, nil
}

func compile(f *Flow, kit Kit) dialog.Flow {
	c := &compiler{flow: f, kit: kit, scope: f.scope()}
	out := dialog.Flow{Name: f.ID, Quick: f.Quick, Claim: f.Claim, Interrupts: f.Interrupts, Events: f.Events, Findings: f.Findings}
	for _, i := range f.Intents {
		out.Intents = append(out.Intents, nlu.Intent(i))
	}
	out.Topic = (len(f.Requires.Order) > 0 || f.Requires.Product) && !slices.ContainsFunc(f.Steps, func(s Step) bool { return s.Confirm != nil || s.See != nil })
	if len(f.Words) > 0 {
		out.Wants = func(said string) bool {
			return slices.ContainsFunc(f.Words, func(w string) bool { return strings.Contains(said, w) })
		}
	}
	if t, ok := f.deed(); ok {
		out.Denies = t.Denied
	}
	out.Photos = slices.ContainsFunc(f.Steps, func(s Step) bool { return s.See != nil })
	out.Steps = c.before()
	c.first = len(out.Steps)
	out.Names = f.names(c.first)
	for i := range f.Steps {
		out.Steps = append(out.Steps, c.step(&f.Steps[i]))
	}
	return out
}

// deed is what the flow is for: the first write that neither calls a person nor
// keeps things as they are.
func (f *Flow) deed() (tool.Tool, bool) {
	for _, s := range f.Steps {
		if s.Tool == nil || slices.Contains([]string{"keep_purchase", "open_ticket", "withdraw_refund"}, s.Tool.Name) {
			continue
		}
		if t, ok := standard(s.Tool.Name); ok && t.Guarded() {
			return t, true
		}
	}
	return tool.Tool{}, false
}

// Override puts flows in place of those of the same id, and adds the others:
// a merchant's own beside the ones that ship. An intent that a merchant's flow
// claims is taken from the flow that ships.
func Override(shipped, own []Flow) []Flow {
	var out []Flow
	for _, f := range shipped {
		if slices.ContainsFunc(own, func(o Flow) bool { return o.ID == f.ID }) {
			continue
		}
		for _, o := range own {
			f.Intents = without(f.Intents, o.Intents)
			f.Events = without(f.Events, o.Events)
			f.Findings = without(f.Findings, o.Findings)
		}
		out = append(out, f)
	}
	return append(out, own...)
}

func without(list, taken []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(s string) bool { return slices.Contains(taken, s) })
}

// Sentences lists what the flow says word for word, without a fact in it, so
// that a voice can have it ready.
func (f Flow) Sentences() []string {
	var out []string
	for _, t := range f.texts() {
		if !strings.ContainsAny(t.source, "{}") && strings.ContainsAny(t.source, "。？！ ") {
			out = append(out, t.source)
		}
	}
	return out
}
