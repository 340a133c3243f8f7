package paraformer

import (
	"errors"
	"fmt"
	"math"

	"waggle/asr/ctcbeam"
	"waggle/asr/fbank"
	"waggle/asr/hotwords"
	"waggle/asr/offline"
	"waggle/asr/online"
	"waggle/models/onnx"
	"waggle/models/onnx/batch"
)

// search is one stream's place in a Streaming model.
type search struct {
	model *Streaming
	step  *batch.Stream
	// Views of the step's memory.
	feats, enc, alphas  []float32
	length, outOfLength []int32

	chunk  int // chunks since Begin
	cif    *integrator
	embeds []float32
	fired  []firing
	caches []*onnx.Tensor[float32] // of the decoder
	path   ctcbeam.Path
}

var _ online.Search = (*search)(nil)

func (m *Streaming) newSearch() (*search, error) {
	step, err := m.runner.NewStream()
	if err != nil {
		return nil, err
	}
	s := &search{model: m, step: step, cif: newIntegrator(m.width)}
	var errs [5]error
	s.feats, errs[0] = batch.Feed[float32](step, 0)
	s.length, errs[1] = batch.Feed[int32](step, 1)
	s.enc, errs[2] = batch.Fetch[float32](step, 0)
	s.outOfLength, errs[3] = batch.Fetch[int32](step, 1)
	s.alphas, errs[4] = batch.Fetch[float32](step, 2)
	if err := errors.Join(errs[:]...); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	for range m.blocks {
		t, err := onnx.New[float32](1, int64(m.width), int64(m.past))
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
		s.caches = append(s.caches, t)
	}
	s.length[0] = allRows
	return s, nil
}

// Begin forgets everything. The model takes no phrases.
func (s *search) Begin([]hotwords.Hotword) error {
	s.step.Reset()
	s.chunk, s.path.Tokens, s.path.Score = 0, s.path.Tokens[:0], 0
	s.cif.reset()
	clear(s.feats)
	for _, c := range s.caches {
		clear(c.Data())
	}
	return nil
}

// Window takes the frames of ten new rows.
func (s *search) Window(frames []float32, urgent bool) error {
	s.stack(frames)
	if err := s.encode(urgent); err != nil {
		return err
	}
	if err := s.integrate(); err != nil {
		return err
	}
	s.chunk++
	if len(s.fired) == 0 {
		return nil
	}
	return s.decode()
}

// stack keeps the last rows as the past of the chunk and puts ten new ones
// behind them: frames side by side, normalised, scaled, with their positions.
func (s *search) stack(frames []float32) {
	f := s.model.front
	cols := f.Cols()
	copy(s.feats, s.feats[chunkRows*cols:])
	fresh := s.feats[(leftRows+rightRows)*cols:]
	for r := range chunkRows {
		copy(fresh[r*cols:(r+1)*cols], frames[r*f.Shift()*fbank.Bins:])
	}
	f.Normalise(fresh)
	for r := range chunkRows {
		row := fresh[r*cols:][:cols]
		for i := range row {
			row[i] *= s.model.scale
		}
		addPosition(row, s.chunk*chunkRows+r+1)
	}
}

// addPosition adds sinusoids of position n, counted from one (Vaswani et al.,
// "Attention Is All You Need", 2017): sines in the first half of the row,
// cosines in the second.
func addPosition(row []float32, n int) {
	half := len(row) / 2
	step := -math.Log(10000) / float64(max(half-1, 1))
	for i := range half {
		sin, cos := math.Sincos(float64(n) * math.Exp(float64(i)*step))
		row[i] += float32(sin)
		row[half+i] += float32(cos)
	}
}

func (s *search) encode(urgent bool) error {
	if err := s.step.Step(urgent); err != nil {
		return err
	}
	for _, a := range s.alphas {
		if math.IsNaN(float64(a)) || math.IsInf(float64(a), 0) || a < 0 {
			return fmt.Errorf("%w: weights of rows must be numbers from 0 on, one is %v", ctcbeam.ErrOutput, a)
		}
	}
	return nil
}

