// Package punct puts punctuation into recognised text by CT-transformer models
// as FunASR exports them (Chen et al., "Controllable Time-Delay Transformer for
// Real-Time Punctuation Prediction and Disfluency Detection", ICASSP 2020). It
// may import asr/modeldir, asr/offline and models/onnx.
package punct

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"waggle/asr/ctcbeam"
	"waggle/asr/modeldir"
	"waggle/asr/offline"
	"waggle/models/onnx"
)

// The windows of the published decoder: the model sees 20 words more at a time,
// and what it said up to the last end of a sentence is kept. A window of 200
// words without one is cut at its last comma, or where it ends.
const (
	step   = 20
	widest = 200
)

// Limits, checked before memory is taken. The published Chinese and English
// model has 272,727 words.
const (
	maxWords = 500_000
	maxMarks = 64
	maxText  = 100_000 // characters
)

// ErrText says that a text cannot be punctuated.
var ErrText = errors.New("punct: the text is too long or no UTF-8")

// Model is a loaded graph: words [1,L] int32, length [1] int32 -> scores
// [1,L,P] float32. It is safe for concurrent use.
type Model struct {
	session *onnx.Session
	words   map[string]int32
	unknown int32
	marks   []string
	// comma, stop, question and pause are columns of the output.
	comma, stop, question, pause int
}

// Open loads the model at path, a folder or an .onnx file. Errors:
// modeldir.ErrFiles, modeldir.ErrMetadata, offline.ErrModel, or those of the
// runtime.
func Open(path string) (*Model, error) {
	d, err := modeldir.Open(path, modeldir.Int8)
	if err != nil {
		return nil, fmt.Errorf("punct: %w", err)
	}
	g, err := d.Graph(modeldir.Whole)
	if err != nil {
		return nil, fmt.Errorf("punct: %w", err)
	}
	m := &Model{}
	if err := cmp.Or(m.read(g.Meta), m.checkPorts(g)); err != nil {
		return nil, fmt.Errorf("punct: %s: %w", g.Path, err)
	}
	if m.session, err = g.Open(); err != nil {
		return nil, err
	}
	if _, err := m.columns(make([]int32, step)); err != nil { // a trial run
		return nil, errors.Join(fmt.Errorf("punct: %s: %w", g.Path, err), m.session.Close())
	}
	return m, nil
}

func (m *Model) checkPorts(g *modeldir.Graph) error {
	words := onnx.Port{Type: onnx.Int32, Dims: []int64{-1, -1}}
	length := onnx.Port{Type: onnx.Int32, Dims: []int64{-1}}
	scores := onnx.Port{Type: onnx.Float32, Dims: []int64{-1, -1, int64(len(m.marks))}}
	return offline.CheckGraph(g, []onnx.Port{words, length}, []onnx.Port{scores})
}

func (m *Model) read(meta modeldir.Meta) error {
	count, err := meta.Int("vocab_size", 1, maxWords)
	if err != nil {
		return err
	}
	words, err := list(meta, "tokens", maxWords)
	if err != nil {
		return err
	}
	if len(words) != count {
		return fmt.Errorf("%w: vocab_size is %d, tokens lists %d", modeldir.ErrMetadata, count, len(words))
	}
	m.words = make(map[string]int32, count)
	for i, w := range words {
		m.words[w] = int32(i)
	}
	symbol, err := meta.Text("unk_symbol")
	if err != nil {
		return err
	}
	unknown, ok := m.words[symbol]
	if !ok {
		return fmt.Errorf("%w: unk_symbol %.20q is not among the tokens", modeldir.ErrMetadata, symbol)
	}
	m.unknown = unknown
	return m.readMarks(meta)
}

