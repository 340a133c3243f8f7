package matcha

import (
	"fmt"

	"waggle/models/onnx"
	"waggle/tts/voicegraph"
)

// Vocoder makes sound of a mel spectrogram: HiFi-GAN (Kong et al., NeurIPS
// 2020), whose graph gives samples, or Vocos (Siuzdak, ICLR 2024), whose graph
// gives a spectrum.
type Vocoder struct {
	graph   *onnx.Session
	rate    int    // 0 where the metadata do not say it
	inverse *istft // nil for HiFi-GAN
}

// NewVocoder takes over a session, which Close closes. Errors:
// voicegraph.ErrModel.
func NewVocoder(s *onnx.Session) (*Vocoder, error) {
	in, out := s.Inputs(), s.Outputs()
	if !voicegraph.Match(in, onnx.Float32) {
		return nil, fmt.Errorf("%w: a vocoder takes a mel spectrogram, this graph %s", voicegraph.ErrModel, voicegraph.Describe(in))
	}
	m := voicegraph.Meta{Props: s.Meta()}
	v := &Vocoder{graph: s, rate: m.IntOr("sample_rate", 0, voicegraph.MinRate, voicegraph.MaxRate)}
	if m.Err != nil {
		return nil, m.Err
	}
	const f = onnx.Float32
	switch {
	case voicegraph.Match(out, f):
		return v, nil
	case voicegraph.Match(out, f, f, f):
		set, err := ParseSTFT(s.Meta())
		if err != nil {
			return nil, err
		}
		v.inverse, err = newISTFT(set)
		return v, err
	}
	return nil, fmt.Errorf("%w: its outputs are of no known vocoder: %s", voicegraph.ErrModel, voicegraph.Describe(out))
}

// Close frees the graph.
func (v *Vocoder) Close() error { return v.graph.Close() }

// Sound runs the vocoder on a mel spectrogram [1, 80, frames]. Errors:
// voicegraph.ErrSound, or those of the runtime.
func (v *Vocoder) Sound(mel onnx.Value, rate int) ([]float32, error) {
	in := &voicegraph.Inputs{Values: []onnx.Value{mel}} // the caller's; not closed here
	out, err := voicegraph.Run(v.graph, in)
	if err != nil {
		return nil, err
	}
	defer out.Close()
	if v.inverse == nil {
		return voicegraph.Sound(out[0], rate)
	}
	var polar [3][]float32
	frames := 0
	for i, value := range out {
		t, err := onnx.As[float32](value)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", voicegraph.ErrSound, err)
		}
		d := t.Dims()
		if len(d) != 3 || d[0] != 1 || int(d[1]) != v.inverse.fft.Bins() || d[2] < 1 || d[2] > maxFrames || i > 0 && int(d[2]) != frames {
			return nil, fmt.Errorf("%w: output %d of the vocoder is %v, want [1 %d frames]", voicegraph.ErrSound, i, d, v.inverse.fft.Bins())
		}
		polar[i], frames = t.Data(), int(d[2])
	}
	if err := voicegraph.CheckLength(v.inverse.length(frames), rate); err != nil {
		return nil, err
	}
	return voicegraph.CheckSound(v.inverse.samples(polar[0], polar[1], polar[2], frames), rate)
}
