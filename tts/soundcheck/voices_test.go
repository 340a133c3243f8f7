package soundcheck

import (
	"math"
	"testing"

	"waggle/tts"
)

// The voices that ship: equally loud, clean, each in its range, with tones.
func TestBuiltinVoices(t *testing.T) {
	e, err := tts.OpenBuiltin(tts.Options{CacheBytes: -1})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	loudness := map[string]float64{}
	for _, c := range []struct {
		name      string
		low, high float64 // of the median F0 in Hz
	}{{"tan", 190, 290}, {"wu", 90, 140}} {
		v := tts.Voice{Name: c.name, Rate: rate}
		r, err := runTexts(t.Context(), e, tts.ShopSentences()[5:8], v)
		if err != nil {
			t.Fatal(err)
		}
		if r.Tones, err = readTones(t.Context(), e, toneWords[:8], v); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %+v", c.name, r)
		loudness[c.name] = r.Loudness
		if r.Loudness < -25 || r.Loudness > -19 || r.Peak > -0.1 || r.DC > 0.002 || r.Clicks > 0 {
			t.Errorf("%s: level %.1f LUFS, peak %.1f dBFS, DC %.4f, %d clicks", c.name, r.Loudness, r.Peak, r.DC, r.Clicks)
		}
		if r.F0 < c.low || r.F0 > c.high || r.Creaky > 0.03 || r.Voiced < 0.5 {
			t.Errorf("%s: F0 %.0f Hz, %.2f creaky, %.2f voiced", c.name, r.F0, r.Creaky, r.Voiced)
		}
		if r.Tempo < 3.4 || r.Tempo > 5.5 || r.Tones.Right < 0.85 {
			t.Errorf("%s: %.1f syllables a second, tones %+v", c.name, r.Tempo, r.Tones)
		}
	}
	if d := math.Abs(loudness["tan"] - loudness["wu"]); d > 1.5 {
		t.Errorf("the voices differ by %.1f LU", d)
	}
}
