package voice

import (
	"context"
	"time"

	"waggle/dialog"
)

// mostKeys is longer than any number that a caller is asked for.
const mostKeys = 32

// keys gathers what is typed into one turn.
type keys struct {
	typed []byte
	pause *time.Timer
}

func (k *keys) typing() bool { return len(k.typed) > 0 }

// press takes a key. The first one interrupts the robot; # or a pause ends the
// number.
func (t *turns) press(ctx context.Context, d Digit) error {
	if t.reply.End || t.transfer.joined() && t.transfer.press(d) {
		return nil
	}
	t.noInput.Stop()
	if !t.keys.typing() {
		if err := t.interrupt(ctx); err != nil {
			return err
		}
	}
	if d == '#' && t.keys.typing() {
		return t.typed(ctx)
	}
	t.keys.typed = append(t.keys.typed, byte(d))
	if len(t.keys.typed) >= mostKeys {
		return t.typed(ctx)
	}
	t.keys.pause.Reset(t.limits.KeyPause)
	return nil
}

// typed takes the finished number to the dialog.
func (t *turns) typed(ctx context.Context) error {
	t.keys.pause.Stop()
	number := string(t.keys.typed)
	t.keys.typed = t.keys.typed[:0]
	now := time.Now()
	return t.turn(ctx, dialog.Turn{DTMF: number}, stopwatch{silent: now, decided: now, final: now})
}
