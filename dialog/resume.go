package dialog

import (
	"slices"
	"strconv"
)

// A checkpoint names the step that each flow stands at. A procedure that is
// changed under a conversation has its steps elsewhere, or no more: a flow goes
// on at the step of the name, and where there is none it begins anew. It never
// goes on at the step that happens to have the number, for a yes that was meant
// for one question must not answer another.

// stepNames are the names of a flow's steps: those it gives, else place and
// number of steps, so that a flow that grew begins anew as well.
func stepNames(f Flow) []string {
	if len(f.Names) == len(f.Steps) {
		return f.Names
	}
	out := make([]string, len(f.Steps))
	for i := range out {
		out[i] = strconv.Itoa(i+1) + "/" + strconv.Itoa(len(f.Steps))
	}
	return out
}

// mark notes by name where the flows under way stand.
func (e *Engine) mark(st *State) {
	for i := range st.Frames {
		f := &st.Frames[i]
		f.At = ""
		if names := e.names[f.Flow]; f.Step < len(names) {
			f.At = names[f.Step]
		}
	}
}

// resume finds the steps that the flows under way stand at. What cannot be gone
// on with begins anew, without anything that was filled in or agreed to, and
// the caller is told; a flow that is no more is dropped.
func (e *Engine) resume(sc *Scene) {
	st := sc.State
	lost := false
	for i := range st.Frames {
		f := &st.Frames[i]
		names := e.names[f.Flow]
		if f.At == "" || f.Step < len(names) && names[f.Step] == f.At {
			continue
		}
		if at := slices.Index(names, f.At); at >= 0 {
			f.Step = at
			continue
		}
		lost = true
		st.Serial++ // its writes are other writes
		*f = Frame{Flow: f.Flow, Serial: st.Serial, Slots: make(map[string]string)}
	}
	gone := func(f Frame) bool { return len(e.flows[f.Flow].Steps) == 0 }
	lost = lost || slices.ContainsFunc(st.Frames, gone)
	st.Frames = slices.DeleteFunc(st.Frames, gone)
	st.Later = slices.DeleteFunc(st.Later, func(l Later) bool { return len(e.flows[l.Flow].Steps) == 0 })
	if lost {
		sc.Say(FromFlow("resume"), "不好意思，店里的办理步骤刚更新，这件事我们从头再确认一遍。")
	}
}
