package webrtc

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtcp"
	pion "github.com/pion/webrtc/v4"

	"waggle/audio/opus"
	"waggle/voice"
	"waggle/voice/rtp"
)

func TestABrowserTalksAndHears(t *testing.T) {
	for name, codec := range map[string]pion.RTPCodecCapability{"opus": opusCapability(), "g711": pcmuCapability()} {
		t.Run(name, func(t *testing.T) {
			heard := make(chan Incoming, 1)
			s := openServer(t, echo(heard), Options{})
			b := newBrowser(t, codec)
			coder, err := newCodec(codec.MimeType)
			if err != nil {
				t.Fatal(err)
			}
			only(b, codec)
			answer := b.call(s)
			ctx, stop := context.WithCancel(t.Context())
			var speaking sync.WaitGroup
			speaking.Go(func() {
				b.speak(ctx, func() []byte { p, _ := coder.encode(tone(coder.rate())); return p }, uint32(coder.rate()/50))
			})
			in := <-heard
			if in.ID != answer.ID || in.Conversation != "c1" {
				t.Errorf("incoming %+v, answer %s", in, answer.ID)
			}
			ears, _ := newCodec(codec.MimeType)
			for {
				pcm, err := ears.decode(<-b.heard)
				if err == nil && loud(pcm) {
					break
				}
			}
			stop()
			speaking.Wait()
			if err := s.Delete(answer.ID); err != nil {
				t.Error(err)
			}
			b.wait(b.gone, "gone")
			if err := s.Delete(answer.ID); err != nil && !errors.Is(err, ErrUnknown) {
				t.Error(err)
			}
		})
	}
}

func TestABrowserThatNeverConnectsIsDropped(t *testing.T) {
	called := make(chan struct{}, 1)
	s := openServer(t, func(context.Context, Incoming) { called <- struct{}{} }, Options{Connect: 50 * time.Millisecond})
	answer, err := s.Offer(t.Context(), Request{SDP: newBrowser(t, opusCapability()).offer(nil)})
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(soon); s.Calls() != 0; <-time.After(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the half-open session is still there")
		}
	}
	if _, err := s.Patch(t.Context(), answer.ID, "", ""); !errors.Is(err, ErrUnknown) {
		t.Errorf("PATCH of a dropped session: %v", err)
	}
	if len(called) > 0 {
		t.Error("the handler ran without a connection")
	}
}

