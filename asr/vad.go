package asr

import (
	"errors"
	"fmt"
	"time"

	"waggle/asr/fbank"
	"waggle/asr/step"
	"waggle/asr/wagglevad"
	"waggle/audio"
	"waggle/models"
)

// ErrRate says that a frame's sample rate is not 8 or 16 kHz, or changed.
var ErrRate = errors.New("asr: frames must be 8000 or 16000 Hz, the same throughout a stream")

// The hysteresis of the VAD.
const (
	vadOn       = 0.5
	vadOff      = 0.35
	vadHangover = 80 * time.Millisecond
)

// VADModel is a loaded voice activity model, shared by all calls.
type VADModel struct{ graph *step.Model }

// OpenVAD loads the voice activity model that ships in the binary.
func OpenVAD() (*VADModel, error) {
	raw, m, err := models.Builtin().Open("vad")
	if err != nil {
		return nil, err
	}
	return NewVADModel(m.Name, raw)
}

// NewVADModel loads a graph with metadata model_type=waggle_vad.
func NewVADModel(name string, graph []byte) (*VADModel, error) {
	g, err := wagglevad.Open(name, graph)
	if err != nil {
		return nil, err
	}
	return &VADModel{graph: g}, nil
}

// Close frees the graph; no VAD may be in use.
func (m *VADModel) Close() error { return m.graph.Close() }

// NewVAD makes a detector for one stream.
func (m *VADModel) NewVAD() (*VAD, error) {
	run, err := m.graph.NewState()
	if err != nil {
		return nil, err
	}
	return &VAD{
		run: run, feats: fbank.New(), chunk: make([]float32, 0, m.graph.Chunk*fbank.Bins),
		verdict: Hysteresis{On: vadOn, Off: vadOff, Hangover: vadHangover},
	}, nil
}

// VAD finds speech in one stream of frames. It belongs to one goroutine.
type VAD struct {
	run     *step.State
	feats   *fbank.Extractor
	in      Intake
	chunk   []float32
	verdict Hysteresis
	row     [fbank.Bins]float32
}

// Write hands over the next frame and returns the newest verdict, which is
// the previous one as long as no whole chunk of features is there.
func (v *VAD) Write(f audio.Frame) (Activity, error) {
	pcm, err := v.in.To16k(f)
	if err != nil {
		return v.verdict.Last(), err
	}
	v.feats.Write(pcm)
	for v.feats.Read(v.row[:]) {
		v.chunk = append(v.chunk, v.row[:]...)
		if len(v.chunk) < cap(v.chunk) {
			continue
		}
		probs, err := v.run.Step(v.chunk)
		if err != nil {
			return v.verdict.Last(), fmt.Errorf("asr: voice activity: %w", err)
		}
		v.judge(probs)
		v.chunk = v.chunk[:0]
	}
	return v.verdict.Last(), nil
}

func (v *VAD) judge(probs []float32) {
	const frame = time.Second * fbank.Shift / fbank.Rate
	each := frame * time.Duration(cap(v.chunk)/fbank.Bins/len(probs))
	for _, p := range probs {
		v.verdict.Judge(p, each)
	}
}

// Reset forgets the stream; time starts at zero again.
func (v *VAD) Reset() {
	v.run.Reset()
	v.feats.Reset()
	v.in.Reset()
	v.verdict.Reset()
	v.chunk = v.chunk[:0]
}

// Close frees the detector's memory.
func (v *VAD) Close() error { return v.run.Close() }
