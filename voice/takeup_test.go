package voice

import (
	"testing"

	"waggle/audio"
)

// bursts is 200 ms of tone and 40 ms of near silence, again and again.
func bursts(n int) []int16 {
	pcm := make([]int16, 0, n*240*8)
	for range n {
		word := make([]int16, 240*8)
		audio.Tone{Freq: []float64{300}}.Fill(word[:200*8], 0, 8000)
		pcm = append(pcm, word...)
	}
	return pcm
}

func TestASentenceIsTakenUpInTheGapBeforeTheWord(t *testing.T) {
	const word, gap = 240, 40 // ms
	pcm := bursts(12)
	for cut := 1000; cut < 2800; cut += 30 { // ms
		got := takeUp(pcm, cut*8, 8000) / 8
		if into := got % word; into < word-gap {
			t.Errorf("cut at %d ms, taken up at %d ms: %d ms into a word", cut, got, into)
		}
		if back := cut - got; back < 100 || back > 100+word+gap {
			t.Errorf("cut at %d ms, taken up %d ms earlier", cut, back)
		}
	}
}

func TestTakingUpStaysInsideTheSentence(t *testing.T) {
	pcm := bursts(12)
	for _, c := range []struct{ cut, want int }{{0, 0}, {100, 0}, {5600, 0}, {len(pcm) + 8000, 0}} {
		if got := takeUp(pcm, c.cut, 8000); got != c.want {
			t.Errorf("cut at %d: taken up at %d", c.cut, got)
		}
	}
	// Speech without any gap is taken up at a seam, wherever that is.
	tone := make([]int16, 16000)
	audio.Tone{Freq: []float64{200}}.Fill(tone, 0, 8000)
	if got := takeUp(tone, 12000, 8000); got < 12000-700*8 || got > 12000-100*8 {
		t.Errorf("taken up at %d", got)
	}
}
