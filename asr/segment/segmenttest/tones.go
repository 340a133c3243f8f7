// Package segmenttest makes the sound that the test graphs of the offline
// families hear: every unit is one pitch. asr/segment/testdata/tones.py makes
// the same samples.
package segmenttest

import (
	"time"

	"waggle/asr/segment"
)

// periods are the samples per period of unit 0, 1, ...: 320 Hz to 3,200 Hz.
var periods = []int{50, 40, 32, 25, 20, 16, 10, 5}

const height = 8000

// Tone is a triangle wave; unit -1 is digital silence.
func Tone(unit int, d time.Duration) []int16 {
	pcm := make([]int16, int(d*segment.Rate/time.Second))
	if unit < 0 {
		return pcm
	}
	p := periods[unit]
	for i := range pcm {
		v := 4*(i%p)*height/p - 2*height
		pcm[i] = int16(max(v, -v) - height)
	}
	return pcm
}

// Say sounds each unit for 240 ms with 120 ms of silence around it.
func Say(units ...int) []int16 {
	const sound, gap = 240 * time.Millisecond, 120 * time.Millisecond
	pcm := Tone(-1, gap)
	for _, u := range units {
		pcm = append(append(pcm, Tone(u, sound)...), Tone(-1, gap)...)
	}
	return pcm
}

// Noisy adds the noise of a 32-bit linear congruential generator, at most 300
// of 32,768.
func Noisy(pcm []int16) []int16 {
	out, state := make([]int16, len(pcm)), uint32(1)
	for i, v := range pcm {
		state = state*1664525 + 1013904223
		out[i] = v + int16(state>>16%601) - 300
	}
	return out
}

// Sounds makes utterances without phrases.
func Sounds(pcm ...[]int16) []segment.Utterance {
	list := make([]segment.Utterance, len(pcm))
	for i := range pcm {
		list[i].PCM = pcm[i]
	}
	return list
}
