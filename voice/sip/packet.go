package sip

import (
	"bytes"
	"net"
	"net/netip"
	"sync"
)

// packetGate is a UDP socket that hands only judged messages to the stack.
type packetGate struct {
	net.PacketConn
	gate   *gate
	inUse  chan struct{} // closed when the stack reads for the first time
	signal sync.Once
}

// ReadFrom returns the next message that passed the gate. Refusals are
// answered from here, on the same socket.
func (p *packetGate) ReadFrom(buf []byte) (int, net.Addr, error) {
	p.signal.Do(func() { close(p.inUse) })
	raw := make([]byte, 64<<10)
	for {
		n, addr, err := p.PacketConn.ReadFrom(raw)
		if err != nil {
			return 0, nil, err
		}
		from := addrPort(addr)
		v := p.gate.judgeDatagram(raw[:n], from)
		if v.reply != nil {
			_, _ = p.PacketConn.WriteTo(v.reply, addr) // UDP may lose it anyway
		}
		if v.pass != nil && len(v.pass) <= len(buf) {
			return copy(buf, v.pass), addr, nil
		}
	}
}

// judgeDatagram cuts one datagram; bytes after the body are ignored (RFC 3261
// 18.3), a body shorter than promised is an error.
func (g *gate) judgeDatagram(data []byte, from netip.AddrPort) verdict {
	data = bytes.TrimLeft(data, "\r\n\x00")
	end := headEnd(data)
	if end < 0 || end > maxHead {
		return verdict{} // keep-alives and noise
	}
	m := cut(data[:end])
	m.body = data[end:]
	if len(m.all("Content-Length")) > 0 {
		n, ok := m.contentLength()
		switch {
		case !ok:
			m.setFault(errLength)
		case n > len(m.body):
			m.setFault(errShort)
		default:
			m.body = m.body[:n]
		}
	}
	if len(m.body) > maxBody {
		return verdict{}
	}
	return g.judge(m, from)
}

func addrPort(a net.Addr) netip.AddrPort {
	switch a := a.(type) {
	case *net.UDPAddr:
		ap := a.AddrPort()
		return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
	case *net.TCPAddr:
		ap := a.AddrPort()
		return netip.AddrPortFrom(ap.Addr().Unmap(), ap.Port())
	}
	return netip.AddrPort{}
}
