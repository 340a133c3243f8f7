package sop

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"gopkg.in/yaml.v3"

	"waggle/dialog/fact"
)

// Read reads the *.yaml files of a folder, one flow each, in the order of
// their names. It returns every flow or none: the error then lists, a line
// each, what is wrong and where, and wraps ErrFlow.
func Read(dir fs.FS) ([]Flow, error) {
	names, err := fs.Glob(dir, "*.yaml")
	if err != nil {
		return nil, err
	}
	if len(names) > maxFiles {
		return nil, fmt.Errorf("%w: more than %d files", ErrFlow, maxFiles)
	}
	var (
		out      []Flow
		problems Problems
	)
	for _, name := range names {
		if name == WordsFile {
			continue
		}
		f, wrong, err := readFile(dir, name)
		if err != nil {
			return nil, err
		}
		out, problems = append(out, f), append(problems, wrong...)
	}
	if err := problems.sorted().Err(); err != nil {
		return nil, err
	}
	return out, nil
}

func readFile(dir fs.FS, name string) (Flow, Problems, error) {
	info, err := fs.Stat(dir, name)
	if err != nil {
		return Flow{}, nil, err
	}
	r := &reader{file: name}
	if info.Size() > maxFile {
		r.wrong(1, "more than %d KiB", maxFile>>10)
		return Flow{}, r.problems, nil
	}
	raw, err := fs.ReadFile(dir, name)
	if err != nil {
		return Flow{}, nil, err
	}
	f := Flow{File: name, Line: 1}
	if n, ok := r.open(raw); ok {
		r.flowOf(n, &f)
	}
	return f, r.problems, nil
}

func (r *reader) flowOf(n *yaml.Node, f *Flow) {
	r.fields(n, "a flow", map[string]func(*yaml.Node){
		"id":         func(n *yaml.Node) { f.ID = r.name(n, "id"); r.flow = f.ID },
		"about":      func(n *yaml.Node) { f.About = r.string(n, "about") },
		"triggers":   func(n *yaml.Node) { r.triggers(n, f) },
		"quick":      func(n *yaml.Node) { f.Quick = r.bool(n, "quick") },
		"claim":      func(n *yaml.Node) { f.Claim = r.bool(n, "claim") },
		"interrupts": func(n *yaml.Node) { f.Interrupts = r.bool(n, "interrupts") },
		"requires":   func(n *yaml.Node) { f.Requires = r.requires(n) },
		"limits": func(n *yaml.Node) {
			r.fields(n, "limits", map[string]func(*yaml.Node){"refund_max": func(n *yaml.Node) { f.RefundMax = r.money(n, "refund_max") }})
		},
		"slots":   func(n *yaml.Node) { f.Slots = r.slots(n) },
		"steps":   func(n *yaml.Node) { f.Steps = r.steps(n) },
		"on_fail": func(n *yaml.Node) { f.OnFail = r.name(n, "on_fail") },
	})
	if f.ID == "" || f.About == "" || len(f.Steps) == 0 {
		r.wrong(n.Line, "a flow needs id, about and steps")
	}
	if len(f.Steps) > maxSteps || len(f.Slots) > maxSlots {
		r.wrong(n.Line, "more than %d steps or %d slots: make two flows of it", maxSteps, maxSlots)
	}
}

func (r *reader) triggers(n *yaml.Node, f *Flow) {
	r.fields(n, "triggers", map[string]func(*yaml.Node){
		"intents":  func(n *yaml.Node) { f.Intents = r.strings(n, "intents") },
		"events":   func(n *yaml.Node) { f.Events = r.strings(n, "events") },
		"words":    func(n *yaml.Node) { f.Words = r.strings(n, "words") },
		"findings": func(n *yaml.Node) { f.Findings = r.strings(n, "findings") },
	})
}

func (r *reader) requires(n *yaml.Node) Requires {
	q := Requires{line: n.Line}
	r.fields(n, "requires", map[string]func(*yaml.Node){
		"caller":  func(n *yaml.Node) { q.Caller = r.bool(n, "caller") },
		"product": func(n *yaml.Node) { q.Product = r.bool(n, "product") },
		"order":   func(n *yaml.Node) { q.Order = r.strings(n, "order") },
	})
	return q
}

