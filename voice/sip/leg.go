package sip

import (
	"context"
	"io"

	"waggle/audio"
	"waggle/dialog"
	"waggle/voice"
	"waggle/voice/rtp"
)

// leg is the sound of one call.
type leg struct {
	media *rtp.Conn
	call  *call
}

var (
	_ voice.Leg         = (*leg)(nil)
	_ voice.Conditioned = (*leg)(nil)
	_ voice.Measured    = (*leg)(nil)
	_ voice.KeySender   = (*leg)(nil)
)

// agree puts audio on the socket of the call, the way that both sides want it.
func (c *call) agree(s stream) {
	law := audio.ALaw
	if s.payload == payloadPCMU {
		law = audio.MuLaw
	}
	digits := uint8(0)
	if s.dtmf != noDTMF {
		digits = uint8(s.dtmf) //nolint:gosec // seven bits
	}
	c.payload = s.payload
	c.leg = &leg{rtp.NewConn(rtp.Config{Socket: c.socket, Remote: s.remote, Law: law, Digits: digits, ComfortNoise: s.comfort,
		Control: c.control, ControlPeer: s.reports(), Mux: s.mux}), c}
	c.leg.media.Hold(!s.theyHear || !s.theyTalk)
}

// change follows a re-INVITE.
func (l *leg) change(s stream) {
	l.media.Move(s.remote)
	l.media.Hold(!s.theyHear || !s.theyTalk)
}

// Read implements voice.Leg.
func (l *leg) Read(ctx context.Context) (audio.Frame, error) {
	f, err := l.media.ReadFrame(ctx)
	if err != nil && l.over() {
		return audio.Frame{}, io.EOF
	}
	return f, err
}

// Write implements voice.Leg.
func (l *leg) Write(f audio.Frame) error { return l.media.WriteFrame(f) }

// DTMF implements voice.Leg.
func (l *leg) DTMF() <-chan voice.Digit { return l.media.DTMF() }

// Condition implements voice.Conditioned: a hold of the peer is one of ours.
func (l *leg) Condition() voice.Condition { return l.media.Condition() }

// Quality implements voice.Measured.
func (l *leg) Quality() dialog.LineQuality { return l.media.Quality() }

// SendDigit presses a key.
func (l *leg) SendDigit(d voice.Digit) error { return l.media.SendDigit(d) }

// Close implements voice.Leg: it silences the line at once; the BYE follows in
// the goroutine that owns the call.
func (l *leg) Close(cause voice.Cause) error {
	l.call.end(cause, false)
	return l.media.Close()
}

func (l *leg) over() bool {
	select {
	case <-l.call.ended:
		return true
	default:
		return false
	}
}
