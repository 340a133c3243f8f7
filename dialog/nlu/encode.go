package nlu

import (
	"math"
	"slices"
)

// Encoder is a network that reads tokens. It is safe for concurrent use.
type Encoder interface {
	// Encode reads tokens. Errors are those of the network's runtime.
	Encode(t Tokens) (Encoding, error)
	// Intents names Encoding.Intents in order.
	Intents() []Intent
	// Concepts is the sha256 of the concepts.tsv that it was trained with.
	Concepts() string
}

// Encoding is what an Encoder makes of a text.
type Encoding struct {
	Intents []float32 // calibrated probabilities
	Mood    Mood
	Vector  []float32 // of length one; texts that want the same lie close
}

// Sentiment is the tone of a text.
type Sentiment string

// The sentiments.
const (
	Negative Sentiment = "negative"
	Neutral  Sentiment = "neutral"
	Positive Sentiment = "positive"
)

// Emotion is what a text shows of the speaker.
type Emotion string

// The emotions.
const (
	Calm      Emotion = "none"
	Angry     Emotion = "angry"
	Anxious   Emotion = "anxious"
	Satisfied Emotion = "satisfied"
)

// Mood is how a text was said. Scores are probabilities.
type Mood struct {
	Sentiment      Sentiment `json:"sentiment"`
	SentimentScore float32   `json:"sentiment_score"`
	Emotion        Emotion   `json:"emotion"`
	EmotionScore   float32   `json:"emotion_score"`
	Insult         float32   `json:"insult"`
}

// memo holds what the encoder made of the texts of one turn.
type memo map[string]Encoding

// encode reads a text with the encoder; ok is false without one, or when it
// fails.
func (u *Understander) encode(seen memo, text string) (Encoding, bool) {
	if u.encoder == nil {
		return Encoding{}, false
	}
	if e, ok := seen[text]; ok {
		return e, true
	}
	e, err := u.encoder.Encode(u.model.words.tokenise(text))
	if err != nil {
		u.failed.Do(func() { u.onError(err) })
		return Encoding{}, false
	}
	seen[text] = e
	return e, true
}

// probabilities of a text: of both readers together, where both have a share. The
// geometric mean lets either veto what the other only guesses.
func (u *Understander) probabilities(seen memo, text string) []float32 {
	p := u.model.probabilities(text)
	if u.share == 0 {
		return p
	}
	e, ok := u.encode(seen, text)
	if !ok {
		return p
	}
	var sum float32
	for i := range p {
		p[i] = float32(math.Pow(float64(p[i]), 1-u.share) * math.Pow(float64(e.Intents[u.order[i]]), u.share))
		sum += p[i]
	}
	for i := range p {
		p[i] /= max(sum, math.SmallestNonzeroFloat32)
	}
	return p
}

// mood reads how a text was said; without an encoder it follows from what is
// wanted.
func (u *Understander) mood(seen memo, text string, intent Intent) Mood {
	if e, ok := u.encode(seen, text); ok {
		return e.Mood
	}
	m := Mood{Sentiment: Neutral, SentimentScore: guessed, Emotion: Calm, EmotionScore: guessed}
	switch intent {
	case Insult:
		m.Sentiment, m.Emotion, m.Insult = Negative, Angry, 1
	case Complaint, Dispute:
		m.Sentiment, m.Emotion = Negative, Angry
	case Hurry:
		m.Sentiment, m.Emotion = Negative, Anxious
	case Thanks:
		m.Sentiment, m.Emotion = Positive, Satisfied
	}
	return m
}

// guessed is the score of a mood that only follows from an intent.
const guessed = 0.5

// orderOf finds the classifier's intents in the encoder's list; nil when they
// are not the same set.
func orderOf(own, other []Intent) []int {
	if len(own) != len(other) {
		return nil
	}
	out := make([]int, len(own))
	for i, x := range own {
		if out[i] = slices.Index(other, x); out[i] < 0 {
			return nil
		}
	}
	return out
}
