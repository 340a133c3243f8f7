package outbound

// Report is where a campaign stands.
type Report struct {
	Campaign Campaign  `json:"campaign"`
	Contacts []Contact `json:"contacts"`
	Attempts []Attempt `json:"attempts"`
}

// States counts contacts by state.
func (r Report) States() map[ContactState]int {
	n := map[ContactState]int{}
	for _, c := range r.Contacts {
		n[c.State]++
	}
	return n
}

// Dispositions counts attempts by how they ended.
func (r Report) Dispositions() map[Disposition]int {
	n := map[Disposition]int{}
	for _, a := range r.Attempts {
		if a.State != AttemptDialling {
			n[a.Disposition]++
		}
	}
	return n
}
