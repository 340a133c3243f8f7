package sip

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"sync"
)

// ErrNoPort means that every media port is taken.
var ErrNoPort = errors.New("no free port for audio")

// ports hands out even UDP ports for audio, and the odd ones behind them for
// RTCP (RFC 3550, 11), round robin, so that a port rests before the next call
// gets it and late packets of the last call meet nobody.
type ports struct {
	within PortRange

	mu   sync.Mutex
	next uint16
}

func newPorts(within PortRange) *ports {
	return &ports{within: within, next: within.Low + within.Low%2}
}

// open binds the two sockets of one audio stream. Without a range, the one for
// RTCP is any.
func (p *ports) open(host netip.Addr) (media, control *net.UDPConn, err error) {
	if p.within == (PortRange{}) {
		return listenPair(host, 0, 0)
	}
	for range (int(p.within.High-p.within.Low) + 2) / 2 {
		port := p.take()
		if media, control, err = listenPair(host, port, port+1); err == nil {
			return media, control, nil
		}
	}
	return nil, nil, fmt.Errorf("%w in %d-%d", ErrNoPort, p.within.Low, p.within.High)
}

func listenPair(host netip.Addr, port, next uint16) (media, control *net.UDPConn, err error) {
	if media, err = listenMedia(host, port); err != nil {
		return nil, nil, err
	}
	if control, err = listenMedia(host, next); err != nil {
		return nil, nil, errors.Join(err, media.Close())
	}
	return media, control, nil
}

func (p *ports) take() uint16 {
	p.mu.Lock()
	defer p.mu.Unlock()
	port := p.next
	p.next += 2
	if p.next > p.within.High || p.next < port {
		p.next = p.within.Low + p.within.Low%2
	}
	return port
}

func listenMedia(host netip.Addr, port uint16) (*net.UDPConn, error) {
	address := net.UDPAddrFromAddrPort(netip.AddrPortFrom(host, port))
	conn, err := net.ListenUDP(family("udp", address.String()), address)
	if err != nil {
		return nil, fmt.Errorf("audio socket: %w", err)
	}
	return conn, nil
}
