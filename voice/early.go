package voice

import (
	"context"
	"slices"
	"time"

	"waggle/dialog"
)

// Streamer is a Talker that tells of sentences before the reply is whole: a
// language model's first sentence is spoken while it thinks of the second.
type Streamer interface {
	Stream(ctx context.Context, id string, t dialog.Turn, emit func(dialog.Sentence)) (dialog.Reply, error)
}

var _ Streamer = (*dialog.Conversations)(nil)

// ask takes a turn to the dialog. Sentences that come early are spoken at once.
func (t *turns) ask(ctx context.Context, turn dialog.Turn, asked stopwatch) (dialog.Reply, error) {
	t.early = nil
	s, ok := t.brain.(Streamer)
	if !ok {
		return t.brain.Next(ctx, t.id, turn)
	}
	return s.Stream(ctx, t.id, turn, func(x dialog.Sentence) { t.sayEarly(ctx, x, asked) })
}

// sayEarly speaks one sentence of the reply that is still being made.
func (t *turns) sayEarly(ctx context.Context, x dialog.Sentence, asked stopwatch) {
	if len(t.early) == 0 {
		asked.answered = time.Now()
		if t.playout.Busy() {
			asked = stopwatch{}
		}
		t.asked = asked
	}
	s := NewSpeech([]Line{{Text: x.Text}})
	t.early, t.speech = append(t.early, s), s
	t.playout.Play(s)
	if t.mouth.say(ctx, s, []string{x.Text}, t.speed) != nil {
		t.playout.Stop() // the call is over
	}
}

// late are the sentences of a reply that were not spoken early.
func (t *turns) late(r dialog.Reply) []dialog.Sentence {
	if len(t.early) == 0 {
		return r.Sentences
	}
	var out []dialog.Sentence
	for _, x := range r.Sentences {
		if !slices.ContainsFunc(t.early, func(s *Speech) bool { return s.segments[0].Text == x.Text }) {
			out = append(out, x)
		}
	}
	return out
}

// first is the speech whose sound the caller waits for.
func (t *turns) first(s *Speech) *Speech {
	if len(t.early) > 0 {
		return t.early[0]
	}
	return s
}

// heard is how much of the reply was sent, and whether that is all of it.
func (t *turns) heard(last *Speech) (text string, all bool) {
	all = true
	for _, s := range t.early {
		if s == last {
			break
		}
		part, whole := s.Heard()
		text, all = text+part, all && whole
	}
	part, whole := last.Heard()
	return text + part, all && whole
}
