package webrtc

import (
	"context"
	"testing"

	pion "github.com/pion/webrtc/v4"

	"waggle/voice"
	"waggle/voice/legtest"
)

func TestLegsKeepTheContract(t *testing.T) {
	for name, codec := range map[string]pion.RTPCodecCapability{"opus": opusCapability(), "g711": pcmuCapability()} {
		t.Run(name, func(t *testing.T) {
			legtest.Run(t, func(t *testing.T) (near, far voice.Leg) {
				legs := make(chan voice.Leg, 1)
				s := openServer(t, func(ctx context.Context, in Incoming) {
					legs <- in.Leg
					<-in.Leg.(*leg).peer.ended
				}, Options{})
				b := newBrowser(t, codec)
				only(b, codec)
				far = b.asLeg()
				b.call(s)
				return <-legs, far
			})
		})
	}
}

// asLeg gives the browser's own sound a leg: the door's code on the other end
// of the line.
func (b *browser) asLeg() *leg {
	b.t.Helper()
	p := &peer{id: "browser", pc: b.pc, ended: make(chan struct{})}
	l, err := newLeg(p, b.track)
	if err != nil {
		b.t.Fatal(err)
	}
	b.pc.OnTrack(l.listen)
	b.t.Cleanup(func() { p.end(voice.CauseNormal) })
	return l
}
