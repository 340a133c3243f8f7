package rtp

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
	"time"
)

// line is a simulated path: it sends numbered 20 ms packets, delays, loses and
// reorders them, and plays them out once per frame, all in virtual time.
type line struct {
	t       *testing.T
	buffer  *JitterBuffer
	due     map[int][]sent // by millisecond of arrival
	seq     uint16
	ts      uint32
	ssrc    uint32
	now     int // ms
	quiet   bool
	last    int         // number of the last packet played
	number  int         // of the next packet sent
	kinds   [4]int      // Pops by kind
	played  map[int]int // packet number -> ms when it was played
	history []Kind
}

type sent struct {
	header Header
	number int
}

const ptime = 160

func newLine(t *testing.T) *line {
	return &line{
		t: t, due: map[int][]sent{}, ssrc: 1, seq: 65500, ts: 1<<32 - 5000, last: -1, played: map[int]int{},
		// The payload is only the packet's number; every packet lasts 20 ms.
		buffer: NewJitterBuffer(8000, FrameTime, func([]byte) int { return ptime }),
	}
}

// send puts the next packet on the line; a negative delay loses it.
func (l *line) send(at, delay int) {
	if delay >= 0 {
		l.due[at+delay] = append(l.due[at+delay], sent{Header{l.ssrc, l.seq, l.ts}, l.number})
	}
	l.seq++
	l.ts += ptime
	l.number++
}

// pause lets the sender's clock run without packets (DTX).
func (l *line) pause(frames int) { l.ts += uint32(frames * ptime) }

// run lets the time pass until the given millisecond.
func (l *line) run(until int) {
	for ; l.now < until; l.now++ {
		for _, s := range l.due[l.now] {
			l.buffer.Push(s.header, binary.BigEndian.AppendUint32(nil, uint32(s.number)), ms(l.now))
		}
		if l.now%20 == 7 {
			l.pop()
		}
	}
}

func (l *line) pop() {
	for ticks := 0; ticks < ptime; {
		item := l.buffer.Pop(ms(l.now), l.quiet)
		l.kinds[item.Kind]++
		l.history = append(l.history, item.Kind)
		ticks += item.Ticks
		if item.Kind != Packet {
			continue
		}
		number := int(binary.BigEndian.Uint32(item.Payload))
		if number <= l.last {
			l.t.Fatalf("packet %d played after %d", number, l.last)
		}
		l.last, l.played[number] = number, l.now
	}
}

func (l *line) noLoss() {
	l.t.Helper()
	if q := l.buffer.Quality(); q.Lost != 0 || q.Late != 0 || l.kinds[Lost] != 0 {
		l.t.Errorf("lost %d, late %d, concealed %d", q.Lost, q.Late, l.kinds[Lost])
	}
}

func TestASteadyLineIsPlayedWholeAcrossTheWraps(t *testing.T) {
	l := newLine(t) // sequence numbers wrap after 36 packets, timestamps after 32
	for i := range 500 {
		l.send(i*20, 30)
	}
	l.run(300 * 20)
	l.quiet = true // from here on the delay may shrink to what the line needs
	l.run(500 * 20)
	l.noLoss()
	if l.last < 494 {
		t.Errorf("played up to %d of 500", l.last)
	}
	if delay := l.played[200] - 200*20 - 30; delay < 40 || delay > 80 {
		t.Errorf("a packet waited %d ms on a line without jitter", delay)
	}
	if delay := l.played[450] - 450*20 - 30; delay < 40 || delay > 60 {
		t.Errorf("after a quiet moment a packet still waited %d ms", delay)
	}
}

func TestReorderedPacketsArePlayedInOrder(t *testing.T) {
	l := newLine(t)
	for i := range 300 {
		delay := 10
		if i%7 == 3 {
			delay = 35 // overtaken by the next one
		}
		l.send(i*20, delay)
	}
	l.run(300 * 20)
	l.noLoss()
}

func TestTheDelayAdaptsToJitterAndBack(t *testing.T) {
	l := newLine(t)
	rng := rand.New(rand.NewPCG(3, 4))
	for i := range 3000 {
		jitter := 0
		if i >= 500 && i < 1500 {
			jitter = rng.IntN(90)
		}
		l.send(i*20, 20+jitter)
	}
	l.run(500 * 20)
	calm := l.buffer.Quality().Delay
	l.run(1500 * 20)
	rough := l.buffer.Quality()
	l.quiet = true
	l.run(3000 * 20)
	after := l.buffer.Quality()
	if calm != minDelay || rough.Delay < 80*time.Millisecond || after.Delay != minDelay {
		t.Errorf("delay %v, then %v under jitter, then %v", calm, rough.Delay, after.Delay)
	}
	if loss := rough.Loss(); loss > 0.03 {
		t.Errorf("%.1f %% came too late", 100*loss)
	}
	if delay := l.played[2900] - 2900*20 - 20; delay > 80 {
		t.Errorf("long after the jitter a packet still waits %d ms", delay)
	}
}

