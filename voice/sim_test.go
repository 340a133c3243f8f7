package voice

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"waggle/asr"
	"waggle/audio"
	"waggle/dialog"
	"waggle/tts"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The simulation speaks in samples: all samples of a frame have one value that
// says which words (caller) or which character (robot) sounds. Time is that of
// a synctest bubble, so minutes of conversation take no time.
const (
	simRate   = 8000
	simFrame  = simRate / 50
	callerTop = 1000 // caller samples are callerTop + index of the words
	robotTop  = 2000 // robot samples are robotTop + index of the character
	noise     = 900  // sound without words; none is so quiet that it is amplified
)

// charTime is how long the simulated voice takes for a character.
const charTime = 200 * time.Millisecond

// says is one thing the caller does.
type says struct {
	at   time.Duration // since the call began
	text string        // empty: a noise
	dur  time.Duration
}

// simLeg is a line with a scripted caller who also listens.
type simLeg struct {
	start  time.Time
	script []says
	hangUp time.Duration // zero: never
	keys   chan Digit
	alphabet

	mu     sync.Mutex
	frames int
	heard  []sounded
	cause  Cause
	closed chan struct{}
	fail   error // what Read returns instead of frames

	condition func(at time.Duration) Condition // nil: open
	quality   dialog.LineQuality
}

func (l *simLeg) Condition() Condition {
	if l.condition == nil {
		return LineOpen
	}
	return l.condition(l.since())
}

func (l *simLeg) Quality() dialog.LineQuality { return l.quality }

// sounded is one frame from the robot.
type sounded struct {
	at    time.Duration
	value int16 // 0 is silence, -1 a fade
	raw   []int16
}

// alphabet numbers what is said, in both directions.
type alphabet struct {
	speaking sync.Mutex // the robot may speak to two lines at once
	words    []string
	chars    []rune
}

func newLeg(script ...says) *simLeg {
	l := &simLeg{start: time.Now(), script: script, keys: make(chan Digit, 32), closed: make(chan struct{})}
	for _, s := range script {
		l.words = append(l.words, s.text)
	}
	return l
}

func (l *simLeg) since() time.Duration { return time.Since(l.start) }

func (l *simLeg) Read(ctx context.Context) (audio.Frame, error) {
	l.mu.Lock()
	l.frames++
	at := time.Duration(l.frames) * frameTime // when the frame is complete
	l.mu.Unlock()
	if l.fail != nil {
		return audio.Frame{}, l.fail
	}
	wait := time.NewTimer(at - l.since())
	defer wait.Stop()
	select {
	case <-wait.C:
	case <-ctx.Done():
		return audio.Frame{}, ctx.Err()
	case <-l.closed:
		return audio.Frame{}, io.EOF
	}
	l.mu.Lock()
	end := l.hangUp
	l.mu.Unlock()
	if end > 0 && at > end {
		return audio.Frame{}, io.EOF
	}
	return audio.Frame{PCM: constant(l.sound(at - frameTime)), Rate: simRate, TS: at - frameTime}, nil
}

// sound is the sample value of what the caller says at that time.
func (l *simLeg) sound(at time.Duration) int16 {
	for i, s := range l.script {
		if at >= s.at && at < s.at+s.dur {
			if s.text == "" {
				return noise
			}
			return int16(callerTop + i)
		}
	}
	return 0
}

func constant(value int16) []int16 {
	pcm := make([]int16, simFrame)
	for i := range pcm {
		pcm[i] = value
	}
	return pcm
}

func (l *simLeg) Write(f audio.Frame) error {
	select {
	case <-l.closed:
		return io.ErrClosedPipe
	default:
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	value := f.PCM[len(f.PCM)/2]
	if slices.Min(f.PCM) != slices.Max(f.PCM) {
		value = -1
	}
	l.heard = append(l.heard, sounded{at: l.since(), value: value, raw: slices.Clone(f.PCM)})
	return nil
}

func (l *simLeg) DTMF() <-chan Digit { return l.keys }

func (l *simLeg) Close(c Cause) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cause == "" {
		l.cause = c
		close(l.closed)
		close(l.keys)
	}
	return nil
}

// text is what the caller heard, character by character; a character counts
// when most of it sounded.
func (l *simLeg) text() string {
	var out strings.Builder
	const most = int(charTime/frameTime) * 6 / 10
	run, last := 0, int16(0)
	flush := func() {
		for ; run >= most; run -= int(charTime / frameTime) {
			out.WriteRune(l.chars[last-robotTop])
		}
	}
	for _, h := range l.heard {
		if h.value < robotTop {
			continue // silence or a fade may stand within a character
		}
		if h.value != last {
			flush()
			run, last = 0, h.value
		}
		run++
	}
	flush()
	return out.String()
}

// silentFrom reports whether the robot was silent over a stretch of time.
func (l *simLeg) silentFrom(from, to time.Duration) bool {
	for _, h := range l.heard {
		if h.at >= from && h.at < to && h.value != 0 {
			return false
		}
	}
	return true
}

