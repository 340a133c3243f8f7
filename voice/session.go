package voice

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"

	"golang.org/x/sync/errgroup"

	"waggle/audio"
	"waggle/dialog"
)

// ErrPanic says that a call ended because of a fault in the gateway's own
// code. Other calls are unharmed.
var ErrPanic = errors.New("voice: a fault ended the call")

// closeTime bounds what has to be written after a call has ended.
const closeTime = 5 * time.Second

// Outcome is how a call went.
type Outcome struct {
	Conversation string
	Cause        Cause
	// Dialog is the result of an outbound conversation.
	Dialog dialog.Outcome
	// HandedOff is set when the dialog called for a human.
	HandedOff bool
	Turns     int
	Duration  time.Duration
	// Latency is, for each answer, from the end of the caller's speech to the
	// first packet of the reply.
	Latency []time.Duration
	// Pauses is how often the robot fell silent because it heard a voice, false
	// alarms included.
	Pauses int
	// Timings tell, for each of them, where the time went.
	Timings   []Timing
	Recording RecordingReport
	// Line is how good the line was; nil if the leg cannot tell.
	Line *dialog.LineQuality
	// Err is set when Cause is failed.
	Err error
}

// Session is one conversation by sound: it joins a Leg, an Ear, a Mouth and a
// Brain for as long as the call lasts.
type Session struct {
	leg       Leg
	config    Config
	playout   *Playout
	ear       *ear
	mouth     *mouth
	turns     *turns
	recording *Recording
	transfer  *transfer // nil without a desk
	condition func() Condition
	log       *slog.Logger
}

// NewSession checks the configuration; an error wraps ErrConfig.
func NewSession(c Config) (*Session, error) {
	c, err := c.withDefaults()
	if err != nil {
		return nil, err
	}
	s := &Session{leg: c.Leg, config: c, playout: NewPlayout(c.Voice.Rate), mouth: newMouth(c), recording: c.Recording, log: c.Log, condition: conditionOf(c.Leg)}
	s.transfer = newTransfer(c)
	s.ear = newEar(c, s.playout)
	s.ear.transfer = s.transfer
	s.turns = &turns{
		brain: c.Brain, ear: s.ear, mouth: s.mouth, playout: s.playout, recording: c.Recording, prompts: c.Prompts,
		limits: c.Limits, sure: c.Ear.Sure, closing: c.Closing, digits: c.Leg.DTMF(), opening: c.Opening,
		id: c.Conversation, log: c.Log, presence: presence{condition: s.condition}, transfer: s.transfer,
	}
	return s, nil
}

// conditionOf asks a leg how its line stands.
func conditionOf(l Leg) func() Condition {
	if c, ok := l.(Conditioned); ok {
		return c.Condition
	}
	return func() Condition { return LineOpen }
}

// Run holds the conversation until one side ends it, closes the leg and the
// conversation, and reports. It owns every goroutine of the call: when it
// returns, all have ended.
func (s *Session) Run(ctx context.Context) Outcome {
	begun := time.Now()
	err := s.converse(ctx)
	out := &s.turns.result
	out.Conversation, out.Pauses = s.turns.id, s.ear.pauses
	out.Cause, out.Err = s.verdict(ctx, err)
	if out.Cause == CauseFailed {
		s.log.Error("call failed", "err", out.Err)
		s.apologise(ctx)
	}
	out.Err = errors.Join(out.Err, s.close(ctx, out))
	out.Duration = time.Since(begun)
	s.log.Info("call ended", "cause", out.Cause, "turns", out.Turns, "duration", out.Duration, "line", describe(out.Line))
	return *out
}

// converse runs the goroutines of a call until the first of them ends: four,
// and one more where callers can be connected with people.
func (s *Session) converse(ctx context.Context) error {
	if err := s.ear.open(ctx, s.config.Ear.Recognizer); err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	parts := []func(context.Context) error{s.ear.run, s.turns.run, s.mouth.run, s.play}
	if s.transfer != nil {
		parts = append(parts, s.transfer.run)
	}
	for _, part := range parts {
		group.Go(func() error { return s.contain(ctx, part) })
	}
	return errors.Join(group.Wait(), s.ear.close())
}

