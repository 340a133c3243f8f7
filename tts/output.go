package tts

import (
	"math"
	"time"

	"waggle/audio"
)

const (
	framesPerSecond = 50
	// gain brings the voices to about -22.5 LUFS, within 1 LU of the -23 of EBU
	// R 128, which leaves the limiter little to do.
	gain = 1.45
	// knee is where the limiter begins to bend, relative to full scale.
	knee = 0.7
	// fadesPerSecond is how many ramps of a phrase's ends fit into a second.
	fadesPerSecond = 200
)

// output turns blocks of sound into frames of 20 ms at the wanted rate.
type output struct {
	from      int // the model's rate
	rate      int
	gain      float64
	emit      func(audio.Frame) error
	resampler *audio.Resampler
	pcm       []int16 // one block at the model's rate
	pending   []int16 // at the output's rate, less than a frame between calls
	sent      int     // samples emitted
	ramp      int     // samples of the fade-in still to come
}

func newOutput(rate int, emit func(audio.Frame) error) (*output, error) {
	r, err := audio.NewResampler(modelRate, rate)
	if err != nil {
		return nil, err
	}
	return &output{from: modelRate, rate: rate, gain: gain, emit: emit, resampler: r}, nil
}

// fadeIn makes the next samples rise from silence.
func (o *output) fadeIn() { o.ramp = o.from / fadesPerSecond }

// fadeOut lets the end of a block at the model's rate fall to silence.
func fadeOut(block []float32) { fadeEnd(block, modelRate/fadesPerSecond) }

// fadeEnd lets the last n samples fall to silence.
func fadeEnd(block []float32, n int) {
	n = min(n, len(block))
	for i := range n {
		block[len(block)-1-i] *= float32(i) / float32(n)
	}
}

// write takes samples at the model's rate, full scale 1.
func (o *output) write(block []float32) error {
	o.pcm = o.pcm[:0]
	for _, x := range block {
		if o.ramp > 0 {
			x *= 1 - float32(o.ramp*fadesPerSecond)/float32(o.from)
			o.ramp--
		}
		o.pcm = append(o.pcm, int16(math.Round(32767*limit(o.gain*float64(x)))))
	}
	return o.push(o.pcm)
}

// limit bends what is louder than the knee towards full scale, which it never
// reaches. It has no memory, so it cannot pump or click, and below the knee it
// changes nothing.
func limit(x float64) float64 {
	a := math.Abs(x)
	if !(a > knee) { // NaN passes as silence below
		if a != a {
			return 0
		}
		return x
	}
	return math.Copysign(knee+(1-knee)*math.Tanh((a-knee)/(1-knee)), x)
}

// silence writes nothing for a while; a negative pause is none.
func (o *output) silence(pause time.Duration) error {
	n := int(pause.Seconds() * float64(o.from))
	if n <= 0 {
		return nil
	}
	return o.push(make([]int16, n))
}

// finish drains the resampler and sends the last frame, filled up with
// silence.
func (o *output) finish() error {
	if err := o.push(make([]int16, o.resampler.Delay()*o.from/o.rate)); err != nil {
		return err
	}
	if rest := len(o.pending) % o.frame(); rest > 0 {
		o.pending = append(o.pending, make([]int16, o.frame()-rest)...)
	}
	return o.flush()
}

func (o *output) frame() int { return o.rate / framesPerSecond }

func (o *output) push(pcm []int16) error {
	o.pending = o.resampler.Append(o.pending, pcm)
	return o.flush()
}

// flush emits all whole frames.
func (o *output) flush() error {
	size := o.frame()
	at := 0
	for ; at+size <= len(o.pending); at += size {
		frame := audio.Frame{
			PCM: append([]int16(nil), o.pending[at:at+size]...), Rate: o.rate,
			TS: time.Duration(o.sent) * time.Second / time.Duration(o.rate),
		}
		o.sent += size
		if err := o.emit(frame); err != nil {
			return err
		}
	}
	o.pending = o.pending[:copy(o.pending, o.pending[at:])]
	return nil
}
