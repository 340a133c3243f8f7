package voice

import (
	"testing"

	"waggle/asr"
)

func TestWordsOutOfALossyLineMustBeSurer(t *testing.T) {
	for _, c := range []struct {
		text       string
		confidence float32
		lost       float64
		want       bool
	}{
		{"到哪了", 0.31, 0, true}, {"到哪了", 0.29, 0, false}, {"", 0.9, 0, false},
		{"到哪了", 0.45, 0.02, true}, {"到哪了", 0.45, 0.1, false}, {"到哪了", 0.52, 0.1, true},
		{"到哪了", 0.7, 0.2, false}, {"到哪了", 0.99, 0.5, false},
	} {
		u := utterance{transcript: asr.Transcript{Text: c.text, Confidence: c.confidence}, lost: c.lost}
		if got := u.understood(0.3); got != c.want {
			t.Errorf("%q at %.2f with %.0f %% lost: %v", c.text, c.confidence, 100*c.lost, got)
		}
	}
}

// What a model says of itself is not how often it is right.
func TestWordsOfAModelThatJudgesItselfMustBeSurer(t *testing.T) {
	for confidence, want := range map[float32]bool{0.6: false, 0.66: true} {
		u := utterance{transcript: asr.Transcript{Text: "到哪了", Confidence: confidence, Uncalibrated: true}}
		if got := u.understood(0.3); got != want {
			t.Errorf("at %.2f: %v", confidence, got)
		}
	}
}