func TestLossIsConcealedWithoutGrowingDelay(t *testing.T) {
	l := newLine(t)
	rng := rand.New(rand.NewPCG(5, 6))
	lost := 0
	for i := range 2000 {
		delay := 20
		if rng.IntN(100) < 5 && i > 0 && i < 1990 {
			delay = -1
			lost++
		}
		l.send(i*20, delay)
	}
	l.run(2000 * 20)
	if q := l.buffer.Quality(); int(q.Lost) != lost {
		t.Errorf("%d packets lost, the books say %d", lost, q.Lost)
	}
	if l.kinds[Lost] < lost || l.kinds[Lost] > lost*3/2 {
		t.Errorf("%d frames concealed for %d lost packets", l.kinds[Lost], lost)
	}
	if delay := l.played[l.last] - l.last*20 - 20; delay > 100 {
		t.Errorf("at the end a packet waits %d ms", delay)
	}
}

func TestABurstIsBridgedAndTheStreamGoesOn(t *testing.T) {
	l := newLine(t)
	for i := range 400 {
		delay := 20
		if i >= 200 && i < 212 {
			delay = -1
		}
		l.send(i*20, delay)
	}
	l.run(400 * 20)
	if n := l.kinds[Lost] + l.kinds[Silence]; n < 8 || n > 14 {
		t.Errorf("%d frames made up for 12 lost packets", n)
	}
	if delay := l.played[300] - 300*20 - 20; delay > 100 {
		t.Errorf("after the burst a packet waits %d ms", delay)
	}
	for i := 212; i < 390; i++ {
		if _, ok := l.played[i]; !ok {
			t.Errorf("packet %d after the burst was not played", i)
		}
	}
}

func TestAPauseOfTheSenderIsSilenceNotLoss(t *testing.T) {
	l := newLine(t)
	at := 0
	for range 4 { // speak two seconds, pause three
		for range 100 {
			l.send(at, 20)
			at += 20
		}
		l.pause(150)
		at += 150 * 20
	}
	l.run(at)
	if q := l.buffer.Quality(); q.Lost != 0 || q.Late != 0 {
		t.Errorf("pauses were booked as loss: %+v", q)
	}
	for i := range 400 {
		if _, ok := l.played[i]; !ok {
			t.Errorf("packet %d around a pause was not played", i)
		}
	}
	if l.kinds[Silence] < 4*120 {
		t.Errorf("only %d silent frames", l.kinds[Silence])
	}
}

func TestDuplicatesArePlayedOnce(t *testing.T) {
	l := newLine(t)
	for i := range 100 {
		seq, ts, number := l.seq, l.ts, l.number
		l.send(i*20, 10)
		l.seq, l.ts, l.number = seq, ts, number
		l.send(i*20, 15)
	}
	l.run(100 * 20)
	if q := l.buffer.Quality(); q.Duplicates != 100 || q.Received != 100 || q.Lost != 0 {
		t.Errorf("%+v", q)
	}
}

func TestANewSSRCIsFollowedAndAStrayIsNot(t *testing.T) {
	l := newLine(t)
	for i := range 100 {
		l.send(i*20, 10)
	}
	l.due[505] = append(l.due[505], sent{Header{SSRC: 99, Sequence: 5, Timestamp: 7}, 100000})
	l.run(100 * 20)
	if q := l.buffer.Quality(); q.Strays != 1 || l.last > 100 {
		t.Errorf("a stray packet got in: %+v", q)
	}
	l.ssrc, l.seq, l.ts = 2, 17, 1234
	for i := 100; i < 200; i++ {
		l.send(i*20, 10)
	}
	l.run(200 * 20)
	if l.last < 194 {
		t.Errorf("played up to %d: the new stream was not followed", l.last)
	}
	if q := l.buffer.Quality(); q.Lost != 0 {
		t.Errorf("the change was booked as %d lost packets", q.Lost)
	}
}

