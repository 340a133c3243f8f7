package zipformer

import (
	"errors"
	"fmt"

	"waggle/asr/ctcbeam"
	"waggle/asr/hotwords"
	"waggle/asr/online"
)

// greedy takes the best token of every encoder frame, at most one a frame. Most
// frames say nothing, so all frames that are left of a window are joined in one
// run with the same context; only a token makes the rest be joined anew.
type greedy struct {
	searchBase
	path   ctcbeam.Path
	vector []float32 // the decoder's, for the present context
}

func newGreedy(b searchBase) (online.Search, error) {
	s := &greedy{searchBase: b, vector: make([]float32, b.model.predictor.width)}
	return begun(s)
}

// begun is a search at its beginning; one that cannot begin is closed.
func begun(s online.Search) (online.Search, error) {
	if err := s.Begin(nil); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Begin forgets everything; greedy search knows no hotwords.
func (s *greedy) Begin([]hotwords.Hotword) error {
	s.strand.step.Reset()
	s.frame, s.path.Tokens, s.path.Score = 0, s.path.Tokens[:0], 0
	start(s.memory.contexts[:s.model.predictor.context])
	return s.predict()
}

func (s *greedy) predict() error {
	if err := s.memory.runPredictor(1); err != nil {
		return err
	}
	copy(s.vector, s.memory.vectors)
	return nil
}

func (s *greedy) Window(frames []float32, urgent bool) error {
	y, err := s.strand.run(frames, urgent)
	if err != nil {
		return err
	}
	for len(y) > 0 {
		n, err := s.next(y)
		if err != nil {
			return err
		}
		s.frame += n
		y = y[n*s.model.encoder.cols:]
	}
	return nil
}

// next joins the frames of y up to the first token and returns how many those
// were.
func (s *greedy) next(y []float32) (int, error) {
	m := s.memory
	n := len(y) / s.model.encoder.cols
	copy(m.heard, y)
	for i := range n {
		copy(m.vectors[i*len(s.vector):], s.vector)
	}
	if err := m.runJoiner(n); err != nil {
		return 0, err
	}
	vocab := s.model.predictor.vocab
	for i := range n {
		row := m.scores[i*vocab:][:vocab]
		switch id := best(row); id {
		case -1:
			return 0, ctcbeam.ErrOutput
		case 0, s.model.unknown:
		default:
			return i + 1, s.emit(id, row, s.frame+i)
		}
	}
	return n, nil
}

func (s *greedy) emit(id int, row []float32, frame int) error {
	if err := ctcbeam.LogSoftmax(row); err != nil {
		return err
	}
	s.path.Tokens = append(s.path.Tokens, ctcbeam.Token{ID: id, First: frame, Last: frame, LogProb: row[id]})
	s.path.Score += row[id]
	shift(s.memory.contexts[:s.model.predictor.context], id)
	return s.predict()
}

func (s *greedy) Paths(int) []ctcbeam.Path { return []ctcbeam.Path{s.path} }

func (s *greedy) CopyFrom(other online.Search) error {
	o, ok := other.(*greedy)
	if !ok {
		return fmt.Errorf("zipformer: a search cannot follow a %T", other)
	}
	s.frame, s.path.Score = o.frame, o.path.Score
	s.path.Tokens = append(s.path.Tokens[:0], o.path.Tokens...)
	copy(s.vector, o.vector)
	copy(s.memory.contexts, o.memory.contexts[:s.model.predictor.context])
	return s.strand.step.CopyFrom(o.strand.step)
}
