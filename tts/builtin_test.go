package tts

import (
	"math"
	"slices"
	"testing"
	"time"

	"waggle/audio"
	"waggle/mandarin"
	"waggle/tts/spoken"
)

func builtin(t testing.TB) *Engine {
	t.Helper()
	e, err := OpenBuiltin(Options{CacheBytes: -1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = e.Close() })
	return e
}

// What a listener on the phone relies on, measured on what the robot says.
func TestBuiltinVoiceIsFitForThePhone(t *testing.T) {
	e := builtin(t)
	for _, text := range ShopSentences()[:8] {
		t.Run(string(text), func(t *testing.T) {
			pcm := collect(t, e, text, Voice{Rate: 16000})
			checkLoudness(t, pcm)
			checkTempo(t, text, pcm)
			checkPitch(t, pcm)
		})
	}
}

// checkLoudness wants speech near -20 dBFS without clipping and without long
// holes.
func checkLoudness(t *testing.T, pcm []int16) {
	t.Helper()
	if peak := audio.Peak(pcm); peak > -0.1 {
		t.Errorf("peak %.1f dBFS: it clips", peak)
	}
	speech, hole, longest := active(pcm)
	if level := audio.Level(speech); level < -24 || level > -16 {
		t.Errorf("speech at %.1f dBFS, want about -20", level)
	}
	if hole == 0 || longest > 900*time.Millisecond {
		t.Errorf("the longest pause is %v", longest)
	}
}

// active splits 20 ms frames at -50 dBFS: the samples above, the time below,
// and the longest stretch below.
func active(pcm []int16) (speech []int16, quiet, longest time.Duration) {
	run := time.Duration(0)
	for at := 0; at+320 <= len(pcm); at += 320 {
		if frame := pcm[at : at+320]; audio.Level(frame) > -50 {
			speech = append(speech, frame...)
			run = 0
			continue
		}
		run += 20 * time.Millisecond
		quiet += 20 * time.Millisecond
		longest = max(longest, run)
	}
	return speech, quiet, longest
}

func checkTempo(t *testing.T, text Text, pcm []int16) {
	t.Helper()
	speech, _, _ := active(pcm)
	syllables := len(mandarin.Pronounce(spoken.Form(string(text))))
	perSecond := float64(syllables) / (float64(len(speech)) / 16000)
	if perSecond < 3 || perSecond > 6.5 {
		t.Errorf("%.1f syllables a second", perSecond)
	}
}

// checkPitch wants the voice of a woman: half of the voiced frames between 150
// and 350 Hz, nearly all between 90 and 500.
func checkPitch(t *testing.T, pcm []int16) {
	t.Helper()
	var f0 []float64
	for at := 0; at+960 <= len(pcm); at += 320 {
		if hz, ok := pitch(pcm[at : at+960]); ok {
			f0 = append(f0, hz)
		}
	}
	if len(f0) < 20 {
		t.Fatalf("only %d voiced frames", len(f0))
	}
	slices.Sort(f0)
	at := func(q float64) float64 { return f0[int(q*float64(len(f0)-1))] }
	if m := at(0.5); m < 150 || m > 350 {
		t.Errorf("the median pitch is %.0f Hz", m)
	}
	if low, high := at(0.05), at(0.95); low < 90 || high > 500 {
		t.Errorf("pitch from %.0f to %.0f Hz", low, high)
	}
}

// pitch is the strongest period of 60 ms at 16 kHz between 80 and 520 Hz by
// normalised autocorrelation; ok is false where there is none.
func pitch(x []int16) (hz float64, ok bool) {
	if audio.Level(x) < -45 {
		return 0, false
	}
	const shortest, longest = 16000 / 520, 16000 / 80
	score := make([]float64, longest+1)
	best := 0.0
	for lag := shortest; lag <= longest; lag++ {
		var xy, xx, yy float64
		for i := 0; i+longest < len(x); i++ {
			a, b := float64(x[i]), float64(x[i+lag])
			xy, xx, yy = xy+a*b, xx+a*a, yy+b*b
		}
		score[lag] = xy / math.Sqrt(xx*yy+1)
		best = max(best, score[lag])
	}
	if best < 0.7 {
		return 0, false
	}
	for lag := shortest; lag <= longest; lag++ { // the first peak near the best: not a multiple of the period
		if score[lag] > 0.92*best && score[lag] >= score[max(lag-1, shortest)] && score[lag] >= score[min(lag+1, longest)] {
			return 16000 / float64(lag), true
		}
	}
	return 0, false
}

func BenchmarkSpeak(b *testing.B) {
	e := builtin(b)
	var sound time.Duration
	b.ReportAllocs()
	for b.Loop() {
		err := e.Speak(b.Context(), "您的快递已经到达驿站。", Voice{Rate: 16000}, func(f audio.Frame) error {
			sound += f.Duration()
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(b.Elapsed().Seconds()/sound.Seconds(), "rtf")
}
