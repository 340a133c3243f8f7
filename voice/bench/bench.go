// Package bench measures calls as callers feel them: simulated phones talk to
// real sessions over RTP on the loopback interface and keep the time. It may
// import audio, voice and voice/rtp.
package bench

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"waggle/audio"
	"waggle/dialog"
	"waggle/voice"
	"waggle/voice/rtp"
)

// Config is a measurement.
type Config struct {
	Reception *voice.Reception
	// Utterances are what the callers say in turn, at 8 kHz; each caller begins
	// with another one. Silence at their ends is cut off, since the time counts
	// from the end of speech.
	Utterances [][]int16
	// Calls are held at once; each caller speaks Turns times, and speaks into
	// every second answer to measure barge-in.
	Calls, Turns int
	// Babble mixes voices of others into all that the callers send, so many dB
	// below their speech; zero for none.
	Babble float64
	// From are the numbers of the callers, in turn.
	From []string

	connect func() (near, far end, err error) // nil: the loopback interface
}

// end is one end of a line.
type end struct {
	rtp.Socket
	address netip.AddrPort
}

// Report holds the figures, times in milliseconds. Latency is from the last
// packet of the caller's speech to the first packet of the reply that is not
// silence; barge-in from the first packet of the caller's speech to the last
// one of the robot's.
type Report struct {
	Calls      int     `json:"calls"`
	Failed     int     `json:"failed"`
	Answers    int     `json:"answers"`
	Unanswered int     `json:"unanswered"`
	LatencyP50 float64 `json:"latency_ms_p50"`
	LatencyP95 float64 `json:"latency_ms_p95"`
	// Stages tell where the latency goes.
	Stages     Stages  `json:"stages_ms"`
	BargeIns   int     `json:"barge_ins"`
	BargeInP50 float64 `json:"barge_in_ms_p50"`
	BargeInP95 float64 `json:"barge_in_ms_p95"`
	// Pauses is how often robots fell silent for a voice while they had
	// something to say: the barge-ins, and false alarms.
	Pauses int `json:"pauses"`
	// CPU is how many cores were busy on average, phones included, of Cores.
	CPU   float64 `json:"cpu_cores"`
	Cores int     `json:"cores"`
	// MemoryMiB is the largest resident size of the process.
	MemoryMiB float64 `json:"memory_mib"`
	Seconds   float64 `json:"seconds"`
}

// ErrUtterance says that there is nothing to say, or nobody to say it.
var ErrUtterance = errors.New("bench: every caller needs a number and utterances with sound above -45 dBFS")

// Run holds the calls and reports. Its time is that of the conversations.
func Run(ctx context.Context, c Config) (Report, error) {
	utterances := make([][]int16, len(c.Utterances))
	for i, u := range c.Utterances {
		if utterances[i] = trim(u); len(utterances[i]) == 0 {
			return Report{}, ErrUtterance
		}
	}
	if len(utterances) == 0 || len(c.From) == 0 {
		return Report{}, ErrUtterance
	}
	rep := Report{Calls: c.Calls, Cores: runtime.GOMAXPROCS(0)}
	var results sync.Mutex
	var latency, stops []time.Duration
	var timings []voice.Timing
	var errs []error
	cpu, begun := processor(), time.Now()
	var calls sync.WaitGroup
	for i := range c.Calls {
		calls.Go(func() {
			p, out, err := c.call(ctx, i, utterances)
			results.Lock()
			defer results.Unlock()
			if err != nil {
				errs = append(errs, err)
				return
			}
			latency, stops = append(latency, p.latency...), append(stops, p.stops...)
			timings = append(timings, out.Timings...)
			rep.Pauses += out.Pauses
			rep.Unanswered += p.unanswered
		})
	}
	calls.Wait()
	rep.Seconds = time.Since(begun).Seconds()
	rep.CPU = (processor() - cpu).Seconds() / rep.Seconds
	rep.Failed, rep.Answers, rep.BargeIns = len(errs), len(latency), len(stops)
	rep.LatencyP50, rep.LatencyP95 = percentile(latency, 0.50), percentile(latency, 0.95)
	rep.BargeInP50, rep.BargeInP95 = percentile(stops, 0.50), percentile(stops, 0.95)
	rep.Stages = stagesOf(timings, latency)
	rep.MemoryMiB = memory()
	return rep, errors.Join(errs...)
}

