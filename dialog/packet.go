package dialog

// evidence lists, for the person who takes over, the records that the last
// reply spoke of and the photos that were sent.
func (sc *Scene) evidence() []string {
	var out []string
	seen := make(map[string]bool)
	add := func(s string) {
		if !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	for _, s := range sc.State.Last.Sentences {
		for _, src := range s.Sources {
			if src.Kind != "flow" && src.Kind != "model" {
				add(src.Kind + " " + src.ID)
			}
		}
	}
	for _, id := range sc.State.PhotoIDs {
		add("photo " + id)
	}
	for _, f := range sc.State.Photos {
		add("finding " + f.Kind + " " + f.Label)
	}
	return out
}

// nextStep is what was under way when the conversation was handed over.
func (sc *Scene) nextStep() string {
	for i := len(sc.State.Frames) - 1; i >= 0; i-- {
		if f := sc.State.Frames[i]; f.Asked {
			return "continue " + f.Flow
		}
	}
	return ""
}