func (m *Model) readMarks(meta modeldir.Meta) (err error) {
	if m.marks, err = list(meta, "punctuations", maxMarks); err != nil {
		return err
	}
	for _, w := range []struct {
		mark   string
		column *int
	}{{"，", &m.comma}, {"。", &m.stop}, {"？", &m.question}, {"、", &m.pause}} {
		if *w.column = slices.Index(m.marks, w.mark); *w.column < 0 {
			return fmt.Errorf("%w: punctuations lack %s", modeldir.ErrMetadata, w.mark)
		}
	}
	for i, mark := range m.marks { // what stands for no mark
		if mark == "_" || strings.HasPrefix(mark, "<") {
			m.marks[i] = ""
		}
	}
	return nil
}

// list splits a vector of texts, counted before it is taken apart.
func list(meta modeldir.Meta, key string, most int) ([]string, error) {
	v, err := meta.Text(key)
	if err != nil {
		return nil, err
	}
	if n := strings.Count(v, "|") + 1; n > most {
		return nil, fmt.Errorf("%w: %s lists %d, more than %d", modeldir.ErrMetadata, key, n, most)
	}
	return strings.Split(v, "|"), nil
}

// Punctuate returns the text with marks; it always ends in a full stop or a
// question mark. The text should have none yet: what there is counts as words.
// Errors: ErrText, ctcbeam.ErrOutput, or those of the runtime.
func (m *Model) Punctuate(text string) (string, error) {
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > maxText {
		return "", ErrText
	}
	words := split(text)
	if len(words) == 0 {
		return "", nil
	}
	ids := make([]int32, len(words))
	for i, w := range words {
		ids[i] = m.unknown
		if id, ok := m.words[strings.ToLower(w)]; ok {
			ids[i] = id
		}
	}
	columns, err := m.punctuate(ids)
	if err != nil {
		return "", err
	}
	if last := &columns[len(columns)-1]; *last != m.question {
		*last = m.stop
	}
	marks := make([]string, len(words))
	for i, c := range columns {
		marks[i] = m.marks[c]
	}
	return join(words, marks), nil
}

// punctuate finds the column of every word, window by window.
func (m *Model) punctuate(ids []int32) ([]int, error) {
	var done []int
	for end := 0; len(done) < len(ids); {
		end = min(end+step, len(ids))
		got, err := m.columns(ids[len(done):end])
		if err != nil {
			return nil, err
		}
		switch cut := m.cut(got); {
		case end == len(ids):
			done = append(done, got...)
		case cut > 0:
			done = append(done, got[:cut]...)
		}
	}
	return done, nil
}

// cut is how many words of a window are settled: up to its last end of a
// sentence, the first and the last word aside, since they lack their context.
// It makes a sentence end in a window that is as wide as allowed.
func (m *Model) cut(columns []int) int {
	comma := 0
	for i := len(columns) - 2; i >= 1; i-- {
		switch columns[i] {
		case m.stop, m.question:
			return i + 1
		case m.comma:
			comma = max(comma, i)
		}
	}
	switch {
	case len(columns) < widest:
		return 0
	case comma > 0:
		columns[comma] = m.stop
		return comma + 1
	}
	return len(columns)
}

// columns runs the model over one window.
func (m *Model) columns(ids []int32) ([]int, error) {
	n := int64(len(ids))
	words, err := onnx.View(ids, 1, n)
	if err != nil {
		return nil, err
	}
	defer words.Close()
	length, err := onnx.View([]int32{int32(n)}, 1)
	if err != nil {
		return nil, err
	}
	defer length.Close()
	out, err := offline.Run(m.session, words, length)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	scores, _, err := out.Floats(0, 1, n, int64(len(m.marks)))
	if err != nil {
		return nil, err
	}
	columns := make([]int, n)
	for i := range columns {
		row := scores[i*len(m.marks):][:len(m.marks)]
		if columns[i] = ctcbeam.Best(row); slices.ContainsFunc(row, func(v float32) bool { return math.IsNaN(float64(v)) }) {
			return nil, fmt.Errorf("punct: %w", ctcbeam.ErrOutput)
		}
	}
	return columns, nil
}

// Close frees the graph.
func (m *Model) Close() error { return m.session.Close() }
