package nlu

import (
	"math/rand/v2"
	"unicode/utf8"
)

// augment normalises the utterances and adds damaged copies of each longer
// one: a recogniser on a phone line drops and mistakes syllables, and the
// classifier must not hang on any single word.
func augment(in []Utterance) []Utterance {
	dice := rand.New(rand.NewPCG(seed, 1))
	out := make([]Utterance, 0, 2*len(in))
	for _, u := range in {
		u.Text = Normalise(u.Text)
		out = append(out, u)
		if utf8.RuneCountInString(u.Text) < damageFrom {
			continue
		}
		for range damagedCopies {
			out = append(out, Utterance{Text: damage(u.Text, dice), Intent: u.Intent})
		}
	}
	return out
}

const (
	damageFrom    = 6   // characters: shorter ones would lose their meaning
	damageShare   = 0.2 // of the characters
	damagedCopies = 2
)

// damage drops or replaces some characters.
func damage(text string, dice *rand.Rand) string {
	noise := []rune("的一是了我有他这中大来上个国到说们为子和你地出道也时年")
	in := []rune(text)
	out := in[:0:0]
	for _, r := range in {
		switch x := dice.Float64(); {
		case x < damageShare/2: // lost
		case x < damageShare:
			out = append(out, noise[dice.IntN(len(noise))])
		default:
			out = append(out, r)
		}
	}
	return string(out)
}
