package voice

import (
	"context"
	"fmt"
	"time"

	"waggle/audio"
	"waggle/dialog"
	"waggle/tts"
)

// A second leg calls the desk; who answers hears who is coming, and then the
// frames of either leg are written to the other.

// raised is the pause in which a person brings the receiver to the ear.
const raised = 400 * time.Millisecond

// announce speaks, before anybody is called, who is coming. Without a voice the
// person has to ask.
func (x *transfer) announce(ctx context.Context, who string) []int16 {
	if who == "" {
		return nil
	}
	pcm := make([]int16, x.samples(raised))
	err := x.synthesizer.Speak(ctx, tts.Text(who), x.voice, func(f audio.Frame) error {
		pcm = append(pcm, f.PCM...)
		return nil
	})
	if err != nil {
		x.log.Error("the caller cannot be announced", "err", err)
		return nil
	}
	return pcm
}

// bridge calls the desk and carries the sound. An error means that the caller
// was never connected.
func (x *transfer) bridge(ctx, attempt context.Context, announcement []int16) error {
	operator, err := x.exchange.Dial(attempt)
	if err != nil {
		return err
	}
	x.tell(ctx, connection{state: dialog.TransferAnswered, way: dialog.TransferBridge})
	err = x.introduce(attempt, operator, announcement)
	if err == nil {
		x.operator.Store(&operator)
		x.tell(ctx, connection{state: dialog.TransferJoined, way: dialog.TransferBridge})
		x.log.Info("the caller is with a person")
		x.carry(attempt, operator)
		x.operator.Store(nil)
	}
	if closing := operator.Close(CauseNormal); closing != nil {
		x.log.Warn("closing the line to the desk", "err", closing)
	}
	if err != nil {
		return err
	}
	x.tell(ctx, connection{state: dialog.TransferLeft, way: dialog.TransferBridge})
	return nil
}

// introduce plays the announcement to the person, on the beat of their line,
// and leaves the caller waiting meanwhile.
func (x *transfer) introduce(ctx context.Context, operator Leg, pcm []int16) error {
	frame := x.samples(frameTime)
	for len(pcm) > 0 {
		if _, err := operator.Read(ctx); err != nil {
			return fmt.Errorf("voice: the person at the desk left: %w", err)
		}
		n := min(frame, len(pcm))
		if err := operator.Write(audio.Frame{PCM: pcm[:n], Rate: x.voice.Rate}); err != nil {
			return fmt.Errorf("voice: the person at the desk left: %w", err)
		}
		pcm = pcm[n:]
	}
	return nil
}

// carry brings to the caller what the person says, until either line ends or
// the attempt is called back.
func (x *transfer) carry(ctx context.Context, operator Leg) {
	for {
		f, err := operator.Read(ctx)
		if err != nil {
			return
		}
		x.recording.Robot(f)
		if x.caller.Write(f) != nil {
			return
		}
	}
}

// hear gives the person what the caller says. It reports false when nobody is
// connected.
func (x *transfer) hear(f audio.Frame) bool {
	operator := x.person()
	if operator == nil {
		return false
	}
	if err := operator.Write(f); err != nil {
		x.log.Debug("the person at the desk does not hear", "err", err) // carry notices it too
	}
	return true
}

// press passes a key of the caller on; it reports false when nobody is
// connected.
func (x *transfer) press(d Digit) bool {
	operator := x.person()
	if operator == nil {
		return false
	}
	if s, ok := operator.(KeySender); ok {
		if err := s.SendDigit(d); err != nil {
			x.log.Debug("the key was not passed on", "err", err)
		}
	}
	return true
}
