package tenvad

import (
	"math"

	"waggle/asr/fbank"
	"waggle/asr/modeldir"
	"waggle/audio/fft"
)

// The features: windows of 16 ms that do not overlap.
const (
	window  = 256  // samples
	longest = 768  // coefficients of the taper, of which the first are used
	size    = 1024 // transform length
	mels    = 40
	preEmph = 0.97
	scale   = 32768
)

// constants are what the metadata bring.
type constants struct {
	mean, gain [values]float32
	taper      [window]float64
}

// readConstants parses mean, inv_stddev and window. Errors:
// modeldir.ErrMetadata.
func readConstants(m modeldir.Meta) (c constants, err error) {
	for _, v := range []struct {
		key  string
		size int
		take func(i int, v float32)
	}{
		{"mean", values, func(i int, v float32) { c.mean[i] = v }},
		{"inv_stddev", values, func(i int, v float32) { c.gain[i] = v }},
		{"window", longest, func(i int, v float32) {
			if i < window {
				c.taper[i] = float64(v)
			}
		}},
	} {
		list, err := m.Floats(v.key, v.size)
		if err != nil {
			return c, err
		}
		for i, f := range list {
			v.take(i, f)
		}
	}
	return c, nil
}

// filter weighs the power bins from first on.
type filter struct {
	first  int
	weight []float64
}

// filters are triangles between corners that lie evenly on Slaney's scale up
// to 8 kHz, cut down to whole bins of a transform one longer than it is.
func filters() []filter {
	const nyquist = fbank.Rate / 2
	var corner [mels + 2]int
	for i := range corner {
		hz := fbank.SlaneyHz(fbank.SlaneyMel(nyquist) * float64(i) / (mels + 1))
		corner[i] = int(math.Floor(hz*(size+1)/fbank.Rate + 1e-9))
	}
	list := make([]filter, mels)
	for i := range list {
		left, centre, right := corner[i], corner[i+1], corner[i+2]
		f := filter{first: left, weight: make([]float64, right-left)}
		for k := left; k < right; k++ {
			if k < centre {
				f.weight[k-left] = float64(k-left) / float64(centre-left)
			} else {
				f.weight[k-left] = float64(right-k) / float64(right-centre)
			}
		}
		list[i] = f
	}
	return list
}

// extractor makes the values of one window after another.
type extractor struct {
	constant *constants
	fft      *fft.Real
	filters  []filter
	last     float64 // sample before the window
	frame    [size]float64
	power    [size/2 + 1]float64
}

func newExtractor(c *constants) (*extractor, error) {
	f, err := fft.New(size)
	if err != nil {
		return nil, err
	}
	return &extractor{constant: c, fft: f, filters: filters()}, nil
}

// values writes the normalised features of a window of samples. The pitch,
// which sherpa-onnx does not compute either, is 0 before it is normalised.
func (e *extractor) values(pcm *[window]int16, out []float32) {
	for i, v := range pcm {
		now := float64(v)
		e.frame[i] = (now - preEmph*e.last) * e.constant.taper[i]
		e.last = now
	}
	e.fft.Power(e.frame[:], e.power[:])
	for i, f := range e.filters {
		sum := 0.0
		for k, w := range f.weight {
			sum += w * e.power[f.first+k]
		}
		out[i] = float32(math.Log(sum+1e-10) - 2*math.Log(scale))
	}
	out[mels] = 0
	for i := range out[:values] {
		out[i] = (out[i] - e.constant.mean[i]) * e.constant.gain[i]
	}
}
