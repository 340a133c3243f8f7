package rtp

import "time"

const (
	slots = 64 // packets held, more than a second at 20 ms

	// RFC 3550 appendix A.1: what still counts as the same stream.
	maxDropout  = 3000
	maxMisorder = 100
	// maxTransitJump is how far a packet's timestamp may disagree with its
	// arrival before the sender is taken to have restarted its clock.
	maxTransitJump = time.Second

	// silentAfter is how many frames in a row are concealed before an empty
	// line counts as silence (DTX, mute, hold) and no longer as loss.
	silentAfter = 10
	// restartAfter is how many packets in a row may come too late before the
	// stream is taken up anew: the path has become longer than the buffer.
	restartAfter = 10
)

// Kind says what a JitterBuffer yields.
type Kind byte

// The kinds.
const (
	Waiting Kind = iota // nothing has come yet, or the first frames are gathering
	Packet              // Payload is the next packet
	Lost                // a packet is missing: conceal Ticks
	Silence             // the sender paused: Ticks of silence
)

// Item is the next stretch of the stream.
type Item struct {
	Kind Kind
	// Payload is valid until the next Push or Pop. For Lost it is the packet
	// after the gap, if that is already here (in-band FEC), else nil.
	Payload []byte
	// Ticks is the length in units of the RTP clock.
	Ticks int
}

// slot holds one packet; its buffer is reused.
type slot struct {
	used    bool
	marked  int64 // sequence number seen here without audio, 0 if none
	seq     int64 // unwrapped
	ts      int64 // unwrapped
	payload []byte
}

// JitterBuffer puts the packets of one stream back into order and time. Push
// what arrives, Pop once per frame: the buffer waits just long enough for
// stragglers (40 to 200 ms, learnt from the line), notices restarts, pauses
// and drift, and keeps what it holds near its target by dropping or inserting
// a frame where it does not hurt. It belongs to one goroutine and does not
// allocate once its slots have grown to the packets of the line.
type JitterBuffer struct {
	rate  int              // RTP clock in Hz
	step  int64            // ticks per Pop
	ticks func([]byte) int // length of a payload

	slots   [slots]slot
	held    int
	started bool
	playing bool
	ssrc    uint32
	high    int64 // highest sequence number, unwrapped
	highTS  int64 // its timestamp, unwrapped
	origin  int64 // timestamp of the first packet
	cursor  int64 // timestamp to play next
	nextSeq int64 // sequence number expected there
	empty   int   // Pops without a packet in a row
	lateRun int   // packets in a row that came too late
	epoch   time.Time
	delay   delayEstimator
	suspect suspect
	count   counters
}

// suspect is a packet that does not fit the stream. If the next one continues
// it, the sender has restarted; otherwise it was a stray (RFC 3550 A.1).
type suspect struct {
	ssrc uint32
	seq  uint16
	set  bool
}

// NewJitterBuffer makes a buffer for an RTP clock of rate Hz that is popped
// once per frame; ticks tells the length of a payload in clock units.
func NewJitterBuffer(rate int, frame time.Duration, ticks func(payload []byte) int) *JitterBuffer {
	b := &JitterBuffer{rate: rate, step: int64(frame) * int64(rate) / int64(time.Second), ticks: ticks}
	b.delay.reset()
	return b
}

// Header is what the buffer needs to know of a packet.
type Header struct {
	SSRC      uint32
	Sequence  uint16
	Timestamp uint32
}

// Push takes a packet that arrived now; it copies the payload.
func (b *JitterBuffer) Push(h Header, payload []byte, now time.Time) {
	if !b.started {
		b.restart(h, now)
	}
	seq := b.high + int64(int16(h.Sequence-uint16(b.high)))
	ts := b.highTS + int64(int32(h.Timestamp-uint32(b.highTS)))
	transit := b.transit(ts, now)
	if !b.fits(h, seq, transit) || b.lateRun >= restartAfter {
		if b.lateRun < restartAfter && !b.confirm(h) {
			return
		}
		b.restart(h, now)
		seq, ts, transit = b.high, b.highTS, 0
	}
	b.suspect.set = false
	b.count.arrived(seq, transit)
	b.delay.add(transit)
	b.high, b.highTS = max(b.high, seq), max(b.highTS, ts)
	b.store(seq, ts, payload)
}

// Mark notes a packet of the stream that carries no audio (a key, comfort
// noise), so that its sequence number is not taken for a loss.
func (b *JitterBuffer) Mark(h Header) {
	seq := b.high + int64(int16(h.Sequence-uint16(b.high)))
	ahead := seq - b.high
	if !b.started || h.SSRC != b.ssrc || ahead > maxDropout || ahead < -maxMisorder {
		return
	}
	b.count.marked(seq)
	b.high = max(b.high, seq)
	b.slots[seq&(slots-1)].marked = seq
}

// store keeps the packet unless it is too late or already here.
func (b *JitterBuffer) store(seq, ts int64, payload []byte) {
	s := &b.slots[seq&(slots-1)]
	switch {
	case s.used && s.seq == seq:
		b.count.duplicates++
		return
	case b.playing && ts < b.cursor, s.used && s.seq > seq:
		b.count.late++
		b.lateRun++
		return
	case s.used:
		b.count.dropped++ // a packet a whole buffer older gives way
		b.held--
	}
	s.used, s.seq, s.ts = true, seq, ts
	s.payload = append(s.payload[:0], payload...)
	b.held++
	b.lateRun = 0
	if !b.playing && (b.held == 1 || ts < b.cursor) {
		b.cursor, b.nextSeq = ts, seq
	}
}

// fits reports whether a packet plausibly continues the stream.
func (b *JitterBuffer) fits(h Header, seq int64, transit time.Duration) bool {
	ahead := seq - b.high
	if h.SSRC != b.ssrc || ahead > maxDropout || ahead < -maxMisorder {
		return false
	}
	jump := transit - b.delay.base
	return b.delay.count == 0 || (jump < maxTransitJump && jump > -maxTransitJump)
}

// confirm reports whether h continues the suspect, and else makes it one.
func (b *JitterBuffer) confirm(h Header) bool {
	if b.suspect.set && b.suspect.ssrc == h.SSRC && h.Sequence == b.suspect.seq+1 {
		return true
	}
	b.suspect = suspect{ssrc: h.SSRC, seq: h.Sequence, set: true}
	b.count.strays++
	return false
}

// restart begins a new stream with this packet and forgets the old one.
func (b *JitterBuffer) restart(h Header, now time.Time) {
	for i := range b.slots {
		b.slots[i].used, b.slots[i].marked = false, 0
	}
	// Room below zero for packets that come before the first one.
	b.high = int64(h.Sequence) + 1<<16
	b.highTS = int64(h.Timestamp) + 1<<32
	b.origin, b.ssrc, b.epoch = b.highTS, h.SSRC, now
	b.started, b.playing, b.held, b.empty, b.lateRun = true, false, 0, 0, 0
	b.delay.reset()
	b.count.restart(b.high)
}

// transit is the arrival of a timestamp less the timestamp, both as times
// since the stream began.
func (b *JitterBuffer) transit(ts int64, now time.Time) time.Duration {
	return now.Sub(b.epoch) - b.time(ts-b.origin)
}

func (b *JitterBuffer) time(ticks int64) time.Duration {
	return time.Duration(ticks) * time.Second / time.Duration(b.rate)
}
