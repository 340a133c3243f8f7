package outbound

import (
	"fmt"
	"time"
)

// Span is a stretch of a day in minutes after midnight, end excluded.
type Span struct{ From, To int }

// Window is when people may be called, in their own time.
type Window struct{ Spans []Span }

// HouseWindow is 9-12 and 14-20, the rule of the house.
func HouseWindow() Window { return Window{Spans: []Span{{9 * 60, 12 * 60}, {14 * 60, 20 * 60}}} }

// Open reports whether the time is inside the window in the given IANA zone.
// An unknown zone is an error: the gate refuses what it cannot tell.
func (w Window) Open(at time.Time, zone string) (bool, error) {
	minute, _, err := localMinute(at, zone)
	if err != nil {
		return false, err
	}
	for _, s := range w.Spans {
		if minute >= s.From && minute < s.To {
			return true, nil
		}
	}
	return false, nil
}

// Next is the first minute at or after the time when the window is open.
func (w Window) Next(at time.Time, zone string) (time.Time, error) {
	_, local, err := localMinute(at, zone)
	if err != nil {
		return time.Time{}, err
	}
	if open, _ := w.Open(at, zone); open {
		return at, nil
	}
	for day := range 2 {
		for _, s := range w.Spans {
			start := time.Date(local.Year(), local.Month(), local.Day()+day, s.From/60, s.From%60, 0, 0, local.Location())
			if start.After(at) {
				return start, nil
			}
		}
	}
	return time.Time{}, fmt.Errorf("%w: the calling window is empty", ErrInvalid)
}

func localMinute(at time.Time, zone string) (int, time.Time, error) {
	if zone == "" || zone == "Local" {
		return 0, time.Time{}, fmt.Errorf("%w: the callee's time zone is missing", ErrInvalid)
	}
	loc, err := time.LoadLocation(zone)
	if err != nil {
		return 0, time.Time{}, fmt.Errorf("%w: time zone %q", ErrInvalid, zone)
	}
	local := at.In(loc)
	return local.Hour()*60 + local.Minute(), local, nil
}
