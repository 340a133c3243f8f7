package sop

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Summary is a flow in a few words.
type Summary struct {
	ID       string   `json:"id"`
	About    string   `json:"about"`
	File     string   `json:"file"`
	Triggers []string `json:"triggers"`
	// Tools lists what it uses, a write marked with a star.
	Tools []string `json:"tools"`
	Slots []string `json:"slots"`
	Steps int      `json:"steps"`
}

// Summarise describes flows, in the order of their ids.
func Summarise(flows []Flow) []Summary {
	out := make([]Summary, 0, len(flows))
	for _, f := range flows {
		s := Summary{ID: f.ID, About: f.About, File: f.File, Steps: len(f.Steps), Triggers: slices.Clone(f.Intents)}
		for _, e := range f.Events {
			s.Triggers = append(s.Triggers, "event "+e)
		}
		for _, k := range f.Findings {
			s.Triggers = append(s.Triggers, "photo "+k)
		}
		if len(f.Words) > 0 {
			s.Triggers = append(s.Triggers, "words")
		}
		for _, x := range f.Slots {
			s.Slots = append(s.Slots, x.Name)
		}
		for _, x := range f.Steps {
			if x.Tool != nil {
				s.Tools = append(s.Tools, star(x.Tool.Name))
			}
			if x.See != nil {
				s.Tools = append(s.Tools, "photo evidence")
			}
		}
		slices.Sort(s.Tools)
		s.Tools = slices.Compact(s.Tools)
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b Summary) int { return strings.Compare(a.ID, b.ID) })
	return out
}

func star(name string) string {
	if t, ok := standard(name); ok && t.Guarded() {
		return name + "*"
	}
	return name
}

// Markdown writes a table of flows.
func Markdown(w io.Writer, list []Summary) error {
	var b strings.Builder
	b.WriteString("| flow | what for | started by | tools (* writes, after a yes) |\n|---|---|---|---|\n")
	for _, s := range list {
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", s.ID, s.About, strings.Join(s.Triggers, ", "), strings.Join(s.Tools, ", "))
	}
	_, err := io.WriteString(w, b.String())
	return err
}