// apart spreads the beginnings of the calls, so that they do not all speak in
// the same instant.
const apart = 370 * time.Millisecond

// call holds one call between a phone and the gateway.
func (c Config) call(ctx context.Context, n int, utterances [][]int16) (*phone, voice.Outcome, error) {
	select {
	case <-time.After(time.Duration(n) * apart):
	case <-ctx.Done():
		return nil, voice.Outcome{}, ctx.Err()
	}
	connect := c.connect
	if connect == nil {
		connect = loopback
	}
	near, far, err := connect()
	if err != nil {
		return nil, voice.Outcome{}, err
	}
	leg := &line{rtp.NewConn(rtp.Config{Socket: near, Remote: far.address, Law: audio.ALaw, Digits: 101})}
	ended := make(chan voice.Outcome, 1)
	go func() {
		ended <- c.Reception.Take(ctx, voice.Call{ID: fmt.Sprintf("bench-%d", n), Leg: leg,
			Opening: dialog.Opening{Channel: dialog.ChannelPhone, From: c.From[n%len(c.From)]}})
	}()
	p := newPhone(far, near.address, utterances, n, c.Turns)
	p.background = background(utterances, n, c.Babble)
	err = p.talk(ctx)
	err = errors.Join(err, leg.Close(voice.CauseHangUp))
	out := <-ended
	if out.Cause == voice.CauseFailed {
		err = errors.Join(err, fmt.Errorf("bench: call %d failed: %w", n, out.Err))
	}
	return p, out, errors.Join(err, far.Close())
}

// line is RTP without signalling as a leg.
type line struct{ *rtp.Conn }

func (l *line) Read(ctx context.Context) (audio.Frame, error) { return l.ReadFrame(ctx) }
func (l *line) Write(f audio.Frame) error                     { return l.WriteFrame(f) }
func (l *line) Close(voice.Cause) error                       { return l.Conn.Close() }

var _ voice.Leg = (*line)(nil)

func loopback() (near, far end, err error) {
	if near, err = listen(); err != nil {
		return end{}, end{}, err
	}
	if far, err = listen(); err != nil {
		return end{}, end{}, errors.Join(err, near.Close())
	}
	return near, far, nil
}

func listen() (end, error) {
	s, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
	if err != nil {
		return end{}, fmt.Errorf("bench: open a port: %w", err)
	}
	return end{s, s.LocalAddr().(*net.UDPAddr).AddrPort()}, nil
}

// trim cuts silence off both ends, in whole frames.
func trim(pcm []int16) []int16 {
	first, last := -1, 0
	for at := 0; at+rtp.FrameSamples <= len(pcm); at += rtp.FrameSamples {
		if loud(pcm[at : at+rtp.FrameSamples]) {
			if first < 0 {
				first = at
			}
			last = at + rtp.FrameSamples
		}
	}
	if first < 0 {
		return nil
	}
	return pcm[first:last]
}

// loudness above which a frame counts as speech, in dBFS.
const loudness = -45

func loud(pcm []int16) bool { return audio.Level(pcm) > loudness }

func percentile(d []time.Duration, q float64) float64 {
	if len(d) == 0 {
		return 0
	}
	slices.Sort(d)
	at := d[int(math.Ceil(q*float64(len(d))))-1]
	return float64(at.Microseconds()) / 1000
}

// processor is the time that this process has computed so far.
func processor() time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// memory is the largest resident size so far, in MiB.
func memory() float64 {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return float64(u.Maxrss) / 1024
}
