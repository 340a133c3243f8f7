package ctc

// link is one recognised word in the chain that ends in a token.
type link struct {
	word       int32
	back       int32
	begin, end int32
	sound      float32 // acoustic score from the start of the utterance to end
	text       uint32  // hash of the words up to this one
	alts       rivals  // other histories of what came before the word
}

// rivals are the nearest losing histories of one place; they become the n-best
// list. Unused ones have no delta.
type rivals [3]rival

// rival is another history, worse by delta.
type rival struct {
	hist  int32
	text  uint32
	delta float32
}

func (r rival) used() bool { return r.delta > 0 }

// add keeps the nearest rivals, one per text: the same words a frame later are
// no other reading.
func (rs *rivals) add(r rival) {
	r.delta = max(r.delta, 1e-6)
	worst := 0
	for i, b := range rs {
		switch {
		case !b.used():
			rs[i] = r
			return
		case b.text == r.text:
			if r.delta < b.delta {
				rs[i] = r
			}
			return
		case b.delta > rs[worst].delta:
			worst = i
		}
	}
	if r.delta < rs[worst].delta {
		rs[worst] = r
	}
}

// shift moves the rivals when a better history took over.
func (rs *rivals) shift(by float32) {
	for i := range rs {
		if rs[i].used() {
			rs[i].delta += by
		}
	}
}

// arrival is one way into a hypothesis.
type arrival struct {
	score, lm   float32
	hist, begin int32
	text        uint32
}

// merge keeps the history of the larger contribution and remembers the other
// as a rival. alts are the rivals of the arriving history, nil for none.
func (t *token) merge(a arrival, alts *rivals) {
	switch {
	case t.best <= never:
		t.take(a)
		if alts != nil {
			t.alts = *alts
		}
	case t.text == a.text:
		if a.score > t.best {
			t.take(a)
		}
	case a.score <= t.best:
		t.alts.add(rival{a.hist, a.text, t.best - a.score})
	default:
		by := a.score - t.best
		lost := rival{t.hist, t.text, by}
		t.alts.shift(by)
		t.take(a)
		t.alts.add(lost)
	}
}

func (t *token) take(a arrival) {
	t.best, t.lm, t.hist, t.begin, t.text = a.score, a.lm, a.hist, a.begin, a.text
}

// link writes down that word w of t ends now.
func (d *Decoder) link(w int32, t *token, sound float32) int32 {
	text := (t.text ^ uint32(w)) * 16777619 // FNV-1a, a word at a time
	d.links = append(d.links, link{word: w, back: t.hist, begin: t.begin, end: d.frame, sound: sound, text: text, alts: t.alts})
	return int32(len(d.links) - 1)
}
