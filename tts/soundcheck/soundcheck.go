// Package soundcheck judges a voice by its sound alone, without a recogniser:
// level, clipping, DC, pitch, creak, clicks, tempo, and whether the tones of
// single syllables have the shape they should. It may import audio, mandarin
// and tts.
package soundcheck

import (
	"context"
	"fmt"
	"math"
	"slices"

	"waggle/audio"
	"waggle/mandarin"
	"waggle/tts"
	"waggle/tts/spoken"
)

// rate of the sound that is judged, in Hz.
const rate = 16000

// Report is what was found.
type Report struct {
	// Loudness is integrated over all texts (ITU-R BS.1770-4), Peak is the
	// highest sample, in dBFS.
	Loudness float64 `json:"lufs"`
	Peak     float64 `json:"peak_dbfs"`
	// DC is the largest mean of an utterance; 1 is full scale.
	DC float64 `json:"dc"`
	// F0 of voiced frames: the median, and the quantiles 5 and 95 %, in Hz.
	F0     float64 `json:"f0_median_hz"`
	F0Low  float64 `json:"f0_low_hz"`
	F0High float64 `json:"f0_high_hz"`
	// Voiced is the share of 10 ms frames of speech, less than 42 dB under the
	// peak, that have a pitch; Creaky is the share of those an octave or more
	// below the median.
	Voiced float64 `json:"voiced"`
	Creaky float64 `json:"creaky"`
	// Clicks are samples whose second difference stands out of its
	// surroundings more than twentyfold.
	Clicks int `json:"clicks"`
	// Tempo is syllables a second of such frames, pauses left out.
	Tempo float64 `json:"syllables_per_s"`
	Tones Tones   `json:"tones"`
}

// Run says the texts and single syllables with a voice at 16 kHz.
func Run(ctx context.Context, s tts.Synthesizer, texts []tts.Text, v tts.Voice) (Report, error) {
	v.Rate = rate
	r, err := runTexts(ctx, s, texts, v)
	if err != nil {
		return r, err
	}
	r.Tones, err = readTones(ctx, s, toneWords, v)
	return r, err
}

// runTexts fills in everything but Tones.
func runTexts(ctx context.Context, s tts.Synthesizer, texts []tts.Text, v tts.Voice) (Report, error) {
	r := Report{Peak: audio.Silence}
	m := meter{rate: rate}
	var f0 []float64
	var loud, syllables int
	for _, text := range texts {
		pcm, err := say(ctx, s, text, v)
		if err != nil {
			return r, fmt.Errorf("soundcheck: %q: %w", text, err)
		}
		m.add(pcm)
		r.Peak = max(r.Peak, audio.Peak(pcm))
		r.DC = max(r.DC, math.Abs(mean(pcm)))
		r.Clicks += clicks(pcm)
		f0 = append(f0, track(pcm)...)
		loud += loudFrames(pcm)
		syllables += len(mandarin.Pronounce(spoken.Form(string(text))))
	}
	r.Loudness = m.lufs()
	voiced := voicedOf(f0)
	if len(voiced) == 0 || loud == 0 {
		return r, fmt.Errorf("soundcheck: %w: the voice is silent or has no pitch", tts.ErrNothingToSay)
	}
	r.F0, r.F0Low, r.F0High = quantile(voiced, 0.5), quantile(voiced, 0.05), quantile(voiced, 0.95)
	r.Voiced = float64(len(voiced)) / float64(loud)
	creaky, _ := slices.BinarySearch(voiced, r.F0/2)
	r.Creaky = float64(creaky) / float64(len(voiced))
	r.Tempo = float64(syllables) / (float64(loud) / 100)
	return r, nil
}

func mean(pcm []int16) float64 {
	var sum int64
	for _, s := range pcm {
		sum += int64(s)
	}
	return float64(sum) / 32768 / float64(max(len(pcm), 1))
}

// loudFrames counts 10 ms frames of speech: less than 42 dB under the peak.
func loudFrames(pcm []int16) int {
	n, quiet := 0, audio.Peak(pcm)-silent
	for at := 0; at+rate/100 <= len(pcm); at += rate / 100 {
		if audio.Level(pcm[at:at+rate/100]) > quiet {
			n++
		}
	}
	return n
}

// clicks counts places where the curve of the wave breaks: where the second
// difference is more than twenty times the mean of the 10 ms around it and
// above -40 dBFS. A break within 5 ms of another one is the same click.
func clicks(pcm []int16) int {
	const around, apart, least = rate / 200, rate / 200, 328
	curve := make([]float64, max(len(pcm)-2, 0))
	for i := range curve {
		curve[i] = math.Abs(float64(pcm[i]) - 2*float64(pcm[i+1]) + float64(pcm[i+2]))
	}
	n, last, sum := 0, -apart, 0.0
	for i := range curve {
		sum += curve[i]
		if i >= 2*around {
			sum -= curve[i-2*around]
		}
		at := i - around
		if at < around || at-last < apart {
			continue
		}
		others := (sum - curve[at] - curve[at-1] - curve[at+1]) / float64(2*around-3)
		if curve[at] > least && curve[at] > 20*others+1 {
			n, last = n+1, at
		}
	}
	return n
}
