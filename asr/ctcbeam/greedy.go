package ctcbeam

// Best1 is the best path of frames as they come: the best token of each,
// repeats and blanks fallen away. It belongs to one goroutine.
type Best1 struct {
	blank, last, frame int
	path               Path
}

// NewBest1 starts a search.
func NewBest1(blank int) *Best1 { return &Best1{blank: blank, last: blank} }

// Reset starts over.
func (g *Best1) Reset() {
	g.last, g.frame = g.blank, 0
	g.path.Tokens, g.path.Score = g.path.Tokens[:0], 0
}

// CopyFrom takes over where another search stands.
func (g *Best1) CopyFrom(o *Best1) {
	tokens := append(g.path.Tokens[:0], o.path.Tokens...)
	*g = *o
	g.path.Tokens = tokens
}

// Frames is how many frames were taken since Reset.
func (g *Best1) Frames() int { return g.frame }

// Frame takes the next frame of log probabilities.
func (g *Best1) Frame(row []float32) {
	id := Best(row)
	lp := row[id]
	g.path.Score += lp
	switch {
	case id == g.blank:
	case id == g.last:
		t := &g.path.Tokens[len(g.path.Tokens)-1]
		t.Last, t.LogProb = g.frame, max(t.LogProb, lp)
	default:
		g.path.Tokens = append(g.path.Tokens, Token{ID: id, First: g.frame, Last: g.frame, LogProb: lp})
	}
	g.last = id
	g.frame++
}

// Paths is the one reading, valid until the next Frame.
func (g *Best1) Paths(int) []Path { return []Path{g.path} }
