package audio

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func sine(freq float64, rate, n int) []int16 {
	pcm := make([]int16, n)
	for i := range pcm {
		pcm[i] = int16(math.Round(16000 * math.Sin(2*math.Pi*freq*float64(i)/float64(rate))))
	}
	return pcm
}

// inner cuts the edges, where the filter sees the silence around the signal.
func inner(pcm []int16) []int16 { return pcm[len(pcm)/5 : len(pcm)*4/5] }

func TestATonePassesUnchangedBetweenTheRates(t *testing.T) {
	for _, c := range []struct {
		from, to int
		freq     float64
	}{
		{8000, 16000, 1000}, {16000, 8000, 1000}, {48000, 16000, 440}, {16000, 48000, 3000},
		{48000, 8000, 3300}, {8000, 48000, 3300}, {44100, 16000, 5000}, {22050, 16000, 6000}, {8000, 8000, 700},
	} {
		got, err := Resample(sine(c.freq, c.from, c.from), c.from, c.to)
		if err != nil {
			t.Fatal(err)
		}
		want := sine(c.freq, c.to, c.to)
		if len(got) != len(want) {
			t.Fatalf("%d -> %d: one second became %d samples", c.from, c.to, len(got))
		}
		var noise, signal float64
		for i, w := range inner(want) {
			d := float64(inner(got)[i]) - float64(w)
			noise += d * d
			signal += float64(w) * float64(w)
		}
		if snr := 10 * math.Log10(signal/(noise+1)); snr < 60 {
			t.Errorf("%d -> %d at %v Hz: signal to error %.1f dB, want 60", c.from, c.to, c.freq, snr)
		}
	}
}

func TestWhatWouldFoldBackIsSuppressed(t *testing.T) {
	for _, freq := range []float64{4100, 5000, 7000} {
		got, _ := Resample(sine(freq, 16000, 16000), 16000, 8000)
		if db := Level(inner(got)); db > -70 {
			t.Errorf("a tone of %v Hz leaves %.1f dBFS at 8 kHz", freq, db)
		}
	}
}

func TestBlocksOfAnySizeJoinWithoutASeam(t *testing.T) {
	for _, rates := range [][2]int{{8000, 16000}, {16000, 8000}, {48000, 8000}, {44100, 16000}} {
		in := sine(900, rates[0], rates[0]/2)
		whole, _ := NewResampler(rates[0], rates[1])
		want := whole.Append(nil, in)
		pieces, _ := NewResampler(rates[0], rates[1])
		rng := rand.New(rand.NewPCG(1, 2))
		var got []int16
		for rest := in; len(rest) > 0; {
			n := min(rng.IntN(400), len(rest))
			got = pieces.Append(got, rest[:n])
			rest = rest[n:]
		}
		if !slices.Equal(got, want) {
			t.Errorf("%d -> %d: pieces differ from the whole (%d and %d samples)", rates[0], rates[1], len(got), len(want))
		}
		pieces.Reset()
		if again := pieces.Append(nil, in); !slices.Equal(again, want) {
			t.Errorf("%d -> %d: Reset left something of the past", rates[0], rates[1])
		}
	}
}

func TestAnHourOfFramesLosesNoSample(t *testing.T) {
	r, _ := NewResampler(48000, 16000)
	in, out, total := make([]int16, 960), make([]int16, 0, 400), 0
	for range 3600 * 50 / 60 { // a minute shows it as well as an hour
		out = r.Append(out[:0], in)
		total += len(out)
	}
	if want := 3600 * 50 / 60 * 320; total != want {
		t.Errorf("%d samples, want %d", total, want)
	}
}

func TestDelayIsWhereAnImpulseComesOut(t *testing.T) {
	for _, rates := range [][2]int{{8000, 16000}, {16000, 8000}, {48000, 8000}} {
		r, _ := NewResampler(rates[0], rates[1])
		in := make([]int16, 2000)
		in[0] = 30000
		out := r.Append(nil, in)
		peak := 0
		for i, s := range out {
			if s > out[peak] {
				peak = i
			}
		}
		if peak != r.Delay() {
			t.Errorf("%d -> %d: the impulse came out at %d, Delay says %d", rates[0], rates[1], peak, r.Delay())
		}
	}
}

func TestFullScaleDoesNotWrapAround(t *testing.T) {
	in := make([]int16, 800)
	for i := range in {
		in[i] = 32767
		if i/40%2 == 1 {
			in[i] = -32768
		}
	}
	out, _ := Resample(in, 8000, 16000)
	for i := 1; i < len(out); i++ {
		if d := int(out[i]) - int(out[i-1]); d > 60000 || d < -60000 {
			t.Fatalf("sample %d jumps by %d", i, d)
		}
	}
}

func TestOddRatesAreRefused(t *testing.T) {
	for _, rates := range [][2]int{{0, 8000}, {8000, 0}, {8000, 1 << 30}, {-8000, 8000}} {
		if _, err := NewResampler(rates[0], rates[1]); !errors.Is(err, ErrRate) {
			t.Errorf("%v: %v", rates, err)
		}
	}
}

func BenchmarkResampleFrame(b *testing.B) {
	for _, c := range []struct {
		name     string
		from, to int
	}{{"8k-16k", 8000, 16000}, {"16k-8k", 16000, 8000}, {"48k-16k", 48000, 16000}, {"16k-48k", 16000, 48000}} {
		b.Run(c.name, func(b *testing.B) {
			r, _ := NewResampler(c.from, c.to)
			in, out := sine(500, c.from, c.from/50), make([]int16, 0, c.to/50+8)
			r.Append(out, in)
			b.ReportAllocs()
			for b.Loop() {
				out = r.Append(out[:0], in)
			}
		})
	}
}
