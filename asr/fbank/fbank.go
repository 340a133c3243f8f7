// Package fbank turns 16 kHz speech into log mel filter bank frames exactly as
// Kaldi does: 80 bins, frames of 25 ms every 10 ms, pre-emphasis 0.97, DC
// removed, no dither, natural logarithm. Unless Options say otherwise the rest
// is what streaming zipformer models are trained on: 20 to 7,600 Hz, povey
// window, snip_edges=false, samples in [-1,1]. It is a leaf.
//
// Source: Povey et al., "The Kaldi Speech Recognition Toolkit", ASRU 2011,
// feat/feature-window.cc and feat/mel-computations.cc; golden values in
// testdata come from kaldi-native-fbank.
package fbank

// The fixed settings.
const (
	Rate   = 16000 // samples per second
	Bins   = 80    // values per frame
	Shift  = 160   // samples from one frame to the next, 10 ms
	Window = 400   // samples under one frame, 25 ms

	size    = 512 // transform length: Window rounded up to a power of two
	half    = size / 2
	preEmph = 0.97
	lowHz   = 20.0
)

// floor is the least energy of a bin, FLT_EPSILON as in Kaldi.
const floor = 1.1920929e-07

// Extractor computes frames as samples arrive. It belongs to one goroutine.
// In the steady state neither Write nor Read allocates.
type Extractor struct {
	tables *tables
	first  int     // position of the first frame's first sample
	unit   float32 // value of one step of the samples
	keepDC bool
	buf    []float32 // samples from position base on
	base   int       // position of buf[0] since Reset; below zero for the mirror
	next   int       // index of the next frame to compute
	ended  bool

	frame    [size]float64
	spectrum [size/2 + 1]float64
}

// New makes an Extractor with the settings of streaming zipformer models at
// the start of an utterance.
func New() *Extractor { return NewWith(Zipformer()) }

// NewWith makes an Extractor with other settings.
func NewWith(o Options) *Extractor {
	e := &Extractor{tables: newTables(o), unit: 1, keepDC: o.KeepDC, buf: make([]float32, 0, 4*Rate)}
	if o.Normalise {
		e.unit = 1.0 / 32768
	}
	if !o.SnipEdges {
		e.first = Shift/2 - Window/2
	}
	e.Reset()
	return e
}

// Reset forgets all samples; the next one starts a new utterance.
func (e *Extractor) Reset() {
	e.buf = e.buf[:0]
	e.base, e.next, e.ended = 0, 0, false
}

// CopyFrom goes on from where another Extractor with the same settings is.
func (e *Extractor) CopyFrom(o *Extractor) {
	e.buf = append(e.buf[:0], o.buf...)
	e.base, e.next, e.ended = o.base, o.next, o.ended
}

// Write appends 16 kHz samples. It panics after Flush without Reset.
func (e *Extractor) Write(pcm []int16) {
	if e.ended {
		panic("fbank: Write after Flush")
	}
	e.compact()
	for _, s := range pcm {
		e.buf = append(e.buf, float32(s)*e.unit)
	}
}

// Flush says that no sample will follow: without SnipEdges the remaining frames
// see the signal mirrored at its end, as Kaldi does.
func (e *Extractor) Flush() { e.ended = true }

// Ready is the number of frames that Read can return now.
func (e *Extractor) Ready() int {
	n := e.base + len(e.buf)
	if e.ended && e.first < 0 {
		return max((n+Shift/2)/Shift-e.next, 0)
	}
	// Frame i needs the samples before first + i*Shift + Window.
	return max((n-e.first-Window+Shift)/Shift-e.next, 0)
}

// Width is how many values a frame has.
func (e *Extractor) Width() int { return len(e.tables.mel.filters) }

// Read writes the next frame into dst (at least Width values) and reports
// whether there was one.
func (e *Extractor) Read(dst []float32) bool {
	if e.Ready() == 0 {
		return false
	}
	e.window(e.first + e.next*Shift)
	e.next++
	e.tables.fft.Power(e.frame[:], e.spectrum[:])
	e.tables.mel.logEnergies(&e.spectrum, dst)
	return true
}

// compact drops the samples that no later frame looks at.
func (e *Extractor) compact() {
	// The mirror at the end reaches back by at most one window.
	drop := e.first + e.next*Shift - Window - e.base
	if drop < Rate {
		return
	}
	e.buf = e.buf[:copy(e.buf, e.buf[drop:])]
	e.base += drop
}

// window loads the frame that starts at sample from: DC removed, emphasised,
// tapered and padded with zeros.
func (e *Extractor) window(from int) {
	frame := e.frame[:Window]
	sum := 0.0
	if at := from - e.base; from >= 0 && at >= 0 && at+Window <= len(e.buf) {
		for i, v := range e.buf[at:][:Window] {
			frame[i] = float64(v)
			sum += float64(v)
		}
	} else {
		for i := range frame {
			frame[i] = float64(e.at(from + i))
			sum += frame[i]
		}
	}
	mean := sum / Window
	if e.keepDC {
		mean = 0
	}
	previous := frame[0] - mean
	taper := e.tables.window[:len(frame)]
	for i, v := range frame {
		v -= mean
		frame[i] = (v - preEmph*previous) * taper[i]
		previous = v
	}
	clear(e.frame[Window:])
}

// at is the sample at position i of the utterance, mirrored at both edges.
func (e *Extractor) at(i int) float32 {
	n := e.base + len(e.buf)
	for i < 0 || i >= n {
		if i < 0 {
			i = -i - 1
		} else {
			i = 2*n - 1 - i
		}
	}
	return e.buf[i-e.base]
}
