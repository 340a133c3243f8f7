package bench

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"os"
	"slices"
	"time"

	pionrtp "github.com/pion/rtp"

	"waggle/audio"
	"waggle/dialog"
	"waggle/voice"
	"waggle/voice/rtp"
)

// Profile is a network between a caller and the gateway: independent jitter,
// and losses in bursts (a two-state chain; Gilbert, 1960).
type Profile struct {
	Name   string
	Loss   float64       // share of packets
	Burst  float64       // mean packets of a loss
	Delay  time.Duration // one way
	Jitter time.Duration // uniform on top
	// Worse is how much higher, relatively, the character error rate may be
	// than on a clean line; zero for no such promise.
	Worse float64
}

// Profiles are the clean line and the four of HARDENING M04.
func Profiles() []Profile {
	const ms = time.Millisecond
	return []Profile{
		{Name: "clean", Burst: 1},
		{"P1", 0.005, 1, 90 * ms, 5 * ms, 0.02},
		{"P2", 0.01, 1, 130 * ms, 30 * ms, 0.10},
		{"P3", 0.03, 3, 200 * ms, 30 * ms, 0.25},
		{"P4", 0.08, 4, 320 * ms, 40 * ms, 0},
	}
}

// ProfileNamed finds a profile.
func ProfileNamed(name string) (Profile, error) {
	for _, p := range Profiles() {
		if p.Name == name {
			return p, nil
		}
	}
	return Profile{}, fmt.Errorf("bench: no network profile %q: there are clean, P1, P2, P3 and P4", name)
}

// path carries the packets of one recording in virtual time: an hour of sound
// takes as long as it takes to hear it.
type path struct {
	now, deadline time.Time
	queue         []arrival
	end           time.Time // of the recording, as the gateway plays it
}

type arrival struct {
	at   time.Time
	data []byte
}

var (
	pathStart = time.Unix(1_800_000_000, 0)
	pathPeer  = netip.MustParseAddrPort("192.0.2.1:4000")
)

// newPath sends sound at 8 kHz as A-law packets of 20 ms.
func newPath(p Profile, pcm []int16, rng *rand.Rand) *path {
	w := &path{now: pathStart, end: pathStart.Add(time.Duration(len(pcm)/rtp.FrameSamples) * rtp.FrameTime)}
	dropping := false
	for i := 0; (i+1)*rtp.FrameSamples <= len(pcm); i++ {
		if dropping {
			dropping = rng.Float64() >= 1/p.Burst
		} else {
			dropping = rng.Float64() < p.Loss/p.Burst/(1-p.Loss)
		}
		late := p.Delay + time.Duration(rng.Float64()*float64(p.Jitter))
		if dropping {
			continue
		}
		packet := pionrtp.Packet{
			Header:  pionrtp.Header{Version: 2, PayloadType: 8, SSRC: 1, SequenceNumber: uint16(i), Timestamp: uint32(i * rtp.FrameSamples)}, //nolint:gosec // wraps as RTP does
			Payload: audio.ALaw.Encode(nil, pcm[i*rtp.FrameSamples:(i+1)*rtp.FrameSamples]),
		}
		if data, err := packet.Marshal(); err == nil {
			w.queue = append(w.queue, arrival{pathStart.Add(time.Duration(i)*rtp.FrameTime + late), data})
		}
	}
	slices.SortStableFunc(w.queue, func(a, b arrival) int { return a.at.Compare(b.at) })
	w.end = w.end.Add(p.Delay + p.Jitter)
	return w
}

// ReadFromUDPAddrPort lets the time pass to the next packet or the deadline.
func (w *path) ReadFromUDPAddrPort(b []byte) (int, netip.AddrPort, error) {
	if len(w.queue) == 0 || w.queue[0].at.After(w.deadline) {
		if w.deadline.After(w.now) {
			w.now = w.deadline
		}
		return 0, netip.AddrPort{}, os.ErrDeadlineExceeded
	}
	a := w.queue[0]
	w.queue = w.queue[1:]
	if a.at.After(w.now) {
		w.now = a.at
	}
	return copy(b, a.data), pathPeer, nil
}

// WriteToUDPAddrPort, SetReadDeadline and Close implement rtp.Socket.
func (w *path) WriteToUDPAddrPort(b []byte, _ netip.AddrPort) (int, error) { return len(b), nil }
func (w *path) SetReadDeadline(t time.Time) error                          { w.deadline = t; return nil }
func (w *path) Close() error                                               { return nil }

var _ rtp.Socket = (*path)(nil)

// pathLeg is the gateway's end of a path.
type pathLeg struct {
	*rtp.Conn
	path *path
}

func newPathLeg(w *path) *pathLeg {
	return &pathLeg{rtp.NewConn(rtp.Config{Socket: w, Remote: pathPeer, Law: audio.ALaw, Now: func() time.Time { return w.now }}), w}
}

// Read ends the line when the recording has been played.
func (l *pathLeg) Read(ctx context.Context) (audio.Frame, error) {
	if l.path.now.After(l.path.end) {
		return audio.Frame{}, io.EOF
	}
	return l.ReadFrame(ctx)
}

func (l *pathLeg) Write(audio.Frame) error     { return net.ErrClosed }
func (l *pathLeg) Close(voice.Cause) error     { return l.Conn.Close() }
func (l *pathLeg) Quality() dialog.LineQuality { return l.Conn.Quality() }

var _ voice.Leg = (*pathLeg)(nil)
