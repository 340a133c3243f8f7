package lexicon

// Layout is what a family puts around and between the ids of a phrase.
type Layout struct {
	// Head and Tail stand at both ends and have blanks between them as all
	// ids have; First and Last stand outside of everything.
	First, Head, Tail, Last []int64
	Blank                   int64
	Blanks                  Blanks
}

// Blanks says where the blank of a Layout stands.
type Blanks int

const (
	// NoBlanks stands nowhere.
	NoBlanks Blanks = iota
	// Between is a blank between each two ids (piper).
	Between
	// Around is Between and one at each end (VITS, Matcha, MeloTTS).
	Around
)

// frame lays out the ids of e; tones get 0 wherever something is put in.
func (l Layout) frame(e *Encoded, toned bool) {
	inner := make([]int64, 0, len(l.Head)+len(e.IDs)+len(l.Tail))
	inner = append(append(append(inner, l.Head...), e.IDs...), l.Tail...)
	ids := make([]int64, 0, 2*len(inner)+1+len(l.First)+len(l.Last))
	ids = append(ids, l.First...)
	ids = append(l.spread(ids, inner, l.Blank), l.Last...)
	if toned {
		tones := make([]int64, 0, cap(ids))
		padded := make([]int64, len(l.Head), len(inner))
		padded = append(append(padded, e.Tones...), make([]int64, len(l.Tail))...)
		tones = append(tones, make([]int64, len(l.First))...)
		e.Tones = append(l.spread(tones, padded, 0), make([]int64, len(l.Last))...)
	}
	e.IDs = ids
}

// spread appends list with blanks to dst.
func (l Layout) spread(dst, list []int64, blank int64) []int64 {
	for i, id := range list {
		if l.Blanks == Around || l.Blanks == Between && i > 0 {
			dst = append(dst, blank)
		}
		dst = append(dst, id)
	}
	if l.Blanks == Around {
		dst = append(dst, blank)
	}
	return dst
}
