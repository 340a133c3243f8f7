package voice

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"waggle/asr"
	"waggle/dialog"
	"waggle/tts"
)

// Parts are what all calls share.
type Parts struct {
	Recognizer asr.Recognizer
	// NewVAD makes the voice activity detector of one call.
	NewVAD func() (ClosingVAD, error)
	Mouth  tts.Synthesizer
	// Voice is who speaks; the rate depends on the line.
	Voice tts.Voice
	Brain Brain
	// Recordings is the folder of the recordings; empty for none.
	Recordings string

	Endpoint asr.EndpointSettings
	BargeIn  BargeInSettings
	Sure     float32
	Limits   Limits
	Closing  <-chan struct{}
	Log      *slog.Logger
}

// ClosingVAD is a VAD that holds memory of its own; *asr.VAD is one.
type ClosingVAD interface {
	VAD
	io.Closer
}

// Call is what a door or a dialler hands over.
type Call struct {
	// ID names the call in logs and recordings.
	ID      string
	Leg     Leg
	Opening dialog.Opening
	// Conversation is set when the call joins one that exists.
	Conversation string
	// Exchange reaches people by phone; nil for none.
	Exchange Exchange
}

// Reception takes the calls of all doors: it gives each one a Session made of
// the parts that all share.
type Reception struct {
	parts   Parts
	prompts map[int]Prompts // by sample rate
}

// Sample rates of the robot's voice: a telephone line carries no more than
// 4 kHz of sound.
const (
	narrowBand = 8000
	wideBand   = 16000
)

// NewReception speaks the prompts in advance, which takes a moment.
func NewReception(ctx context.Context, p Parts) (*Reception, error) {
	if p.Recognizer == nil || p.NewVAD == nil || p.Mouth == nil || p.Brain == nil {
		return nil, fmt.Errorf("%w: the reception needs a recogniser, voice activity, a mouth and a brain", ErrConfig)
	}
	if p.Log == nil {
		p.Log = slog.New(slog.DiscardHandler)
	}
	r := &Reception{parts: p, prompts: map[int]Prompts{}}
	for _, rate := range []int{narrowBand, wideBand} {
		voice := p.Voice
		voice.Rate = rate
		prompts, err := RenderPrompts(ctx, p.Mouth, voice)
		if err != nil {
			return nil, err
		}
		r.prompts[rate] = prompts
	}
	return r, nil
}

// Take holds the whole conversation of a call and closes its leg.
func (r *Reception) Take(ctx context.Context, c Call) Outcome {
	s, vad, err := r.session(c)
	if err != nil {
		r.parts.Log.Error("call could not be taken", "call", c.ID, "err", err)
		return Outcome{Conversation: c.Conversation, Cause: CauseFailed, Err: errors.Join(err, c.Leg.Close(CauseFailed))}
	}
	out := s.Run(ctx)
	out.Err = errors.Join(out.Err, vad.Close())
	return out
}

func (r *Reception) session(c Call) (*Session, ClosingVAD, error) {
	vad, err := r.parts.NewVAD()
	if err != nil {
		return nil, nil, fmt.Errorf("voice: voice activity: %w", err)
	}
	p, voice := r.parts, r.parts.Voice
	voice.Rate = wideBand
	if c.Opening.Channel == dialog.ChannelPhone {
		voice.Rate = narrowBand
	}
	s, err := NewSession(Config{
		Call: c.ID, Leg: c.Leg, Opening: c.Opening, Conversation: c.Conversation,
		Ear:   Ear{Recognizer: p.Recognizer, VAD: vad, Endpoint: p.Endpoint, BargeIn: p.BargeIn, Sure: p.Sure},
		Mouth: p.Mouth, Voice: voice, Brain: p.Brain, Prompts: r.prompts[voice.Rate], Exchange: c.Exchange,
		Recording: r.recording(c.ID, voice.Rate), Limits: p.Limits, Closing: p.Closing, Log: p.Log,
	})
	if err != nil {
		return nil, nil, errors.Join(err, vad.Close())
	}
	return s, vad, nil
}

// recording is a file of its own for the call, in a folder for the day.
func (r *Reception) recording(call string, rate int) *Recording {
	if r.parts.Recordings == "" {
		return nil
	}
	now := time.Now()
	path := filepath.Join(r.parts.Recordings, now.Format("2006-01-02"), now.Format("150405-")+fileName(call)+".wav")
	return NewRecording(rate, func() (File, error) {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return nil, err
		}
		return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	}, func() error { return os.Remove(path) })
}

// fileName keeps of a call's name what is safe in a file name: the name of a
// phone call is chosen by the caller's phone.
func fileName(call string) string {
	name := []rune(call)
	for i, r := range name {
		safe := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-'
		if !safe {
			name[i] = '_'
		}
	}
	const longest = 64
	return string(name[:min(len(name), longest)])
}
