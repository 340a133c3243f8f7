// Package kokoro runs voices of the Kokoro family: StyleTTS 2 (Li et al.,
// NeurIPS 2023) with one style vector for each speaker and length of the
// phrase, kept in voices.bin. Inputs are bound by position, as sherpa-onnx
// does. It may import models/onnx and tts/voicegraph.
package kokoro

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"waggle/models/onnx"
	"waggle/tts/voicegraph"
)

// ErrVoices says that voices.bin does not fit the graph.
var ErrVoices = errors.New("voices.bin cannot be used")

// Limits of style_dim. Published voices have "510,1,256".
const (
	maxRows  = 4096
	maxWidth = 4096
	// MaxVoicesFile bounds voices.bin: 53 speakers take 27 MB.
	MaxVoicesFile = 512 << 20
)

// Config is what the metadata say.
type Config struct {
	Rate     int
	Speakers int
	Names    []string // of the speakers; nil where they have none
	Voice    string   // of espeak-ng, for versions without a lexicon
	Version  int
	Rows     int // lengths of phrases that have a style: the longest is Rows-1 tokens
	width    int // values of a style
}

// Model is a loaded graph with its styles. It may be used by many goroutines at
// once.
type Model struct {
	Config
	graph  *onnx.Session
	styles []float32 // [speaker, tokens, width]
}

// ParseConfig reads metadata_props. Errors: voicegraph.ErrModel.
func ParseConfig(props map[string]string) (Config, error) {
	m := voicegraph.Meta{Props: props}
	c := Config{
		Rate:     m.Int("sample_rate", voicegraph.MinRate, voicegraph.MaxRate),
		Speakers: m.Int("n_speakers", 1, voicegraph.MaxSpeakers),
		Version:  m.IntOr("version", 1, 0, 100),
		Voice:    props["voice"],
	}
	c.Names = m.Names("speaker_names", c.Speakers)
	if c.Voice == "" {
		c.Voice = "en-us"
	}
	style := m.Ints("style_dim", 3, 1, max(maxRows, maxWidth))
	c.Rows, c.width = style[0], style[2]
	if m.Err == nil && (c.Rows < 2 || style[1] != 1) {
		return c, fmt.Errorf("%w: metadata style_dim is %v, want [rows 1 width]", voicegraph.ErrModel, style)
	}
	return c, m.Err
}

// VoicesSize is how many bytes voices.bin must have.
func (c Config) VoicesSize() int64 { return 4 * int64(c.Speakers) * int64(c.Rows) * int64(c.width) }

// CheckVoices says whether a voices.bin of that size fits, before it is read.
// Errors: ErrVoices.
func (c Config) CheckVoices(size int64) error {
	want := c.VoicesSize()
	if want > MaxVoicesFile {
		return fmt.Errorf("%w: %d speakers of %d styles would take %d bytes, more than %d", ErrVoices, c.Speakers, c.Rows, want, int64(MaxVoicesFile))
	}
	if size != want {
		return fmt.Errorf("%w: it has %d bytes, want %d for %d speakers of %d styles of %d values", ErrVoices, size, want, c.Speakers, c.Rows, c.width)
	}
	return nil
}

// New takes over a session, which Close closes. voices is the content of
// voices.bin: little-endian 32-bit floats. Errors: voicegraph.ErrModel,
// ErrVoices.
func New(s *onnx.Session, voices []byte) (*Model, error) {
	c, err := ParseConfig(s.Meta())
	if err != nil {
		return nil, err
	}
	if in := s.Inputs(); !voicegraph.Match(in, onnx.Int64, onnx.Float32, onnx.Float32) {
		return nil, fmt.Errorf("%w: Kokoro takes tokens, style and speed, this graph %s", voicegraph.ErrModel, voicegraph.Describe(in))
	}
	if out := s.Outputs(); len(out) == 0 || out[0].Type != onnx.Float32 {
		return nil, fmt.Errorf("%w: its first output is no sound: %s", voicegraph.ErrModel, voicegraph.Describe(out))
	}
	if err := c.CheckVoices(int64(len(voices))); err != nil {
		return nil, err
	}
	m := &Model{Config: c, graph: s, styles: make([]float32, len(voices)/4)}
	for i := range m.styles {
		v := math.Float32frombits(binary.LittleEndian.Uint32(voices[4*i:]))
		if v != v || math.IsInf(float64(v), 0) {
			return nil, fmt.Errorf("%w: value %d is %g", ErrVoices, i, v)
		}
		m.styles[i] = v
	}
	return m, nil
}

// Close frees the graph. No Say may be in progress.
func (m *Model) Close() error { return m.graph.Close() }

// frame is the id 0 that stands at both ends of the tokens and does not count
// for the style.
const frame = 2

// MaxTokens is how many ids Say takes, with the two at the ends.
func (m *Model) MaxTokens() int { return m.Rows - 1 + frame }

// Say speaks tokens that begin and end with id 0; tones are not used. The sound
// is at Rate, full scale 1. Errors: voicegraph.ErrTooManyTokens,
// voicegraph.ErrSound, or those of the runtime.
func (m *Model) Say(ids, _ []int64, speaker int, speed float32) ([]float32, error) {
	if err := voicegraph.CheckTokens(len(ids)); err != nil {
		return nil, err
	}
	if len(ids) > m.MaxTokens() {
		return nil, fmt.Errorf("%w: %d, most %d", voicegraph.ErrTooManyTokens, len(ids), m.MaxTokens())
	}
	row := (speaker*m.Rows + max(len(ids)-frame, 0)) * m.width
	in := &voicegraph.Inputs{}
	defer in.Close()
	in.Int64(ids, 1, int64(len(ids)))
	in.Float32(m.styles[row:row+m.width], 1, int64(m.width))
	in.Float32([]float32{speed}, 1)
	out, err := voicegraph.Run(m.graph, in)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	return voicegraph.Sound(out[0], m.Rate)
}
