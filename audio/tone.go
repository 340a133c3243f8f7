package audio

import (
	"math"
	"time"
)

// Tone is a call-progress signal: one or two frequencies with a cadence.
type Tone struct {
	// Freq lists the frequencies in Hz that sound together.
	Freq []float64
	// On and Off are the cadence; Off of zero sounds without a break.
	On, Off time.Duration
	// Level of the whole in dBFS; zero means -16.
	Level float64
}

// RingbackCN is what a caller in China hears while the other side rings
// (GB/T 3380).
func RingbackCN() Tone {
	return Tone{Freq: []float64{450}, On: time.Second, Off: 4 * time.Second}
}

// BusyCN is the Chinese busy tone.
func BusyCN() Tone {
	return Tone{Freq: []float64{450}, On: 350 * time.Millisecond, Off: 350 * time.Millisecond}
}

// RingbackUS is the North American ringback.
func RingbackUS() Tone {
	return Tone{Freq: []float64{440, 480}, On: 2 * time.Second, Off: 4 * time.Second}
}

// DTMF is the pair of frequencies of a telephone key (ITU-T Q.23). The tone
// has no frequencies if the key is not one of 0-9, *, #, A-D.
func DTMF(key byte) Tone {
	const keys = "123A456B789C*0#D"
	low := [4]float64{697, 770, 852, 941}
	high := [4]float64{1209, 1336, 1477, 1633}
	for i := range len(keys) {
		if keys[i] == key {
			return Tone{Freq: []float64{low[i/4], high[i%4]}, On: 100 * time.Millisecond, Off: 100 * time.Millisecond}
		}
	}
	return Tone{}
}

// Fill writes the tone into pcm as it sounds from sample number start on, at
// the given rate. Successive calls with successive starts join without a click.
func (t Tone) Fill(pcm []int16, start, rate int) {
	on := samples(t.On, rate)
	period := on + samples(t.Off, rate)
	amplitude := t.amplitude()
	for i := range pcm {
		n := start + i
		if t.Off > 0 && period > 0 && n%period >= on {
			pcm[i] = 0
			continue
		}
		var x float64
		for _, f := range t.Freq {
			x += math.Sin(2 * math.Pi * f * float64(n) / float64(rate))
		}
		pcm[i] = toInt16(float32(x * amplitude))
	}
}

// amplitude is the peak of each of the sines.
func (t Tone) amplitude() float64 {
	if len(t.Freq) == 0 {
		return 0
	}
	level := t.Level
	if level == 0 {
		level = -16
	}
	return 32768 * math.Pow(10, level/20) * math.Sqrt(2/float64(len(t.Freq)))
}

// samples is how many samples of the rate fill a duration.
func samples(d time.Duration, rate int) int {
	return int(d * time.Duration(rate) / time.Second)
}