// integrate lets the weights of the chunk's own rows fire tokens. Those of its
// past were counted before, those of its future will be.
func (s *search) integrate() error {
	width := s.model.width
	s.embeds, s.fired = s.embeds[:0], s.fired[:0]
	before := s.chunk*chunkRows - leftRows - rightRows // number of the first row
	for i := leftRows; i < allRows-rightRows; i++ {
		var (
			token firing
			full  bool
		)
		s.embeds, token, full = s.cif.add(s.enc[i*width:][:width], s.alphas[i], max(before+i, 0), s.embeds)
		if full {
			s.fired = append(s.fired, token)
		}
		if s.cif.weight >= 1 {
			return fmt.Errorf("%w: a row weighs %v, more than two tokens", ctcbeam.ErrOutput, s.alphas[i])
		}
	}
	return nil
}

// decode writes the fired tokens.
func (s *search) decode() (err error) {
	width, n := s.model.width, int64(len(s.fired))
	enc, err1 := onnx.View(s.enc, 1, allRows, int64(width))
	length, err2 := onnx.View(s.outOfLength, 1)
	embeds, err3 := onnx.View(s.embeds, 1, n, int64(width))
	count, err4 := onnx.View([]int32{int32(n)}, 1)
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, enc.Close(), length.Close(), embeds.Close(), count.Close()) }()
	in := []onnx.Value{enc, length, embeds, count}
	for _, c := range s.caches {
		in = append(in, c)
	}
	out, err := offline.Run(s.model.decoder, in...)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	return s.take(out)
}

// take reads tokens and caches.
func (s *search) take(out offline.Outputs) error {
	n, cols := int64(len(s.fired)), s.model.cols
	logits, _, err := out.Floats(0, 1, n, int64(cols))
	if err != nil {
		return err
	}
	ids, err := onnx.As[int64](out[1])
	if err != nil || len(ids.Data()) != len(s.fired) {
		return fmt.Errorf("%w: sample_ids are not %d tokens", offline.ErrModel, n)
	}
	for i, id := range ids.Data() {
		row := logits[i*cols:][:cols]
		if err := ctcbeam.LogSoftmax(row); err != nil {
			return err
		}
		if id < 0 || id >= int64(cols) {
			return fmt.Errorf("%w: token %d of %d", offline.ErrModel, id, cols)
		}
		if id == 0 {
			continue // the blank
		}
		s.path.Score += row[id]
		s.path.Tokens = append(s.path.Tokens, ctcbeam.Token{ID: int(id), First: s.fired[i].first, Last: s.fired[i].last, LogProb: row[id]})
	}
	for i, c := range s.caches {
		fresh, _, err := out.Floats(2+i, 1, int64(s.model.width), int64(s.model.past))
		if err != nil {
			return err
		}
		copy(c.Data(), fresh)
	}
	return nil
}

// Paths is the one reading.
func (s *search) Paths(int) []ctcbeam.Path { return []ctcbeam.Path{s.path} }

func (s *search) CopyFrom(other online.Search) error {
	o, ok := other.(*search)
	if !ok {
		return fmt.Errorf("paraformer: a search cannot follow a %T", other)
	}
	s.chunk, s.path.Score = o.chunk, o.path.Score
	s.path.Tokens = append(s.path.Tokens[:0], o.path.Tokens...)
	copy(s.feats, o.feats)
	s.cif.copyFrom(o.cif)
	for i := range s.caches {
		copy(s.caches[i].Data(), o.caches[i].Data())
	}
	return nil
}

// Close frees the stream's memory.
func (s *search) Close() error {
	errs := []error{s.step.Close()}
	for _, c := range s.caches {
		errs = append(errs, c.Close())
	}
	s.caches = nil
	return errors.Join(errs...)
}
