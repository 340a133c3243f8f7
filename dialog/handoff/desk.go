// Package handoff knows whether people are there to take a conversation over:
// by the shop's hours, and by whether anybody looks at the queue. It is a leaf.
package handoff

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"
)

// Staffed says how it is known that people are there.
type Staffed string

// The ways.
const (
	// Auto believes it for Presence after somebody has looked at the queue.
	Auto Staffed = "auto"
	// Always believes it in the hours.
	Always Staffed = "always"
	// Never has no people at all.
	Never Staffed = "never"
)

// Presence is how long a look at the queue proves that somebody is there.
const Presence = 10 * time.Minute

// ErrHours says that hours cannot be read.
var ErrHours = errors.New(`handoff: hours must look like "09:00-21:00", or be empty for all day`)

// Desk is where people take conversations over. It is safe for concurrent use.
type Desk struct {
	staffed  Staffed
	hours    string
	from, to time.Duration // since midnight; equal for all day
	zone     *time.Location
	seen     atomic.Int64 // Unix nanoseconds
	phone    bool
}

// New makes a desk with its hours in the zone; ErrHours.
func New(staffed Staffed, hours string, zone *time.Location) (*Desk, error) {
	d := &Desk{staffed: staffed, hours: hours, zone: zone}
	switch staffed {
	case Auto, Always, Never:
	default:
		return nil, fmt.Errorf("handoff: %q must be auto, always or never", staffed)
	}
	if hours == "" {
		return d, nil
	}
	var h1, m1, h2, m2 int
	var rest string
	if n, _ := fmt.Sscanf(hours+" .", "%02d:%02d-%02d:%02d %s", &h1, &m1, &h2, &m2, &rest); n != 5 || rest != "." ||
		h1 < 0 || h2 < 0 || m1 < 0 || m2 < 0 || h1 > 23 || h2 > 24 || m1 > 59 || m2 > 59 {
		return nil, fmt.Errorf("%w: %q", ErrHours, hours)
	}
	d.from = time.Duration(h1)*time.Hour + time.Duration(m1)*time.Minute
	d.to = time.Duration(h2)*time.Hour + time.Duration(m2)*time.Minute
	return d, nil
}

// ByPhone has calls reach people by phone in the hours, whoever looks at the
// queue. It is set before the desk is used.
func (d *Desk) ByPhone() { d.phone = true }

// Seen notes that somebody works at the desk.
func (d *Desk) Seen(now time.Time) { d.seen.Store(now.UnixNano()) }

// Open tells whether people are there, for a call or for what is written.
func (d *Desk) Open(now time.Time, call bool) bool {
	switch {
	case d.staffed == Never || !d.within(now.In(d.zone)):
		return false
	case d.staffed == Always || call && d.phone:
		return true
	}
	seen := d.seen.Load()
	return seen != 0 && now.Sub(time.Unix(0, seen)) < Presence
}

// Status is how a desk stands.
type Status struct {
	Staffed Staffed `json:"staffed"`
	// Hours are those of the people; empty for all day.
	Hours string `json:"hours"`
	// Open tells whether conversations are handed over just now; closed ones
	// become tickets.
	Open bool `json:"open"`
}

// Status tells how the desk stands.
func (d *Desk) Status(now time.Time) Status {
	return Status{Staffed: d.staffed, Hours: d.hours, Open: d.Open(now, false)}
}

// within tells whether a time of the day lies in the hours, which may go past
// midnight.
func (d *Desk) within(t time.Time) bool {
	at := time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute
	switch {
	case d.from == d.to:
		return true
	case d.from < d.to:
		return at >= d.from && at < d.to
	}
	return at >= d.from || at < d.to
}
