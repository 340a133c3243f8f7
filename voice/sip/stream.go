package sip

import (
	"bytes"
	"errors"
	"io"
	"net"
	"net/netip"
	"sync"
	"time"
)

// Limits of TCP (HARDENING S05). A connection that has carried a whole
// good message may idle for as long as a call lasts.
const (
	messageTime = 10 * time.Second
	idleTime    = 20 * time.Minute
	writeTime   = 5 * time.Second
	maxPerIP    = 20
	maxStreams  = 1000
)

var (
	errLength = errors.New("no usable Content-Length")
	errShort  = errors.New("a body shorter than its Content-Length")
)

// streamGate accepts TCP connections within the limits and wraps them.
type streamGate struct {
	net.Listener
	gate  *gate
	times streamTimes

	mu    sync.Mutex
	perIP map[netip.Addr]int
	all   int
}

// streamTimes are the deadlines; tests shorten them.
type streamTimes struct{ message, idle time.Duration }

// Accept returns the next connection that the limits allow.
func (l *streamGate) Accept() (net.Conn, error) {
	for {
		c, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		from := addrPort(c.RemoteAddr())
		if l.gate.deaf(from.Addr()) || !l.take(from.Addr()) {
			_ = c.Close()
			continue
		}
		return newStreamConn(c, l.gate, l.times, func() { l.give(from.Addr()) }), nil
	}
}

func (l *streamGate) take(a netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.perIP[a] >= maxPerIP || l.all >= maxStreams {
		return false
	}
	l.perIP[a]++
	l.all++
	return true
}

func (l *streamGate) give(a netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all--
	if l.perIP[a]--; l.perIP[a] <= 0 {
		delete(l.perIP, a)
	}
}

// streamConn cuts a TCP stream into messages (RFC 3261 18.3) and gives the
// stack those that pass the gate.
type streamConn struct {
	net.Conn
	gate  *gate
	times streamTimes
	done  func()
	once  sync.Once

	in      []byte // received, not yet judged
	out     []byte // judged, not yet read by the stack
	started bool   // a whole good message has come
	closing bool
}

func newStreamConn(c net.Conn, g *gate, t streamTimes, done func()) *streamConn {
	_ = c.SetReadDeadline(time.Now().Add(t.message)) // fails only on a closed connection
	return &streamConn{Conn: c, gate: g, times: t, done: done}
}

// Read gives the stack bytes of whole messages only.
func (c *streamConn) Read(p []byte) (int, error) {
	for len(c.out) == 0 {
		if c.closing {
			return 0, io.EOF
		}
		if c.next() {
			continue
		}
		buf := make([]byte, 4096)
		n, err := c.Conn.Read(buf)
		if err != nil {
			// A deadline is an end like any other: the stack need not shout.
			return 0, io.EOF
		}
		c.received(buf[:n])
	}
	n := copy(p, c.out)
	c.out = c.out[n:]
	return n, nil
}

// received buffers bytes. The clock for a message starts with its first byte.
func (c *streamConn) received(data []byte) {
	if c.started && len(c.in) == 0 {
		c.deadline(c.times.message)
	}
	c.in = append(c.in, data...)
	if trimmed := bytes.TrimLeft(c.in, "\r\n"); len(trimmed) < len(c.in) {
		if c.started && len(trimmed) == 0 && bytes.HasPrefix(c.in, []byte("\r\n\r\n")) {
			_, _ = c.Write([]byte("\r\n")) // pong, RFC 5626 3.5.1
		}
		c.in = trimmed
		if c.started && len(trimmed) == 0 {
			c.deadline(c.times.idle)
		}
	}
}

func (c *streamConn) deadline(d time.Duration) {
	_ = c.SetReadDeadline(time.Now().Add(d)) // fails only on a closed connection
}

// next judges the first whole message of the buffer, if there is one.
func (c *streamConn) next() bool {
	end := headEnd(c.in)
	if end < 0 && len(c.in) <= maxHead {
		return false
	}
	if end < 0 || end > maxHead {
		c.closing = true
		return true
	}
	m := cut(c.in[:end])
	n, ok := m.contentLength()
	switch {
	case !ok:
		m.setFault(errLength) // without it nobody knows where the next message starts
	case end+n > len(c.in):
		return false
	}
	m.body = c.in[end : end+n]
	c.apply(c.gate.judge(m, addrPort(c.RemoteAddr())))
	c.in = append([]byte(nil), c.in[end+n:]...)
	c.started = c.started || c.out != nil
	if c.started && len(c.in) == 0 {
		c.deadline(c.times.idle)
	} else {
		c.deadline(c.times.message)
	}
	return true
}

func (c *streamConn) apply(v verdict) {
	if v.reply != nil {
		_, _ = c.Write(v.reply) // a dead connection shows at the next Read
	}
	c.out = v.pass
	c.closing = v.close
}

// Write never lets a peer that does not read hold a goroutine.
func (c *streamConn) Write(p []byte) (int, error) {
	_ = c.SetWriteDeadline(time.Now().Add(writeTime))
	return c.Conn.Write(p)
}

// Close gives the seat back once.
func (c *streamConn) Close() error {
	c.once.Do(c.done)
	return c.Conn.Close()
}
