package whisper

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"waggle/asr/ctcbeam"
	"waggle/asr/offline"
	"waggle/models/onnx"
)

// Thresholds of the reference implementation (openai/whisper, transcribe.py):
// an utterance is silent when the model says so and the text is unlikely too,
// and a text that deflates too well repeats itself.
const (
	noSpeechAbove   = 0.6
	meanLogProbLess = -1.0
	repetitive      = 2.4
)

// doubtful is the most confidence of a text that repeats itself: low enough
// that a dialog asks again. The reference would decode anew, at random.
const doubtful = 0.2

// tokensPerSecond bounds a decoder that goes round in circles. Chinese takes up
// to two tokens a character and six characters a second.
const (
	tokensPerSecond = 16
	tokensAtLeast   = 8
)

// written is what the decoder wrote.
type written struct {
	tokens   []int
	logProbs float64 // sum over tokens and the end
	noSpeech float64
	language string
}

func (w written) mean() float64 { return w.logProbs / float64(len(w.tokens)+1) }

func (w written) confidence() float32 { return float32(math.Exp(w.mean())) }

func (w written) silent() bool { return w.noSpeech > noSpeechAbove && w.mean() < meanLogProbLess }

// writer runs the decoder over one utterance. A step reads the front caches
// and writes the back ones.
type writer struct {
	*Model
	cross  offline.Outputs
	front  [2]*onnx.Tensor[float32]
	back   [2]*onnx.Tensor[float32]
	offset int
}

func newWriter(m *Model, cross offline.Outputs) (*writer, error) {
	w := &writer{Model: m, cross: cross}
	for i := range 2 {
		if _, _, err := cross.Floats(i, int64(m.layers), 1, -1, int64(m.state)); err != nil {
			return nil, err
		}
	}
	for _, set := range []*[2]*onnx.Tensor[float32]{&w.front, &w.back} {
		for i := range set {
			t, err := onnx.New[float32](int64(m.layers), 1, int64(m.context), int64(m.state))
			if err != nil {
				return nil, errors.Join(err, w.close())
			}
			set[i] = t
		}
	}
	return w, nil
}

func (w *writer) close() error {
	var errs []error
	for _, t := range append(w.front[:], w.back[:]...) {
		if t != nil {
			errs = append(errs, t.Close())
		}
	}
	return errors.Join(errs...)
}

// step feeds tokens and returns a row of scores for each.
func (w *writer) step(tokens ...int) ([]float32, error) {
	ids := make([]int64, len(tokens))
	for i, t := range tokens {
		ids[i] = int64(t)
	}
	in, err := onnx.View(ids, 1, int64(len(ids)))
	if err != nil {
		return nil, err
	}
	defer in.Close()
	offset, err := onnx.View([]int64{int64(w.offset)}, 1)
	if err != nil {
		return nil, err
	}
	defer offset.Close()
	out := make(offline.Outputs, len(w.decoder.Outputs()))
	out[1], out[2] = w.back[0], w.back[1]
	err = w.decoder.Run([]onnx.Value{in, w.front[0], w.front[1], w.cross[0], w.cross[1], offset}, out)
	out[1], out[2] = nil, nil // they stay the writer's
	defer out.Close()
	if err != nil {
		return nil, err
	}
	scores, _, err := out.Floats(0, 1, int64(len(ids)), int64(w.vocabulary))
	if err != nil {
		return nil, err
	}
	w.front, w.back = w.back, w.front
	w.offset += len(tokens)
	return slices.Clone(scores), nil
}

// write decodes greedily until the end of the text.
func (w *writer) write(length time.Duration) (written, error) {
	var out written
	prompt, err := w.begin(&out)
	if err != nil {
		return out, err
	}
	rows, err := w.step(prompt...)
	if err != nil {
		return out, err
	}
	first := slices.Clone(rows[:w.vocabulary])
	if err := ctcbeam.LogSoftmax(first); err != nil {
		return out, err
	}
	out.noSpeech = math.Exp(float64(first[w.noSpeech]))
	row := rows[len(rows)-w.vocabulary:]
	for range w.limit(length, len(prompt)) {
		id, lp, err := w.choose(row, len(out.tokens) == 0)
		if err != nil {
			return out, err
		}
		out.logProbs += float64(lp)
		if id == w.eot {
			break
		}
		out.tokens = append(out.tokens, id)
		if row, err = w.step(id); err != nil {
			return out, err
		}
	}
	return out, nil
}

// limit is the most tokens of an utterance: half of the context, as in the
// reference, and no more than anybody can say.
func (w *writer) limit(length time.Duration, prompt int) int {
	spoken := tokensAtLeast + int(math.Ceil(length.Seconds()*tokensPerSecond))
	return min(w.context/2, w.context-prompt, spoken)
}

// begin is the prompt, its language detected where the caller left it open.
func (w *writer) begin(out *written) ([]int, error) {
	prompt := slices.Clone(w.prompt)
	if w.detect {
		scores, err := w.step(w.sot)
		if err != nil {
			return nil, err
		}
		best := float32(math.Inf(-1))
		for _, id := range w.languages {
			if v := scores[id]; v > best || v == best && id < prompt[1] {
				best, prompt[1] = v, id
			}
		}
		// Decoding begins anew, with an empty cache.
		w.offset = 0
		for _, t := range w.front {
			clear(t.Data())
		}
	}
	if w.multilingual {
		for code, id := range w.languages {
			if id == prompt[1] {
				out.language = code
			}
		}
	}
	return prompt, nil
}

// choose is the best token of a row of scores, by log probability among those
// that may follow. The first is neither a space nor the end: a model that has
// nothing to say shows it by noSpeech and by unlikely tokens.
func (w *writer) choose(row []float32, first bool) (id int, logProb float32, err error) {
	never := float32(math.Inf(-1))
	for _, id := range w.silent {
		row[id] = never
	}
	if first {
		row[w.blank] = never
	}
	if err := ctcbeam.LogSoftmax(row); err != nil {
		return 0, 0, fmt.Errorf("whisper: %w", err)
	}
	id = ctcbeam.Best(row)
	return id, row[id], nil
}
