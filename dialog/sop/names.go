package sop

import (
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"waggle/dialog"
)

// Names of steps outlive a change of the file: a conversation that stands at a
// step finds it by its name when the procedure was changed meanwhile. A step has
// the id that is written, else a name by what it does, so that steps before it
// may come and go. Rewording a sentence makes another step of it only where the
// sentence is all there is; a question of a slot stays what it is.

// name is by what the step does.
func (s *Step) name() string {
	switch {
	case s.written:
		return s.ID
	case s.Ask != "":
		return "ask:" + s.Ask
	case s.Confirm != nil:
		return "confirm:" + s.Confirm.Does
	case s.See != nil:
		return "evidence:" + s.See.Kind
	case s.Tool != nil:
		return "tool:" + s.Tool.Name
	case s.Do != "":
		return "do:" + s.Do
	case s.Goto != "":
		return "goto:" + s.Goto
	case s.Start != "":
		return "start:" + s.Start
	case s.Say != nil:
		return "say:" + hashed(s.Say.Text.source)
	case s.HandOff != nil:
		return "handoff:" + hashed(s.HandOff.Text.source)
	}
	ways := ""
	for _, c := range s.Branch {
		ways += c.Goto + " "
	}
	return "branch:" + hashed(ways)
}

func hashed(text string) string {
	h := fnv.New32a()
	h.Write([]byte(text))
	return fmt.Sprintf("%08x", h.Sum32())
}

// names lists the names of the compiled steps: first of them see to what the
// flow requires, the others are its own. Of several alike each has its number.
func (f *Flow) names(first int) []string {
	out := make([]string, 0, first+len(f.Steps))
	for i := range first {
		out = append(out, "requires:"+strconv.Itoa(i+1)+"/"+strconv.Itoa(first))
	}
	seen := make(map[string]int)
	for i := range f.Steps {
		n := f.Steps[i].name()
		if seen[n]++; seen[n] > 1 {
			n += "#" + strconv.Itoa(seen[n])
		}
		out = append(out, n)
	}
	return out
}

// unfilled finds the step that asks for a slot which the deed needs and nothing
// has filled. The linter leaves no way to that, but a conversation may have
// passed where a new version of the procedure asks.
func (c *compiler) unfilled(sc *dialog.Scene, does *Step) (step string, ok bool) {
	for _, arg := range does.Tool.Args {
		for _, v := range arg.values {
			name, isSlot := strings.CutPrefix(v.path, "slot.")
			if slot, known := c.flow.slot(name); !isSlot || !known || slot.Optional || sc.Slot(name) != "" {
				continue
			}
			for _, s := range c.flow.Steps {
				if s.Ask == name {
					return s.ID, true
				}
			}
		}
	}
	return "", false
}
