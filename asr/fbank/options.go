package fbank

import (
	"math"

	"waggle/audio/fft"
)

// Options are the settings in which model families differ. Everything else is
// fixed: frames of 25 ms every 10 ms.
type Options struct {
	// Hamming tapers frames by 0.54-0.46cos, Hann by the periodic 0.5-0.5cos;
	// otherwise Kaldi's povey window.
	Hamming, Hann bool
	// KeepDC leaves the mean of a frame in.
	KeepDC bool
	// Slaney makes librosa's filters, from 0 Hz and of area one; otherwise
	// Kaldi's.
	Slaney bool
	// Values is how many filters there are; 0 means Bins.
	Values int
	// LowHz begins the lowest filter of Kaldi's; 0 means 20.
	LowHz float64
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

// NeMo is what NVIDIA NeMo's CTC models are given by sherpa-onnx; they want
// every value normalised over the utterance as well.
func NeMo() Options { return Options{Normalise: true, Slaney: true, Hann: true, KeepDC: true} }

// TeleSpeech is the filter bank under the cepstra of TeleSpeech's models.
func TeleSpeech() Options { return Options{SnipEdges: true, Values: 40, LowHz: 40, HighHz: -200} }

// values is how many filters there are.
func (o Options) values() int {
	if o.Values > 0 {
		return o.Values
	}
	return Bins
}

// low is the lower edge of the lowest filter in Hz.
func (o Options) low() float64 {
	if o.LowHz > 0 {
		return o.LowHz
	}
	return lowHz
}

// bank makes the filters.
func (o Options) bank() *melBank {
	if o.Slaney {
		return newSlaneyBank(o.values(), o.top())
	}
	return newMelBank(o.values(), o.low(), o.top())
}

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
	t := &tables{fft: transform(), mel: o.bank()}
	for i := range t.window {
		turn := math.Cos(2 * math.Pi * float64(i) / (Window - 1))
		switch {
		case o.Hamming:
			t.window[i] = 0.54 - 0.46*turn
		case o.Hann:
			t.window[i] = 0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/Window)
		default:
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