func TestOffersThatAreRefused(t *testing.T) {
	s := openServer(t, keepOpen, Options{})
	good := newBrowser(t, opusCapability()).offer(nil)
	_, audioPart, _ := strings.Cut(good, "m=audio")
	for name, c := range map[string]struct {
		sdp  string
		want error
	}{
		"nothing":         {"", ErrBadOffer},
		"not SDP":         {"hello", ErrBadOffer},
		"a bomb":          {good + strings.Repeat("a=x:y\r\n", 10000), ErrTooLarge},
		"33 candidates":   {good + strings.Repeat("a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n", 33), ErrTooMany},
		"two streams":     {good + "m=audio" + audioPart, ErrBadOffer},
		"only listening":  {strings.Replace(good, "a=sendrecv", "a=recvonly", 1), ErrBadOffer},
		"no common codec": {strings.NewReplacer("opus/48000/2", "speex/16000", "m=audio 9 UDP/TLS/RTP/SAVPF 111 0", "m=audio 9 UDP/TLS/RTP/SAVPF 111").Replace(good), ErrNoCodec},
		"no fingerprint":  {withoutLines(good, "a=fingerprint"), ErrBadOffer},
		"no credentials":  {withoutLines(good, "a=ice-"), ErrBadOffer},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := s.Offer(t.Context(), Request{SDP: c.sdp}); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	if s.Calls() != 0 {
		t.Errorf("%d sessions of refused offers are left", s.Calls())
	}
}

func withoutLines(sdp, prefix string) string {
	var out []string
	for line := range strings.SplitSeq(sdp, "\r\n") {
		if !strings.HasPrefix(line, prefix) {
			out = append(out, line)
		}
	}
	return strings.Join(out, "\r\n")
}

type full struct{}

func (full) Admit() (func(), error) { return nil, voice.ErrFull }

func TestAFullGatewayRefusesTheOffer(t *testing.T) {
	s := openServer(t, keepOpen, Options{Admission: full{}})
	_, err := s.Offer(t.Context(), Request{SDP: newBrowser(t, opusCapability()).offer(nil)})
	if !errors.Is(err, voice.ErrFull) {
		t.Errorf("got %v, want ErrFull", err)
	}
}

func TestTrickledCandidatesAreCounted(t *testing.T) {
	s := openServer(t, keepOpen, Options{})
	b := newBrowser(t, opusCapability())
	offer := b.offer(nil)
	answer, err := s.Offer(t.Context(), Request{SDP: withoutLines(offer, "a=candidate")})
	if err != nil {
		t.Fatal(err)
	}
	fragment := "a=ice-ufrag:" + attribute(offer, "ice-ufrag") + "\r\na=mid:0\r\n"
	one := "a=candidate:1 1 udp 2130706431 192.0.2.1 9 typ host\r\n"
	if _, err := s.Patch(t.Context(), answer.ID, answer.ETag, fragment+strings.Repeat(one, maxCandidates)); err != nil {
		t.Errorf("32 candidates: %v", err)
	}
	if _, err := s.Patch(t.Context(), answer.ID, answer.ETag, fragment+one); !errors.Is(err, ErrTooMany) {
		t.Errorf("the 33rd candidate: %v", err)
	}
	if _, err := s.Patch(t.Context(), answer.ID, "old", fragment); !errors.Is(err, ErrStale) {
		t.Errorf("a fragment for an older ICE session: %v", err)
	}
}

func TestAnICERestartKeepsTheCall(t *testing.T) {
	heard := make(chan Incoming, 2)
	s := openServer(t, echo(heard), Options{})
	b := newBrowser(t, opusCapability())
	answer := b.call(s)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	coder, _ := newCodec(pion.MimeTypeOpus)
	var speaking sync.WaitGroup
	speaking.Go(func() {
		b.speak(ctx, func() []byte { p, _ := coder.encode(tone(opus.Rate)); return p }, opus.FrameSamples)
	})
	<-heard
	offer := b.offer(&pion.OfferOptions{ICERestart: true})
	patched, err := s.Patch(t.Context(), answer.ID, "*", iceFragment(offer))
	if err != nil {
		t.Fatal(err)
	}
	if patched.ETag == answer.ETag || attribute(patched.SDP, "ice-ufrag") != patched.ETag {
		t.Errorf("restart: ETag %q after %q, fragment %q", patched.ETag, answer.ETag, patched.SDP)
	}
	b.accept(withICE(answer.SDP, attribute(patched.SDP, "ice-ufrag"), attribute(patched.SDP, "ice-pwd")) + candidates(patched.SDP))
	for len(b.heard) > 0 {
		<-b.heard
	}
	before := s.Calls()
	ears, _ := newCodec(pion.MimeTypeOpus)
	for deadline := time.After(soon); ; {
		select {
		case payload := <-b.heard:
			if pcm, err := ears.decode(payload); err == nil && loud(pcm) {
				stop()
				speaking.Wait()
				if before != 1 || len(heard) != 0 {
					t.Errorf("%d sessions, %d more calls: a restart must not make a new one", before, len(heard))
				}
				return
			}
		case <-deadline:
			t.Fatal("no audio after the restart")
		}
	}
}

func candidates(fragment string) string {
	var b strings.Builder
	for line := range strings.SplitSeq(fragment, "\r\n") {
		if strings.HasPrefix(line, "a=candidate:") {
			b.WriteString(line + "\r\n")
		}
	}
	return b.String()
}

func TestClosingTheDoorEndsTheLeg(t *testing.T) {
	started, ended := make(chan struct{}), make(chan error, 1)
	s := openServer(t, func(ctx context.Context, in Incoming) {
		close(started)
		for {
			if _, err := in.Leg.Read(ctx); err != nil {
				ended <- err
				return
			}
		}
	}, Options{})
	newBrowser(t, opusCapability()).call(s)
	<-started
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, io.EOF) {
		t.Errorf("the leg ended with %v, want EOF", err)
	}
}

// While ICE mends the connection the call is on hold, and is not given up for
// want of packets.
func TestALostConnectionIsAHold(t *testing.T) {
	legs := make(chan *leg, 1)
	s := openServer(t, func(_ context.Context, in Incoming) {
		l := in.Leg.(*leg)
		legs <- l
		<-l.peer.ended
	}, Options{})
	newBrowser(t, opusCapability()).call(s)
	l := <-legs
	for _, c := range []struct {
		state pion.PeerConnectionState
		want  voice.Condition
	}{
		{pion.PeerConnectionStateConnected, voice.LineOpen}, {pion.PeerConnectionStateDisconnected, voice.LineHeld},
		{pion.PeerConnectionStateConnected, voice.LineOpen},
	} {
		l.peer.state(c.state)
		if got := l.Condition(); got != c.want {
			t.Errorf("%v: condition %v, want %v", c.state, got, c.want)
		}
	}
	l.mu.Lock()
	l.lastSeen = time.Now().Add(-time.Minute)
	l.mu.Unlock()
	if got := l.Condition(); got != voice.LineSilent {
		t.Errorf("a minute without packets: condition %v", got)
	}
	l.peer.state(pion.PeerConnectionStateDisconnected)
	if _, err := l.Read(t.Context()); err != nil {
		t.Errorf("given up while it is being mended: %v", err)
	}
	if q := l.Quality(); q.Codec != "opus" || q.MOS < 4 {
		t.Errorf("%+v", q)
	}
}

func TestReportsOfTheBrowserAreBelievedAboutOurStreamOnly(t *testing.T) {
	tr := &track{codec: pcmuCapability(), ssrc: 7}
	l, err := newLeg(&peer{}, tr)
	if err != nil {
		t.Fatal(err)
	}
	l.out.packets = 100
	l.reported(rtcp.ReceptionReport{SSRC: 8, TotalLost: 50})
	l.reported(rtcp.ReceptionReport{SSRC: 7, TotalLost: 5, Jitter: 160})
	if q := l.Quality(); q.RemoteLoss != 0.05 || q.RemoteJitterMS != 20 {
		t.Errorf("%+v", q)
	}
	if err := l.SendDigit('5'); !errors.Is(err, rtp.ErrDigit) {
		t.Errorf("a key to a browser that takes none: %v", err)
	}
}
