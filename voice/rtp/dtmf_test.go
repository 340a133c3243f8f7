package rtp

import (
	"testing"

	"waggle/voice"
)

func TestEventsOfTheRFCAreRead(t *testing.T) {
	for _, c := range []struct {
		name    string
		payload []byte
		want    Event
		ok      bool
	}{
		{"key 1", []byte{1, 0x0A, 0, 160}, Event{Digit: '1', Volume: 10, Duration: 160}, true},
		{"end of #", []byte{11, 0x8A, 3, 32}, Event{Digit: '#', End: true, Volume: 10, Duration: 800}, true},
		{"reserved bit", []byte{10, 0x4A, 0, 0}, Event{Digit: '*', Volume: 10}, true},
		{"key D", []byte{15, 0, 0, 1}, Event{Digit: 'D', Duration: 1}, true},
		{"flash is no key", []byte{16, 0, 0, 1}, Event{}, false},
		{"modem tone", []byte{36, 0, 0, 1}, Event{}, false},
		{"too short", []byte{1, 0, 0}, Event{}, false},
		{"empty", nil, Event{}, false},
	} {
		got, ok := ParseEvent(c.payload)
		if ok != c.ok || got != c.want {
			t.Errorf("%s: %+v %v", c.name, got, ok)
		}
	}
}

func TestAPressCountsOnceWhateverIsLost(t *testing.T) {
	type packet struct {
		ts  uint32
		key byte
		end bool
	}
	press := []packet{{1000, 5, false}, {1000, 5, false}, {1000, 5, true}, {1000, 5, true}, {1000, 5, true}}
	for _, c := range []struct {
		name    string
		packets []packet
		want    string
	}{
		{"all packets", press, "5"},
		{"only the beginning", press[:1], "5"},
		{"only the last repeat", press[4:], "5"},
		{"the same key twice", append(press[:5:5], packet{3000, 5, false}, packet{3000, 5, true}), "55"},
		{"a straggler after the next key", []packet{{1000, 5, false}, {3000, 6, false}, {1000, 5, true}}, "56"},
		{"timestamps that wrap", []packet{{1<<32 - 100, 1, true}, {60, 2, true}}, "12"},
	} {
		var reader digitReader
		var got string
		for _, p := range c.packets {
			e := Event{Digit: voice.Digit(keys[p.key]), End: p.end}
			if d, ok := reader.read(p.ts, e.Append(nil)); ok {
				got += string(rune(d))
			}
		}
		if got != c.want {
			t.Errorf("%s: heard %q, want %q", c.name, got, c.want)
		}
	}
}

func FuzzParseEvent(f *testing.F) {
	f.Add([]byte{1, 0x8A, 3, 32})
	f.Fuzz(func(t *testing.T, payload []byte) {
		e, ok := ParseEvent(payload)
		if !ok {
			return
		}
		again, ok := ParseEvent(e.Append(nil))
		if !ok || again != e {
			t.Errorf("%+v became %+v", e, again)
		}
	})
}
