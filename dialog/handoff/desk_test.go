package handoff

import (
	"errors"
	"testing"
	"time"
)

var zone = time.FixedZone("CST", 8*3600)

func at(hour, minute int) time.Time { return time.Date(2026, 11, 20, hour, minute, 0, 0, zone) }

func TestHours(t *testing.T) {
	for _, c := range []struct {
		hours string
		at    time.Time
		want  bool
	}{
		{"09:00-21:00", at(9, 0), true}, {"09:00-21:00", at(8, 59), false}, {"09:00-21:00", at(21, 0), false},
		{"20:00-02:00", at(1, 59), true}, {"20:00-02:00", at(2, 0), false}, {"20:00-02:00", at(23, 0), true},
		{"", at(3, 0), true}, {"00:00-24:00", at(23, 59), true}, {"09:30-10:00", at(1, 45).UTC(), false},
		{"09:30-10:00", at(9, 45).UTC(), true},
	} {
		d, err := New(Always, c.hours, zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Open(c.at); got != c.want {
			t.Errorf("%q at %v: %v", c.hours, c.at, got)
		}
	}
	for _, bad := range []string{"9-21", "09:00", "25:00-26:00", "09:00-21:00 x", "09:60-10:00", "-1:00-02:00"} {
		if _, err := New(Always, bad, zone); !errors.Is(err, ErrHours) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

func TestWhoIsThere(t *testing.T) {
	never, _ := New(Never, "", zone)
	auto, _ := New(Auto, "09:00-21:00", zone)
	if never.Open(at(12, 0)) || auto.Open(at(12, 0)) {
		t.Error("nobody has looked at the queue")
	}
	auto.Seen(at(12, 0))
	if !auto.Open(at(12, 9)) || auto.Open(at(12, 10)) {
		t.Error("a look proves ten minutes")
	}
	auto.Seen(at(20, 59))
	if auto.Open(at(21, 1)) {
		t.Error("the day is over")
	}
	if _, err := New("sometimes", "", zone); err == nil {
		t.Error("that is no way to be staffed")
	}
}
