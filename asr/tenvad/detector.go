package tenvad

import (
	"errors"
	"fmt"
	"math"
	"time"

	"waggle/asr"
	"waggle/asr/fbank"
	"waggle/audio"
	"waggle/models/onnx/batch"
)

// span is the length of a window.
const span = time.Second * window / fbank.Rate

// detector is the Detector of a Model.
type detector struct {
	in      asr.Intake
	feats   *extractor
	step    *batch.Stream
	x, prob []float32
	pcm     [window]int16
	filled  int
	verdict asr.Hysteresis
}

func (m *Model) newDetector() (*detector, error) {
	feats, err := newExtractor(&m.constant)
	if err != nil {
		return nil, err
	}
	step, err := m.runner.NewStream()
	if err != nil {
		return nil, fmt.Errorf("tenvad: %w", err)
	}
	d := &detector{feats: feats, step: step, verdict: asr.Hysteresis{
		On: m.set.Threshold, Off: max(m.set.Threshold-exitBelow, leastExit), Hangover: m.set.Hangover,
	}}
	var errX, errY error
	d.x, errX = batch.Feed[float32](step, 0)
	d.prob, errY = batch.Fetch[float32](step, 0)
	if err := errors.Join(errX, errY); err != nil {
		return nil, errors.Join(err, step.Close())
	}
	return d, nil
}

// Write takes the next frame and returns the newest verdict, which is the one
// before as long as no window is full.
func (d *detector) Write(f audio.Frame) (asr.Activity, error) {
	pcm, err := d.in.To16k(f)
	if err != nil {
		return d.verdict.Last(), err
	}
	for len(pcm) > 0 {
		n := copy(d.pcm[d.filled:], pcm)
		pcm = pcm[n:]
		if d.filled += n; d.filled < window {
			break
		}
		d.filled = 0
		if err := d.hear(); err != nil {
			return d.verdict.Last(), err
		}
	}
	return d.verdict.Last(), nil
}

// hear judges a full window behind the two before it.
func (d *detector) hear() error {
	copy(d.x, d.x[values:])
	d.feats.values(&d.pcm, d.x[(frames-1)*values:])
	if err := d.step.Step(true); err != nil {
		return fmt.Errorf("tenvad: %w", err)
	}
	p := d.prob[0]
	if math.IsNaN(float64(p)) || p < 0 || p > 1 {
		return fmt.Errorf("%w: %v", ErrOutput, p)
	}
	d.verdict.Judge(p, span)
	return nil
}

// Reset forgets the stream; time starts at zero again.
func (d *detector) Reset() {
	d.step.Reset()
	clear(d.x)
	d.in.Reset()
	d.filled, d.feats.last = 0, 0
	d.verdict.Reset()
}

// Close frees the detector's memory. It is idempotent.
func (d *detector) Close() error { return d.step.Close() }
