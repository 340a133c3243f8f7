package ctc

// link is one recognised word in the chain that ends in a token.
type link struct {
	word       int32
	back       int32
	begin, end int32
	sound      float32 // acoustic score from the start of the utterance to end
	alts       [alternates]alternate
}

// alternates is how many losing histories a hypothesis remembers; they become
// the n-best list.
const alternates = 3

// alternate is another history of the same place, worse by delta.
type alternate struct {
	hist    int32
	delta   float32
	pending pending
}

// used tells a real alternate from the zero value: the winner itself has no
// positive delta.
func (a alternate) used() bool { return a.delta > 0 }

func (a alternate) same(b alternate) bool {
	return a.hist == b.hist && a.pending.some == b.pending.some && a.pending.word == b.pending.word
}

// addAlternate keeps the nearest alternates, one per history.
func (t *token) addAlternate(a alternate) {
	a.delta = max(a.delta, 1e-6)
	worst := 0
	for i, b := range t.alts {
		if b.used() && b.same(a) {
			t.alts[i].delta = min(a.delta, b.delta)
			return
		}
		if !b.used() {
			t.alts[i] = a
			return
		}
		if b.delta > t.alts[worst].delta {
			worst = i
		}
	}
	if a.delta < t.alts[worst].delta {
		t.alts[worst] = a
	}
}

// shiftAlternates moves the alternates when a better history took over.
func (t *token) shiftAlternates(by float32) {
	for i := range t.alts {
		if t.alts[i].used() {
			t.alts[i].delta += by
		}
	}
}

// writeDown turns the pending words of a surviving token into links.
func (d *Decoder) writeDown(t *token) {
	for i := range t.alts {
		if a := &t.alts[i]; a.used() && a.pending.some {
			a.hist = d.link(a.hist, a.pending)
			a.pending = pending{}
		}
	}
	if !t.pending.some {
		return
	}
	t.hist = d.link(t.hist, t.pending)
	t.pending = pending{}
	// The rivals belong to the finished words from now on.
	d.links[t.hist].alts = t.alts
	t.alts = [alternates]alternate{}
}

func (d *Decoder) link(back int32, p pending) int32 {
	d.links = append(d.links, link{word: p.word, back: back, begin: p.begin, end: p.end, sound: p.sound})
	return int32(len(d.links) - 1)
}
