package zipformer

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"waggle/asr/ctcbeam"
	"waggle/asr/hotwords"
	"waggle/asr/online"
)

// modifiedBeam follows several readings, each growing by at most one token a
// frame, and raises hotwords. Readings of the same tokens are one. Source:
// Kang et al., "Fast and parallel decoding for transducer", ICASSP 2023; the
// best is chosen per token, as icefall does.
type modifiedBeam struct {
	searchBase
	paths     int
	raised    *hotwords.Graph
	now, next []hypothesis
	past      []spoken
	choices   []choice
}

// hypothesis is one reading.
type hypothesis struct {
	last    int32 // index into past of its last token, -1 of none
	length  int
	hash    uint64
	score   float64 // log probability and what hotwords earned
	place   hotwords.State
	context []int64
	vector  []float32 // the decoder's, for this context
}

type spoken struct {
	token  ctcbeam.Token
	before int32
}

// choice is a way to go on: hypothesis from with token id.
type choice struct {
	from, id int
	score    float64
	logProb  float32
}

func newModifiedBeam(b searchBase, paths int) (online.Search, error) {
	s := &modifiedBeam{searchBase: b, paths: paths}
	s.now, s.next = s.room(), s.room()
	s.choices = make([]choice, 0, paths+1)
	return begun(s)
}

// room is memory for paths hypotheses, of length 0.
func (s *modifiedBeam) room() []hypothesis {
	list := make([]hypothesis, s.paths)
	for i := range list {
		list[i].context = make([]int64, s.model.predictor.context)
		list[i].vector = make([]float32, s.model.predictor.width)
	}
	return list[:0]
}

// Begin forgets everything and raises phrases.
func (s *modifiedBeam) Begin(phrases []hotwords.Hotword) error {
	g, err := raised(s.model.tokens, s.model.set.Hotwords, phrases)
	if err != nil {
		return err
	}
	s.raised = g
	s.strand.step.Reset()
	s.frame, s.past = 0, s.past[:0]
	s.now = s.now[:1]
	h := &s.now[0]
	h.last, h.length, h.hash, h.score, h.place = -1, 0, 0, 0, 0
	start(h.context)
	copy(s.memory.contexts, h.context)
	if err := s.memory.runPredictor(1); err != nil {
		return err
	}
	copy(h.vector, s.memory.vectors)
	return nil
}

func (s *modifiedBeam) Window(frames []float32, urgent bool) error {
	y, err := s.strand.run(frames, urgent)
	if err != nil {
		return err
	}
	for cols := s.model.encoder.cols; len(y) >= cols; y = y[cols:] {
		if err := s.step(y[:cols]); err != nil {
			return err
		}
		s.frame++
	}
	return nil
}

// step takes one frame of the encoder.
func (s *modifiedBeam) step(heard []float32) error {
	m := s.memory
	for i := range s.now {
		copy(m.heard[i*len(heard):], heard)
		copy(m.vectors[i*len(s.now[i].vector):], s.now[i].vector)
	}
	if err := m.runJoiner(len(s.now)); err != nil {
		return err
	}
	if err := s.choose(); err != nil {
		return err
	}
	s.next = s.next[:0]
	for _, c := range s.choices {
		s.follow(c)
	}
	s.now, s.next = s.next, s.now
	return s.predict()
}

// choose lists the best ways to go on from all hypotheses.
func (s *modifiedBeam) choose() error {
	s.choices = s.choices[:0]
	vocab := s.model.predictor.vocab
	for from := range s.now {
		row := s.memory.scores[from*vocab:][:vocab]
		if err := ctcbeam.LogSoftmax(row); err != nil {
			return err
		}
		base := s.now[from].score
		for id, lp := range row {
			score := base + float64(lp)
			if len(s.choices) == s.paths && score <= s.choices[s.paths-1].score {
				continue
			}
			s.consider(choice{from, id, score, lp})
		}
	}
	return nil
}

// consider inserts a choice into the list, which is sorted, best first.
func (s *modifiedBeam) consider(c choice) {
	at := len(s.choices)
	for at > 0 && s.choices[at-1].score < c.score {
		at--
	}
	s.choices = slices.Insert(s.choices, at, c)
	s.choices = s.choices[:min(len(s.choices), s.paths)]
}

