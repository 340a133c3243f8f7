package sop

import (
	"slices"
	"strconv"

	"gopkg.in/yaml.v3"

	"waggle/dialog/tool"
)

func (r *reader) steps(n *yaml.Node) []Step {
	var out []Step
	r.items(n, "steps", func(n *yaml.Node) {
		s := r.step(n)
		if s.written = s.ID != ""; !s.written {
			s.ID = "step-" + strconv.Itoa(len(out)+1)
		}
		if s.ID == End || slices.ContainsFunc(out, func(o Step) bool { return o.ID == s.ID }) {
			r.wrong(s.Line, "step id %q is taken", s.ID)
		}
		out = append(out, s)
	})
	return out
}

// step reads one step: its verb, and the keys that belong to it.
func (r *reader) step(n *yaml.Node) Step {
	s := Step{Line: n.Line}
	verbs := 0
	verb := func(read func(*yaml.Node)) func(*yaml.Node) {
		return func(n *yaml.Node) { verbs++; read(n) }
	}
	say, use, ask := &Say{}, &Use{Args: map[string]text{}, OnFail: map[string]string{}}, &Confirm{}
	hand := &HandOff{}
	belongs := map[string]string{"detail": "say", "card": "say", "refuses": "say", "args": "tool", "as": "tool", "on_fail": "tool",
		"does": "confirm", "lead": "confirm", "once": "confirm", "amend": "confirm", "on_amend": "confirm", "on_no": "confirm", "reason": "handoff", "next": "handoff"}
	r.fields(n, "a step", map[string]func(*yaml.Node){
		"id": func(n *yaml.Node) { s.ID = r.name(n, "id") },
		"if": func(n *yaml.Node) { s.If = r.cond(n, "if") },

		"say":     verb(func(n *yaml.Node) { s.Say, say.Text = say, r.raw(n, "say") }),
		"detail":  func(n *yaml.Node) { say.Detail = r.bool(n, "detail") },
		"refuses": func(n *yaml.Node) { say.Refuses = r.bool(n, "refuses") },
		"card":    func(n *yaml.Node) { say.Card = r.name(n, "card") },

		"ask":    verb(func(n *yaml.Node) { s.Ask = r.name(n, "ask") }),
		"branch": verb(func(n *yaml.Node) { s.Branch = r.branch(n) }),
		"do":     verb(func(n *yaml.Node) { s.Do = r.name(n, "do") }),
		"goto":   verb(func(n *yaml.Node) { s.Goto = r.name(n, "goto") }),
		"start":  verb(func(n *yaml.Node) { s.Start = r.name(n, "start") }),

		"tool":    verb(func(n *yaml.Node) { s.Tool, use.Name = use, r.name(n, "tool") }),
		"args":    func(n *yaml.Node) { r.args(n, use) },
		"as":      func(n *yaml.Node) { use.As = r.name(n, "as") },
		"on_fail": func(n *yaml.Node) { r.onFail(n, use) },

		"confirm":  verb(func(n *yaml.Node) { s.Confirm, ask.Text = ask, r.raw(n, "confirm") }),
		"does":     func(n *yaml.Node) { ask.Does = r.name(n, "does") },
		"lead":     func(n *yaml.Node) { ask.Lead = r.raw(n, "lead") },
		"once":     func(n *yaml.Node) { ask.Once = r.bool(n, "once") },
		"amend":    func(n *yaml.Node) { ask.Amend = r.strings(n, "amend") },
		"on_amend": func(n *yaml.Node) { ask.Amended = r.name(n, "on_amend") },
		"on_no":    func(n *yaml.Node) { ask.No = r.name(n, "on_no") },

		"evidence": verb(func(n *yaml.Node) { s.See = r.evidence(n) }),
		"handoff":  verb(func(n *yaml.Node) { s.HandOff, hand.Text = hand, r.raw(n, "handoff") }),
		"reason":   func(n *yaml.Node) { hand.Reason = r.string(n, "reason") },
		"next":     func(n *yaml.Node) { hand.Next = r.string(n, "next") },
	})
	if verbs != 1 {
		r.wrong(n.Line, "%v", errVerb)
		return s
	}
	r.belong(n, belongs)
	if s.Confirm != nil && ask.Once && ask.No == "" {
		r.wrong(n.Line, "an offer that is made once needs on_no, where it goes on without it")
	}
	return s
}

// belong finds keys that stand beside a verb that is not theirs.
func (r *reader) belong(n *yaml.Node, belongs map[string]string) {
	keys := make(map[string]bool)
	for i := 0; i+1 < len(n.Content); i += 2 {
		keys[n.Content[i].Value] = true
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k := n.Content[i]
		if verb, ok := belongs[k.Value]; ok && !keys[verb] {
			r.wrong(k.Line, "key %q belongs to a step with %s", k.Value, verb)
		}
	}
}

func (r *reader) args(n *yaml.Node, u *Use) {
	if n.Kind != yaml.MappingNode {
		r.wrong(n.Line, "args must be names and values")
		return
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		u.Args[r.name(n.Content[i], "an argument")] = r.raw(n.Content[i+1], "an argument")
	}
}

// onFail maps codes to steps; a single name is for every failure.
func (r *reader) onFail(n *yaml.Node, u *Use) {
	if n.Kind == yaml.ScalarNode {
		u.OnFail["else"] = r.name(n, "on_fail")
		return
	}
	known := map[string]func(*yaml.Node){"else": func(n *yaml.Node) { u.OnFail["else"] = r.name(n, "on_fail") }}
	for _, c := range tool.Codes() {
		known[string(c)] = func(n *yaml.Node) { u.OnFail[string(c)] = r.name(n, "on_fail") }
	}
	r.fields(n, "on_fail", known)
}

func (r *reader) branch(n *yaml.Node) []Case {
	var out []Case
	r.items(n, "branch", func(n *yaml.Node) {
		c := Case{Line: n.Line}
		r.fields(n, "a branch", map[string]func(*yaml.Node){
			"if":   func(n *yaml.Node) { c.If = r.cond(n, "if") },
			"goto": func(n *yaml.Node) { c.Goto = r.name(n, "goto") },
			"else": func(n *yaml.Node) { c.Goto = r.name(n, "else") },
		})
		if c.Goto == "" {
			r.wrong(n.Line, "a branch needs if and goto, or else")
		}
		out = append(out, c)
	})
	return out
}

func (r *reader) evidence(n *yaml.Node) *Evidence {
	e := &Evidence{}
	r.fields(n, "evidence", map[string]func(*yaml.Node){
		"kind":    func(n *yaml.Node) { e.Kind = r.name(n, "kind") },
		"labels":  func(n *yaml.Node) { e.Labels = r.strings(n, "labels") },
		"sorry":   func(n *yaml.Node) { e.Sorry = r.raw(n, "sorry") },
		"show":    func(n *yaml.Node) { e.Show = r.string(n, "show") },
		"closer":  func(n *yaml.Node) { e.Closer = r.string(n, "closer") },
		"unclear": func(n *yaml.Node) { e.Unclear = r.string(n, "unclear") },
	})
	if e.Kind == "" || len(e.Labels) == 0 || e.Show == "" || e.Closer == "" || e.Unclear == "" {
		r.wrong(n.Line, "evidence needs kind, labels, show, closer and unclear")
	}
	return e
}
