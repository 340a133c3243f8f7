package rtp_test

import (
	"context"
	"net"
	"net/netip"
	"testing"

	"waggle/audio"
	"waggle/voice"
	"waggle/voice/legtest"
	"waggle/voice/rtp"
)

// bare is a Conn as a leg, without any signalling.
type bare struct{ *rtp.Conn }

func (b bare) Read(ctx context.Context) (audio.Frame, error) { return b.ReadFrame(ctx) }
func (b bare) Write(f audio.Frame) error                     { return b.WriteFrame(f) }
func (b bare) Close(voice.Cause) error                       { return b.Conn.Close() }

var _ voice.Leg = bare{}

func TestConnConformsToLeg(t *testing.T) {
	for name, law := range map[string]audio.Law{"PCMA": audio.ALaw, "PCMU": audio.MuLaw} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			legtest.Run(t, func(t *testing.T) (near, far voice.Leg) {
				sockets := [2]*net.UDPConn{listen(t), listen(t)}
				var legs [2]bare
				for i, s := range sockets {
					legs[i] = bare{rtp.NewConn(rtp.Config{Socket: s, Remote: port(sockets[1-i]), Law: law, Digits: 101})}
					t.Cleanup(func() { _ = legs[i].Close(voice.CauseNormal) })
				}
				return legs[0], legs[1]
			})
		})
	}
}

func listen(t *testing.T) *net.UDPConn {
	t.Helper()
	s, err := net.ListenUDP("udp", net.UDPAddrFromAddrPort(netip.MustParseAddrPort("127.0.0.1:0")))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func port(s *net.UDPConn) netip.AddrPort { return s.LocalAddr().(*net.UDPAddr).AddrPort() }
