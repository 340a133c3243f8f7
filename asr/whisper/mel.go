package whisper

import "math"

// The fixed settings of Whisper's features: frames of 25 ms every 10 ms.
const (
	rate      = 16000
	hop       = 160
	window    = 400
	bins      = window/2 + 1
	maxFrames = 3000 // half a minute is what the models were trained on

	pi = math.Pi
	// leastPower, dynamics, lift and scale are those of the reference: power
	// below 1e-10 or 8 decades under the loudest is cut off, then (x+4)/4.
	leastPower = 1e-10
	dynamics   = 8
	lift       = 4
	scale      = 4
)

// spectrogram computes log-mel features as the reference implementation does
// (Radford et al., "Robust Speech Recognition via Large-Scale Weak
// Supervision", ICML 2023; openai/whisper, audio.py): centred frames under a
// periodic Hann window, mirrored at the edges, mel filters of equal area. It
// belongs to one goroutine.
type spectrogram struct {
	taper   [window]float64
	filters []filter
	fft     *dft
	packed  [window / 2]complex128
	half    [window / 2]complex128
	split   [bins]complex128
	power   [bins]float64
}

// filter weighs the spectrum from bin first on.
type filter struct {
	first  int
	weight []float64
}

func newSpectrogram(mels int) *spectrogram {
	s := &spectrogram{fft: newDFT(window / 2), filters: melFilters(mels)}
	for i := range s.taper {
		s.taper[i] = 0.5 - 0.5*math.Cos(2*pi*float64(i)/window)
	}
	for k := range s.split {
		sin, cos := math.Sincos(-2 * pi * float64(k) / window)
		s.split[k] = complex(cos, sin)
	}
	return s
}

// slaney is the mel scale of Slaney's Auditory Toolbox, inverted: linear to
// 1 kHz, then logarithmic.
func slaney(mel float64) float64 {
	const knee, hertz = 15, 200.0 / 3
	if mel < knee {
		return mel * hertz
	}
	return 1000 * math.Exp(math.Log(6.4)/27*(mel-knee))
}

func melFilters(n int) []filter {
	top := 15 + math.Log(rate/2/1000.0)/(math.Log(6.4)/27)
	corner := func(i int) float64 { return slaney(top * float64(i) / float64(n+1)) }
	list := make([]filter, n)
	for i := range list {
		left, centre, right := corner(i), corner(i+1), corner(i+2)
		for k := range bins {
			hz := float64(k) * rate / window
			w := min((hz-left)/(centre-left), (right-hz)/(right-centre)) * 2 / (right - left)
			if w <= 0 {
				continue
			}
			if list[i].weight == nil {
				list[i].first = k
			}
			list[i].weight = append(list[i].weight, w)
		}
	}
	return list
}

// compute returns [mels][frames] values of pcm followed by tail samples of
// silence, mel after mel as the encoder takes them. What lies beyond maxFrames
// is left out.
func (s *spectrogram) compute(pcm []int16, tail int) (values []float32, frames int) {
	n := min(len(pcm)+tail, maxFrames*hop)
	pcm = pcm[:min(len(pcm), n)]
	frames = n / hop
	values = make([]float32, len(s.filters)*frames)
	loudest := math.Log10(leastPower)
	for f := range frames {
		s.spectrum(pcm, n, f*hop-window/2)
		for m, at := range s.filters {
			sum := 0.0
			for k, w := range at.weight {
				sum += w * s.power[at.first+k]
			}
			v := math.Log10(max(sum, leastPower))
			loudest = max(loudest, v)
			values[m*frames+f] = float32(v)
		}
	}
	floor := float32(loudest - dynamics)
	for i, v := range values {
		values[i] = (max(v, floor) + lift) / scale
	}
	return values, frames
}

// spectrum computes the power of the frame that begins at sample from of a
// signal of n samples.
func (s *spectrogram) spectrum(pcm []int16, n, from int) {
	if from >= len(pcm) && from+window <= n { // in the silence of the tail
		clear(s.power[:])
		return
	}
	for i := range s.packed { // two real samples make one complex one
		s.packed[i] = complex(s.taper[2*i]*sample(pcm, n, from+2*i), s.taper[2*i+1]*sample(pcm, n, from+2*i+1))
	}
	s.fft.transform(s.half[:], s.packed[:])
	const h = window / 2
	for k := range s.power {
		a, b := s.half[k%h], s.half[(h-k)%h]
		b = complex(real(b), -imag(b))
		v := (a+b)/2 + s.split[k]*(a-b)/complex(0, 2)
		s.power[k] = real(v)*real(v) + imag(v)*imag(v)
	}
}

// sample is the value at i of a signal of n samples, mirrored without repeating
// the edge; beyond pcm it is silent.
func sample(pcm []int16, n, i int) float64 {
	if i < 0 {
		i = -i
	}
	if i >= n {
		i = 2*n - 2 - i
	}
	if i < 0 || i >= len(pcm) {
		return 0
	}
	return float64(pcm[i]) / 32768
}
