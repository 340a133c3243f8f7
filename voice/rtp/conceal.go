package rtp

import "waggle/audio"

// Lengths in milliseconds, after the method of ITU-T G.711 appendix I.
const (
	pitchMin  = 5  // 200 Hz
	pitchMax  = 15 // 66 Hz
	matchLen  = 10
	overlapMS = 4
	holdMS    = 10 // full level for so long,
	fadeMS    = 50 // then down to nothing
)

// Concealer hides lost frames: it repeats the last pitch period of what was
// heard, fading out within 60 ms, and blends the seams. It belongs to one
// goroutine and does not allocate after the first frame.
type Concealer struct {
	rate    int
	history []int16 // the last 2*pitchMax+matchLen ms of output
	period  int     // samples that are being repeated, 0 when nothing is lost
	at      int     // samples concealed so far
	tail    []int16 // where the repetition would go on, to blend into the next frame
}

// NewConcealer makes a concealer for a sample rate in Hz.
func NewConcealer(rate int) *Concealer {
	return &Concealer{
		rate:    rate,
		history: make([]int16, (2*pitchMax+matchLen)*rate/1000),
		tail:    make([]int16, overlapMS*rate/1000),
	}
}

// Good passes a received frame on. After a loss its beginning is blended with
// the repetition, in place.
func (c *Concealer) Good(pcm []int16) {
	if c.period > 0 {
		n := min(len(c.tail), len(pcm))
		c.repeat(c.tail[:n])
		for i, old := range c.tail[:n] {
			pcm[i] = int16((int(old)*(n-i) + int(pcm[i])*i) / n)
		}
		c.period, c.at = 0, 0
	}
	c.remember(pcm)
}

// Lost fills pcm with what may have been said.
func (c *Concealer) Lost(pcm []int16) {
	if c.period == 0 {
		c.period = c.pitch()
	}
	c.repeat(pcm)
	c.remember(pcm)
}

// repeat writes the next samples of the repeated period, fading. Since what
// was made is remembered as history, looking one period back goes on by itself.
func (c *Concealer) repeat(pcm []int16) {
	hold, fade := holdMS*c.rate/1000, fadeMS*c.rate/1000
	for i := range pcm {
		var x int16
		if i < c.period {
			x = c.history[len(c.history)-c.period+i]
		} else {
			x = pcm[i-c.period]
		}
		// The history is faded already: scale by the ratio of the two levels.
		pcm[i] = scale(x, c.level(c.at+i, hold, fade), c.level(c.at+i-c.period, hold, fade))
	}
	c.at += len(pcm)
}

// level is the gain, in 1/fade, so many samples into the loss.
func (c *Concealer) level(at, hold, fade int) int {
	return min(max(fade-(at-hold), 0), fade)
}

func scale(x int16, num, den int) int16 {
	if den == 0 {
		return 0
	}
	return int16(int(x) * num / den)
}

// pitch finds the period at which the end of the history best repeats itself.
func (c *Concealer) pitch() int {
	match := matchLen * c.rate / 1000
	end := c.history[len(c.history)-match:]
	best, bestScore := pitchMin*c.rate/1000, -1.0
	for lag := pitchMin * c.rate / 1000; lag <= pitchMax*c.rate/1000; lag++ {
		from := len(c.history) - match - lag
		var cross, energy float64
		for i, x := range end {
			y := float64(c.history[from+i])
			cross += float64(x) * y
			energy += y * y
		}
		if cross <= 0 || energy == 0 {
			continue
		}
		if score := cross * cross / energy; score > bestScore {
			best, bestScore = lag, score
		}
	}
	return best
}

func (c *Concealer) remember(pcm []int16) {
	if len(pcm) >= len(c.history) {
		copy(c.history, pcm[len(pcm)-len(c.history):])
		return
	}
	copy(c.history, c.history[len(pcm):])
	copy(c.history[len(c.history)-len(pcm):], pcm)
}

// quietBelow is the level, in dBFS, under which a frame may be left out or
// added without anybody noticing.
const quietBelow = -50

func quiet(pcm []int16) bool { return audio.Level(pcm) < quietBelow }