// firstSound is when the robot first sounds at or after a time.
func (l *simLeg) firstSound(after time.Duration) time.Duration {
	for _, h := range l.heard {
		if h.at >= after && h.value != 0 {
			return h.at
		}
	}
	return -1
}

// simVAD calls every sound speech, with the delay and hangover of a real one.
type simVAD struct {
	at, lag time.Duration
	queue   []bool
	quiet   time.Duration
	speech  bool
	fault   func(at time.Duration) error
}

func (v *simVAD) Write(f audio.Frame) (asr.Activity, error) {
	if v.fault != nil {
		if err := v.fault(v.at); err != nil {
			return asr.Activity{}, err
		}
	}
	v.queue = append(v.queue, f.PCM[0] != 0)
	if time.Duration(len(v.queue))*frameTime > v.lag {
		v.at += frameTime
		if v.queue[0] {
			v.speech, v.quiet = true, 0
		} else if v.quiet += frameTime; v.quiet > 80*time.Millisecond {
			v.speech = false
		}
		v.queue = v.queue[1:]
	}
	return asr.Activity{At: v.at, Speech: v.speech}, nil
}

// simRecognizer reads the words off the samples. Words that begin with ~ are
// mumbled: their confidence is low.
type simRecognizer struct {
	leg   *simLeg
	hints []asr.Hints
	full  bool
	opens int
}

func (r *simRecognizer) NewStream(context.Context) (asr.Stream, error) {
	if r.full {
		return nil, asr.ErrSaturated
	}
	r.opens++
	return &simStream{r: r}, nil
}

type simStream struct {
	r     *simRecognizer
	words []string
	last  int16
}

func (s *simStream) Begin(h asr.Hints) error {
	s.words, s.last = nil, 0
	s.r.hints = append(s.r.hints, h)
	return nil
}

func (s *simStream) Write(f audio.Frame) error {
	if v := f.PCM[0]; v != s.last {
		s.last = v
		if v >= callerTop {
			s.words = append(s.words, s.r.leg.words[v-callerTop])
		}
	}
	return nil
}

func (s *simStream) Result() asr.Transcript {
	t := asr.Transcript{Text: strings.Join(s.words, ""), Confidence: 0.9}
	if strings.HasPrefix(t.Text, "~") {
		t.Text, t.Confidence = t.Text[1:], 0.1
	}
	return t
}

func (s *simStream) Peek() (asr.Transcript, asr.Progress, error) {
	return s.Result(), asr.ProgressUnknown, nil
}

func (s *simStream) Finish() (asr.Transcript, error) {
	t := s.Result()
	t.Final = true
	return t, nil
}

func (s *simStream) Close() error { s.r.opens--; return nil }

// simMouth speaks characters as constant samples.
type simMouth struct {
	leg    *simLeg
	delay  time.Duration // until the first sound of a sentence
	breath int           // frames of silence before it
	err    error
	speeds []float32 // of what was said
}

func (m *simMouth) Speak(ctx context.Context, text tts.Text, v tts.Voice, emit func(audio.Frame) error) error {
	if m.err != nil && !strings.Contains(string(text), "请稍后再打") {
		return m.err
	}
	m.speeds = append(m.speeds, v.Speed)
	select {
	case <-time.After(m.delay):
	case <-ctx.Done():
		return ctx.Err()
	}
	for range m.breath {
		if err := emit(audio.Frame{PCM: constant(0), Rate: v.Rate}); err != nil {
			return err
		}
	}
	for _, r := range string(text) {
		pcm := constant(m.leg.value(r))
		for i := range int(charTime / frameTime) {
			if i == int(charTime/frameTime)-1 {
				pcm = constant(0) // the gap between words
			}
			if err := emit(audio.Frame{PCM: pcm, Rate: v.Rate}); err != nil {
				return err
			}
		}
	}
	return nil
}

// value numbers a character.
func (a *alphabet) value(r rune) int16 {
	a.speaking.Lock()
	defer a.speaking.Unlock()
	i := slices.Index(a.chars, r)
	if i < 0 {
		a.chars = append(a.chars, r)
		i = len(a.chars) - 1
	}
	return int16(robotTop + i)
}

// simBrain answers from a function and keeps what it was told.
type simBrain struct {
	greeting dialog.Reply
	answer   func(dialog.Turn) (dialog.Reply, error)
	delay    time.Duration
	state    dialog.State // after every turn

	mu      sync.Mutex
	turns   []dialog.Turn
	heard   []string
	latency []time.Duration
	line    *dialog.LineQuality
	ended   string
	entries chan dialog.Entry

	transfers []dialog.Transfer
	taken     error // what Take says
}

func (b *simBrain) Start(context.Context, dialog.Opening) (string, dialog.Reply, error) {
	return "c1", b.greeting, nil
}

