package bench

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"os"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"waggle/asr"
	"waggle/audio"
	"waggle/dialog"
	"waggle/tts"
	"waggle/voice"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func tone(d time.Duration) []int16 {
	pcm := make([]int16, int(d*8000/time.Second))
	audio.Tone{Freq: []float64{400}}.Fill(pcm, 0, 8000)
	return pcm
}

// level is voice activity by loudness.
type level struct{ at time.Duration }

func (l *level) Write(f audio.Frame) (asr.Activity, error) {
	l.at += f.Duration()
	return asr.Activity{At: l.at, Speech: loud(f.PCM)}, nil
}
func (l *level) Close() error { return nil }

// sure understands every utterance the same way.
type sure struct{}

func (sure) NewStream(context.Context) (asr.Stream, error) { return sure{}, nil }
func (sure) Begin(asr.Hints) error                         { return nil }
func (sure) Write(audio.Frame) error                       { return nil }
func (sure) Result() asr.Transcript                        { return asr.Transcript{Text: "到哪了", Confidence: 1} }
func (sure) Finish() (asr.Transcript, error)               { return sure{}.Result(), nil }
func (sure) Close() error                                  { return nil }

// hum says everything as a tone of two seconds.
type hum struct{}

func (hum) Speak(_ context.Context, _ tts.Text, v tts.Voice, emit func(audio.Frame) error) error {
	return emit(audio.Frame{PCM: tone(2 * time.Second), Rate: v.Rate})
}

// parrot answers every turn with one sentence.
type parrot struct{}

func one() dialog.Reply { return dialog.Reply{Sentences: []dialog.Sentence{{Text: "到杭州了"}}} }

func (parrot) Take(context.Context, string, string) error                 { return nil }
func (parrot) GiveBack(context.Context, string) error                     { return nil }
func (parrot) Transferred(context.Context, string, dialog.Transfer) error { return nil }
func (parrot) Start(context.Context, dialog.Opening) (string, dialog.Reply, error) {
	return "c", one(), nil
}
func (parrot) Next(context.Context, string, dialog.Turn) (dialog.Reply, error) { return one(), nil }
func (parrot) End(context.Context, string, string) error                       { return nil }
func (parrot) Heard(context.Context, string, string) error                     { return nil }
func (parrot) Line(context.Context, string, dialog.LineQuality) error          { return nil }
func (parrot) Answered(context.Context, string, time.Duration) error           { return nil }
func (parrot) Subscribe(string) (<-chan dialog.Entry, func())                  { return nil, func() {} }

// cable is one end of a line in memory, for a bubble of virtual time.
type cable struct {
	in, out  chan []byte
	from     netip.AddrPort
	deadline time.Time
	closed   chan struct{}
}

func cables() (near, far end, err error) {
	a, b := make(chan []byte, 100), make(chan []byte, 100)
	at := [2]netip.AddrPort{netip.MustParseAddrPort("192.0.2.1:4000"), netip.MustParseAddrPort("192.0.2.2:4000")}
	return end{&cable{in: a, out: b, from: at[1], closed: make(chan struct{})}, at[0]},
		end{&cable{in: b, out: a, from: at[0], closed: make(chan struct{})}, at[1]}, nil
}

func (c *cable) ReadFromUDPAddrPort(p []byte) (int, netip.AddrPort, error) {
	late := time.NewTimer(time.Until(c.deadline))
	defer late.Stop()
	select {
	case data := <-c.in:
		return copy(p, data), c.from, nil
	case <-c.closed:
		return 0, c.from, net.ErrClosed
	case <-late.C:
		return 0, c.from, os.ErrDeadlineExceeded
	}
}

func (c *cable) WriteToUDPAddrPort(p []byte, _ netip.AddrPort) (int, error) {
	select {
	case c.out <- append([]byte(nil), p...):
	default: // nobody reads any more
	}
	return len(p), nil
}

func (c *cable) SetReadDeadline(t time.Time) error { c.deadline = t; return nil }
func (c *cable) Close() error                      { close(c.closed); return nil }

func TestTheStopwatchShowsWhatTheCallerWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, err := voice.NewReception(t.Context(), voice.Parts{
			Recognizer: sure{}, NewVAD: func() (voice.ClosingVAD, error) { return &level{}, nil }, Mouth: hum{}, Brain: parrot{},
		})
		if err != nil {
			t.Fatal(err)
		}
		quiet := make([]int16, 1600)
		utterance := append(append(quiet, tone(600*time.Millisecond)...), quiet...)
		rep, err := Run(t.Context(), Config{Reception: r, Utterances: [][]int16{utterance}, From: []string{"1"}, Calls: 2, Turns: 2, connect: cables})
		if err != nil {
			t.Fatal(err)
		}
		if rep.Answers != 4 || rep.BargeIns != 2 || rep.Unanswered != 0 || rep.Failed != 0 {
			t.Errorf("%+v", rep)
		}
		// The endpointer waits 280 ms; the jitter buffer adds 40 to 100.
		if rep.LatencyP50 < 300 || rep.LatencyP95 > 420 {
			t.Errorf("latency %v and %v ms", rep.LatencyP50, rep.LatencyP95)
		}
		// 80 ms of speech make the robot pause, behind the same buffer.
		if rep.BargeInP50 < 100 || rep.BargeInP95 > 220 {
			t.Errorf("barge-in %v and %v ms", rep.BargeInP50, rep.BargeInP95)
		}
	})
}

func TestALineOfTheLoopbackInterfaceOpensAndCloses(t *testing.T) {
	near, far, err := loopback()
	if err != nil {
		t.Fatal(err)
	}
	if near.address == far.address || !near.address.Addr().IsLoopback() {
		t.Errorf("%v and %v", near.address, far.address)
	}
	if err := errors.Join(near.Close(), far.Close()); err != nil {
		t.Error(err)
	}
}

func TestSilenceIsNoUtterance(t *testing.T) {
	for _, u := range [][][]int16{nil, {tone(time.Second), make([]int16, 8000)}} {
		if _, err := Run(t.Context(), Config{Utterances: u, From: []string{"1"}}); !errors.Is(err, ErrUtterance) {
			t.Error(err)
		}
	}
}

func TestPercentiles(t *testing.T) {
	var d []time.Duration
	for i := range 100 {
		d = append(d, time.Duration(100-i)*time.Millisecond)
	}
	if p50, p95 := percentile(d, 0.5), percentile(d, 0.95); p50 != 50 || p95 != 95 || percentile(nil, 0.5) != 0 {
		t.Errorf("%v %v", p50, p95)
	}
}
