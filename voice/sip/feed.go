package sip

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"syscall"

	"github.com/emiago/sipgo/sip"
)

// feed is a listener whose connections are dialled by us: outgoing TCP passes
// the same gate, deadlines and framing as incoming TCP.
type feed struct {
	in     chan fed
	closed chan struct{}
	once   sync.Once
	ready  chan struct{} // of the connection that Accept returned last
}

type fed struct {
	conn  net.Conn
	ready chan struct{}
}

func newFeed() *feed { return &feed{in: make(chan fed), closed: make(chan struct{})} }

// Accept hands over the next dialled connection. Being called again means
// that the stack has taken the one before.
func (f *feed) Accept() (net.Conn, error) {
	if f.ready != nil {
		close(f.ready)
		f.ready = nil
	}
	select {
	case next := <-f.in:
		f.ready = next.ready
		return next.conn, nil
	case <-f.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (f *feed) Close() error { f.close(); return nil }

func (f *feed) close() { f.once.Do(func() { close(f.closed) }) }

// Addr implements net.Listener; a feed has no address of its own.
func (f *feed) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4zero} }

// put gives a connection to the stack and waits until it is in use.
func (f *feed) put(c net.Conn) error {
	next := fed{c, make(chan struct{})}
	select {
	case f.in <- next:
	case <-f.closed:
		return net.ErrClosed
	}
	select {
	case <-next.ready:
		return nil
	case <-f.closed:
		return net.ErrClosed
	}
}

// connect makes sure that the stack has a TCP connection to remote and
// returns our end of it.
func (d *Door) connect(ctx context.Context, remote netip.AddrPort) (local netip.AddrPort, err error) {
	if c, err := d.ua.TransportLayer().GetConnection("tcp", remote.String()); err == nil {
		_, _ = c.TryClose() // gives the reference back; the connection stays
		return addrPort(c.LocalAddr()), nil
	}
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, "tcp", remote.String())
	if err != nil {
		return netip.AddrPort{}, err
	}
	guarded := newStreamConn(conn, d.gate, streamTimes{idleTime, idleTime}, func() {})
	if err := d.feed.put(guarded); err != nil {
		return netip.AddrPort{}, errors.Join(err, guarded.Close())
	}
	return addrPort(conn.LocalAddr()), nil
}

var errDials = errors.New("sip: the stack must not dial by itself")

// neverDial keeps sipgo from opening TCP connections past the gate.
func neverDial(net.Addr) net.Dialer {
	return net.Dialer{Control: func(string, string, syscall.RawConn) error { return errDials }}
}

// hop is the next hop of a call and our own address towards it.
type hop struct {
	network string         // "udp" or "tcp"
	remote  netip.AddrPort // where requests go
	local   netip.AddrPort // the socket they leave from
	public  netip.AddrPort // what the peer is told: Via, Contact and, by address, SDP
}

// address sets where a request of ours goes and leaves from.
func (h hop) address(req *sip.Request) {
	req.SetTransport(h.network)
	req.SetDestination(h.remote.String())
	if h.network == "udp" {
		req.Laddr = sip.Addr{IP: h.local.Addr().AsSlice(), Port: int(h.local.Port())}
	}
}

// public is the address under which a peer reaches this local address.
func (d *Door) public(local netip.AddrPort, remote netip.Addr) (netip.AddrPort, error) {
	addr := local.Addr()
	if d.config.External != "" && !remote.IsLoopback() {
		external, err := netip.ParseAddr(d.config.External)
		return netip.AddrPortFrom(external, local.Port()), err
	}
	if addr.IsUnspecified() {
		// Connecting a UDP socket sends nothing; it asks the routing table.
		c, err := new(net.Dialer).DialContext(d.life, "udp", netip.AddrPortFrom(remote, 9).String())
		if err != nil {
			return netip.AddrPort{}, fmt.Errorf("no route to %s: %w", remote, err)
		}
		addr = addrPort(c.LocalAddr()).Addr()
		if err := c.Close(); err != nil {
			return netip.AddrPort{}, err
		}
	}
	return netip.AddrPortFrom(addr, local.Port()), nil
}
