package lm

import (
	"math/rand/v2"
	"testing"
)

func TestNoHistoryGivesAWordMoreThanItsBound(t *testing.T) {
	m := read(t, shipped)
	bounds := m.Bounds()
	if len(bounds) != len(m.Words) {
		t.Fatalf("%d bounds of %d words", len(bounds), len(m.Words))
	}
	random := rand.New(rand.NewPCG(1, 2))
	states := 1 + len(m.Words) + len(m.bi) - 1
	reached := 0
	check := func(s State, w WordID) {
		logp, _ := m.Score(s, w)
		if logp > bounds[w]+1e-4 {
			t.Fatalf("history %d gives %s %.4f, beyond its bound %.4f", s, m.Words[w].Text, logp, bounds[w])
		}
		if logp > bounds[w]-1e-4 {
			reached++
		}
	}
	for range 200000 {
		check(State(random.IntN(states)), WordID(random.IntN(len(m.Words))))
	}
	for i := range m.bi[:len(m.bi)-1] { // what was seen scores highest
		for _, tri := range m.tri[m.bi[i].first:m.bi[i+1].first] {
			check(m.bigramState(i), tri.word)
		}
	}
	if reached < len(m.Words)/10 {
		t.Errorf("only %d histories reach a bound: it is too loose to be of use", reached)
	}
}
