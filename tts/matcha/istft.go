package matcha

import (
	"fmt"
	"math"

	"waggle/audio/fft"
	"waggle/tts/voicegraph"
)

// STFT is how the spectrum of a vocoder was taken, with torch.stft's terms.
type STFT struct {
	Size, Hop, Window  int
	Center, Normalized bool
}

// ParseSTFT reads metadata_props; what is absent is as in Vocos at 24 kHz.
// Errors: voicegraph.ErrModel.
func ParseSTFT(props map[string]string) (STFT, error) {
	m := voicegraph.Meta{Props: props}
	const least, most = 16, 1 << 14
	s := STFT{Size: m.IntOr("n_fft", 1024, least, most)}
	s.Hop = m.IntOr("hop_length", s.Size/4, s.Size/32, s.Size)
	s.Window = m.IntOr("win_length", s.Size, 2, s.Size)
	s.Center = m.IntOr("center", 1, 0, 1) == 1
	s.Normalized = m.Flag("normalized")
	if w, ok := props["window_type"]; ok && w != "hann" && m.Err == nil {
		return s, fmt.Errorf("%w: the vocoder's window is %.20q, only hann is known", voicegraph.ErrModel, w)
	}
	return s, m.Err
}

// istft turns frames of a spectrum into samples by overlap and add, divided by
// the sum of the squared windows (Griffin and Lim, 1984), as torch.istft does.
// It may be used by many goroutines at once.
type istft struct {
	STFT
	fft    *fft.Real // tables only: each use has its own clone
	window []float64
}

// silentWindow is the sum of squared windows below which a sample has nothing
// that could be divided by it.
const silentWindow = 1e-8

func newISTFT(s STFT) (*istft, error) {
	transform, err := fft.New(s.Size)
	if err != nil {
		return nil, fmt.Errorf("%w: n_fft: %w", voicegraph.ErrModel, err)
	}
	t := &istft{STFT: s, fft: transform, window: make([]float64, s.Size)}
	pad := (s.Size - s.Window) / 2 // a shorter window stands in the middle
	for i := range s.Window {
		t.window[pad+i] = 0.5 - 0.5*math.Cos(2*math.Pi*float64(i)/float64(s.Window))
	}
	return t, nil
}

// tile is how many frames are gathered at once: the spectrum lies bin by bin,
// and a cache line of it holds the same bin of 16 frames.
const tile = 16

// length is how many samples so many frames make before centring is undone.
func (t *istft) length(frames int) int { return t.Size + (frames-1)*t.Hop }

// samples inverts the spectrum mag*(x + iy), each [bins, frames] in row-major
// order.
func (t *istft) samples(mag, x, y []float32, frames int) []float32 {
	f, bins := t.fft.Clone(), t.fft.Bins()
	sum := make([]float64, t.length(frames))
	spectra := make([]complex128, tile*bins)
	frame := make([]float64, t.Size)
	scale := 1.0
	if t.Normalized {
		scale = math.Sqrt(float64(t.Size))
	}
	for first := 0; first < frames; first += tile {
		n := min(tile, frames-first)
		for k := range bins {
			row := k*frames + first
			for i := range n {
				m := scale * float64(mag[row+i])
				spectra[i*bins+k] = complex(m*float64(x[row+i]), m*float64(y[row+i]))
			}
		}
		for i := range n {
			f.Inverse(spectra[i*bins:(i+1)*bins], frame)
			at := sum[(first+i)*t.Hop:]
			for j, w := range t.window {
				at[j] += w * frame[j]
			}
		}
	}
	return t.normalise(sum, frames)
}

// normalise divides by the windows that lie over each sample and cuts what
// centring added.
func (t *istft) normalise(sum []float64, frames int) []float32 {
	from, to := 0, len(sum)
	if t.Center {
		from, to = t.Size/2, len(sum)-t.Size/2
	}
	out := make([]float32, max(to-from, 0))
	for i := range out {
		at := from + i
		var weight float64
		for frame := max(0, at-t.Size+t.Hop) / t.Hop; frame < frames && frame*t.Hop <= at; frame++ {
			if d := at - frame*t.Hop; d < t.Size {
				weight += t.window[d] * t.window[d]
			}
		}
		if weight < silentWindow {
			weight = 1
		}
		out[i] = float32(sum[at] / weight)
	}
	return out
}
