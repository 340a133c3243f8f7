// Package vits runs voices of the VITS family (Kim et al., "Conditional
// Variational Autoencoder with Adversarial Learning for End-to-End
// Text-to-Speech", ICML 2021) as piper, coqui, icefall and MeloTTS export them:
// tokens in, sound out. Inputs are bound by position, as sherpa-onnx does. It
// may import models/onnx and tts/voicegraph.
package vits

import (
	"fmt"

	"waggle/models/onnx"
	"waggle/tts/voicegraph"
)

// Scales say how much the sound varies, how long everything is, and how much
// durations vary.
type Scales struct{ Noise, Length, Duration float32 }

// published are the scales that the families are published with. Without noise
// a voice is monotonous, with more it is restless.
func published() Scales { return Scales{Noise: 0.667, Length: 1, Duration: 0.8} }

// Config is what the metadata say.
type Config struct {
	Rate     int
	Speakers int // at least 1
	// Family is the metadata's comment: piper, coqui, icefall, melo, ...
	Family, Language, Frontend, Voice, Punctuation string
	AddBlank, BosEos, Jieba, G2PW                  bool
	BlankID, BosID, EosID                          int64
	Scales                                         Scales
	speaker                                        int64 // of MeloTTS with one speaker
}

// signature is how a graph takes what it needs.
type signature int

const (
	scaled signature = iota // tokens, length, scales[3], [speaker], [language]
	split                   // tokens, length, noise, length scale, duration noise, [speaker]
	toned                   // tokens, length, tones, speaker, noise, length scale, duration noise
)

// Model is a loaded graph. It may be used by many goroutines at once.
type Model struct {
	Config
	graph *onnx.Session
	sig   signature
}

// New takes over a session, which Close closes. c is ParseConfig of its
// metadata, or what the voice says of itself elsewhere. Errors:
// voicegraph.ErrModel.
func New(s *onnx.Session, c Config) (*Model, error) {
	m := &Model{Config: c, graph: s}
	var err error
	if m.sig, err = signatureOf(s.Inputs()); err != nil {
		return nil, err
	}
	if out := s.Outputs(); len(out) == 0 || out[0].Type != onnx.Float32 {
		return nil, fmt.Errorf("%w: its first output is no sound: %s", voicegraph.ErrModel, voicegraph.Describe(out))
	}
	return m, nil
}

// ParseConfig reads metadata_props. Errors: voicegraph.ErrModel.
func ParseConfig(props map[string]string) (Config, error) {
	m := voicegraph.Meta{Props: props}
	const most = 1 << 20 // ids
	c := Config{
		Scales:   published(),
		Rate:     m.Int("sample_rate", voicegraph.MinRate, voicegraph.MaxRate),
		Speakers: max(m.Int("n_speakers", 0, voicegraph.MaxSpeakers), 1),
		Family:   props["comment"], Language: props["language"], Frontend: props["frontend"],
		Voice: props["voice"], Punctuation: props["punctuation"],
		AddBlank: m.Flag("add_blank"), BosEos: m.IntOr("use_eos_bos", 1, 0, 1) == 1, Jieba: m.Flag("jieba"), G2PW: m.Flag("has_g2pw"),
		BlankID: int64(m.IntOr("blank_id", 0, 0, most)), BosID: int64(m.IntOr("bos_id", 0, 0, most)), EosID: int64(m.IntOr("eos_id", 0, 0, most)),
		speaker: int64(m.IntOr("speaker_id", 0, 0, voicegraph.MaxSpeakers)),
	}
	return c, m.Err
}

// signatureOf tells the three forms apart by the types of their inputs.
func signatureOf(in []onnx.Port) (signature, error) {
	const i, f = onnx.Int64, onnx.Float32
	switch {
	case voicegraph.Match(in, i, i, f), voicegraph.Match(in, i, i, f, i), voicegraph.Match(in, i, i, f, i, i):
		return scaled, nil
	case voicegraph.Match(in, i, i, f, f, f), voicegraph.Match(in, i, i, f, f, f, i):
		return split, nil
	case voicegraph.Match(in, i, i, i, i, f, f, f):
		return toned, nil
	}
	return 0, fmt.Errorf("%w: its inputs are of no form of VITS: %s", voicegraph.ErrModel, voicegraph.Describe(in))
}

// Toned says whether the graph takes a tone beside each token.
func (m *Model) Toned() bool { return m.sig == toned }

// Close frees the graph. No Say may be in progress.
func (m *Model) Close() error { return m.graph.Close() }

// Say speaks tokens, with a tone for each where the graph is Toned. The sound
// is at Rate, full scale 1. Errors: voicegraph.ErrTooManyTokens,
// voicegraph.ErrSound, or those of the runtime.
func (m *Model) Say(ids, tones []int64, speaker int, speed float32) ([]float32, error) {
	if err := voicegraph.CheckTokens(len(ids)); err != nil {
		return nil, err
	}
	if m.sig == toned && len(tones) != len(ids) {
		return nil, fmt.Errorf("%w: %d tones for %d tokens", voicegraph.ErrModel, len(tones), len(ids))
	}
	in := m.inputs(ids, tones, int64(speaker), m.Scales.Length/speed)
	defer in.Close()
	out, err := voicegraph.Run(m.graph, in)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	return voicegraph.Sound(out[0], m.Rate)
}

func (m *Model) inputs(ids, tones []int64, speaker int64, length float32) *voicegraph.Inputs {
	in, n := &voicegraph.Inputs{}, int64(len(ids))
	in.Int64(ids, 1, n)
	in.Int64([]int64{n}, 1)
	ports := len(m.graph.Inputs())
	switch m.sig {
	case scaled:
		in.Float32([]float32{m.Scales.Noise, length, m.Scales.Duration}, 3)
		if ports > 3 {
			in.Int64([]int64{speaker}, 1)
		}
		if ports > 4 {
			in.Int64([]int64{0}, 1) // the only language that such exports have
		}
	case split:
		m.scales(in, length)
		if ports > 5 {
			in.Int64([]int64{speaker}, 1)
		}
	case toned:
		if m.Speakers == 1 {
			speaker = m.speaker
		}
		in.Int64(tones, 1, n)
		in.Int64([]int64{speaker}, 1)
		m.scales(in, length)
	}
	return in
}

func (m *Model) scales(in *voicegraph.Inputs, length float32) {
	in.Float32([]float32{m.Scales.Noise}, 1)
	in.Float32([]float32{length}, 1)
	in.Float32([]float32{m.Scales.Duration}, 1)
}
