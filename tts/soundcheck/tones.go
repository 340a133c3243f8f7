package soundcheck

import (
	"context"
	"math"

	"waggle/audio"
	"waggle/tts"
)

// toneWords are syllables that exist in all four tones, a character for each.
// They are said alone, where a tone has its full shape.
var toneWords = []string{
	"妈麻马骂", "八拔把爸", "通同统痛", "汤糖躺烫", "失时使是", "衣移以意", "夫扶府父", "乌无五物", "优油有又", "方房访放",
	"灰回毁会", "居局举句", "青情请庆", "千钱浅欠", "窗床闯创", "温文稳问", "翻烦反饭", "西习洗细", "猪竹主住", "搭答打大",
	"飞肥匪费", "锅国果过", "汪王网望", "烟言眼验",
}

// letters are Chao's tone letters (A system of tone letters, 1930) 55, 35, 214
// or 21, and 51 at four points of a syllable; 1 is the bottom of the voice, 5
// its top. The second tone falls a little before it rises (Xu, Contextual tonal
// variations in Mandarin, 1997).
var letters = map[int][][4]float64{
	1: {{5, 5, 5, 5}}, 2: {{2.7, 2.2, 3.2, 4.8}}, 3: {{2, 1, 1.3, 3.5}, {2, 1.3, 1, 1}}, 4: {{5, 4.2, 2.5, 1}},
}

// points are the places of letters in a syllable; before and behind them are
// the consonant and the breath.
var points = [4]float64{0.15, 0.4, 0.65, 0.9}

// Tones is how single syllables were read by their pitch alone.
type Tones struct {
	// Syllables were said, Unread of them had too little voice to read.
	Syllables int `json:"syllables"`
	Unread    int `json:"unread"`
	// Right is the share whose contour is nearest to the tone letters of the
	// tone that was asked for.
	Right float64 `json:"right"`
	// By tone, 1 to 4.
	ByTone [4]float64 `json:"by_tone"`
}

// readTones says every syllable of the words and reads the tone back.
func readTones(ctx context.Context, s tts.Synthesizer, words []string, v tts.Voice) (Tones, error) {
	var contours [][]float64 // voiced frames in semitones over 1 Hz
	var asked []int
	var all []float64
	for _, word := range words {
		for i, r := range []rune(word) {
			pcm, err := say(ctx, s, tts.Text(r), v)
			if err != nil {
				return Tones{}, err
			}
			voiced := semitones(track(pcm))
			contours, asked, all = append(contours, voiced), append(asked, i+1), append(all, voiced...)
		}
	}
	bottom, top := span(all)
	t := Tones{Syllables: len(asked)}
	var right [4]int
	for i, c := range contours {
		tone := nearest(c, bottom, top)
		if tone == 0 {
			t.Unread++
		}
		if tone == asked[i] {
			right[tone-1]++
			t.Right++
		}
	}
	t.Right /= float64(t.Syllables)
	for k, n := range right {
		t.ByTone[k] = float64(n) / float64(len(words))
	}
	return t, nil
}

// span is the range of a voice in semitones: its 5 % and 95 % quantiles.
func span(all []float64) (bottom, top float64) {
	sorted := voicedOf(all)
	return quantile(sorted, 0.05), quantile(sorted, 0.95)
}

// semitones are the voiced frames of a track in semitones over 1 Hz.
func semitones(f0 []float64) []float64 {
	var out []float64
	for _, f := range f0 {
		if f > 0 {
			out = append(out, 12*math.Log2(f))
		}
	}
	return out
}

// nearest is the tone whose letters are nearest to a contour; 0 when less than
// 60 ms are voiced.
func nearest(contour []float64, bottom, top float64) int {
	if len(contour) < 6 || top <= bottom {
		return 0
	}
	var at [len(points)]float64
	for i, share := range points {
		at[i] = 1 + 4*(contour[int(share*float64(len(contour)-1)+0.5)]-bottom)/(top-bottom)
	}
	best, least := 0, math.Inf(1)
	for tone := 1; tone <= 4; tone++ {
		for _, shape := range letters[tone] {
			d := 0.0
			for i := range at {
				d += (at[i] - shape[i]) * (at[i] - shape[i])
			}
			if d < least {
				best, least = tone, d
			}
		}
	}
	return best
}

// say collects the sound of a text.
func say(ctx context.Context, s tts.Synthesizer, text tts.Text, v tts.Voice) ([]int16, error) {
	var pcm []int16
	err := s.Speak(ctx, text, v, func(f audio.Frame) error {
		pcm = append(pcm, f.PCM...)
		return nil
	})
	return pcm, err
}
