package sip

import (
	"context"
	"log/slog"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// told counts log messages by their beginning.
type told struct {
	slog.Handler
	warned, recovered atomic.Int32
}

func (h *told) Handle(_ context.Context, r slog.Record) error {
	switch {
	case strings.HasPrefix(r.Message, "trunk does not answer"):
		h.warned.Add(1)
	case strings.HasPrefix(r.Message, "trunk answers again"):
		h.recovered.Add(1)
	}
	return nil
}

func (h *told) Enabled(context.Context, slog.Level) bool { return true }

func TestTrunksAreAskedWhetherTheyAreThere(t *testing.T) {
	provider := listenUDP(t)
	log := &told{Handler: slog.DiscardHandler}
	openDoor(t, Config{Trunks: []Trunk{{Name: "in only"}, {Name: "p", Address: "sip:" + provider.LocalAddr().String()}}}, nil,
		Options{Log: slog.New(log), keepalive: 100 * time.Millisecond})
	until(t, "a silent trunk to be noticed", func() bool { return log.warned.Load() == 1 })
	if err := provider.SetReadDeadline(time.Now().Add(soon)); err != nil {
		t.Fatal(err)
	}
	buf := make([]byte, 4096)
	for log.recovered.Load() == 0 {
		n, from, err := provider.ReadFromUDP(buf)
		if err != nil {
			t.Fatal(err)
		}
		m := parsed(string(buf[:n]))
		if !strings.HasPrefix(m.start, "OPTIONS ") || m.get("Contact") == "" {
			t.Fatalf("asked with %q", m.start)
		}
		answerTo(t, provider, from, m, "405 Method Not Allowed") // whatever it says, it is there
	}
}

func answerTo(t *testing.T, s *net.UDPConn, to *net.UDPAddr, m message, status string) {
	t.Helper()
	var b strings.Builder
	b.WriteString("SIP/2.0 " + status + "\r\n")
	for _, name := range []string{"Via", "From", "To", "Call-ID", "CSeq"} {
		b.WriteString(name + ": " + m.get(name) + "\r\n")
	}
	if _, err := s.WriteToUDP([]byte(b.String()+"Content-Length: 0\r\n\r\n"), to); err != nil {
		t.Fatal(err)
	}
}
