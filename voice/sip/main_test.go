package sip

import (
	"context"
	"log/slog"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"waggle/voice"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// soon bounds every wait of these tests; none of them needs it when it passes.
const soon = 5 * time.Second

// openDoor opens a door on free loopback ports and closes it with the test.
func openDoor(t testing.TB, config Config, handler Handler, opts Options) *Door {
	t.Helper()
	if config.Listen == nil {
		config.Listen = []string{"udp://127.0.0.1:0", "tcp://127.0.0.1:0"}
	}
	if testing.Verbose() && opts.Log == nil {
		opts.Log = slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	d, err := Open(config, handler, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return d
}

// at returns host:port of the first listener of a network.
func at(d *Door, network string) string {
	for _, a := range d.Addrs() {
		if rest, ok := strings.CutPrefix(a, network+"://"); ok {
			return rest
		}
	}
	return ""
}

// drainLeg reads a leg until it ends, as a session would.
func drainLeg(ctx context.Context, leg voice.Leg) {
	for {
		if _, err := leg.Read(ctx); err != nil {
			return
		}
	}
}

// keepOpen is a handler that stays until the caller hangs up.
func keepOpen(ctx context.Context, in Incoming) { drainLeg(ctx, in.Leg) }

// client is a plain socket that speaks SIP by hand.
type client struct {
	t    testing.TB
	conn net.Conn
	left string
}

func dialRaw(t testing.TB, network, address string) *client {
	t.Helper()
	conn, err := net.Dial(network, address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &client{t: t, conn: conn}
}

func (c *client) send(text string) {
	c.t.Helper()
	if _, err := c.conn.Write([]byte(text)); err != nil {
		c.t.Fatal(err)
	}
}

// receive returns the next message, or "" when the peer closed or said
// nothing for as long as asked.
func (c *client) receive(wait time.Duration) string {
	c.t.Helper()
	if err := c.conn.SetReadDeadline(time.Now().Add(wait)); err != nil {
		c.t.Fatal(err)
	}
	buf := make([]byte, 64<<10)
	for {
		if end := headEnd([]byte(c.left)); end >= 0 {
			m := cut([]byte(c.left[:end]))
			n, _ := m.contentLength()
			if len(c.left) >= end+n {
				out := c.left[:end+n]
				c.left = c.left[end+n:]
				return out
			}
		}
		n, err := c.conn.Read(buf)
		if err != nil {
			return ""
		}
		c.left += string(buf[:n])
	}
}

// final returns the next answer that is not provisional.
func (c *client) final(wait time.Duration) message {
	c.t.Helper()
	for {
		text := c.receive(wait)
		if text == "" {
			return message{}
		}
		m := parsed(text)
		if !strings.HasPrefix(m.start, "SIP/2.0 1") {
			return m
		}
	}
}

func parsed(text string) message {
	end := headEnd([]byte(text))
	m := cut([]byte(text[:end]))
	m.body = []byte(text[end:])
	return m
}

func (m *message) status() string {
	_, rest, _ := strings.Cut(m.start, " ")
	status, _, _ := strings.Cut(rest, " ")
	return status
}

var loopback = netip.MustParseAddrPort("127.0.0.1:40000")