// M05: an hour with a sender's clock that is 200 ppm off, both ways.
func TestClockDriftIsFollowedForAnHour(t *testing.T) {
	for _, ppm := range []float64{200, -200} {
		l := newLine(t)
		worst, step := 0, 20*(1-ppm/1e6)
		frames := int(3600 * 1000 / step)
		for i := 0; i < frames; i++ {
			at := int(float64(i) * step)
			l.send(at, 20)
			l.quiet = i%50 < 10 // a fifth of the time nobody speaks
			l.run(at)
			if played, ok := l.played[i-50]; ok && i > 500 {
				wait := played - int(float64(i-50)*step) - 20
				worst = max(worst, wait)
				delete(l.played, i-50)
			}
			delete(l.due, l.now-100)
		}
		if limit := int(minDelay/time.Millisecond) + 20 + 40; worst > limit {
			t.Errorf("%v ppm: a packet waited %d ms, limit %d", ppm, worst, limit)
		}
		if concealed := l.kinds[Lost]; concealed > frames/1000 {
			t.Errorf("%v ppm: %d frames concealed in an hour", ppm, concealed)
		}
	}
}

func TestAnOutageAndALongerPathAreRecoveredFrom(t *testing.T) {
	l := newLine(t)
	for i := range 600 {
		delay := 20
		if i >= 200 {
			delay = 420 // the path has become 400 ms longer, beyond the buffer
		}
		l.send(i*20, delay)
	}
	l.run(600 * 20)
	for i := 260; i < 570; i++ {
		if _, ok := l.played[i]; !ok {
			t.Fatalf("packet %d after the change was not played", i)
		}
	}
}

func TestTimestampsThatStartOverAreFollowed(t *testing.T) {
	l := newLine(t)
	for i := range 200 {
		if i == 100 {
			l.ts += 8000 * 3600
		}
		l.send(i*20, 20)
	}
	l.run(200 * 20)
	if l.last < 190 {
		t.Errorf("played up to %d", l.last)
	}
}

func TestKeysAndComfortNoiseLeaveNoHole(t *testing.T) {
	l := newLine(t)
	for i := range 100 {
		if i >= 50 && i < 58 { // eight packets of a key, all with one timestamp
			h := Header{SSRC: l.ssrc, Sequence: l.seq, Timestamp: l.ts}
			l.run(i * 20)
			l.buffer.Mark(h)
			l.seq++
			l.number++
			continue
		}
		if i == 58 {
			l.pause(8)
		}
		l.send(i*20, 20)
	}
	l.run(100 * 20)
	if q := l.buffer.Quality(); q.Lost != 0 || q.Late != 0 {
		t.Errorf("%+v", q)
	}
	if _, ok := l.played[58]; !ok {
		t.Error("the audio after the key was not played")
	}
}

func TestOpusTicksReadsTheTableOfTheRFC(t *testing.T) {
	for _, c := range []struct {
		packet []byte
		want   int
	}{
		{[]byte{9 << 3}, 960}, {[]byte{8 << 3}, 480}, {[]byte{11 << 3}, 2880}, {[]byte{15 << 3}, 960},
		{[]byte{16 << 3}, 120}, {[]byte{31 << 3}, 960}, {[]byte{31<<3 | 1}, 1920}, {[]byte{31<<3 | 3, 3}, 2880},
		{nil, 960}, {[]byte{3}, 960}, {[]byte{31<<3 | 3, 0}, 960}, {[]byte{31<<3 | 3, 63}, 960},
	} {
		if got := OpusTicks(c.packet); got != c.want {
			t.Errorf("%x: %d, want %d", c.packet, got, c.want)
		}
	}
}

func FuzzJitterBuffer(f *testing.F) {
	f.Add([]byte{0, 0, 1, 0, 0, 1, 9, 0, 0, 2, 0, 1, 64, 5})
	f.Fuzz(func(t *testing.T, script []byte) {
		b := NewJitterBuffer(8000, FrameTime, func(p []byte) int { return len(p) })
		now := 0
		for len(script) >= 7 {
			s := script[:7]
			script = script[7:]
			now += int(s[6])
			h := Header{uint32(s[0] & 1), uint16(s[1])<<8 | uint16(s[2]), uint32(s[3])<<16 | uint32(s[4])<<8}
			if s[0]&2 != 0 {
				b.Mark(h)
			} else {
				b.Push(h, make([]byte, int(s[5])), ms(now))
			}
			for ticks, n := 0, 0; ticks < ptime; n++ {
				ticks += b.Pop(ms(now), s[0]&4 != 0).Ticks
				if n > 2*slots {
					t.Fatal("Pop makes no progress")
				}
			}
		}
	})
}

func BenchmarkPushPop(b *testing.B) {
	buffer := NewJitterBuffer(8000, FrameTime, func(p []byte) int { return len(p) })
	payload := make([]byte, ptime)
	h := Header{SSRC: 1}
	now := start
	b.ReportAllocs()
	for b.Loop() {
		buffer.Push(h, payload, now)
		h.Sequence++
		h.Timestamp += ptime
		now = now.Add(FrameTime)
		buffer.Pop(now, false)
	}
}
