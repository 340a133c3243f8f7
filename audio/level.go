package audio

import "math"

// Silence is the level reported for digital silence, in dBFS.
const Silence = -100.0

// Level is the root mean square of the samples in dBFS: 0 dB is a square wave
// at full scale, a full-scale sine is -3.01 dB. It is at least Silence.
func Level(pcm []int16) float64 {
	if len(pcm) == 0 {
		return Silence
	}
	var sum int64
	for _, s := range pcm {
		sum += int64(s) * int64(s)
	}
	return decibel(math.Sqrt(float64(sum) / float64(len(pcm))))
}

// Peak is the largest magnitude in dBFS, at least Silence.
func Peak(pcm []int16) float64 {
	var peak int
	for _, s := range pcm {
		peak = max(peak, int(s), -int(s))
	}
	return decibel(float64(peak))
}

func decibel(amplitude float64) float64 {
	if amplitude <= 0 {
		return Silence
	}
	return max(Silence, 20*math.Log10(amplitude/32768))
}
