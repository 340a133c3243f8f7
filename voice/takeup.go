package voice

import (
	"time"

	"waggle/audio"
)

// After a false alarm a sentence is not taken up in the middle of a syllable
// but at a boundary before the cut, so that the word that was cut is repeated.
const (
	takeUpLeast = 100 * time.Millisecond // before the cut, at least
	takeUpMost  = 700 * time.Millisecond // a long word, and a bit of the one before
	dipWindow   = 20 * time.Millisecond
	dipStep     = 5 * time.Millisecond
	// pauseBelow is how far, in dB, a gap between words lies below the speech
	// around it.
	pauseBelow = 22
)

// takeUp is the sample from which to repeat speech that was cut at another:
// the last gap between words before it, or else the quietest moment, which is
// a seam of two syllables. Within reach of the beginning it is the beginning.
func takeUp(pcm []int16, cut, rate int) int {
	samples := func(d time.Duration) int { return int(d * time.Duration(rate) / time.Second) }
	first, last, window := cut-samples(takeUpMost), cut-samples(takeUpLeast), samples(dipWindow)
	if first <= 0 || last > len(pcm) {
		return 0
	}
	loudest := audio.Level(pcm[first:last])
	best, quietest := last-window, 0.0
	for at := last - window; at >= first; at -= samples(dipStep) {
		level := audio.Level(pcm[at : at+window])
		if level < quietest {
			best, quietest = at, level
		}
		if gap := quietest < loudest-pauseBelow; gap && level > quietest {
			break // the gap nearest to the cut is behind us
		}
	}
	return best + window/2
}
