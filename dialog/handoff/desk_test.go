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
		if got := d.Open(c.at, false); got != c.want {
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
	if never.Open(at(12, 0), false) || auto.Open(at(12, 0), false) {
		t.Error("nobody has looked at the queue")
	}
	auto.Seen(at(12, 0))
	if !auto.Open(at(12, 9), false) || auto.Open(at(12, 10), false) {
		t.Error("a look proves ten minutes")
	}
	auto.Seen(at(20, 59))
	if auto.Open(at(21, 1), false) {
		t.Error("the day is over")
	}
	if got := auto.Status(at(12, 0)); got != (Status{Staffed: Auto, Hours: "09:00-21:00", Open: true}) {
		t.Errorf("%+v", got)
	}
	if _, err := New("sometimes", "", zone); err == nil {
		t.Error("that is no way to be staffed")
	}
}

func TestAPhoneOfTheDeskRingsInTheHours(t *testing.T) {
	for staffed, want := range map[Staffed]bool{Auto: true, Always: true, Never: false} {
		d, err := New(staffed, "09:00-21:00", zone)
		if err != nil {
			t.Fatal(err)
		}
		d.ByPhone()
		if got := d.Open(at(12, 0), true); got != want {
			t.Errorf("%s: a call at noon: %v", staffed, got)
		}
		if d.Open(at(22, 0), true) || staffed == Auto && d.Open(at(12, 0), false) {
			t.Errorf("%s: open after hours, or for what is written", staffed)
		}
	}
}
