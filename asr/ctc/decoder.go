package ctc

import (
	"math"
	"slices"
)

// Settings weigh and bound the search. The zero value of a field takes that
// of DefaultSettings.
type Settings struct {
	// Acoustic scales the recogniser's log probabilities, Language those of
	// the language model; Word is added per word.
	Acoustic, Language, Word float32
	// Beam is how far below the best a hypothesis may fall; Tokens is how many
	// survive a frame.
	Beam   float32
	Tokens int
	// Floor is the least log probability of a unit: what the recogniser
	// excludes too surely can still be said.
	Floor float32
}

// DefaultSettings were tuned on held-out speakers; see models/builtin/asr-zh.md.
func DefaultSettings() Settings {
	return Settings{Acoustic: 1, Language: 0.8, Word: 0.5, Beam: 16, Tokens: 1500, Floor: -12}
}

func (s Settings) orDefault() Settings {
	d := DefaultSettings()
	for _, f := range []struct{ got, def *float32 }{
		{&s.Acoustic, &d.Acoustic}, {&s.Language, &d.Language}, {&s.Word, &d.Word}, {&s.Beam, &d.Beam}, {&s.Floor, &d.Floor},
	} {
		if *f.got == 0 {
			*f.got = *f.def
		}
	}
	if s.Tokens <= 0 {
		s.Tokens = d.Tokens
	}
	return s
}

// token is a hypothesis: a place in the lexicon tree and a state of the
// grammar, with the words that led there.
type token struct {
	key
	blank, unit float32 // ln P(ending in blank), ln P(ending in the node's unit)
	lm          float32 // the part of the score that is not sound
	best        float32 // the largest single contribution, whose history is kept
	hist        int32   // last link, or none
	begin       int32   // frame at which the current word began
	pending     pending // a word completed on the way into this token
	alts        [alternates]alternate
}

// key identifies what future a hypothesis has.
type key struct {
	node  int32
	state state
}

// pending is a word that becomes a link if its token survives the frame.
type pending struct {
	word       int32
	begin, end int32
	some       bool
	sound      float32 // score of sound when the word ended
}

const none int32 = -1

func (t *token) total() float32 { return logAdd(t.blank, t.unit) }

// logAdd is ln(e^a + e^b).
func logAdd(a, b float32) float32 {
	if a < b {
		a, b = b, a
	}
	if b <= never || a-b > 16 {
		return a
	}
	return a + float32(math.Log1p(math.Exp(float64(b-a))))
}

// Decoder searches one utterance at a time. It belongs to one goroutine.
type Decoder struct {
	graph      *Graph
	set        Settings
	hints      Hints
	overlay    overlay
	phraseCost float32

	active []token
	next   table
	links  []link
	frame  int32
	greedy []float32 // sum of each frame's best log probability so far
	voiced []int32   // per frame, behind which frame the latest unit sounded
	lp     []float32 // this frame's scores
	starts []start   // children of the roots, best first
	limit  float32   // scores below it are not followed
	top    float32
	arcBuf []arc
}

// start is a way to begin a word: a child of a root.
type start struct {
	node  int32
	unit  int16
	ahead float32
	score float32
}

// NewDecoder makes a decoder at the start of an utterance without hints.
func (g *Graph) NewDecoder(s Settings) *Decoder {
	d := &Decoder{graph: g, set: s.orDefault(), lp: make([]float32, len(g.units.Tokens))}
	d.next.init()
	d.Begin(Hints{})
	return d
}

// Begin forgets everything and starts an utterance.
func (d *Decoder) Begin(h Hints) {
	d.hints = h
	d.overlay.build(d.graph, h.Phrases)
	d.phraseCost = h.PhraseBoost - float32(math.Log(float64(max(len(h.Phrases), 1))))
	d.links, d.greedy, d.voiced, d.frame = d.links[:0], d.greedy[:0], d.voiced[:0], 0
	d.active = append(d.active[:0], token{
		key: key{0, state{gram: d.graph.lm.Start()}}, unit: never, hist: none, begin: 0,
	})
}

// Frame takes the recogniser's log probabilities of one output row.
func (d *Decoder) Frame(logProbs []float32) {
	d.scores(logProbs)
	d.rankStarts()
	d.next.clear()
	d.limit, d.top = never, never
	for i := range d.active {
		d.advance(&d.active[i])
	}
	d.prune()
	d.frame++
}

func (d *Decoder) scores(logProbs []float32) {
	best, top, voiced := float32(never), 0, int32(0)
	for i, v := range logProbs {
		if v > best {
			best, top = v, i
		}
		d.lp[i] = d.set.Acoustic * max(v, d.set.Floor)
	}
	if n := len(d.greedy); n > 0 {
		best += d.greedy[n-1]
		voiced = d.voiced[n-1]
	}
	if top != d.graph.units.Blank {
		voiced = d.frame + 1
	}
	d.greedy = append(d.greedy, best)
	d.voiced = append(d.voiced, voiced)
}

