package matcha

import (
	"errors"
	"math"
	"math/cmplx"
	"math/rand/v2"
	"strings"
	"testing"

	"waggle/tts/voicegraph"
)

// spectrum is torch.stft of x by its definition, as magnitude and direction.
func spectrum(t *istft, x []float64) (mag, re, im []float32, frames int) {
	if t.Center { // torch mirrors the edges; what is there does not matter for the inverse
		pad := make([]float64, t.Size/2)
		x = append(append(append([]float64{}, pad...), x...), pad...)
	}
	frames = (len(x)-t.Size)/t.Hop + 1
	bins := t.fft.Bins()
	mag, re, im = make([]float32, bins*frames), make([]float32, bins*frames), make([]float32, bins*frames)
	frame, out := make([]float64, t.Size), make([]complex128, bins)
	for n := range frames {
		for i := range frame {
			frame[i] = x[n*t.Hop+i] * t.window[i]
		}
		t.fft.Forward(frame, out)
		for k, v := range out {
			m := cmplx.Abs(v)
			if t.Normalized {
				m /= math.Sqrt(float64(t.Size))
			}
			mag[k*frames+n] = float32(m)
			re[k*frames+n], im[k*frames+n] = float32(math.Cos(cmplx.Phase(v))), float32(math.Sin(cmplx.Phase(v)))
		}
	}
	return mag, re, im, frames
}

func TestTheInverseGivesTheSamplesBack(t *testing.T) {
	for name, s := range map[string]STFT{
		"vocos":          {Size: 1024, Hop: 256, Window: 1024, Center: true},
		"not centred":    {Size: 512, Hop: 128, Window: 512},
		"normalised":     {Size: 256, Hop: 64, Window: 256, Center: true, Normalized: true},
		"short window":   {Size: 1024, Hop: 200, Window: 800, Center: true},
		"half the frame": {Size: 64, Hop: 32, Window: 64, Center: true},
	} {
		inverse, err := newISTFT(s)
		if err != nil {
			t.Fatal(err)
		}
		x, rng := make([]float64, 40*s.Hop), rand.New(rand.NewPCG(5, 6))
		for i := range x {
			x[i] = rng.NormFloat64() / 4
		}
		mag, re, im, frames := spectrum(inverse, x)
		got := inverse.samples(mag, re, im, frames)
		if s.Center && len(got) != (frames-1)*s.Hop {
			t.Errorf("%s: %d samples of %d frames", name, len(got), frames)
		}
		// At the very ends no window covers what is asked for.
		for i := s.Size; i < len(got)-s.Size; i++ {
			if math.Abs(float64(got[i])-x[i]) > 1e-5 {
				t.Fatalf("%s: sample %d is %g, want %g", name, i, got[i], x[i])
			}
		}
	}
}

func TestParseSTFT(t *testing.T) {
	s, err := ParseSTFT(nil)
	if want := (STFT{Size: 1024, Hop: 256, Window: 1024, Center: true}); err != nil || s != want {
		t.Errorf("defaults are %+v, %v, want %+v", s, err, want)
	}
	for reason, props := range map[string]map[string]string{
		"n_fft":      {"n_fft": "1000000000"},
		"hop_length": {"hop_length": "0"},
		"win_length": {"win_length": "4096"},
		"center":     {"center": "2"},
		"window":     {"window_type": "kaiser"},
	} {
		if _, err := ParseSTFT(props); !errors.Is(err, voicegraph.ErrModel) || !strings.Contains(err.Error(), reason) {
			t.Errorf("%v: %v, want ErrModel with %q", props, err, reason)
		}
	}
	if _, err := newISTFT(STFT{Size: 1000, Hop: 250, Window: 1000}); !errors.Is(err, voicegraph.ErrModel) {
		t.Errorf("a size that is no power of two: %v", err)
	}
}

func TestParseConfig(t *testing.T) {
	good := map[string]string{"sample_rate": "22050", "n_speakers": "0", "use_eos_bos": "1", "pad_id": "3"}
	c, err := ParseConfig(good)
	if err != nil || c.Rate != 22050 || c.Speakers != 1 || !c.BosEos || c.PadID != 3 || !c.AddBlank {
		t.Errorf("ParseConfig = %+v, %v", c, err)
	}
	mixed := map[string]string{"sample_rate": "16000", "n_speakers": "1", "use_eos_bos": "0", "pad_id": "0", "voice": "zh en-us"}
	if c, err := ParseConfig(mixed); err != nil || c.AddBlank {
		t.Errorf("the mixed voice has blanks: %+v, %v", c, err)
	}
	for key, value := range map[string]string{"sample_rate": "", "n_speakers": "-1", "use_eos_bos": "yes", "pad_id": "1e9"} {
		props := map[string]string{}
		for k, v := range good {
			props[k] = v
		}
		props[key] = value
		if _, err := ParseConfig(props); !errors.Is(err, voicegraph.ErrModel) || !strings.Contains(err.Error(), key) {
			t.Errorf("%s=%q: %v", key, value, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("1024", "256", "1", "22050")
	f.Add("-1", "1e9", "", "NaN")
	f.Fuzz(func(t *testing.T, size, hop, flag, rate string) {
		props := map[string]string{"n_fft": size, "hop_length": hop, "center": flag, "normalized": flag,
			"sample_rate": rate, "n_speakers": hop, "use_eos_bos": flag, "pad_id": size, "add_blank": flag}
		if s, err := ParseSTFT(props); err == nil && (s.Size > 1<<14 || s.Hop < 1 || s.Hop > s.Size || s.Window > s.Size) {
			t.Errorf("taken: %+v", s)
		}
		if c, err := ParseConfig(props); err == nil && (c.Rate > voicegraph.MaxRate || c.Speakers < 1) {
			t.Errorf("taken: %+v", c)
		}
	})
}

// BenchmarkISTFT inverts one second of Vocos at 22.05 kHz.
func BenchmarkISTFT(b *testing.B) {
	inverse, err := newISTFT(STFT{Size: 1024, Hop: 256, Window: 1024, Center: true})
	if err != nil {
		b.Fatal(err)
	}
	const frames = 22050 / 256
	polar := make([]float32, inverse.fft.Bins()*frames)
	for i := range polar {
		polar[i] = float32(i%7) / 7
	}
	b.ReportAllocs()
	for b.Loop() {
		inverse.samples(polar, polar, polar, frames)
	}
}
