package voice

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"waggle/asr"
	"waggle/dialog"
)

// turns is the turn loop of one call: it greets, takes what the caller says,
// types or does elsewhere to the dialog, has the answers spoken, and decides
// what an utterance during the robot's speech meant. It is one goroutine.
type turns struct {
	brain     Brain
	ear       *ear
	mouth     *mouth
	playout   *Playout
	recording *Recording
	prompts   Prompts
	limits    Limits
	sure      float32
	closing   <-chan struct{}
	digits    <-chan Digit
	opening   dialog.Opening
	log       *slog.Logger

	id        string
	watch     watch
	reply     dialog.Reply // the last one
	speech    *Speech      // of reply, nil when it is over
	early     []*Speech    // of sentences that came before the reply was whole
	asked     stopwatch    // of the turn that it answers
	listening bool         // the caller is speaking
	pushed    []dialog.Reply
	keys      keys
	speed     float32 // of the voice, once the caller has asked for another
	noInput   *time.Timer
	limit     *time.Timer // of the whole call
	desk      desk
	transfer  *transfer // nil without a desk
	held      int       // times the caller was told to hold the line
	presence  presence
	result    Outcome
}

// over ends the group of goroutines with a cause.
type over struct{ cause Cause }

func (o over) Error() string { return "voice: the call is over: " + string(o.cause) }

// run holds the conversation until it is over; the error says how.
func (t *turns) run(ctx context.Context) error {
	t.noInput = stopped()
	defer t.noInput.Stop()
	t.keys.pause = stopped()
	defer t.keys.pause.Stop()
	t.limit = time.NewTimer(t.limits.Duration)
	defer t.limit.Stop()
	t.watch.cancel = func() {}
	defer func() { t.watch.cancel() }()
	if err := t.greet(ctx); err != nil {
		return err
	}
	for {
		if err := t.next(ctx); err != nil {
			return err
		}
	}
}

// stopped is a timer that has not been started.
func stopped() *time.Timer {
	t := time.NewTimer(time.Hour)
	t.Stop()
	return t
}

// next waits for one thing to happen and deals with it.
func (t *turns) next(ctx context.Context) error {
	var said <-chan struct{}
	if t.speech != nil {
		said = t.speech.Done()
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	case u := <-t.ear.out:
		return t.hear(ctx, u)
	case d, open := <-t.digits:
		if !open {
			t.digits = nil
			return nil
		}
		return t.press(ctx, d)
	case <-t.keys.pause.C:
		return t.typed(ctx)
	case e, open := <-t.watch.entries:
		return t.watched(ctx, e, open)
	case c := <-t.transfer.heard():
		return t.connected(ctx, c)
	case <-said:
		return t.said(ctx)
	case <-t.noInput.C:
		return t.silence(ctx)
	case <-t.closing:
		return t.farewell(ctx, t.prompts.Shutdown, CauseShutdown)
	case <-t.limit.C:
		return t.overlong(ctx)
	}
}

// greet opens the conversation, or joins one that exists.
func (t *turns) greet(ctx context.Context) error {
	var greeting dialog.Reply
	var err error
	if t.id == "" {
		t.id, greeting, err = t.brain.Start(ctx, t.opening)
	}
	if err != nil {
		return fmt.Errorf("voice: greet: %w", err)
	}
	t.watch.entries, t.watch.cancel = t.brain.Subscribe(t.id)
	if len(greeting.Sentences) > 0 {
		return t.answer(ctx, greeting, stopwatch{})
	}
	return t.turn(ctx, dialog.Turn{Event: dialog.EventStart}, stopwatch{})
}

// hear deals with an utterance.
func (t *turns) hear(ctx context.Context, u utterance) error {
	t.listening = u.begun
	if u.begun {
		t.noInput.Stop()
		return nil
	}
	if t.reply.End {
		t.release() // the goodbye is on its way, the conversation is over
		return nil
	}
	heard := u.transcript
	switch t.judge(u) {
	case nothing:
		t.release()
		return t.idle(ctx)
	case unclear:
		return t.turn(ctx, dialog.Turn{Event: dialog.EventUnclear, Speech: speechOf(heard)}, u.asked)
	default:
		return t.turn(ctx, dialog.Turn{Text: heard.Text, Speech: speechOf(heard)}, u.asked)
	}
}

func speechOf(tr asr.Transcript) *dialog.Speech {
	s := &dialog.Speech{Confidence: tr.Confidence}
	for _, a := range tr.NBest {
		s.NBest = append(s.NBest, a.Text)
	}
	return s
}

// turn takes one turn to the dialog and has the answer spoken. asked is zero if
// nobody waits for the answer.
func (t *turns) turn(ctx context.Context, turn dialog.Turn, asked stopwatch) error {
	t.result.Turns++
	if t.result.Turns > t.limits.Turns && !t.watch.withHuman {
		return t.farewell(ctx, t.prompts.Limit, CauseLimit)
	}
	t.noInput.Stop()
	if err := t.interrupt(ctx); err != nil {
		return err
	}
	t.release()
	turn.Channel, turn.At = t.opening.Channel, time.Now()
	t.playout.Bridge(time.Now().Add(t.limits.SlowAnswer), t.prompts.Filler)
	reply, err := t.ask(ctx, turn, asked)
	if err != nil && ctx.Err() == nil && !errors.Is(err, dialog.ErrEnded) {
		t.log.Error("the dialog failed, apologising", "turn", t.result.Turns, "err", err)
		reply, err = t.brain.Next(ctx, t.id, dialog.Turn{Channel: t.opening.Channel, At: time.Now(), Event: dialog.EventBroken})
	}
	t.playout.NoBridge()
	switch {
	case errors.Is(err, dialog.ErrEnded):
		return over{CauseNormal}
	case err != nil:
		return fmt.Errorf("voice: answer: %w", err)
	}
	asked.answered = time.Now()
	return t.answer(ctx, reply, asked)
}

// overlong ends a call that has lasted too long, but not while the caller talks
// to a person: that is looked at again later.
func (t *turns) overlong(ctx context.Context) error {
	if t.transfer.joined() {
		t.limit.Reset(limitAgain)
		return nil
	}
	return t.farewell(ctx, t.prompts.Limit, CauseLimit)
}

// limitAgain is how soon.
const limitAgain = 30 * time.Second

// silence prompts a caller who says nothing.
func (t *turns) silence(ctx context.Context) error {
	if t.watch.withHuman {
		return t.hold(ctx)
	}
	if t.listening {
		return nil
	}
	if wait := t.presence.wait(t.limits.NoInput); wait > 0 {
		t.noInput.Reset(wait)
		return nil
	}
	return t.turn(ctx, dialog.Turn{Event: dialog.EventSilence}, stopwatch{})
}

// release lets the robot speak again, unless the caller has begun anew.
func (t *turns) release() {
	t.playout.Resume()
	if t.ear.speaking.Load() {
		t.playout.Pause()
	}
}
