package rtp

import (
	"encoding/binary"
	"strings"
	"time"

	"waggle/voice"
)

// keys are the telephone events 0 to 15 in order (RFC 4733, 3.2 table 3).
const keys = "0123456789*#ABCD"

// Event is one telephone-event payload (RFC 4733, 2.3).
type Event struct {
	Digit    voice.Digit
	End      bool
	Volume   byte   // -dBm0, 0 to 63
	Duration uint16 // RTP clock units since the key went down
}

// ParseEvent reads a payload. It is false for anything but the sixteen keys.
func ParseEvent(payload []byte) (Event, bool) {
	if len(payload) < 4 || int(payload[0]) >= len(keys) {
		return Event{}, false
	}
	return Event{
		Digit:    voice.Digit(keys[payload[0]]),
		End:      payload[1]&0x80 != 0,
		Volume:   payload[1] & 0x3F,
		Duration: binary.BigEndian.Uint16(payload[2:]),
	}, true
}

// Append writes the payload; the digit must be one of the sixteen keys.
func (e Event) Append(dst []byte) []byte {
	flags := e.Volume & 0x3F
	if e.End {
		flags |= 0x80
	}
	dst = append(dst, byte(strings.IndexByte(keys, byte(e.Digit))), flags)
	return binary.BigEndian.AppendUint16(dst, e.Duration)
}

// ValidDigit reports whether a key can be sent.
func ValidDigit(d voice.Digit) bool { return strings.IndexByte(keys, byte(d)) >= 0 }

// digitReader turns event packets into keys, each once: all packets of one
// press carry the timestamp of its beginning (RFC 4733, 2.5.1.1), so repeats,
// updates and ends are known by it, and a press counts even if only its end
// arrives.
type digitReader struct {
	seen bool
	last uint32
}

func (r *digitReader) read(timestamp uint32, payload []byte) (voice.Digit, bool) {
	e, ok := ParseEvent(payload)
	if !ok || (r.seen && timestamp == r.last) {
		return 0, false
	}
	if r.seen && int32(timestamp-r.last) < 0 {
		return 0, false // a straggler of an earlier press
	}
	r.seen, r.last = true, timestamp
	return e.Digit, true
}

const (
	pressTime  = 100 * time.Millisecond // RFC 4733 asks for at least 40 ms
	pauseTime  = 60 * time.Millisecond
	endRepeats = 3 // the last packet is sent three times (RFC 4733, 2.5.1.4)
	keyVolume  = 10
)

// Press is a key being sent, one packet per frame (RFC 4733, 2.5).
type Press struct {
	digit    voice.Digit
	start    uint32 // timestamp of the beginning
	elapsed  uint16
	repeats  int
	finished int // frames of pause after the end
}

// NewPress presses a key; it must be a ValidDigit.
func NewPress(d voice.Digit) Press { return Press{digit: d} }

// Begin notes the timestamp of the frame in whose place the key goes down. All
// packets of a press carry that of its first frame, which first tells.
func (p *Press) Begin(timestamp uint32) (start uint32, first bool) {
	if first = p.elapsed == 0; first {
		p.start = timestamp
	}
	return p.start, first
}

// Next is the payload for the next frame of so many ticks. Empty means that
// the key is up and the pause is running; ok is false when all is over.
func (p *Press) Next(dst []byte, ticks, rate int) (payload []byte, ok bool) {
	limit := int(pressTime) * rate / int(time.Second)
	if p.repeats < endRepeats {
		if int(p.elapsed) < limit {
			p.elapsed += uint16(ticks)
		}
		end := int(p.elapsed) >= limit
		if end {
			p.repeats++
		}
		return Event{Digit: p.digit, End: end, Volume: keyVolume, Duration: p.elapsed}.Append(dst), true
	}
	p.finished++
	return dst, p.finished*ticks*int(time.Second) <= int(pauseTime)*rate
}
