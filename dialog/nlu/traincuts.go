package nlu

import (
	"math"
	"slices"
	"strings"
)

// sentence is a labelled text with the ways to cut it; good are those that fit
// the label. With none that is good the text is one question.
type sentence struct {
	options [][signs]float64
	good    []bool
	weight  float64
}

// readSentence lists the ways to cut a text. Where the label names several
// intents the cut itself is not known: good are cuts with all of them, else
// with some of them, else all.
func (u *Understander) readSentence(x Utterance, weight float64) (sentence, bool) {
	text := Normalise(x.Text)
	seen := memo{}
	read := func(part string) side { return u.side(seen, part, nil) }
	out := sentence{weight: weight}
	want := strings.Split(string(x.Intent), "+")
	all := u.options(read(text), text, read)
	fit := make([]int, len(all))
	for i, o := range all {
		out.options = append(out.options, o.signs)
		if len(want) > 1 {
			fit[i] = 1
			if o.left.clause.Intent == Intent(want[0]) {
				fit[i]++
			}
			if o.right.clause.Intent == Intent(want[len(want)-1]) {
				fit[i]++
			}
		}
	}
	if len(all) == 0 {
		return out, false
	}
	top := slices.Max(fit)
	for _, f := range fit {
		out.good = append(out.good, top > 0 && f == top)
	}
	return out, true
}

// fitCuts learns the weights of the signs of a cut: a log-linear model of the
// ways to read a sentence, whole or cut in one of its places, that makes the
// good ones together likely; by gradient with a Gaussian prior.
func fitCuts(in []sentence) cutWeights {
	const (
		rounds = 400
		rate   = 0.3
		prior  = 0.003
	)
	var w, squares cutWeights
	var total float64
	for _, s := range in {
		total += s.weight
	}
	for range rounds {
		var g cutWeights
		for _, s := range in {
			s.gradient(&w, &g)
		}
		for i := range w {
			d := g[i]/total + prior*w[i]
			squares[i] += d * d
			w[i] -= rate * d / (math.Sqrt(squares[i]) + 1e-9)
		}
	}
	return w
}

// gradient adds that of the sentence's negative log likelihood.
func (s sentence) gradient(w, g *cutWeights) {
	p := make([]float64, len(s.options))
	sum, good := 1.0, 0.0 // the whole has a score of nothing
	whole := !slices.Contains(s.good, true)
	for i, o := range s.options {
		p[i] = math.Exp(math.Min(w.of(o), 30))
		sum += p[i]
		if s.good[i] {
			good += p[i]
		}
	}
	for i, o := range s.options {
		d := p[i] / sum
		if !whole && s.good[i] {
			d -= p[i] / good
		}
		for k, x := range o {
			g[k] += s.weight * d * x
		}
	}
}

// trainCuts learns to part questions: what the words around a place say from
// the utterances that trained the classifier, the rest from sentences.
func (c *classifier) trainCuts(utterances, sentences []Utterance) {
	c.ends = trainBoundary(c.words, normalised(utterances))
	c.cuts = fitCuts(append(readSentences(&Understander{model: c, answers: newAnswers()}, sentences), readUtterances(utterances)...))
}

// single is what an utterance counts beside a sentence: there are many more of
// them, but each of them says what one question looks like.
const single = 0.03

// readUtterances reads utterances, each of them one question, by classifiers
// that were trained on the other half.
func readUtterances(utterances []Utterance) []sentence {
	var halves [2][]Utterance
	for i, u := range normalised(utterances) {
		halves[i%2] = append(halves[i%2], u)
	}
	var out []sentence
	for i, half := range halves {
		c := train(augment(halves[1-i]))
		c.ends = trainBoundary(c.words, halves[1-i])
		u := &Understander{model: c, answers: newAnswers()}
		for _, x := range half {
			if s, ok := u.readSentence(x, single); ok {
				out = append(out, s)
			}
		}
	}
	return out
}

// unpaused is what a sentence counts that was written without its pauses, as a
// recogniser would.
const unpaused = 0.5

func readSentences(u *Understander, sentences []Utterance) []sentence {
	var out []sentence
	for _, x := range sentences {
		if s, ok := u.readSentence(x, 1); ok {
			out = append(out, s)
		}
		bare := strings.Map(func(r rune) rune {
			if isPause(r) {
				return -1
			}
			return r
		}, Normalise(x.Text))
		if s, ok := u.readSentence(Utterance{bare, x.Intent}, unpaused); ok && bare != Normalise(x.Text) {
			out = append(out, s)
		}
	}
	return out
}

func normalised(in []Utterance) []Utterance {
	out := slices.Clone(in)
	for i := range out {
		out[i].Text = Normalise(out[i].Text)
	}
	return out
}

// CrossValidateClauses parts each sentence by what was learnt from the other
// folds of the sentences.
func CrossValidateClauses(utterances, sentences []Utterance, folds int) (ClauseReport, []Judged) {
	c := train(augment(utterances))
	c.ends = trainBoundary(c.words, normalised(utterances))
	singles := readUtterances(utterances)
	var all ClauseReport
	var wrong []Judged
	for f := range folds {
		var rest, fold []Utterance
		for i, u := range sentences {
			if i%folds == f {
				fold = append(fold, u)
			} else {
				rest = append(rest, u)
			}
		}
		u := &Understander{model: c, answers: newAnswers()}
		c.cuts = fitCuts(append(readSentences(u, rest), singles...))
		r, w := EvaluateClauses(u, fold)
		all = ClauseReport{all.One + r.One, all.KeptWhole + r.KeptWhole, all.More + r.More, all.Parted + r.Parted, all.Exact + r.Exact}
		wrong = append(wrong, w...)
	}
	return all, wrong
}
