package fbank

import (
	"math"

	"waggle/audio/fft"
)

// Options are the settings in which model families differ. Everything else is
// fixed: 80 bins from 20 Hz, frames of 25 ms every 10 ms.
type Options struct {
	// Hamming tapers frames by 0.54-0.46cos; otherwise Kaldi's povey window.
	Hamming bool
	// SnipEdges keeps only frames that lie wholly inside the signal; otherwise
	// there is one for every 10 ms, the edges mirrored.
	SnipEdges bool
	// Normalise brings samples to [-1,1]; otherwise they count as 16-bit
	// integers, which raises every value by 2 ln 32768.
	Normalise bool
	// HighHz ends the highest filter, from Nyquist downwards where it is not
	// positive: 0 is 8,000 Hz, -400 is 7,600 Hz.
	HighHz float64
}

// Zipformer is what icefall's streaming models are trained on.
func Zipformer() Options { return Options{Normalise: true, HighHz: -400} }

// FunASR is what Paraformer and SenseVoice are trained on, before their frames
// are stacked seven at a time.
func FunASR() Options { return Options{Hamming: true, SnipEdges: true} }

// top is the upper edge of the highest filter in Hz.
func (o Options) top() float64 {
	if o.HighHz > lowHz && o.HighHz <= Rate/2 {
		return o.HighHz
	}
	return Rate/2 + max(min(o.HighHz, 0), lowHz+1-Rate/2)
}

// tables are the constants of the transform, shared by all frames.
type tables struct {
	window [Window]float64
	fft    *fft.Real
	mel    *melBank
}

func newTables(o Options) *tables {
	t := &tables{fft: transform(), mel: newMelBank(o.top())}
	for i := range t.window {
		turn := math.Cos(2 * math.Pi * float64(i) / (Window - 1))
		if o.Hamming {
			t.window[i] = 0.54 - 0.46*turn
		} else {
			t.window[i] = math.Pow(0.5-0.5*turn, 0.85) // povey
		}
	}
	return t
}

// transform never fails: size is a power of two.
func transform() *fft.Real {
	f, err := fft.New(size)
	if err != nil {
		panic(err)
	}
	return f
}
