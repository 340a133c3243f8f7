package nlu

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Feeling is one text with how it was said.
type Feeling struct {
	Text      string
	Sentiment Sentiment
	Emotion   Emotion
}

// ReadFeelings reads TSV with the header "text<TAB>sentiment<TAB>emotion".
func ReadFeelings(r io.Reader) ([]Feeling, error) {
	var out []Feeling
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		f := strings.Split(strings.TrimRight(lines.Text(), "\r"), "\t")
		if n == 1 {
			if strings.Join(f, " ") != "text sentiment emotion" {
				return nil, fmt.Errorf("line 1: the header must be text<TAB>sentiment<TAB>emotion")
			}
			continue
		}
		if len(f) != 3 || f[0] == "" || !isSentiment(f[1]) || !isEmotion(f[2]) {
			return nil, fmt.Errorf("line %d: want text<TAB>negative, neutral or positive<TAB>none, angry, anxious or satisfied", n)
		}
		out = append(out, Feeling{f[0], Sentiment(f[1]), Emotion(f[2])})
	}
	return out, lines.Err()
}

func isSentiment(s string) bool {
	switch Sentiment(s) {
	case Negative, Neutral, Positive:
		return true
	}
	return false
}

func isEmotion(s string) bool {
	switch Emotion(s) {
	case Calm, Angry, Anxious, Satisfied:
		return true
	}
	return false
}

// MoodReport is how well moods are read.
type MoodReport struct {
	N         int     `json:"n"`
	Sentiment float64 `json:"sentiment_accuracy"`
	Emotion   float64 `json:"emotion_accuracy"`
	MacroF1   float64 `json:"emotion_macro_f1"`
	// Confusion counts, by the emotion that was meant, what it was taken for.
	Confusion map[Emotion]map[Emotion]int `json:"confusion"`
}

// EvaluateMoods reads the mood of each text.
func EvaluateMoods(u *Understander, feelings []Feeling) MoodReport {
	r := MoodReport{N: len(feelings), Confusion: make(map[Emotion]map[Emotion]int)}
	var tones, emotions int
	taken := make(map[Emotion]int)
	for _, f := range feelings {
		m := u.Understand(f.Text).Mood
		if m.Sentiment == f.Sentiment {
			tones++
		}
		if m.Emotion == f.Emotion {
			emotions++
		}
		if r.Confusion[f.Emotion] == nil {
			r.Confusion[f.Emotion] = make(map[Emotion]int)
		}
		r.Confusion[f.Emotion][m.Emotion]++
		taken[m.Emotion]++
	}
	for e, row := range r.Confusion {
		meant := 0
		for _, n := range row {
			meant += n
		}
		r.MacroF1 += 2 * share(row[e], meant+taken[e]) / float64(len(r.Confusion))
	}
	r.Sentiment, r.Emotion = share(tones, r.N), share(emotions, r.N)
	return r
}
