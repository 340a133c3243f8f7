package ctc

import (
	"math"
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
	return Settings{Acoustic: 1, Language: 0.8, Word: 1.0, Beam: 16, Tokens: 1500, Floor: -12}
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
	text        uint32  // hash of the words of hist
	alts        rivals  // other histories of the same place
}

// key identifies what future a hypothesis has.
type key struct {
	node  int32
	state state
}

const none int32 = -1

func (t *token) total() float32 { return logAdd(t.blank, t.unit) }

// Decoder searches one utterance at a time. It belongs to one goroutine.
type Decoder struct {
	graph      *Graph
	set        Settings
	hints      Hints
	runs       runs
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
	counts [buckets]int32
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
	d.hints, d.runs = h, usualRuns
	if len(h.Lengths) > 0 {
		d.runs = newRuns(h.Lengths)
	}
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

func (d *Decoder) ahead(n *node) float32 { return d.set.Language * n.ahead }

// advance moves one hypothesis over the frame: it waits in blank, repeats its
// unit, goes on in its word, or ends the word and begins another.
func (d *Decoder) advance(t *token) {
	total := t.total()
	if total < d.limit {
		return
	}
	n := d.node(t.node)
	blank, unit := total+d.lp[d.graph.units.Blank], float32(never)
	if n.unit >= 0 {
		unit = t.unit + d.lp[n.unit]
	}
	d.stay(t, blank, unit)
	if t.node == 0 {
		d.begin(t)
		return
	}
	here := d.ahead(n)
	for i := n.children.from; i < n.children.to; i++ {
		id := d.childID(t.node, i)
		c := d.node(id)
		gain := d.ahead(c) - here
		from := total
		if c.unit == n.unit {
			from = t.blank // repeating a unit needs a blank in between
		}
		if score := from + d.lp[c.unit] + gain; d.worth(score) {
			u := d.next.at(key{id, t.state})
			u.merge(arrival{score: score, lm: t.lm + gain, hist: t.hist, begin: t.begin, text: t.text}, &t.alts)
			u.unit = logAdd(u.unit, score)
		}
	}
	d.finishWord(t, n, total, here)
}

// begin starts the first word of the utterance.
func (d *Decoder) begin(t *token) {
	total := t.total()
	for _, s := range d.starts {
		if !d.worth(total + s.score) {
			break
		}
		d.enterWord(s, t.state, arrival{score: total + s.score, lm: t.lm + s.ahead, hist: none, begin: d.frame})
	}
}

// finishWord ends the words of node n and begins the next ones.
func (d *Decoder) finishWord(t *token, n *node, total, here float32) {
	if len(d.starts) == 0 {
		return
	}
	rest := total + d.set.Word - here + d.starts[0].score
	for _, w := range d.possible(t.node, n, (d.limit-rest)/d.set.Language) {
		d.arcBuf = d.arcs(t.state, w, d.arcBuf[:0])
		for _, a := range d.arcBuf {
			gain := d.set.Language*a.logp + d.set.Word - here
			if total+gain+d.starts[0].score >= d.limit {
				d.nextWord(t, w, n.unit, a.to, total, gain)
			}
		}
	}
}

// nextWord begins every word that is worth it after word w of t.
func (d *Decoder) nextWord(t *token, w int32, last int16, to state, total, gain float32) {
	hist := none
	for _, s := range d.starts {
		score := total + gain + s.score
		if score < d.limit {
			return
		}
		if s.unit == last {
			score += t.blank - total
		}
		if !d.worth(score) {
			continue
		}
		if hist == none {
			hist = d.link(w, t, total-t.lm)
		}
		d.enterWord(s, to, arrival{score: score, lm: t.lm + gain + s.ahead, hist: hist, begin: d.frame, text: d.links[hist].text})
	}
}

func (d *Decoder) enterWord(s start, to state, a arrival) {
	u := d.next.at(key{s.node, to})
	u.merge(a, nil)
	u.unit = logAdd(u.unit, a.score)
}

// stay adds to the hypothesis that t becomes without a new unit.
func (d *Decoder) stay(t *token, blank, unit float32) {
	if score := max(blank, unit); d.worth(score) {
		u := d.next.at(t.key)
		u.merge(arrival{score: score, lm: t.lm, hist: t.hist, begin: t.begin, text: t.text}, &t.alts)
		u.blank, u.unit = logAdd(u.blank, blank), logAdd(u.unit, unit)
	}
}

// worth reports whether a score is inside the beam, which it may raise.
func (d *Decoder) worth(score float32) bool {
	if score < d.limit || score <= never {
		return false
	}
	if score > d.top {
		d.top, d.limit = score, max(score-d.set.Beam, never)
	}
	return true
}
