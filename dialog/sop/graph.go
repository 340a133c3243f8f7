package sop

// edges lists where the flow can go from step i; len(f.Steps) is the end.
func (f *Flow) edges(i int) []int {
	over := len(f.Steps)
	at := func(id string) int {
		if n, ok := f.step(id); ok {
			return n
		}
		return over
	}
	s := f.Steps[i]
	out := []int{}
	falls := true
	switch {
	case s.Goto != "":
		out, falls = append(out, at(s.Goto)), false
	case s.Start != "", s.HandOff != nil:
		out, falls = append(out, over), false
	case s.Branch != nil:
		for _, c := range s.Branch {
			out = append(out, at(c.Goto))
			falls = falls && c.If != nil
		}
	case s.Tool != nil:
		for _, to := range s.Tool.OnFail {
			out = append(out, at(to))
		}
		if f.OnFail != "" && s.Tool.OnFail["else"] == "" {
			out = append(out, at(f.OnFail))
		}
	case s.Confirm != nil:
		out = append(out, at(s.Confirm.No))
		if s.Confirm.Amended != "" {
			out = append(out, at(s.Confirm.Amended))
		}
		if does, ok := f.step(s.Confirm.Does); ok && f.Steps[does].Tool != nil {
			for _, to := range f.Steps[does].Tool.OnFail { // the plan may be refused
				out = append(out, at(to))
			}
		}
	case s.Ask != "":
		if slot, ok := f.slot(s.Ask); ok && slot.OnMiss != "" {
			out = append(out, at(slot.OnMiss))
		}
	}
	if falls || s.If != nil {
		out = append(out, i+1)
	}
	return out
}

// reach lists which steps can be reached from the first without passing one
// that stops; the last element stands for the end.
func (f *Flow) reach(stops func(Step) bool) []bool {
	seen := make([]bool, len(f.Steps)+1)
	todo := []int{0}
	for len(todo) > 0 {
		i := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if seen[i] {
			continue
		}
		seen[i] = true
		if i < len(f.Steps) && !stops(f.Steps[i]) {
			todo = append(todo, f.edges(i)...)
		}
	}
	return seen
}

// waits tells that a step may end the turn, so that a loop through it cannot
// spin.
func (f *Flow) waits(s Step) bool {
	slot, ok := f.slot(s.Ask)
	return ok && !slot.Optional || s.Confirm != nil || s.See != nil
}
