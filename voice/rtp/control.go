package rtp

import (
	"errors"
	"net"
	"net/netip"
	"syscall"

	"golang.org/x/sys/unix"
)

// ControlSocket carries RTCP beside the audio. TryRead never waits.
type ControlSocket interface {
	TryRead([]byte) (n int, from netip.AddrPort, ok bool)
	WriteToUDPAddrPort([]byte, netip.AddrPort) (int, error)
	Close() error
}

// Control is a ControlSocket on a UDP port. It is read by the goroutine that
// reads the audio, once per frame, so that a call needs no goroutine for
// reports that come every five seconds.
type Control struct {
	*net.UDPConn
	raw syscall.RawConn

	// Of one TryRead: RawConn wants a function, and one made once allocates once.
	into []byte
	n    int
	from netip.AddrPort
	poll [1]unix.PollFd
	recv func(fd uintptr) bool
}

// NewControl takes over the socket.
func NewControl(c *net.UDPConn) (*Control, error) {
	raw, err := c.SyscallConn()
	if err != nil {
		return nil, err
	}
	s := &Control{UDPConn: c, raw: raw}
	s.recv = func(fd uintptr) bool {
		s.poll[0] = unix.PollFd{Fd: int32(fd), Events: unix.POLLIN} //nolint:gosec // a descriptor
		if ready, err := unix.Poll(s.poll[:], 0); err != nil || ready == 0 {
			return true // the usual case, without an allocation
		}
		n, from, err := unix.Recvfrom(int(fd), s.into, unix.MSG_DONTWAIT)
		if err != nil {
			s.n = -1
			return true // never wait
		}
		s.n, s.from = n, sourceOf(from)
		return true
	}
	return s, nil
}

// TryRead takes one datagram if there is one. It belongs to one goroutine.
func (s *Control) TryRead(p []byte) (int, netip.AddrPort, bool) {
	s.into, s.n = p, -1
	if err := s.raw.Read(s.recv); err != nil || s.n < 0 {
		return 0, netip.AddrPort{}, false
	}
	return s.n, s.from, true
}

// Close closes the port; closing it twice is fine.
func (s *Control) Close() error {
	if err := s.UDPConn.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return err
	}
	return nil
}

func sourceOf(from unix.Sockaddr) netip.AddrPort {
	switch a := from.(type) {
	case *unix.SockaddrInet4:
		return netip.AddrPortFrom(netip.AddrFrom4(a.Addr), uint16(a.Port)) //nolint:gosec // a port
	case *unix.SockaddrInet6:
		return netip.AddrPortFrom(netip.AddrFrom16(a.Addr).Unmap(), uint16(a.Port)) //nolint:gosec // a port
	}
	return netip.AddrPort{}
}
