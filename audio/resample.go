package audio

import (
	"errors"
	"fmt"
	"math"
)

// ErrRate says that a sample rate is outside 1 kHz to 192 kHz.
var ErrRate = errors.New("audio: sample rate must be between 1000 and 192000 Hz")

// The filter is flat up to 87 % of the narrower band, 6 dB down at 94 %, and
// holds what would fold back about 70 dB down; its delay is 32 samples of the
// lower rate (4 ms at 8 kHz).
const (
	zeroCrossings = 32
	kaiserBeta    = 7.5
	bandKept      = 0.94
)

// Resampler changes the sample rate of one mono stream by a polyphase
// windowed-sinc filter (Crochiere and Rabiner, Multirate Digital Signal
// Processing, 1983; Kaiser window). It keeps the tail of each block, so blocks
// of any size join without a seam. It belongs to one goroutine.
type Resampler struct {
	up, down int       // rate ratio in lowest terms
	taps     int       // filter length per phase, in input samples
	phases   []float32 // up rows of taps coefficients
	history  []float32 // the last taps-1 input samples, then the new block
	phase    int       // position of the next output between two inputs
	skip     int       // inputs to pass before the next output
}

// NewResampler makes a streaming resampler between two rates in Hz.
func NewResampler(from, to int) (*Resampler, error) {
	for _, rate := range []int{from, to} {
		if rate < 1000 || rate > 192000 {
			return nil, fmt.Errorf("%w, got %d", ErrRate, rate)
		}
	}
	g := gcd(from, to)
	r := &Resampler{up: to / g, down: from / g}
	r.design()
	r.Reset()
	return r, nil
}

// Clone returns a resampler of the same rates at the start of a stream. The two
// share the filter, whose design costs milliseconds where the rates have no
// large common divisor (22.05 kHz to 16 kHz: 320 phases).
func (r *Resampler) Clone() *Resampler {
	c := *r
	c.history = nil
	c.Reset()
	return &c
}

// design computes the prototype low-pass and deals it out to the phases.
func (r *Resampler) design() {
	wide := max(1, float64(r.down)/float64(r.up)) // input samples per sample of the lower rate
	half := zeroCrossings * wide
	r.taps = 2 * int(math.Ceil(half))
	r.phases = make([]float32, r.up*r.taps)
	for p := range r.up {
		row := r.phases[p*r.taps : (p+1)*r.taps]
		var sum float64
		for k := range row {
			// Distance in input samples from tap k to the output instant.
			x := float64(k) - float64(r.taps/2-1) - float64(p)/float64(r.up)
			c := sinc(x*bandKept/wide) * kaiser(x/half)
			row[k] = float32(c)
			sum += c
		}
		for k := range row {
			row[k] /= float32(sum) // unit gain at DC in every phase: no hum at the phase rate
		}
	}
}

// Reset forgets the past; the next block starts a new stream.
func (r *Resampler) Reset() {
	r.history = append(r.history[:0], make([]float32, r.taps-1)...)
	r.phase, r.skip = 0, 0
}

// Delay is how far, in output samples, the output lags behind the input.
func (r *Resampler) Delay() int {
	return r.taps / 2 * r.up / r.down
}

// Append resamples the next block of the stream and appends the result to
// dst. It does not allocate when dst has room and blocks keep their size.
func (r *Resampler) Append(dst, block []int16) []int16 {
	if r.up == r.down {
		return append(dst, block...)
	}
	for _, s := range block {
		r.history = append(r.history, float32(s))
	}
	at := r.skip
	for at+r.taps <= len(r.history) {
		dst = append(dst, toInt16(dot(r.phases[r.phase*r.taps:][:r.taps], r.history[at:])))
		r.phase += r.down
		at += r.phase / r.up
		r.phase %= r.up
	}
	keep := r.taps - 1
	drop := len(r.history) - keep
	r.skip = at - drop
	copy(r.history, r.history[drop:])
	r.history = r.history[:keep]
	return dst
}

// Resample converts a whole recording, with the delay of the filter removed.
func Resample(pcm []int16, from, to int) ([]int16, error) {
	r, err := NewResampler(from, to)
	if err != nil || from == to {
		return pcm, err
	}
	want := int((int64(len(pcm))*int64(r.up) + int64(r.down) - 1) / int64(r.down))
	lead := r.taps / 2 // input samples until the filter is centred on sample 0
	out := make([]int16, 0, want+r.Delay()+2)
	r.skip = lead
	out = r.Append(out, pcm)
	out = r.Append(out, make([]int16, r.taps))
	return out[:min(want, len(out))], nil
}

func dot(a, b []float32) float32 {
	b = b[:len(a)]
	var s0, s1 float32
	for i := 0; i+1 < len(a); i += 2 {
		s0 += a[i] * b[i]
		s1 += a[i+1] * b[i+1]
	}
	return s0 + s1
}

func toInt16(x float32) int16 {
	return int16(math.RoundToEven(float64(min(max(x, -32768), 32767))))
}

func sinc(x float64) float64 {
	if x == 0 {
		return 1
	}
	return math.Sin(math.Pi*x) / (math.Pi * x)
}

// kaiser is the Kaiser window over [-1, 1].
func kaiser(x float64) float64 {
	if x <= -1 || x >= 1 {
		return 0
	}
	return bessel(kaiserBeta*math.Sqrt(1-x*x)) / bessel(kaiserBeta)
}

// bessel is the modified Bessel function of the first kind of order zero.
func bessel(x float64) float64 {
	sum, term := 1.0, 1.0
	for k := 1.0; term > sum*1e-12; k++ {
		term *= (x / 2 / k) * (x / 2 / k)
		sum += term
	}
	return sum
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}
