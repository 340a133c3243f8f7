package asr

import (
	"errors"
	"fmt"

	"waggle/asr/ctc"
	"waggle/asr/fbank"
	"waggle/asr/step"
)

// quietWindow is how many feature frames are searched for the quietest one,
// which stands in for the silence after the utterance.
const quietWindow = 40

// hearing is one utterance on its way from samples through features and graph
// to the search. The graph works on a chunk while the next one is gathered, so
// that steps of many streams can share a run and nobody waits for it.
type hearing struct {
	engine  *Engine
	feats   *fbank.Extractor
	run     *step.State
	decoder *ctc.Decoder

	chunk  []float32             // features waiting for a whole chunk
	recent [][fbank.Bins]float32 // ring of the newest frames
	frames int                   // feature frames since the utterance began
}

func newHearing(e *Engine) (*hearing, error) {
	run, err := e.model.NewState()
	if err != nil {
		return nil, err
	}
	return &hearing{
		engine: e, feats: fbank.New(), run: run, decoder: e.graph.NewDecoder(e.set),
		chunk:  make([]float32, 0, e.model.Chunk*fbank.Bins),
		recent: make([][fbank.Bins]float32, quietWindow),
	}, nil
}

// begin forgets everything.
func (h *hearing) begin(hints ctc.Hints) {
	h.decoder.Begin(hints)
	h.run.Reset()
	h.feats.Reset()
	h.chunk, h.frames = h.chunk[:0], 0
}

// rest says that the utterance is over: other streams no longer wait for this
// one to share a run with.
func (h *hearing) rest() { h.run.Reset() }

// copyFrom goes on from where another hearing is, which must have settled.
func (h *hearing) copyFrom(o *hearing) error {
	h.decoder.CopyFrom(o.decoder)
	h.feats.CopyFrom(o.feats)
	h.chunk = append(h.chunk[:0], o.chunk...)
	copy(h.recent, o.recent)
	h.frames = o.frames
	return h.run.CopyFrom(o.run)
}

// write hears 16 kHz samples.
func (h *hearing) write(pcm []int16) error {
	h.feats.Write(pcm)
	if err := h.drain(); err != nil {
		return err
	}
	return h.poll()
}

// drain takes the frames that are ready to the graph.
func (h *hearing) drain() error {
	for {
		row := &h.recent[h.frames%quietWindow]
		if !h.feats.Read(row[:]) {
			return nil
		}
		h.frames++
		if err := h.push(row[:], false); err != nil {
			return err
		}
	}
}

// push adds a frame; a whole chunk goes to the graph when that is free.
func (h *hearing) push(row []float32, urgent bool) error {
	h.chunk = append(h.chunk, row...)
	if len(h.chunk) < cap(h.chunk) {
		return nil
	}
	if err := h.settle(); err != nil {
		return err
	}
	chunk := h.chunk
	h.chunk = h.chunk[:0]
	if err := h.run.Start(chunk, urgent); err != nil {
		return fmt.Errorf("asr: recognise: %w", err)
	}
	return nil
}

// poll takes the graph's result to the search if there is one by now.
func (h *hearing) poll() error {
	if !h.run.Ready() {
		return nil
	}
	return h.settle()
}

// settle waits for the graph and takes its result to the search.
func (h *hearing) settle() error {
	if !h.run.Flying() {
		return nil
	}
	out, err := h.run.Wait()
	if err != nil {
		return fmt.Errorf("asr: recognise: %w", err)
	}
	for width := h.engine.model.Cols; len(out) > 0; out = out[width:] {
		h.decoder.Frame(out[:width])
	}
	return nil
}

// end flushes what features, graph and search still hold back. What the graph
// has not said yet is pushed out with a pause made of the quietest recent
// frame, until it has said nothing for as long as it may lag behind. After an
// endpoint most of that pause was heard already, so that one chunk is enough.
func (h *hearing) end() error {
	h.feats.Flush()
	if err := errors.Join(h.drain(), h.settle()); err != nil || h.frames == 0 {
		return err
	}
	m := h.engine.model
	quiet := h.quietest()
	for chunks := (m.Lookahead+1)/m.Rows + 2; chunks > 0; chunks-- {
		for first := true; first || len(h.chunk) > 0; first = false {
			if err := h.push(quiet[:], true); err != nil {
				return err
			}
		}
		if err := h.settle(); err != nil {
			return err
		}
		if h.decoder.Quiet() > m.Lookahead {
			return nil
		}
	}
	return nil
}

func (h *hearing) quietest() *[fbank.Bins]float32 {
	best, least := 0, float32(0)
	for i := range min(h.frames, quietWindow) {
		sum := float32(0)
		for _, v := range h.recent[i] {
			sum += v
		}
		if i == 0 || sum < least {
			best, least = i, sum
		}
	}
	return &h.recent[best]
}

func (h *hearing) close() error { return h.run.Close() }
