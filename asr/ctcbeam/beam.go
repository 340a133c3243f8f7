package ctcbeam

import (
	"cmp"
	"math"
	"slices"
)

// Width is the usual number of prefixes that are followed at once.
const Width = 8

// pruned is how far below a frame's best token another may lie and still
// extend a prefix, in natural logarithms.
const pruned = 8

// Beam is a prefix beam search over frames as they come. It belongs to one
// goroutine.
type Beam struct {
	blank, width int
	frame        int
	active       []*prefix
	next         map[key]*prefix
	order        []int // tokens of a frame worth trying
}

// prefix is a sequence of tokens; those before the last are shared through
// before.
type prefix struct {
	before *prefix
	token  Token // ID is -1 of the empty prefix
	// Log probabilities of all paths that end in a blank and in the token.
	blank, sound float64
	id           int
	length       int
}

// key names the prefix that extends another by a token.
type key struct{ parent, token int }

// NewBeam starts a search. width is how many prefixes are followed.
func NewBeam(blank, width int) *Beam {
	b := &Beam{blank: blank, width: width}
	b.Reset()
	return b
}

// Reset starts over.
func (b *Beam) Reset() {
	b.frame = 0
	b.active = []*prefix{{token: Token{ID: -1}, blank: 0, sound: math.Inf(-1)}}
}

func (p *prefix) total() float64 { return logAdd(p.blank, p.sound) }

// Frame takes the next frame of log probabilities.
func (b *Beam) Frame(row []float32) {
	b.next = make(map[key]*prefix, 4*b.width)
	b.choose(row)
	for i, p := range b.active {
		p.id = i
	}
	for _, p := range b.active {
		b.stay(p, row)
	}
	for _, p := range b.active {
		for _, id := range b.order {
			b.extend(p, id, float64(row[id]))
		}
	}
	b.prune()
	b.frame++
}

// choose lists the tokens near the best of the frame, without the blank.
func (b *Beam) choose(row []float32) {
	floor := row[Best(row)] - pruned
	b.order = b.order[:0]
	for id, v := range row {
		if v >= floor && id != b.blank {
			b.order = append(b.order, id)
		}
	}
	if most := 2 * b.width; len(b.order) > most {
		slices.SortFunc(b.order, func(x, y int) int { return cmp.Compare(row[y], row[x]) })
		b.order = b.order[:most]
	}
}

// stay carries a prefix over by a blank or by repeating its last token.
func (b *Beam) stay(p *prefix, row []float32) {
	q := &prefix{before: p.before, token: p.token, length: p.length, blank: p.total() + float64(row[b.blank]), sound: math.Inf(-1)}
	if id := p.token.ID; id >= 0 {
		q.sound = p.sound + float64(row[id])
		if q.sound > q.blank {
			q.token.Last = b.frame
		}
		q.token.LogProb = max(q.token.LogProb, row[id])
	}
	b.next[key{p.id, -1}] = q
}

// extend makes p longer by a token, or adds to the same prefix found already.
func (b *Beam) extend(p *prefix, id int, lp float64) {
	from := p.total()
	if id == p.token.ID {
		from = p.blank // without a blank between, it is the same token
	}
	score := from + lp
	if math.IsInf(score, -1) {
		return
	}
	if same := b.twin(p, id); same != nil {
		same.sound = logAdd(same.sound, score)
		return
	}
	b.next[key{p.id, id}] = &prefix{
		before: p, length: p.length + 1, blank: math.Inf(-1), sound: score,
		token: Token{ID: id, First: b.frame, Last: b.frame, LogProb: float32(lp)},
	}
}

// twin is the carried-over prefix that reads p's tokens and then id.
func (b *Beam) twin(p *prefix, id int) *prefix {
	for _, other := range b.active {
		if other.token.ID == id && other.length == p.length+1 && equal(other.before, p) {
			return b.next[key{other.id, -1}]
		}
	}
	return nil
}

// equal compares the tokens of two prefixes.
func equal(a, c *prefix) bool {
	for a != c {
		if a == nil || c == nil || a.token.ID != c.token.ID || a.length != c.length {
			return false
		}
		a, c = a.before, c.before
	}
	return true
}

func (b *Beam) prune() {
	b.active = b.active[:0]
	for _, p := range b.next {
		b.active = append(b.active, p)
	}
	slices.SortFunc(b.active, worse)
	b.active = b.active[:min(b.width, len(b.active))]
}

// worse orders by score; equal scores by length and token, so that a result
// does not depend on the order of a map.
func worse(p, q *prefix) int {
	return cmp.Or(cmp.Compare(q.total(), p.total()), cmp.Compare(p.length, q.length), cmp.Compare(p.token.ID, q.token.ID))
}

// Paths are the best n readings of what was heard so far, best first.
func (b *Beam) Paths(n int) []Path {
	var list []Path
	for _, p := range b.active[:min(n, len(b.active))] {
		path := Path{Score: float32(p.total()), Tokens: make([]Token, p.length)}
		for q := p; q != nil && q.length > 0; q = q.before {
			path.Tokens[q.length-1] = q.token
		}
		list = append(list, path)
	}
	return list
}

func logAdd(a, c float64) float64 {
	if a < c {
		a, c = c, a
	}
	if math.IsInf(c, -1) {
		return a
	}
	return a + math.Log1p(math.Exp(c-a))
}
