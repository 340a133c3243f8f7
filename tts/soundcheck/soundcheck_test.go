package soundcheck

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"waggle/audio"
	"waggle/mandarin"
	"waggle/tts"
)

// tone is a harmonic sound whose pitch in Hz is f of the share of time gone.
func tone(seconds, amplitude float64, f func(share float64) float64) []int16 {
	out := make([]int16, int(seconds*rate))
	phase := 0.0
	for i := range out {
		phase += f(float64(i)/float64(len(out))) / rate
		x := 0.0
		for k := 1.0; k <= 6; k++ {
			x += math.Sin(2*math.Pi*k*phase) / k
		}
		out[i] = int16(32767 * amplitude * x / 2)
	}
	return out
}

func TestLoudnessOfTheReferenceTone(t *testing.T) {
	for _, c := range []struct{ amplitude, want float64 }{{1, -3.01}, {0.1, -23.01}} {
		pcm := make([]int16, 3*rate)
		for i := range pcm {
			pcm[i] = int16(32767 * c.amplitude * math.Sin(2*math.Pi*997*float64(i)/rate))
		}
		m := meter{rate: rate}
		m.add(pcm)
		m.add(make([]int16, 3*rate)) // silence does not count
		if got := m.lufs(); math.Abs(got-c.want) > 0.15 {
			t.Errorf("a sine of amplitude %g has %.2f LUFS, want %.2f", c.amplitude, got, c.want)
		}
	}
}

func TestPitchIsFound(t *testing.T) {
	for _, hz := range []float64{70, 109, 240, 410} {
		f0 := voicedOf(track(tone(0.5, 0.2, func(float64) float64 { return hz })))
		if len(f0) < 35 || math.Abs(quantile(f0, 0.5)/hz-1) > 0.01 || math.Abs(quantile(f0, 0.05)/hz-1) > 0.02 {
			t.Errorf("%g Hz: %d frames, median %.1f", hz, len(f0), quantile(f0, 0.5))
		}
	}
	noise := make([]int16, rate/2)
	state := uint32(1)
	for i := range noise {
		state = state*1664525 + 1013904223
		noise[i] = int16(state>>16) / 4
	}
	if f0 := voicedOf(track(noise)); len(f0) > 2 {
		t.Errorf("%d frames of noise have a pitch", len(f0))
	}
}

// chao speaks tones by the letter: a synthesizer whose tones are right, or all
// level when flat.
type chao struct{ flat bool }

func (c chao) Speak(_ context.Context, text tts.Text, v tts.Voice, emit func(audio.Frame) error) error {
	said := mandarin.Pronounce(string(text))
	if len(said) == 0 {
		return tts.ErrNothingToSay
	}
	shapes := letters[said[0].Tone]
	if c.flat || len(shapes) == 0 {
		shapes = letters[1]
	}
	shape := shapes[len(shapes)-1]
	pcm := tone(0.4, 0.2, func(share float64) float64 {
		at := shape[0]
		for i := 1; i < len(points); i++ {
			passed := (share - points[i-1]) / (points[i] - points[i-1])
			at += (shape[i] - shape[i-1]) * min(max(passed, 0), 1)
		}
		return 100 * math.Pow(2, (at-1)*3/12)
	})
	return emit(audio.Frame{PCM: pcm, Rate: v.Rate})
}

func TestTonesAreReadByTheirShape(t *testing.T) {
	right, err := Run(t.Context(), chao{}, []tts.Text{"妈", "是"}, tts.Voice{})
	if err != nil {
		t.Fatal(err)
	}
	if right.Tones.Right < 0.99 || right.Tones.Unread > 0 || right.Clicks > 0 || right.Creaky > 0 {
		t.Errorf("a voice with right tones: %+v", right)
	}
	// A voice that knows one tone has the first right at the most.
	flat, err := Run(t.Context(), chao{flat: true}, []tts.Text{"妈"}, tts.Voice{})
	if err != nil {
		t.Fatal(err)
	}
	if flat.Tones.Right > 0.26 {
		t.Errorf("a voice without tones has %.2f right", flat.Tones.Right)
	}
}

func TestToneWordsHaveTheFourTones(t *testing.T) {
	for _, word := range toneWords {
		var base string
		for i, r := range []rune(word) {
			said := mandarin.Pronounce(string(r))
			if len(said) != 1 || said[0].Tone != i+1 {
				t.Errorf("%c of %s is read %+v, want tone %d", r, word, said, i+1)
				continue
			}
			toneless := strings.TrimRight(said[0].Pinyin, "12345")
			if base == "" {
				base = toneless
			}
			if toneless != base {
				t.Errorf("%c of %s is %s, the first is %s", r, word, toneless, base)
			}
		}
	}
}

func TestClicksAreCounted(t *testing.T) {
	smooth := make([]int16, rate)
	for i := range smooth {
		smooth[i] = int16(6000 * math.Sin(2*math.Pi*200*float64(i)/rate))
	}
	if n := clicks(smooth); n != 0 {
		t.Errorf("%d clicks in a sine", n)
	}
	for i := 8000; i < len(smooth); i++ {
		smooth[i] += 3000
	}
	if n := clicks(smooth); n != 1 {
		t.Errorf("a step is %d clicks", n)
	}
}

type mute struct{}

func (mute) Speak(_ context.Context, _ tts.Text, v tts.Voice, emit func(audio.Frame) error) error {
	return emit(audio.Frame{PCM: make([]int16, rate), Rate: v.Rate})
}

func TestASilentVoiceIsAnError(t *testing.T) {
	if _, err := Run(t.Context(), mute{}, []tts.Text{"妈"}, tts.Voice{}); !errors.Is(err, tts.ErrNothingToSay) {
		t.Errorf("silence: %v", err)
	}
}
