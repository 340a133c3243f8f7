package silero

import (
	"errors"
	"fmt"
	"math"
	"time"

	"waggle/asr"
	"waggle/audio"
	"waggle/models/onnx"
)

// ErrOutput says that a graph put out something that is no probability.
var ErrOutput = errors.New("silero: the output is not a probability")

// detector is the Detector of a Model. It learns its rate from the first frame.
type detector struct {
	model *Model
	in    asr.Intake // brings 8 kHz to 16 kHz for graphs that know only that
	rate  int        // of the frames, 0 before the first
	form  form
	fed   int // rate of what the graph is fed

	samples *onnx.Tensor[float32] // context, then the window that fills up
	filled  int
	prob    *onnx.Tensor[float32]
	rates   *onnx.Tensor[int64]
	states  [2][]*onnx.Tensor[float32]
	runs    [2]*onnx.Binding // from states[0] to states[1] and back
	turn    int

	verdict asr.Hysteresis
}

// Write takes the next frame and returns the newest verdict, which is the one
// before as long as no window is full.
func (d *detector) Write(f audio.Frame) (asr.Activity, error) {
	if len(f.PCM) == 0 {
		return d.verdict.Last(), nil
	}
	if d.rate == 0 {
		if err := d.begin(f.Rate); err != nil {
			return d.verdict.Last(), err
		}
	}
	if f.Rate != d.rate {
		return d.verdict.Last(), fmt.Errorf("%w: got %d Hz in a stream of %d Hz", asr.ErrRate, f.Rate, d.rate)
	}
	pcm := f.PCM
	if d.fed != d.rate {
		var err error
		if pcm, err = d.in.To16k(f); err != nil {
			return d.verdict.Last(), err
		}
	}
	for len(pcm) > 0 {
		pcm = pcm[d.take(pcm):]
		if d.filled < d.form.window {
			break
		}
		p, err := d.step()
		if err != nil {
			return d.verdict.Last(), err
		}
		d.verdict.Judge(p, time.Duration(d.form.window)*time.Second/time.Duration(d.fed))
	}
	return d.verdict.Last(), nil
}

// begin prepares for the frames' rate.
func (d *detector) begin(rate int) error {
	if rate != wide && rate != narrow {
		return fmt.Errorf("%w: got %d Hz", asr.ErrRate, rate)
	}
	fed := rate
	f, ok := d.model.forms[rate]
	if !ok {
		fed, f = wide, d.model.forms[wide]
	}
	made, err := d.model.newDetector(fed, f)
	if err != nil {
		return err
	}
	*d = *made
	d.rate = rate
	return nil
}

// newDetector makes a detector that is fed at rate.
func (m *Model) newDetector(rate int, f form) (*detector, error) {
	d := &detector{model: m, fed: rate, form: f, verdict: m.hysteresis()}
	if err := d.allocate(); err != nil {
		return nil, errors.Join(fmt.Errorf("silero: %w", err), d.Close())
	}
	return d, nil
}

func (d *detector) allocate() (err error) {
	s := d.model.shape
	if d.samples, err = onnx.New[float32](s.input(d.form.context + d.form.window)...); err != nil {
		return err
	}
	if d.rates, err = onnx.New[int64](1); err != nil {
		return err
	}
	d.rates.Data()[0] = int64(d.fed)
	for side := range d.states {
		for _, dims := range s.states {
			t, err := onnx.New[float32](dims...)
			if err != nil {
				return err
			}
			d.states[side] = append(d.states[side], t)
		}
	}
	if d.prob, err = d.probability(); err != nil {
		return err
	}
	for side := range d.runs {
		out := []onnx.Value{d.prob}
		for _, t := range d.states[1-side] {
			out = append(out, t)
		}
		if d.runs[side], err = d.model.session.Bind(d.inputs(side), out); err != nil {
			return err
		}
	}
	return nil
}

func (d *detector) inputs(side int) []onnx.Value {
	s := d.model.shape
	in := make([]onnx.Value, len(d.model.session.Inputs()))
	in[0] = d.samples
	if s.rate >= 0 {
		in[s.rate] = d.rates
	}
	for k, i := range s.in {
		in[i] = d.states[side][k]
	}
	return in
}

// probability runs the graph once to learn the shape of its first output,
// which exports leave free.
func (d *detector) probability() (t *onnx.Tensor[float32], err error) {
	out := make([]onnx.Value, len(d.model.session.Outputs()))
	defer func() {
		for _, v := range out {
			if v != nil {
				err = errors.Join(err, v.Destroy())
			}
		}
	}()
	if err := d.model.session.Run(d.inputs(0), out); err != nil {
		return nil, err
	}
	y, err := onnx.As[float32](out[0])
	if err != nil {
		return nil, err
	}
	if n := len(y.Data()); n != 1 {
		return nil, fmt.Errorf("%w: %d values for one window", ErrModel, n)
	}
	return onnx.New[float32](y.Dims()...)
}

// take fills the window and returns how many samples it took.
func (d *detector) take(pcm []int16) int {
	room := d.samples.Data()[d.form.context+d.filled:]
	n := min(len(pcm), len(room))
	for i, v := range pcm[:n] {
		room[i] = float32(v) / 32768
	}
	d.filled += n
	return n
}

// step judges the window and keeps its end as the context of the next.
func (d *detector) step() (float32, error) {
	if err := d.runs[d.turn].Run(); err != nil {
		return 0, fmt.Errorf("silero: %w", err)
	}
	d.turn = 1 - d.turn
	d.filled = 0
	data := d.samples.Data()
	copy(data, data[d.form.window:])
	p := d.prob.Data()[0]
	if math.IsNaN(float64(p)) || p < 0 || p > 1 {
		return 0, fmt.Errorf("%w: %v", ErrOutput, p)
	}
	return p, nil
}

// Reset forgets the stream; time starts at zero again.
func (d *detector) Reset() {
	d.in.Reset()
	d.verdict.Reset()
	d.filled, d.turn = 0, 0
	if d.samples == nil {
		return
	}
	clear(d.samples.Data())
	for _, t := range d.states[0] {
		clear(t.Data())
	}
}

// Close frees the detector's memory. It is idempotent.
func (d *detector) Close() error {
	var errs []error
	for _, b := range d.runs {
		if b != nil {
			errs = append(errs, b.Close())
		}
	}
	for _, t := range append(append([]*onnx.Tensor[float32]{d.samples, d.prob}, d.states[0]...), d.states[1]...) {
		if t != nil {
			errs = append(errs, t.Close())
		}
	}
	if d.rates != nil {
		errs = append(errs, d.rates.Close())
	}
	*d = detector{model: d.model, verdict: d.verdict}
	return errors.Join(errs...)
}
