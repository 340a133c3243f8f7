package sop

import (
	"slices"
	"strings"

	"waggle/dialog/guard"
	"waggle/dialog/tool"
)

// linter looks at the ways through one flow.
type linter struct {
	reader
	f *Flow
}

// lint finds what makes no sense although every name in it does.
func lint(f *Flow) Problems {
	l := &linter{reader: reader{file: f.File, flow: f.ID}, f: f}
	l.unreachable()
	l.endless()
	l.writes()
	l.failures()
	l.slots()
	l.texts()
	return l.problems
}

func (l *linter) unreachable() {
	seen := l.f.reach(func(Step) bool { return false })
	for i, s := range l.f.Steps {
		if !seen[i] {
			l.wrong(s.Line, "step %s is never reached", s.ID)
		}
	}
}

// endless finds loops without a way out, and loops that wait for nobody.
func (l *linter) endless() {
	over := len(l.f.Steps)
	for i, s := range l.f.Steps {
		if !l.from(i, over, func(Step) bool { return false }) {
			l.wrong(s.Line, "there is no way out of step %s", s.ID)
			return
		}
		if !l.f.waits(s) && l.loops(i) {
			l.wrong(s.Line, "step %s comes back to itself and asks nothing on the way", s.ID)
			return
		}
	}
}

// from tells whether there is a way from step i to step to that passes no step
// that stops.
func (l *linter) from(i, to int, stops func(Step) bool) bool {
	seen := make([]bool, len(l.f.Steps)+1)
	todo := l.f.edges(i)
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if n == to {
			return true
		}
		if seen[n] || n == len(l.f.Steps) || stops(l.f.Steps[n]) {
			continue
		}
		seen[n] = true
		todo = append(todo, l.f.edges(n)...)
	}
	return false
}

func (l *linter) loops(i int) bool { return l.from(i, i, l.f.waits) }

// writes finds tools that write on a way without the confirm that allows them.
func (l *linter) writes() {
	for i, s := range l.f.Steps {
		if s.Tool == nil {
			continue
		}
		if t, ok := standard(s.Tool.Name); !ok || t.Effect != tool.Write {
			continue
		}
		seen := l.f.reach(func(c Step) bool { return c.Confirm != nil && c.Confirm.Does == s.ID })
		if seen[i] {
			l.wrong(s.Line, "%s writes and can be reached without a confirm that says does: %s", s.Tool.Name, s.ID)
		}
	}
}

// failures finds tools whose failure leads nowhere.
func (l *linter) failures() {
	for _, s := range l.f.Steps {
		if s.Tool != nil && s.Tool.OnFail["else"] == "" && l.f.OnFail == "" {
			l.wrong(s.Line, "it is not said what happens when %s fails: add on_fail with else, or on_fail of the flow", s.Tool.Name)
		}
	}
}

// fills tells whether a step gives the slot a value.
func fills(s Step, slot string) bool {
	return s.Ask == slot || s.See != nil && slices.Contains([]string{"verdict", "note", "photos"}, slot)
}

// slots finds slots that are never filled, never used, or used on a way on
// which nothing has filled them.
func (l *linter) slots() {
	used := make(map[string]bool)
	for i, s := range l.f.Steps {
		for _, path := range l.reads(s) {
			slot, ok := strings.CutPrefix(path, "slot.")
			if !ok {
				continue
			}
			used[slot] = true
			seen := l.f.reach(func(x Step) bool { return fills(x, slot) })
			if seen[i] && !fills(s, slot) {
				l.wrong(s.Line, "slot %s is used in step %s on a way that does not ask for it", slot, s.ID)
			}
		}
	}
	for _, x := range l.f.Slots {
		asked := slices.ContainsFunc(l.f.Steps, func(s Step) bool { return s.Ask == x.Name })
		switch {
		case !asked:
			l.wrong(x.Line, "slot %s is never filled: no step asks for it", x.Name)
		case !used[x.Name] && !l.branches(x.Name):
			l.wrong(x.Line, "slot %s is filled and never used", x.Name)
		}
	}
}

// reads lists the facts that a step states or hands to a tool. Conditions may
// ask about a slot that is empty, so they are not among them.
func (l *linter) reads(s Step) []string {
	var out []string
	add := func(t text) {
		for _, v := range t.values {
			out = append(out, v.path)
		}
	}
	switch {
	case s.Say != nil:
		add(s.Say.Text)
	case s.Confirm != nil:
		add(s.Confirm.Lead)
		add(s.Confirm.Text)
		if does, ok := l.f.step(s.Confirm.Does); ok && l.f.Steps[does].Tool != nil {
			for _, a := range l.f.Steps[does].Tool.Args {
				add(a)
			}
		}
	case s.Tool != nil:
		for _, a := range s.Tool.Args {
			add(a)
		}
	case s.HandOff != nil:
		add(s.HandOff.Text)
	}
	return out
}

// branches tells whether a condition looks at the slot.
func (l *linter) branches(slot string) bool {
	looks := func(c *Cond) bool { return c != nil && slices.Contains(c.Paths(), "slot."+slot) }
	for _, s := range l.f.Steps {
		if looks(s.If) || slices.ContainsFunc(s.Branch, func(c Case) bool { return looks(c.If) }) {
			return true
		}
	}
	return slices.ContainsFunc(l.f.Slots, func(x Slot) bool { return x.Name != slot && looks(x.Validate) })
}

// bound are the claims that only a record can prove.
func bound() []guard.Kind {
	return []guard.Kind{guard.Number, guard.Ratio, guard.Date, guard.Hour, guard.Phone, guard.Promise}
}

// texts finds figures and promises that are written out: they would be held
// back when they are spoken, or be wrong when the policy changes.
func (l *linter) texts() {
	for _, t := range l.f.texts() {
		for _, c := range (guard.Guard{}).Check(t.words(), nil, fixedNow) {
			if slices.Contains(bound(), c.Kind) {
				l.wrong(t.line, "%q is a %s that no record proves: use a fact in braces", c.Text, c.Kind)
			}
		}
	}
}

// texts are all sentences that the flow may say.
func (f *Flow) texts() []text {
	var out []text
	add := func(t text) {
		if t.source != "" {
			out = append(out, t)
		}
	}
	for _, x := range f.Slots {
		add(x.Ask)
		add(x.Invalid)
	}
	for _, s := range f.Steps {
		switch {
		case s.Say != nil:
			add(s.Say.Text)
		case s.Confirm != nil:
			add(s.Confirm.Lead)
			add(s.Confirm.Text)
		case s.HandOff != nil:
			add(s.HandOff.Text)
		case s.See != nil:
			add(s.See.Sorry)
			for _, x := range []string{s.See.Show, s.See.Closer, s.See.Unclear} {
				add(text{source: x, format: x, line: s.Line})
			}
		}
	}
	return out
}
