package sip

import (
	"net"
	"time"
)

// earlyPackets bounds draining: 20 s of early media at 20 ms a packet.
const earlyPackets = 1000

// drain throws away what reached the audio socket before the call was
// answered: early media, which nobody hears, would be played late.
func drain(conn *net.UDPConn) {
	var buf [2048]byte
	for range earlyPackets {
		if err := conn.SetReadDeadline(time.Now().Add(time.Millisecond)); err != nil {
			return
		}
		if _, _, err := conn.ReadFromUDPAddrPort(buf[:]); err != nil {
			return
		}
	}
}
