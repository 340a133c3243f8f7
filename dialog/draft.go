package dialog

// draft collects what the flows of one turn want to say.
type draft struct {
	said     []line
	question *Sentence
	expect   Expect
	cards    []Card
	want     Ask
	end      bool
	handOff  *HandOff
	outcome  Outcome
}

type line struct {
	Sentence
	detail bool
}

func (d *draft) say(s Sentence)    { d.add(line{Sentence: s}) }
func (d *draft) detail(s Sentence) { d.add(line{Sentence: s, detail: true}) }

// add leaves out what was said in this turn already: two questions may have one
// answer.
func (d *draft) add(l line) {
	for i := range d.said {
		if d.said[i].Text == l.Text {
			d.said[i].detail = d.said[i].detail && l.detail
			return
		}
	}
	d.said = append(d.said, l)
}

func (d *draft) ask(e Expect, s Sentence) {
	if d.question == nil {
		d.question, d.expect = &s, e
	}
}

// spokenSentences is how many sentences an ear can take in one reply.
const spokenSentences = 2

// reply puts the sentences in order. Where the reply is heard, details are
// left out until it is short enough; answers and the question stay.
func (d *draft) reply(m Manner) Reply {
	room := len(d.said) + 1
	if m.Voice {
		room = spokenSentences
	}
	if d.question != nil {
		room--
	}
	for _, l := range d.said {
		if !l.detail {
			room--
		}
	}
	r := Reply{Expect: d.expect, Cards: d.cards, Ask: d.want, End: d.end, HandOff: d.handOff, Outcome: d.outcome}
	for _, l := range d.said {
		if l.detail {
			if room <= 0 {
				continue
			}
			room--
		}
		r.Sentences = append(r.Sentences, l.Sentence)
	}
	if d.question != nil {
		r.Sentences = append(r.Sentences, *d.question)
	}
	return r
}
