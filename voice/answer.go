package voice

import (
	"context"
	"fmt"
	"strings"

	"waggle/dialog"
)

// slower is the tempo for who asks for it: clearly slower, not drawling.
const slower = 0.85

// answer has a reply spoken behind what is being said.
func (t *turns) answer(ctx context.Context, r dialog.Reply, asked stopwatch) error {
	t.reply = r
	switch r.Ask {
	case dialog.AskSlower:
		t.speed = slower
	case dialog.AskFaster:
		t.speed = 0
	}
	if r.Outcome != dialog.OutcomeNone {
		t.result.Dialog = r.Outcome
	}
	if r.HandOff != nil {
		t.result.HandedOff, t.desk.wanted = true, r.HandOff
	}
	t.ear.expect(r.Expect)
	sentences := t.late(r)
	if len(sentences) == 0 {
		if len(t.early) > 0 {
			return nil // it is being said already
		}
		return t.said(ctx)
	}
	if t.playout.Busy() {
		asked = stopwatch{} // it waits for a sentence that must be said: no measure of speed
	}
	lines, texts := make([]Line, len(sentences)), make([]string, len(sentences))
	for i, s := range sentences {
		lines[i], texts[i] = t.line(s), s.Text
	}
	t.speech = NewSpeech(lines)
	if len(t.early) == 0 {
		t.asked = asked
	}
	t.playout.Play(t.speech)
	return t.mouth.say(ctx, t.speech, texts, t.speed)
}

// line decides how a sentence is said. Who is calling and that the call is
// recorded must be heard whole; only then does the recording begin. A goodbye
// is not interrupted either: the conversation behind it is over.
func (t *turns) line(s dialog.Sentence) Line {
	l := Line{Text: s.Text, Protected: t.reply.End}
	for _, src := range s.Sources {
		if src.Kind == "policy" && src.ID == "identity" {
			l.Protected = true
			if strings.Contains(s.Text, "录音") {
				l.Said = t.recording.Start
			}
		}
	}
	return l
}

// interrupt stops what is being said, and notes how much of it was heard.
func (t *turns) interrupt(ctx context.Context) error {
	s := t.speech
	if s == nil {
		return nil
	}
	t.playout.Stop()
	t.speech = nil
	err := t.measure(ctx, s)
	text, all := t.heard(s)
	t.early = nil
	if err != nil {
		return err
	}
	if all {
		return nil
	}
	if err := t.brain.Heard(ctx, t.id, text); err != nil {
		return fmt.Errorf("voice: note what was heard: %w", err)
	}
	return nil
}

// measure notes how long the caller waited for the first sound.
func (t *turns) measure(ctx context.Context, s *Speech) error {
	timing, ok := t.asked.timing(t.first(s).First())
	if !ok {
		return nil
	}
	latency := timing.Total()
	t.asked = stopwatch{}
	t.result.Latency, t.result.Timings = append(t.result.Latency, latency), append(t.result.Timings, timing)
	t.log.Info("answered", "turn", t.result.Turns, "latency", latency, "endpoint", timing.Endpoint)
	if err := t.brain.Answered(ctx, t.id, latency); err != nil {
		return fmt.Errorf("voice: note the latency: %w", err)
	}
	return nil
}

// said goes on after a reply was spoken.
func (t *turns) said(ctx context.Context) error {
	if s := t.speech; s != nil {
		t.speech = nil
		if err := t.measure(ctx, s); err != nil {
			return err
		}
		t.early = nil
	}
	if t.reply.End {
		return over{CauseNormal}
	}
	if err := t.handOver(ctx); err != nil {
		return err
	}
	return t.idle(ctx)
}

// idle says what other channels have caused once the floor is free, and else
// waits for the caller.
func (t *turns) idle(ctx context.Context) error {
	if t.speech != nil || t.listening || t.keys.typing() {
		return nil
	}
	if len(t.pushed) > 0 {
		r := t.pushed[0]
		t.pushed = t.pushed[1:]
		return t.answer(ctx, r, stopwatch{})
	}
	t.await()
	return nil
}

// farewell says a prompt to its end and closes the call.
func (t *turns) farewell(ctx context.Context, prompt []int16, cause Cause) error {
	if err := t.interrupt(ctx); err != nil {
		return err
	}
	if t.desk.under() { // a person has the caller, or soon would
		t.transfer.cancel()
	}
	t.playout.Stop()
	s := NewSpeech([]Line{{Protected: true}})
	t.playout.Play(s)
	s.Add(0, prompt)
	s.Complete(0)
	select {
	case <-s.Done():
		return over{cause}
	case <-ctx.Done():
		return ctx.Err()
	}
}
