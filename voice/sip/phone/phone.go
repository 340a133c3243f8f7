// Package phone is a softphone without ears and mouth, for tests and for
// trying a line: it calls a SIP address, plays a recording, presses keys and
// records what it hears. It may import audio, voice and voice/sip.
package phone

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"time"

	"golang.org/x/sync/errgroup"

	"waggle/audio"
	"waggle/voice"
	"waggle/voice/sip"
)

// Options say whom to call and what to do in the call.
type Options struct {
	URI      string // "sip:user@host:port;transport=tcp"
	From     string // user part shown to the callee
	User     string // digest user, when the callee asks for a password
	Password string
	Listen   string        // our own address as a URL; "" = any free UDP port
	Play     string        // WAV file to play, "" = silence
	Delay    time.Duration // silence before the file
	Record   string        // WAV file for what is heard, 8 kHz mono; "" = none
	Keys     string        // keys to press after the delay, one every 300 ms
	Stay     time.Duration // how long to stay after file and keys; the callee may hang up before
	Ring     time.Duration // how long it may ring; 0 = 60 s
	Log      *slog.Logger
}

// Report is what became of the call.
type Report struct {
	URI      string        `json:"uri"`
	Answered bool          `json:"answered"`
	Verdict  string        `json:"verdict"`          // "answered", "busy", "no answer", ...
	Status   int           `json:"status,omitempty"` // SIP status of a call that was not answered
	Setup    time.Duration `json:"-"`                // until answered or refused
	Talk     time.Duration `json:"-"`                // from answer to end
	Heard    time.Duration `json:"-"`                // audio received
	Lost     float64       `json:"lost"`             // share of the audio that had to be made up
	HungUp   string        `json:"hung_up_by"`       // "peer", "us" or ""
	SetupMS  int64         `json:"setup_ms"`
	TalkS    float64       `json:"talk_s"`
	HeardS   float64       `json:"heard_s"`
}

// Verdicts on options.
var (
	ErrKeys   = errors.New("keys are 0-9, *, # and A-D")
	errPlay   = errors.New("cannot play")
	errRecord = errors.New("cannot record")
)

// keyPause lets the far side tell two presses of one key apart.
const keyPause = 300 * time.Millisecond

// longestFile bounds what is read for playing.
const longestFile = time.Hour

// Call places one call and returns when it is over. A call that was refused is
// a report and an error of package sip.
func Call(ctx context.Context, o Options) (Report, error) {
	report := Report{URI: o.URI}
	sound, err := load(o)
	if err != nil {
		return report, err
	}
	door, err := sip.Open(sip.Config{Listen: []string{listen(o)}}, nil, sip.Options{Log: o.Log})
	if err != nil {
		return report, err
	}
	began := time.Now()
	leg, err := door.Dial(ctx, sip.Target{URI: o.URI, From: o.From, User: o.User, Password: o.Password, Ring: o.Ring})
	report.Setup = time.Since(began)
	report.SetupMS = report.Setup.Milliseconds()
	if err != nil {
		report.refused(err)
		return report, errors.Join(err, door.Close())
	}
	report.Answered, report.Verdict = true, "answered"
	err = talk(ctx, leg, o, sound, &report)
	report.TalkS, report.HeardS = report.Talk.Seconds(), report.Heard.Seconds()
	return report, errors.Join(err, leg.Close(voice.CauseNormal), door.Close())
}

func listen(o Options) string {
	if o.Listen == "" {
		return "udp://0.0.0.0:0"
	}
	return o.Listen
}

func (r *Report) refused(err error) {
	r.Verdict = "failed"
	var dial *sip.DialError
	if errors.As(err, &dial) {
		r.Verdict, r.Status = dial.Kind.Error(), dial.Status
	}
}

// load checks keys and reads the file before anybody's phone rings.
func load(o Options) (audio.WAV, error) {
	for _, k := range o.Keys {
		if !isKey(k) {
			return audio.WAV{}, fmt.Errorf("%q: %w", o.Keys, ErrKeys)
		}
	}
	if o.Play == "" {
		return audio.WAV{}, nil
	}
	f, err := os.Open(o.Play)
	if err != nil {
		return audio.WAV{}, fmt.Errorf("%w: %w", errPlay, err)
	}
	defer func() { _ = f.Close() }() // read only
	w, err := audio.ReadWAV(f, longestFile)
	if err != nil {
		return audio.WAV{}, fmt.Errorf("%w %s: %w", errPlay, o.Play, err)
	}
	return w, nil
}

func isKey(k rune) bool {
	return k >= '0' && k <= '9' || k >= 'A' && k <= 'D' || k == '*' || k == '#'
}

// talk speaks and listens until either side has had enough.
func talk(ctx context.Context, leg voice.Leg, o Options, sound audio.WAV, report *Report) error {
	began := time.Now()
	g, ctx := errgroup.WithContext(ctx)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	g.Go(func() error { defer stop(); return hear(ctx, leg, o.Record, report) })
	g.Go(func() error { defer stop(); return speak(ctx, leg, o, sound) })
	err := g.Wait()
	report.Talk = time.Since(began)
	if report.HungUp == "" {
		report.HungUp = "us"
	}
	return err
}

// hear records until the line ends.
func hear(ctx context.Context, leg voice.Leg, path string, report *Report) (err error) {
	tape, err := newTape(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, tape.close()) }()
	var frames, lost int
	for {
		f, err := leg.Read(ctx)
		switch {
		case errors.Is(err, io.EOF):
			report.HungUp = "peer"
			return nil
		case ctx.Err() != nil:
			return nil
		case err != nil:
			return err
		}
		if frames++; f.Lost {
			lost++
		}
		report.Heard += f.Duration()
		report.Lost = float64(lost) / float64(frames)
		if err := tape.write(f.PCM); err != nil {
			return err
		}
	}
}

// tape is the recording, or nothing.
type tape struct {
	file *os.File
	wav  *audio.WAVWriter
}

func newTape(path string) (tape, error) {
	if path == "" {
		return tape{}, nil
	}
	f, err := os.Create(path)
	if err != nil {
		return tape{}, fmt.Errorf("%w: %w", errRecord, err)
	}
	w, err := audio.NewWAVWriter(f, 8000, 1)
	if err != nil {
		return tape{}, errors.Join(err, f.Close())
	}
	return tape{f, w}, nil
}

func (t tape) write(pcm []int16) error {
	if t.wav == nil {
		return nil
	}
	return t.wav.Write(pcm)
}

func (t tape) close() error {
	if t.wav == nil {
		return nil
	}
	return errors.Join(t.wav.Close(), t.file.Close())
}
