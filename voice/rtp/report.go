package rtp

import (
	"crypto/rand"
	"encoding/hex"
	mrand "math/rand/v2"
	"net/netip"
	"time"

	"github.com/pion/rtcp"
)

// reportEvery is the mean time between two reports, the minimum of RFC 3550
// 6.2 for a session of two.
const reportEvery = 5 * time.Second

// longestRoundTrip is beyond what any call could be held over; larger figures
// come from a peer whose clock stood still or who made them up.
const longestRoundTrip = 5 * time.Second

// ntpEpoch is 1900 in Unix seconds (RFC 868).
const ntpEpoch = 2208988800

// Remote is what the peer reports of the audio that we send (RFC 3550, 6.4.1).
type Remote struct {
	Reports   int // how many came
	RoundTrip time.Duration
	Jitter    time.Duration
	Loss      float64 // share of our packets, of the whole call
}

// reporter keeps the books of RTCP (RFC 3550, 6) for one stream each way.
type reporter struct {
	ssrc  uint32
	cname string
	next  time.Time

	packets, octets uint32 // sent
	reported        uint32 // packets at our last report
	expected, got   uint64 // received at our last report
	senderReport    uint32 // middle of the NTP time of the peer's last one, 0 if none
	reportAt        time.Time
	remote          Remote
}

func newReporter(ssrc uint32, now time.Time) reporter {
	var name [8]byte
	_, _ = rand.Read(name[:]) // never fails
	// A random name for the call alone (RFC 7022).
	return reporter{ssrc: ssrc, cname: hex.EncodeToString(name[:]), next: now.Add(interval() / 2)}
}

// interval spreads reports, so that many calls do not report in step.
func interval() time.Duration {
	return time.Duration((0.5 + mrand.Float64()) * float64(reportEvery))
}

// sent counts a packet of ours.
func (r *reporter) sent(payload int) {
	r.packets++
	r.octets += uint32(payload) //nolint:gosec // below 2048
}

// ntp is a moment as RFC 3550 4 wants it, in seconds since 1900 times 2^32.
func ntp(t time.Time) uint64 {
	whole := uint64(t.Unix() + ntpEpoch) //nolint:gosec // after 1900
	return whole<<32 | uint64(t.Nanosecond())<<32/uint64(time.Second)
}

// middle is the part of it that reports echo.
func middle(ntp uint64) uint32 { return uint32(ntp >> 16) } //nolint:gosec // the middle of it

// seconds16 is a duration in units of 1/65536 s.
func seconds16(units uint32) time.Duration {
	return time.Duration(units) * time.Second >> 16
}

// report is our next compound packet: a sender report, or a receiver report
// when nothing was sent since the last one, and who we are.
func (r *reporter) report(now time.Time, timestamp uint32, b *JitterBuffer, bye bool) []rtcp.Packet {
	r.next = now.Add(interval())
	var blocks []rtcp.ReceptionReport
	if block, ok := r.reception(now, b); ok {
		blocks = append(blocks, block)
	}
	var first rtcp.Packet = &rtcp.ReceiverReport{SSRC: r.ssrc, Reports: blocks}
	if r.packets != r.reported {
		first = &rtcp.SenderReport{SSRC: r.ssrc, NTPTime: ntp(now), RTPTime: timestamp,
			PacketCount: r.packets, OctetCount: r.octets, Reports: blocks}
	}
	r.reported = r.packets
	out := []rtcp.Packet{first, rtcp.NewCNAMESourceDescription(r.ssrc, r.cname)}
	if bye {
		out = append(out, &rtcp.Goodbye{Sources: []uint32{r.ssrc}})
	}
	return out
}

