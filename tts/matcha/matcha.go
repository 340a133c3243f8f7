// Package matcha runs voices of the Matcha-TTS family (Mehta et al.,
// "Matcha-TTS: A fast TTS architecture with conditional flow matching", ICASSP
// 2024) as icefall and the authors export them: an acoustic graph makes a mel
// spectrogram, a vocoder graph (vocos or HiFi-GAN) makes sound of it. Inputs
// are bound by position, as sherpa-onnx does. It may import audio/fft,
// models/onnx and tts/voicegraph.
package matcha

import (
	"errors"
	"fmt"

	"waggle/models/onnx"
	"waggle/tts/voicegraph"
)

// noiseScale is the temperature of the flow that the exports are used with.
const noiseScale = 1.0

// Bands of the mel spectrogram, and the most frames of one run: two minutes.
const (
	bands     = 80
	maxFrames = 120 * 100
)

// Config is what the metadata say.
type Config struct {
	Rate              int
	Speakers          int // at least 1
	Language, Voice   string
	Jieba, HasEspeak  bool
	BosEos, AddBlank  bool
	PadID             int64
	vocodes, combined bool // the graph makes sound itself; scales are one input
}

// Model is a loaded pair of graphs. It may be used by many goroutines at once.
type Model struct {
	Config
	acoustic *onnx.Session
	vocoder  *Vocoder // nil where the graph makes sound itself
}

// New takes over a session, which Close closes. Errors: voicegraph.ErrModel.
func New(s *onnx.Session) (*Model, error) {
	c, err := ParseConfig(s.Meta())
	if err != nil {
		return nil, err
	}
	const i, f = onnx.Int64, onnx.Float32
	in := s.Inputs()
	switch {
	case voicegraph.Match(in, i, i, f), voicegraph.Match(in, i, i, f, i):
		c.combined = true
	case voicegraph.Match(in, i, i, f, f), voicegraph.Match(in, i, i, f, f, i):
	default:
		return nil, fmt.Errorf("%w: its inputs are of no form of Matcha: %s", voicegraph.ErrModel, voicegraph.Describe(in))
	}
	out := s.Outputs()
	if len(out) == 0 || out[0].Type != onnx.Float32 {
		return nil, fmt.Errorf("%w: its first output is no mel spectrogram: %s", voicegraph.ErrModel, voicegraph.Describe(out))
	}
	c.vocodes = out[0].Name == "audio_output"
	return &Model{Config: c, acoustic: s}, nil
}

// ParseConfig reads metadata_props. Errors: voicegraph.ErrModel.
func ParseConfig(props map[string]string) (Config, error) {
	m := voicegraph.Meta{Props: props}
	c := Config{
		Rate:     m.Int("sample_rate", voicegraph.MinRate, voicegraph.MaxRate),
		Speakers: max(m.Int("n_speakers", 0, voicegraph.MaxSpeakers), 1),
		Language: props["language"], Voice: props["voice"],
		Jieba: m.Flag("jieba"), HasEspeak: m.Flag("has_espeak"),
		BosEos: m.Int("use_eos_bos", 0, 1) == 1, PadID: int64(m.Int("pad_id", 0, 1<<20)),
	}
	// The mixed Mandarin and English export is the only one without blanks, and
	// does not say so otherwise.
	c.AddBlank = m.IntOr("add_blank", 1, 0, 1) == 1 && c.Voice != "zh en-us"
	return c, m.Err
}

// NeedsVocoder says whether SetVocoder must be called before Say.
func (m *Model) NeedsVocoder() bool { return !m.vocodes }

// SetVocoder takes over the vocoder. Errors: voicegraph.ErrModel when the two
// do not fit.
func (m *Model) SetVocoder(v *Vocoder) error {
	if v.rate != 0 && v.rate != m.Rate {
		return fmt.Errorf("%w: the voice speaks at %d Hz and the vocoder at %d Hz: take the vocoder of the voice's rate", voicegraph.ErrModel, m.Rate, v.rate)
	}
	m.vocoder = v
	return nil
}

// Close frees the graphs. No Say may be in progress.
func (m *Model) Close() error {
	if m.vocoder == nil {
		return m.acoustic.Close()
	}
	return errors.Join(m.vocoder.Close(), m.acoustic.Close())
}

// Say speaks tokens; tones are not used. The sound is at Rate, full scale 1.
// Errors: voicegraph.ErrTooManyTokens, voicegraph.ErrSound, or those of the
// runtime.
func (m *Model) Say(ids, _ []int64, speaker int, speed float32) ([]float32, error) {
	if err := voicegraph.CheckTokens(len(ids)); err != nil {
		return nil, err
	}
	in := m.inputs(ids, int64(speaker), 1/speed)
	defer in.Close()
	out, err := voicegraph.Run(m.acoustic, in)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	if m.vocodes {
		return voicegraph.Sound(out[0], m.Rate)
	}
	if err := checkMel(out[0]); err != nil {
		return nil, err
	}
	return m.vocoder.Sound(out[0], m.Rate)
}

func (m *Model) inputs(ids []int64, speaker int64, length float32) *voicegraph.Inputs {
	in, n := &voicegraph.Inputs{}, int64(len(ids))
	in.Int64(ids, 1, n)
	in.Int64([]int64{n}, 1)
	if m.combined {
		in.Float32([]float32{noiseScale, length}, 2)
	} else {
		in.Float32([]float32{noiseScale}, 1)
		in.Float32([]float32{length}, 1)
	}
	if len(m.acoustic.Inputs()) > len(in.Values) {
		in.Int64([]int64{speaker}, 1)
	}
	return in
}

// checkMel refuses what is not [1, bands, frames] before a vocoder sees it.
func checkMel(v onnx.Value) error {
	mel, err := onnx.As[float32](v)
	if err != nil {
		return fmt.Errorf("%w: %w", voicegraph.ErrSound, err)
	}
	if d := mel.Dims(); len(d) != 3 || d[0] != 1 || d[1] != bands || d[2] < 1 || d[2] > maxFrames {
		return fmt.Errorf("%w: the mel spectrogram is %v, want [1 %d 1..%d]", voicegraph.ErrSound, d, bands, maxFrames)
	}
	return nil
}
