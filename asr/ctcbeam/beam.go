package ctcbeam

import (
	"cmp"
	"math"
	"slices"

	"waggle/asr/hotwords"
)

// Width is the usual number of prefixes that are followed at once.
const Width = 8

// pruned is how far below a frame's best token another may lie and still
// extend a prefix, in natural logarithms.
const pruned = 8

// Beam is a prefix beam search over frames as they come. It belongs to one
// goroutine. In the steady state Frame does not allocate, but for the memory of
// an utterance longer than any before.
type Beam struct {
	blank, width int
	raised       *hotwords.Graph
	frame        int
	active, next []prefix
	past         []spoken // tokens before the last of any prefix
	order        []int    // tokens of a frame worth trying
}

// prefix is a sequence of tokens; those before the last are in Beam.past.
type prefix struct {
	token  Token  // ID is -1 of the empty prefix
	before int32  // index into past of the token before, -1 of none
	saved  int32  // index of token in past once something extends it
	hash   uint64 // of the whole sequence: equal means the same prefix
	length int
	// Log probabilities of all paths that end in a blank and in the token.
	blank, sound float64
	// bonus is what hotwords earned so far.
	bonus float64
	place hotwords.State
	score float64 // of all paths and the bonus, once the frame is over
}

type spoken struct {
	token  Token
	before int32
}

// NewBeam starts a search. width is how many prefixes are followed.
func NewBeam(blank, width int) *Beam {
	b := &Beam{blank: blank, width: width}
	b.Reset()
	return b
}

// Reset starts over; phrases stay raised.
func (b *Beam) Reset() {
	b.frame, b.past = 0, b.past[:0]
	b.active = append(b.active[:0], prefix{token: Token{ID: -1}, before: -1, saved: -1, sound: math.Inf(-1)})
}

// Raise makes the phrases of g likelier, before the first frame; nil ends it.
func (b *Beam) Raise(g *hotwords.Graph) { b.raised = g }

// CopyFrom takes over where another search stands.
func (b *Beam) CopyFrom(o *Beam) {
	b.blank, b.width, b.raised, b.frame = o.blank, o.width, o.raised, o.frame
	b.active = append(b.active[:0], o.active...)
	b.past = append(b.past[:0], o.past...)
}

// Frames is how many frames were taken since Reset.
func (b *Beam) Frames() int { return b.frame }

// Frame takes the next frame of log probabilities.
func (b *Beam) Frame(row []float32) {
	b.next = b.next[:0]
	b.choose(row)
	for i := range b.active {
		p := &b.active[i]
		p.saved = -1 // its last token may have grown since
		b.stay(p, row)
	}
	for i := range b.active {
		for _, id := range b.order {
			b.extend(&b.active[i], id, float64(row[id]))
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
	q := *p
	q.blank, q.sound = logAdd(p.blank, p.sound)+float64(row[b.blank]), math.Inf(-1)
	if id := p.token.ID; id >= 0 {
		q.sound = p.sound + float64(row[id])
		if q.sound > q.blank {
			q.token.Last = b.frame
		}
		if p.sound > p.blank { // not a later one of the same name
			q.token.LogProb = max(q.token.LogProb, row[id])
		}
	}
	b.next = append(b.next, q)
}

// extend makes p longer by a token, or adds to the same prefix found already.
func (b *Beam) extend(p *prefix, id int, lp float64) {
	from := logAdd(p.blank, p.sound)
	if id == p.token.ID {
		from = p.blank // without a blank between, it is the same token
	}
	score := from + lp
	if math.IsInf(score, -1) {
		return
	}
	hash := follow(p.hash, id)
	for i := range b.next {
		if q := &b.next[i]; q.hash == hash && q.length == p.length+1 && q.token.ID == id {
			if score > q.sound { // it begins here rather than where it was first tried
				q.token = Token{ID: id, First: b.frame, Last: b.frame, LogProb: float32(lp)}
			}
			q.sound = logAdd(q.sound, score)
			return
		}
	}
	earned, place := b.raised.Step(p.place, id)
	b.next = append(b.next, prefix{
		before: b.save(p), saved: -1, hash: hash, length: p.length + 1, blank: math.Inf(-1), sound: score,
		bonus: p.bonus + float64(earned), place: place,
		token: Token{ID: id, First: b.frame, Last: b.frame, LogProb: float32(lp)},
	})
}

// save puts the last token of p where longer prefixes find it.
func (b *Beam) save(p *prefix) int32 {
	if p.length > 0 && p.saved < 0 {
		p.saved = int32(len(b.past))
		b.past = append(b.past, spoken{p.token, p.before})
	}
	return p.saved
}

// follow hashes a sequence that goes on with id (splitmix64).
func follow(hash uint64, id int) uint64 {
	h := hash + uint64(id)*0x9e3779b97f4a7c15 + 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

func (b *Beam) prune() {
	for i := range b.next {
		p := &b.next[i]
		p.score = logAdd(p.blank, p.sound) + p.bonus
	}
	slices.SortFunc(b.next, worse)
	b.active = append(b.active[:0], b.next[:min(b.width, len(b.next))]...)
}

// worse orders by score; equal scores by length and token.
func worse(p, q prefix) int {
	return cmp.Or(cmp.Compare(q.score, p.score), cmp.Compare(p.length, q.length), cmp.Compare(p.token.ID, q.token.ID))
}

// Paths are the best n readings of what was heard so far, best first. Phrases
// left half-said have given back what they earned.
func (b *Beam) Paths(n int) []Path {
	list := make([]Path, 0, len(b.active))
	for i := range b.active {
		p := &b.active[i]
		path := Path{
			Score:  float32(logAdd(p.blank, p.sound) + p.bonus + float64(b.raised.End(p.place))),
			Tokens: make([]Token, p.length),
		}
		if p.length > 0 {
			path.Tokens[p.length-1] = p.token
		}
		at := p.before
		for k := p.length - 2; k >= 0; k-- {
			path.Tokens[k], at = b.past[at].token, b.past[at].before
		}
		list = append(list, path)
	}
	slices.SortStableFunc(list, func(x, y Path) int { return cmp.Compare(y.Score, x.Score) })
	return list[:min(n, len(list))]
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
