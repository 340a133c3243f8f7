package paraformer

import (
	"cmp"
	"fmt"
	"math"
	"time"

	"waggle/asr"
	"waggle/asr/ctcbeam"
	"waggle/asr/modeldir"
	"waggle/asr/offline"
	"waggle/asr/segment"
	"waggle/asr/tokens"
	"waggle/models/onnx"
)

// shared is the most utterances of one run of an Offline model.
const shared = 8

// fired is the value of us_cif_peak where a token begins: the integrated
// weights reach one there.
const fired = 1 - 1e-4

// Offline is a Paraformer that takes whole utterances (Gao et al.,
// "Paraformer: Fast and Accurate Parallel Transformer for Non-autoregressive
// End-to-End Speech Recognition", Interspeech 2022): speech [N,T,560] float32,
// speech_lengths [N] int32 -> logits [N,U,V] float32, token_num [N], and where
// the export has them us_alphas and us_cif_peak [N,3T] float32.
type Offline struct {
	session *onnx.Session
	front   offline.FunASR
	table   *tokens.Table
	cols    int
	end     int // token of the end of the sentence
}

var _ segment.Model = (*Offline)(nil)

// OpenOffline loads the model of a folder. Errors: modeldir.ErrMetadata,
// modeldir.ErrFiles, tokens.ErrTokens, offline.ErrModel, or those of the runtime.
func OpenOffline(d *modeldir.Dir) (*Offline, error) {
	g, err := d.Graph(modeldir.Whole)
	if err != nil {
		return nil, err
	}
	m := &Offline{}
	if err := cmp.Or(m.read(g.Meta), checkOffline(g)); err != nil {
		return nil, fmt.Errorf("paraformer: %s: %w", g.Path, err)
	}
	if m.table, err = d.Tokens(); err != nil {
		return nil, err
	}
	end, ok := m.table.ID("</s>")
	if !ok {
		return nil, fmt.Errorf("paraformer: %w: </s> is missing, which ends every sentence", tokens.ErrTokens)
	}
	m.end = end
	if err := offline.CheckVocabulary(m.table, m.cols); err != nil {
		return nil, fmt.Errorf("paraformer: %s: %w", g.Path, err)
	}
	m.session, err = g.Open()
	return m, err
}

func checkOffline(g *modeldir.Graph) error {
	matrix := onnx.Port{Type: onnx.Float32, Dims: []int64{-1, -1, -1}}
	lengths := onnx.Port{Type: onnx.Int32, Dims: []int64{-1}}
	err := offline.CheckGraph(g, []onnx.Port{matrix, lengths}, []onnx.Port{matrix})
	if err == nil && len(g.Outputs) < 2 {
		err = fmt.Errorf("%w: 1 output, want logits and token_num", offline.ErrModel)
	}
	return err
}

func (m *Offline) read(meta modeldir.Meta) (err error) {
	if m.cols, err = meta.Int("vocab_size", 3, offline.MaxVocabulary); err != nil {
		return err
	}
	m.front, err = offline.ReadFunASR(meta)
	return err
}

// Batch is the most utterances of one run.
func (m *Offline) Batch() int { return offline.Batch(m.session.Inputs()[0], shared) }

// Recognise hears whole utterances; see segment.Model. The model writes all
// tokens at once, so that no phrase can be raised.
func (m *Offline) Recognise(utterances []segment.Utterance) ([]segment.Reading, error) {
	return offline.Hear(utterances, m.front.Features, m.run)
}

func (m *Offline) run(features []offline.Matrix, _ [][]string) ([]segment.Reading, error) {
	out, lengths, err := offline.RunPadded(m.session, features, 0)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	readings := make([]segment.Reading, len(features))
	for i, n := range lengths {
		length := time.Duration(n*m.front.Shift()) * 10 * time.Millisecond
		if readings[i], err = m.reading(out, i, len(features), length); err != nil {
			return nil, err
		}
	}
	return readings, nil
}

// reading is utterance i of n.
func (m *Offline) reading(out offline.Outputs, i, n int, length time.Duration) (segment.Reading, error) {
	logits, dims, err := out.Floats(0, int64(n), -1, int64(m.cols))
	if err != nil {
		return segment.Reading{}, err
	}
	count, err := out.Int(1, i)
	if err != nil {
		return segment.Reading{}, err
	}
	per := int(dims[1]) * m.cols
	heard, err := m.tokens(logits[i*per:(i+1)*per], min(max(count, 0), int(dims[1])))
	if err != nil {
		return segment.Reading{}, err
	}
	ids, sum := make([]int, len(heard)), float32(0)
	for k, t := range heard {
		ids[k] = t.ID
		sum += t.LogProb
	}
	r := segment.Reading{Text: m.table.Text(ids)}
	if r.Text == "" {
		return segment.Reading{}, nil
	}
	r.Confidence = float32(math.Exp(float64(sum) / float64(len(heard))))
	timed, err := m.place(heard, out, i, n)
	switch {
	case err != nil:
		return segment.Reading{}, err
	case timed:
		r.Words = offline.Words(m.table, heard)
	default: // the export tells no times
		r.Words = []asr.Word{{Text: r.Text, End: length, Confidence: r.Confidence}}
	}
	return r, nil
}

// tokens are the best ones of the first count rows, up to the sentence's end.
// Rows beyond token_num are made of padding and mean nothing.
func (m *Offline) tokens(rows []float32, count int) ([]offline.Timed, error) {
	var list []offline.Timed
	for k := range count {
		row := rows[k*m.cols : (k+1)*m.cols]
		if err := ctcbeam.LogSoftmax(row); err != nil {
			return nil, err
		}
		id := ctcbeam.Best(row)
		if id == m.end {
			break
		}
		list = append(list, offline.Timed{ID: id, LogProb: row[id]})
	}
	return list, nil
}

// place gives tokens their times from the peaks of continuous
// integrate-and-fire (CIF), which come at three times the rate of the rows: a
// token sounds from its peak to the next, at most 240 ms, as FunASR's time
// stamps have it. It reports false when the export has no peaks or their number
// does not fit.
func (m *Offline) place(heard []offline.Timed, out offline.Outputs, i, n int) (bool, error) {
	if len(out) < 4 {
		return false, nil
	}
	peaks, dims, err := out.Floats(3, int64(n), -1)
	if err != nil {
		return false, err
	}
	per := int(dims[1])
	step := time.Duration(m.front.Shift()) * 10 * time.Millisecond / 3
	var at []time.Duration
	for k, v := range peaks[i*per : (i+1)*per] {
		if v > fired {
			at = append(at, time.Duration(k)*step)
		}
	}
	if len(at) != len(heard)+1 {
		return false, nil
	}
	for k := range heard {
		heard[k].Start, heard[k].End = at[k], min(at[k+1], at[k]+offline.LongestToken)
	}
	return true, nil
}

// Close frees the graph.
func (m *Offline) Close() error { return m.session.Close() }
