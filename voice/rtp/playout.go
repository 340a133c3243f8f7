package rtp

import "time"

// Pop yields the next stretch of the stream; call it once per frame, and again
// at once while what it yielded is shorter than a frame. quiet says that the
// last frame was near silence, where time may be gained or lost unheard.
func (b *JitterBuffer) Pop(now time.Time, quiet bool) Item {
	if !b.begin(now) {
		return Item{Kind: Waiting, Ticks: int(b.step)}
	}
	next := b.earliest()
	if next == nil {
		return b.underrun(now)
	}
	b.empty = 0
	excess := b.excess(now)
	if gap := next.ts - b.cursor; gap > 0 {
		if gap -= b.skip(gap, excess); gap > 0 {
			return b.gap(next, gap)
		}
		excess = b.excess(now)
	}
	frame := b.time(b.step)
	switch {
	case quiet && excess <= -frame:
		return Item{Kind: Silence, Ticks: int(b.step)} // wait a frame: the delay grows to its target
	case excess >= 2*frame, quiet && excess >= frame:
		b.take(next) // leave a frame out: the delay shrinks to its target
		b.count.dropped++
		if next = b.earliest(); next == nil || next.ts > b.cursor {
			return b.Pop(now, false)
		}
	}
	return b.take(next)
}

// begin waits until the first packets have gathered to the target delay.
func (b *JitterBuffer) begin(now time.Time) bool {
	if !b.playing {
		b.playing = b.held > 0 && b.excess(now) >= 0
	}
	return b.playing
}

// excess is how much later than planned the cursor is being played.
func (b *JitterBuffer) excess(now time.Time) time.Duration {
	return b.transit(b.cursor, now) - b.delay.base - b.delay.target
}

// earliest is the packet to play next, nil if none is held.
func (b *JitterBuffer) earliest() *slot {
	if b.held == 0 {
		return nil
	}
	if s := &b.slots[b.nextSeq&(slots-1)]; s.used && s.seq == b.nextSeq {
		return s
	}
	var first *slot
	for i := range b.slots {
		if s := &b.slots[i]; s.used && (first == nil || s.seq < first.seq) {
			first = s
		}
	}
	return first
}

// underrun is a Pop with nothing held: the packet is late or lost, or the
// sender pauses. Up to the longest delay the cursor waits for it.
func (b *JitterBuffer) underrun(now time.Time) Item {
	b.empty++
	if b.excess(now)+b.delay.target >= maxDelay {
		b.cursor += b.step
	}
	if b.empty > silentAfter || b.announced() {
		return Item{Kind: Silence, Ticks: int(b.step)}
	}
	return Item{Kind: Lost, Ticks: int(b.step)}
}

// announced reports whether the newest packet carried no audio: a key, or a
// word about the silence to come.
func (b *JitterBuffer) announced() bool {
	return b.started && b.slots[b.high&(slots-1)].marked == b.high
}

// skip uses up to gap ticks of what is missing anyway to catch up with the
// target delay, and returns how many.
func (b *JitterBuffer) skip(gap int64, excess time.Duration) int64 {
	ticks := min(gap, int64(excess)*int64(b.rate)/int64(time.Second))
	if ticks < b.step {
		return 0
	}
	b.cursor += ticks
	return ticks
}

// gap yields up to a frame of what is missing before next.
func (b *JitterBuffer) gap(next *slot, gap int64) Item {
	ticks := min(gap, b.step)
	b.cursor += ticks
	if !b.missing(next.seq) {
		return Item{Kind: Silence, Ticks: int(ticks)} // no packet is missing: the sender paused (DTX)
	}
	item := Item{Kind: Lost, Ticks: int(ticks)}
	if gap <= b.step {
		item.Payload = next.payload
	}
	return item
}

// missing reports whether a packet with audio is missing before seq.
func (b *JitterBuffer) missing(seq int64) bool {
	for s := b.nextSeq; s < seq; s++ {
		if b.slots[s&(slots-1)].marked != s {
			return true
		}
	}
	return false
}

// take removes the packet from its slot and moves the cursor behind it.
func (b *JitterBuffer) take(s *slot) Item {
	s.used = false
	b.held--
	ticks := b.ticks(s.payload)
	b.nextSeq = s.seq + 1
	b.cursor = s.ts + int64(ticks)
	return Item{Kind: Packet, Payload: s.payload, Ticks: ticks}
}

// OpusTicks is the length of an Opus packet at 48 kHz, read from its first
// bytes (RFC 6716, 3.1); 20 ms if they make no sense.
func OpusTicks(payload []byte) int {
	const frame = 960
	if len(payload) == 0 {
		return frame
	}
	ticks := opusFrame(payload[0] >> 3)
	switch payload[0] & 3 {
	case 1, 2:
		ticks *= 2
	case 3:
		if len(payload) < 2 {
			return frame
		}
		ticks *= int(payload[1] & 0x3F)
	}
	if ticks == 0 || ticks > 6*frame {
		return frame
	}
	return ticks
}

// opusFrame is the length of one frame of a configuration (RFC 6716, table 2).
func opusFrame(config byte) int {
	switch {
	case config < 12: // SILK: 10, 20, 40, 60 ms
		return [4]int{480, 960, 1920, 2880}[config&3]
	case config < 16: // hybrid: 10, 20 ms
		return [2]int{480, 960}[config&1]
	default: // CELT: 2.5, 5, 10, 20 ms
		return 120 << (config & 3)
	}
}