// contain turns a panic of one call into its error.
func (s *Session) contain(ctx context.Context, part func(context.Context) error) (err error) {
	defer func() {
		if fault := recover(); fault != nil {
			s.log.Error("panic", "fault", fault, "stack", string(debug.Stack()))
			err = fmt.Errorf("%w: %v", ErrPanic, fault)
		}
	}()
	return part(ctx)
}

// lagAllowed is how far the beat may be behind before frames are left out.
const lagAllowed = 200 * time.Millisecond

// play sends a frame to the line on every beat.
func (s *Session) play(ctx context.Context) error {
	ticker := time.NewTicker(frameTime)
	defer ticker.Stop()
	var sent time.Duration
	for next := time.Now(); ; {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-ticker.C:
		}
		now := time.Now()
		joined := s.transfer.joined() // then a person speaks to the caller
		s.playout.Hold(joined || s.condition() == LineHeld)
		if now.Sub(next) > lagAllowed {
			next = now
		}
		for ; !next.After(now); next = next.Add(frameTime) {
			f := audio.Frame{PCM: s.playout.Next(now), Rate: s.config.Voice.Rate, TS: sent}
			sent += frameTime
			if joined {
				continue
			}
			if err := s.leg.Write(f); err != nil {
				return fmt.Errorf("%w: %w", errHangUp, err)
			}
			s.recording.Robot(f)
		}
	}
}

// verdict reads the cause from what ended the first goroutine.
func (s *Session) verdict(ctx context.Context, err error) (Cause, error) {
	var end over
	switch {
	case errors.As(err, &end):
		return end.cause, nil
	case errors.Is(err, errHangUp) && s.transfer.gone():
		return CauseHandOff, nil // the line has taken the caller to a person
	case errors.Is(err, errHangUp):
		return CauseHangUp, nil
	case errors.Is(err, ErrNoMedia):
		return CauseNoMedia, nil
	case ctx.Err() != nil && !errors.Is(err, ErrPanic):
		return CauseShutdown, nil
	}
	return CauseFailed, err
}

// apologise says the prompt that was made in advance, whatever has failed.
func (s *Session) apologise(ctx context.Context) {
	ticker := time.NewTicker(frameTime)
	defer ticker.Stop()
	frame := s.config.Voice.Rate / int(time.Second/frameTime)
	for pcm := s.config.Prompts.Apology; len(pcm) > 0; pcm = pcm[min(frame, len(pcm)):] {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		if s.leg.Write(audio.Frame{PCM: pcm[:min(frame, len(pcm))], Rate: s.config.Voice.Rate}) != nil {
			return
		}
	}
}

// close ends the line, the recording and the conversation, also when ctx has
// ended.
func (s *Session) close(ctx context.Context, out *Outcome) error {
	err := s.leg.Close(out.Cause)
	s.playout.Close()
	report, recorded := s.recording.Close()
	out.Recording = report
	if m, ok := s.leg.(Measured); ok {
		q := m.Quality()
		out.Line = &q
	}
	if report.Err != nil {
		s.log.Error("the call was not recorded", "err", report.Err)
	}
	if len(report.Gaps) > 0 {
		s.log.Warn("the recording has gaps", "gaps", len(report.Gaps))
	}
	err = errors.Join(err, recorded)
	if out.Conversation == "" {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	err = errors.Join(err, s.turns.interrupt(ctx), s.turns.settle(ctx)) // what was heard of the last reply
	if out.Line != nil {
		err = errors.Join(err, s.config.Brain.Line(ctx, out.Conversation, *out.Line))
	}
	why := string(out.Cause)
	if out.Dialog != dialog.OutcomeNone {
		why = string(out.Dialog)
	}
	return errors.Join(err, s.config.Brain.End(ctx, out.Conversation, why))
}