func (b *simBrain) Next(ctx context.Context, _ string, t dialog.Turn) (dialog.Reply, error) {
	b.mu.Lock()
	b.turns = append(b.turns, t)
	b.mu.Unlock()
	select {
	case <-time.After(b.delay):
	case <-ctx.Done():
		return dialog.Reply{}, ctx.Err()
	}
	r, err := b.answer(t)
	if err == nil {
		b.entries <- dialog.Entry{Turn: &t}
		state := b.state
		b.entries <- dialog.Entry{Reply: &r, State: &state}
	}
	return r, err
}

func (b *simBrain) End(_ context.Context, _ string, why string) error {
	if b.ended != "" {
		return errors.New("ended twice")
	}
	b.ended = why
	return nil
}

func (b *simBrain) Heard(_ context.Context, _ string, text string) error {
	b.heard = append(b.heard, text)
	return nil
}

func (b *simBrain) Line(_ context.Context, _ string, q dialog.LineQuality) error {
	b.line = &q
	return nil
}

func (b *simBrain) Answered(_ context.Context, _ string, d time.Duration) error {
	b.latency = append(b.latency, d)
	return nil
}

func (b *simBrain) Take(_ context.Context, _, operator string) error {
	if b.taken != nil {
		return b.taken
	}
	b.act(dialog.OperatorAct{By: operator, Act: dialog.ActTake}, &dialog.State{WithHuman: true, Handed: &dialog.Handed{Operator: operator}})
	return nil
}

func (b *simBrain) GiveBack(context.Context, string) error {
	b.act(dialog.OperatorAct{Act: dialog.ActGiveBack}, &dialog.State{})
	return nil
}

func (b *simBrain) Transferred(_ context.Context, _ string, x dialog.Transfer) error {
	b.transfers = append(b.transfers, x)
	return nil
}

func (b *simBrain) Subscribe(string) (<-chan dialog.Entry, func()) { return b.entries, func() {} }

// said lists the texts and events of the turns taken.
func (b *simBrain) said() string {
	var out []string
	for _, t := range b.turns {
		out = append(out, t.Text+t.DTMF+string(t.Event))
	}
	return strings.Join(out, " ")
}

func reply(sentences ...string) dialog.Reply {
	var r dialog.Reply
	for _, s := range sentences {
		r.Sentences = append(r.Sentences, dialog.Sentence{Text: s, Sources: []dialog.Source{{Kind: "flow", ID: "test"}}})
	}
	return r
}

func goodbye(text string) dialog.Reply {
	r := reply(text)
	r.End = true
	return r
}

// announced is a greeting whose first sentence must be heard.
func announced(first string, rest ...string) dialog.Reply {
	r := reply(append([]string{first}, rest...)...)
	r.Sentences[0].Sources = []dialog.Source{{Kind: "policy", ID: "identity"}}
	return r
}

// call is a simulated call before it runs.
type call struct {
	leg    *simLeg
	brain  *simBrain
	vad    *simVAD
	ear    *simRecognizer
	mouth  *simMouth
	config Config
}

// simulate runs one call in a bubble of virtual time: set arranges it, check
// looks at how it went.
func simulate(t *testing.T, set func(*call), check func(*testing.T, *call, Outcome)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		leg := newLeg()
		c := &call{leg: leg, vad: &simVAD{lag: 60 * time.Millisecond}, ear: &simRecognizer{}, mouth: &simMouth{delay: 40 * time.Millisecond},
			brain: &simBrain{greeting: reply("您好"), entries: make(chan dialog.Entry, 64)}}
		c.brain.answer = func(dialog.Turn) (dialog.Reply, error) { return goodbye("再见"), nil }
		set(c)
		c.ear.leg, c.mouth.leg = c.leg, c.leg
		prompts, err := RenderPrompts(context.Background(), &simMouth{leg: c.leg}, tts.Voice{Rate: simRate})
		if err != nil {
			t.Fatal(err)
		}
		c.config.Leg, c.config.Mouth, c.config.Prompts = c.leg, c.mouth, prompts
		if c.config.Brain == nil {
			c.config.Brain = c.brain
		}
		c.config.Ear.Recognizer, c.config.Ear.VAD = c.ear, c.vad
		c.config.Opening.Channel = dialog.ChannelPhone
		s, err := NewSession(c.config)
		if err != nil {
			t.Fatal(err)
		}
		out := s.Run(context.Background())
		if c.ear.opens != 0 {
			t.Error("the recogniser's place was not given back")
		}
		if out.Line == nil || *out.Line != c.leg.quality || out.Conversation != "" && (c.brain.line == nil || *c.brain.line != *out.Line) {
			t.Errorf("quality of the line: reported %v, noted %v", out.Line, c.brain.line)
		}
		if c.leg.cause != out.Cause {
			t.Errorf("the line was closed as %q, the outcome says %q", c.leg.cause, out.Cause)
		}
		check(t, c, out)
	})
}