// kinds of slots by their names in files.
func slotKinds() map[string]fact.Kind {
	return map[string]fact.Kind{"text": fact.Text, "count": fact.Count, "digits": fact.Digits, "money": fact.Money}
}

func (r *reader) slots(n *yaml.Node) []Slot {
	var out []Slot
	if n.Kind != yaml.MappingNode {
		r.wrong(n.Line, "slots must be names and what they are")
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		s := Slot{Line: n.Content[i].Line, Kind: fact.Text}
		s.Name = r.name(n.Content[i], "a slot")
		if slices.ContainsFunc(out, func(o Slot) bool { return o.Name == s.Name }) {
			r.wrong(s.Line, "slot %q comes twice", s.Name)
		}
		r.slot(n.Content[i+1], &s)
		out = append(out, s)
	}
	return out
}

func (r *reader) slot(n *yaml.Node, s *Slot) {
	r.fields(n, "slot "+s.Name, map[string]func(*yaml.Node){
		"kind": func(n *yaml.Node) {
			k, ok := slotKinds()[n.Value]
			if !ok {
				r.wrong(n.Line, "kind must be one of %v", sortedKeys(slotKinds()))
			}
			s.Kind = k
		},
		"fact":     func(n *yaml.Node) { s.Fact = r.string(n, "fact") },
		"entity":   func(n *yaml.Node) { s.Entity = r.string(n, "entity") },
		"read":     func(n *yaml.Node) { s.Read = r.name(n, "read") },
		"choices":  func(n *yaml.Node) { s.Choices = r.choices(n) },
		"words":    func(n *yaml.Node) { s.Words = r.int(n, "words", 1, 200) },
		"optional": func(n *yaml.Node) { s.Optional = r.bool(n, "optional") },
		"ask":      func(n *yaml.Node) { s.Ask = r.raw(n, "ask") },
		"expect":   func(n *yaml.Node) { s.Expect = r.string(n, "expect") },
		"phrases":  func(n *yaml.Node) { s.Phrases = r.strings(n, "phrases") },
		"digits":   func(n *yaml.Node) { s.Digits = r.ints(n, "digits", 1, 30) },
		"validate": func(n *yaml.Node) { s.Validate = r.cond(n, "validate") },
		"invalid":  func(n *yaml.Node) { s.Invalid = r.raw(n, "invalid") },
		"retries":  func(n *yaml.Node) { s.Retries = r.int(n, "retries", 1, 5) },
		"on_miss":  func(n *yaml.Node) { s.OnMiss = r.name(n, "on_miss") },
	})
	switch {
	case s.Fact == "" && s.Entity == "" && s.Read == "" && s.Words == 0 && len(s.Choices) == 0:
		r.wrong(s.Line, "slot %q is never filled: it needs fact, entity, read, choices or words", s.Name)
	case (s.Validate == nil) != (s.Invalid.source == ""):
		r.wrong(s.Line, "slot %q: validate and invalid come together", s.Name)
	case (s.Retries == 0) != (s.OnMiss == ""):
		r.wrong(s.Line, "slot %q: retries and on_miss come together", s.Name)
	case s.Optional == (s.Ask.source != ""):
		r.wrong(s.Line, "slot %q needs either ask or optional", s.Name)
	case !slices.Contains([]string{"", "open", "digits", "yesno"}, s.Expect):
		r.wrong(s.Line, "slot %q: expect must be open, digits or yesno", s.Name)
	}
}

func (r *reader) choices(n *yaml.Node) []Choice {
	var out []Choice
	if n.Kind != yaml.MappingNode {
		r.wrong(n.Line, "choices must be values and the words that choose them")
		return nil
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		out = append(out, Choice{Value: r.string(n.Content[i], "a choice"), Words: r.strings(n.Content[i+1], "the words of a choice")})
	}
	return out
}

func (r *reader) cond(n *yaml.Node, what string) *Cond {
	return &Cond{source: r.string(n, what), line: n.Line}
}

// errVerb is what a step without exactly one verb is told.
var errVerb = errors.New("a step needs exactly one of say, ask, tool, branch, confirm, evidence, handoff, do, goto, start")