// reception is our judgement of the peer's stream since the last report.
func (r *reporter) reception(now time.Time, b *JitterBuffer) (rtcp.ReceptionReport, bool) {
	if !b.started {
		return rtcp.ReceptionReport{}, false
	}
	q := b.Quality()
	expected := q.Received + q.Lost
	block := rtcp.ReceptionReport{
		SSRC: b.ssrc, TotalLost: uint32(min(q.Lost, 1<<23-1)), //nolint:gosec // 24 bits, signed
		LastSequenceNumber: uint32(b.high - 1<<16), Jitter: uint32(int64(q.Jitter) * int64(b.rate) / int64(time.Second)), //nolint:gosec // unwrapped from 32 bits
		LastSenderReport: r.senderReport,
	}
	if missed := int64(expected-r.expected) - int64(q.Received-r.got); missed > 0 && expected > r.expected { //nolint:gosec // counts of one call
		block.FractionLost = uint8(min(255, missed*256/int64(expected-r.expected))) //nolint:gosec // bounded
	}
	r.expected, r.got = expected, q.Received
	if r.senderReport != 0 {
		block.Delay = uint32(min(now.Sub(r.reportAt), time.Hour) << 16 / time.Second) //nolint:gosec // an hour at most
	}
	return block, true
}

// take reads a compound packet of the peer.
func (r *reporter) take(datagram []byte, rate int, now time.Time) {
	packets, err := rtcp.Unmarshal(datagram)
	if err != nil {
		return
	}
	for _, p := range packets {
		switch p := p.(type) {
		case *rtcp.SenderReport:
			r.senderReport, r.reportAt = middle(p.NTPTime), now
			r.judged(p.Reports, rate, now)
		case *rtcp.ReceiverReport:
			r.judged(p.Reports, rate, now)
		}
	}
}

// judged reads what the peer says of our stream (RFC 3550, 6.4.1).
func (r *reporter) judged(blocks []rtcp.ReceptionReport, rate int, now time.Time) {
	for _, b := range blocks {
		if b.SSRC == r.ssrc {
			r.remote.Take(b, rate, r.packets, now)
		}
	}
}

// Take reads a block about a stream of ours with an RTP clock of rate Hz, of
// which so many packets were sent.
func (r *Remote) Take(b rtcp.ReceptionReport, rate int, sent uint32, now time.Time) {
	r.Reports++
	r.Jitter = time.Duration(b.Jitter) * time.Second / time.Duration(rate)
	if sent > 0 {
		r.Loss = min(1, float64(b.TotalLost)/float64(sent))
	}
	if b.LastSenderReport == 0 {
		return
	}
	if trip := seconds16(middle(ntp(now)) - b.LastSenderReport - b.Delay); trip < longestRoundTrip {
		r.RoundTrip = trip
	}
}

// isControl tells RTCP from RTP on a shared port (RFC 5761, 4).
func isControl(datagram []byte) bool {
	return len(datagram) >= 8 && datagram[1] >= 192 && datagram[1] <= 223
}

// listenControl takes in what has come on the control port, from the peer's
// address alone.
func (c *Conn) listenControl() {
	if c.control == nil {
		return
	}
	for range 4 { // a flood must not hold up the audio
		n, from, ok := c.control.TryRead(c.buffer[:])
		if !ok {
			return
		}
		c.takeControl(c.buffer[:n], from)
	}
}

func (c *Conn) takeControl(datagram []byte, from netip.AddrPort) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if from.Addr().Unmap() != c.receiver.guard.Peer().Addr().Unmap() || !isControl(datagram) {
		return
	}
	if !c.mux {
		c.controlPeer = from // through a NAT another port than was announced
	}
	c.reports.take(datagram, Rate, c.now())
}

// sendReport sends one when it is due, or a last one with BYE; the lock is
// held.
func (c *Conn) sendReport(now time.Time, bye bool) {
	to, write := c.controlPeer, c.socket.WriteToUDPAddrPort
	switch {
	case c.mux:
		to = c.receiver.guard.Peer()
	case c.control == nil:
		return
	default:
		write = c.control.WriteToUDPAddrPort
	}
	if (now.Before(c.reports.next) && !bye) || !validPeer(to) {
		return
	}
	data, err := rtcp.Marshal(c.reports.report(now, c.sender.header.Timestamp, c.receiver.jitter, bye))
	if err == nil {
		_, _ = write(data, to) // a lost report is followed by another
	}
}
