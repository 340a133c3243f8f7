package webrtc

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	pionrtp "github.com/pion/rtp"
	pion "github.com/pion/webrtc/v4"
	"go.uber.org/goleak"

	"waggle/audio"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const soon = 10 * time.Second

// openServer opens a door on loopback and closes it with the test.
func openServer(t testing.TB, handler Handler, opts Options) *Server {
	t.Helper()
	if testing.Verbose() {
		opts.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	s, err := Open(Config{Listen: "127.0.0.1"}, handler, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// browser is a pion peer that behaves like one.
type browser struct {
	t         testing.TB
	pc        *pion.PeerConnection
	track     *track
	connected chan struct{}
	gone      chan struct{}
	heard     chan []byte // payloads from the door
}

// newBrowser offers one codec for audio in both directions.
func newBrowser(t testing.TB, codec pion.RTPCodecCapability) *browser {
	t.Helper()
	media := &pion.MediaEngine{}
	if err := registerCodecs(media); err != nil {
		t.Fatal(err)
	}
	var engine pion.SettingEngine
	engine.SetIncludeLoopbackCandidate(true)
	api := pion.NewAPI(pion.WithMediaEngine(media), pion.WithSettingEngine(engine))
	pc, err := api.NewPeerConnection(pion.Configuration{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pc.GracefulClose() })
	b := &browser{t: t, pc: pc, connected: make(chan struct{}), gone: make(chan struct{}), heard: make(chan []byte, 1000)}
	b.track = &track{codec: codec}
	if _, err := pc.AddTrack(b.track); err != nil {
		t.Fatal(err)
	}
	var up, down sync.Once
	pc.OnConnectionStateChange(func(s pion.PeerConnectionState) {
		switch s {
		case pion.PeerConnectionStateConnected:
			up.Do(func() { close(b.connected) })
		case pion.PeerConnectionStateDisconnected, pion.PeerConnectionStateFailed, pion.PeerConnectionStateClosed:
			down.Do(func() { close(b.gone) })
		}
	})
	pc.OnTrack(func(track *pion.TrackRemote, _ *pion.RTPReceiver) {
		for {
			p, _, err := track.ReadRTP()
			if err != nil {
				return
			}
			select {
			case b.heard <- p.Payload:
			default:
			}
		}
	})
	return b
}

// offer is a complete offer with its candidates.
func (b *browser) offer(options *pion.OfferOptions) string {
	b.t.Helper()
	offer, err := b.pc.CreateOffer(options)
	if err != nil {
		b.t.Fatal(err)
	}
	done := pion.GatheringCompletePromise(b.pc)
	if err := b.pc.SetLocalDescription(offer); err != nil {
		b.t.Fatal(err)
	}
	<-done
	return b.pc.LocalDescription().SDP
}

// call offers, applies the answer and waits for the connection.
func (b *browser) call(s *Server) Answer {
	b.t.Helper()
	answer, err := s.Offer(b.t.Context(), Request{SDP: b.offer(nil), Conversation: "c1"})
	if err != nil {
		b.t.Fatal(err)
	}
	b.accept(answer.SDP)
	b.wait(b.connected, "connected")
	return answer
}

func (b *browser) accept(sdp string) {
	b.t.Helper()
	if err := b.pc.SetRemoteDescription(pion.SessionDescription{Type: pion.SDPTypeAnswer, SDP: sdp}); err != nil {
		b.t.Fatal(err)
	}
}

func (b *browser) wait(what chan struct{}, name string) {
	b.t.Helper()
	select {
	case <-what:
	case <-time.After(soon):
		b.t.Fatalf("still not %s", name)
	}
}

// speak sends a tone in 20 ms packets until told to stop.
func (b *browser) speak(ctx context.Context, payload func() []byte, step uint32) {
	pace := time.NewTicker(frameTime)
	defer pace.Stop()
	for header := (pionrtp.Header{Version: 2, SequenceNumber: 1}); ; {
		select {
		case <-ctx.Done():
			return
		case <-pace.C:
		}
		_ = b.track.write(header, payload(), false)
		header.SequenceNumber++
		header.Timestamp += step
	}
}

// tone is 20 ms of a 500 Hz square wave.
func tone(rate int) []int16 {
	pcm := make([]int16, rate/50)
	for i := range pcm {
		pcm[i] = int16(8000 * (1 - 2*(i*1000/rate%2)))
	}
	return pcm
}

func loud(pcm []int16) bool { return audio.Level(pcm) > -30 }

func keepOpen(ctx context.Context, in Incoming) {
	for {
		if _, err := in.Leg.Read(ctx); err != nil {
			return
		}
	}
}

// echo repeats what it hears and tells once it heard something loud.
func echo(heard chan<- Incoming) Handler {
	return func(ctx context.Context, in Incoming) {
		told := false
		for {
			f, err := in.Leg.Read(ctx)
			if err != nil {
				return
			}
			if !told && loud(f.PCM) {
				told = true
				heard <- in
			}
			_ = in.Leg.Write(f)
		}
	}
}

// only keeps one codec in the offer, and its keys.
func only(b *browser, codec pion.RTPCodecCapability) {
	keys := pion.RTPCodecParameters{PayloadType: 110,
		RTPCodecCapability: pion.RTPCodecCapability{MimeType: mimeEvent, ClockRate: codec.ClockRate}}
	if codec.ClockRate == 8000 {
		keys.PayloadType = 126
	}
	for _, t := range b.pc.GetTransceivers() {
		_ = t.SetCodecPreferences([]pion.RTPCodecParameters{{RTPCodecCapability: codec, PayloadType: payloadOf(codec)}, keys})
	}
}

func payloadOf(c pion.RTPCodecCapability) pion.PayloadType {
	if c.MimeType == pion.MimeTypePCMU {
		return 0
	}
	return 111
}
