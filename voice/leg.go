// Package voice runs one conversation by sound: it is the only place where
// ear (asr), brain (dialog) and mouth (tts) meet. Doors turn a protocol into
// a Leg; everything behind the Leg is the same for all of them. It may import
// audio, asr, tts and dialog.
package voice

import (
	"context"
	"errors"

	"waggle/audio"
	"waggle/dialog"
)

// ErrNoMedia is what Read returns when the line is open and nothing comes:
// 30 s before the first packet, 15 s after the last one.
var ErrNoMedia = errors.New("voice: no media from the line")

// Leg is the sound side of one call: a phone line, a browser, a speaker.
// Read and Write may be used by different goroutines. Close is idempotent.
type Leg interface {
	// Read returns the next frame from the caller, in order, paced by the
	// line: silence comes as silent frames. After the line ended it returns
	// io.EOF. The samples are valid until the next Read.
	Read(ctx context.Context) (audio.Frame, error)
	// Write sends one frame to the caller; it does not wait for playout, so
	// the writer keeps the pace. The leg does not keep the samples.
	Write(audio.Frame) error
	// DTMF yields keys pressed by the caller; it is closed with the line.
	DTMF() <-chan Digit
	Close(Cause) error
}

// Condition is how a line stands beside the sound that it carries.
type Condition byte

// The conditions.
const (
	LineOpen   Condition = iota
	LineHeld             // on hold, or the connection is being mended: nobody listens
	LineSilent           // no packets for a while: perhaps nobody is there
)

// Conditioned is implemented by legs that know it. A Session speaks into an
// open line only: on hold it stops, and it asks nobody who may be gone.
type Conditioned interface{ Condition() Condition }

// Measured is implemented by legs that keep books about the line.
type Measured interface{ Quality() dialog.LineQuality }

// KeySender is implemented by legs that can press keys on the other side.
type KeySender interface{ SendDigit(Digit) error }

// Digit is one key of a telephone: 0-9, *, #, A-D (RFC 4733).
type Digit byte

// Cause says why a leg was closed; doors map it to their protocol.
type Cause string

// The causes.
const (
	CauseNormal   Cause = "normal"   // goodbye was said
	CauseHangUp   Cause = "hang-up"  // the caller left
	CauseNoMedia  Cause = "no-media" // nothing arrived from the line
	CauseShutdown Cause = "shutdown" // the gateway is stopping
	CauseFailed   Cause = "failed"   // something broke
	CauseHandOff  Cause = "hand-off" // a human takes over
	CauseLimit    Cause = "limit"    // the longest call was reached
)