// follow makes the hypothesis of a choice, or adds to the same one.
func (s *modifiedBeam) follow(c choice) {
	from := &s.now[c.from]
	silent := c.id == 0 || c.id == s.model.unknown
	hash, length, place := from.hash, from.length, from.place
	if !silent {
		var earned float32
		earned, place = s.raised.Step(from.place, c.id)
		c.score += float64(earned)
		hash, length = grow(hash, c.id), length+1
	}
	for i := range s.next {
		if h := &s.next[i]; h.hash == hash && h.length == length {
			h.score = logAdd(h.score, c.score)
			return
		}
	}
	s.next = s.next[:len(s.next)+1]
	h := &s.next[len(s.next)-1]
	h.last, h.length, h.hash, h.score, h.place = from.last, length, hash, c.score, place
	copy(h.context, from.context)
	copy(h.vector, from.vector)
	if !silent {
		s.past = append(s.past, spoken{ctcbeam.Token{ID: c.id, First: s.frame, Last: s.frame, LogProb: c.logProb}, from.last})
		h.last = int32(len(s.past) - 1)
		shift(h.context, c.id)
	}
}

// predict runs the decoder for the hypotheses that grew in this frame.
func (s *modifiedBeam) predict() error {
	m, context, width := s.memory, s.model.predictor.context, s.model.predictor.width
	n := 0
	for i := range s.now {
		if s.grew(&s.now[i]) {
			copy(m.contexts[n*context:], s.now[i].context)
			n++
		}
	}
	if n == 0 {
		return nil
	}
	if err := m.runPredictor(n); err != nil {
		return err
	}
	n = 0
	for i := range s.now {
		if s.grew(&s.now[i]) {
			copy(s.now[i].vector, m.vectors[n*width:])
			n++
		}
	}
	return nil
}

func (s *modifiedBeam) grew(h *hypothesis) bool {
	return h.last >= 0 && s.past[h.last].token.First == s.frame
}

// Paths are the best n readings by score per token, phrases left half-said
// having given back what they earned.
func (s *modifiedBeam) Paths(n int) []ctcbeam.Path {
	context := s.model.predictor.context
	list := make([]ctcbeam.Path, len(s.now))
	for i := range s.now {
		h := &s.now[i]
		list[i] = ctcbeam.Path{Score: float32(h.score) + s.raised.End(h.place), Tokens: make([]ctcbeam.Token, h.length)}
		for k, at := h.length-1, h.last; k >= 0; k-- {
			list[i].Tokens[k], at = s.past[at].token, s.past[at].before
		}
	}
	each := func(p ctcbeam.Path) float32 { return p.Score / float32(len(p.Tokens)+context) }
	slices.SortStableFunc(list, func(a, b ctcbeam.Path) int { return cmp.Compare(each(b), each(a)) })
	return list[:min(n, len(list))]
}

func (s *modifiedBeam) CopyFrom(other online.Search) error {
	o, ok := other.(*modifiedBeam)
	if !ok {
		return fmt.Errorf("zipformer: a search cannot follow a %T", other)
	}
	s.raised, s.frame = o.raised, o.frame
	s.past = append(s.past[:0], o.past...)
	s.now = s.now[:len(o.now)]
	for i := range o.now {
		context, vector := s.now[i].context, s.now[i].vector
		copy(context, o.now[i].context)
		copy(vector, o.now[i].vector)
		s.now[i] = o.now[i]
		s.now[i].context, s.now[i].vector = context, vector
	}
	return s.strand.step.CopyFrom(o.strand.step)
}

// grow hashes a sequence that goes on with id (splitmix64).
func grow(hash uint64, id int) uint64 {
	h := hash + uint64(id)*0x9e3779b97f4a7c15 + 0x9e3779b97f4a7c15
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

func logAdd(a, b float64) float64 {
	if a < b {
		a, b = b, a
	}
	return a + math.Log1p(math.Exp(b-a))
}