// rankStarts orders the first units of words by how well they fit this frame,
// so that a word's end looks only at those worth it.
func (d *Decoder) rankStarts() {
	d.starts = d.starts[:0]
	for _, root := range []int32{0, d.overlay.root} {
		if root == none {
			continue
		}
		c := d.node(root).children
		for i := c.from; i < c.to; i++ {
			id := d.childID(root, i)
			n := d.node(id)
			ahead := d.ahead(n)
			d.starts = append(d.starts, start{id, n.unit, ahead, d.lp[n.unit] + ahead})
		}
	}
	slices.SortFunc(d.starts, func(a, b start) int {
		switch {
		case a.score > b.score:
			return -1
		case a.score < b.score:
			return 1
		}
		return int(a.node - b.node)
	})
}

func (d *Decoder) ahead(n *node) float32 { return d.set.Language * n.ahead }

// advance moves one hypothesis over the frame: it waits in blank, repeats its
// unit, goes on in its word, or ends the word and begins another.
func (d *Decoder) advance(t *token) {
	total := t.total()
	if total < d.limit {
		return
	}
	n := d.node(t.node)
	blank := total + d.lp[d.graph.units.Blank]
	d.stay(t, blank, never)
	if n.unit >= 0 {
		d.stay(t, never, t.unit+d.lp[n.unit])
	}
	if t.node == 0 {
		d.begin(t)
		return
	}
	here := d.ahead(n)
	for i := n.children.from; i < n.children.to; i++ {
		id := d.childID(t.node, i)
		c := d.node(id)
		gain := d.ahead(c) - here
		d.enter(t, key{id, t.state}, d.from(t, total, n.unit, c.unit)+d.lp[c.unit]+gain, t.lm+gain, t.begin, pending{})
	}
	d.finishWord(t, n, total, here)
}

// from is the score that a following unit builds on: repeating a unit needs a
// blank in between.
func (d *Decoder) from(t *token, total float32, unit, next int16) float32 {
	if unit == next {
		return t.blank
	}
	return total
}

// begin starts the first word of the utterance.
func (d *Decoder) begin(t *token) {
	total := t.total()
	for _, s := range d.starts {
		if total+s.score < d.limit {
			break
		}
		d.enter(t, key{s.node, t.state}, total+s.score, t.lm+s.ahead, d.frame, pending{})
	}
}

// finishWord ends the words of node n and begins the next ones.
func (d *Decoder) finishWord(t *token, n *node, total, here float32) {
	if len(d.starts) == 0 {
		return
	}
	for _, w := range d.words(t.node, n) {
		d.arcBuf = d.arcs(t.state, w, d.arcBuf[:0])
		for _, a := range d.arcBuf {
			gain := d.set.Language*a.logp + d.set.Word - here
			if total+gain+d.starts[0].score < d.limit {
				continue
			}
			p := pending{word: w, begin: t.begin, end: d.frame, some: true, sound: total - t.lm}
			for _, s := range d.starts {
				score := total + gain + s.score
				if score < d.limit {
					break
				}
				if s.unit == n.unit {
					score += t.blank - total
				}
				d.enter(t, key{s.node, a.to}, score, t.lm+gain+s.ahead, d.frame, p)
			}
		}
	}
}

// stay adds to the hypothesis that t becomes without a new unit.
func (d *Decoder) stay(t *token, blank, unit float32) {
	if score := max(blank, unit); score > never && d.worth(score) {
		u := d.next.at(t.key)
		u.merge(t, score, t.lm, t.begin, pending{})
		u.blank, u.unit = logAdd(u.blank, blank), logAdd(u.unit, unit)
	}
}

// enter adds to the hypothesis that t becomes by a new unit.
func (d *Decoder) enter(t *token, k key, score, lm float32, begin int32, p pending) {
	if score > never && d.worth(score) {
		u := d.next.at(k)
		u.merge(t, score, lm, begin, p)
		u.unit = logAdd(u.unit, score)
	}
}

// worth reports whether a score is inside the beam, which it may raise.
func (d *Decoder) worth(score float32) bool {
	if score < d.limit {
		return false
	}
	if score > d.top {
		d.top, d.limit = score, score-d.set.Beam
	}
	return true
}

// merge keeps the history of the larger contribution and remembers the other
// as an alternative.
func (t *token) merge(from *token, score, lm float32, begin int32, p pending) {
	if t.best > never && t.hist == from.hist && t.pending.some == p.some && t.pending.word == p.word {
		if score > t.best {
			t.best, t.lm, t.begin, t.pending = score, lm, begin, p
		}
		return
	}
	if score <= t.best {
		t.addAlternate(alternate{from.hist, t.best - score, p})
		return
	}
	if t.best > never {
		lost := alternate{t.hist, score - t.best, t.pending}
		t.shiftAlternates(score - t.best)
		t.addAlternate(lost)
	}
	t.best, t.lm, t.begin, t.hist, t.pending = score, lm, begin, from.hist, p
	for _, a := range from.alts {
		if a.used() {
			a.pending = p
			t.addAlternate(a)
		}
	}
}

// prune keeps the best hypotheses, best first, and writes down their words.
func (d *Decoder) prune() {
	d.active = d.active[:0]
	for i := range d.next.tokens {
		if t := &d.next.tokens[i]; t.total() >= d.limit {
			d.active = append(d.active, *t)
		}
	}
	slices.SortFunc(d.active, func(a, b token) int {
		switch {
		case a.best > b.best:
			return -1
		case a.best < b.best:
			return 1
		}
		return 0
	})
	if len(d.active) > d.set.Tokens {
		d.active = d.active[:d.set.Tokens]
	}
	for i := range d.active {
		d.writeDown(&d.active[i])
	}
}
