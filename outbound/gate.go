package outbound

import (
	"errors"
	"fmt"
	"time"
)

// Refusals of the gate, each a verdict of its own.
var (
	ErrNoConsent  = errors.New("outbound: no proof of consent on file")
	ErrDoNotCall  = errors.New("outbound: the number is on the do-not-call list")
	ErrNotNeeded  = errors.New("outbound: the reminder is no longer needed")
	ErrWindow     = errors.New("outbound: outside the hours in which the callee may be called")
	ErrFrequency  = errors.New("outbound: the number was called often enough")
	ErrInProgress = errors.New("outbound: a call to this number is in progress or its fate is unknown")
	ErrNotRunning = errors.New("outbound: the campaign is not running")
)

// Facts is everything the gate looks at. The ledger reads it in the same
// transaction that writes the attempt, so nothing can change in between.
type Facts struct {
	Campaign  Campaign
	Contact   Contact
	DoNotCall bool
	// Calls are the starts of earlier attempts to this number, any campaign.
	Calls []time.Time
	// Open is set while an attempt to this number is dialling or unknown.
	Open bool
}

// Gate is the one way out: every call passes Check inside the transaction
// that records it. The zero value refuses everything (its window is empty).
type Gate struct {
	Window Window
	// PerDay and PerWeek bound the calls to one number in 24 hours and 7 days.
	PerDay, PerWeek int
}

// HouseGate is the gate as shipped: house hours, one call a day, three a week.
func HouseGate() Gate { return Gate{Window: HouseWindow(), PerDay: 1, PerWeek: 3} }

// Check returns nil if the call may leave now, else the first refusal. Any
// fact that cannot be established is a refusal too.
func (g Gate) Check(f Facts, now time.Time) error {
	if f.Campaign.State != CampaignRunning {
		return fmt.Errorf("%w: it is %s", ErrNotRunning, f.Campaign.State)
	}
	if f.Contact.State != ContactPending {
		return fmt.Errorf("%w: the contact is %s", ErrNotNeeded, f.Contact.State)
	}
	if !f.Contact.Consent.Given() || f.Contact.Consent.At.After(now) {
		return ErrNoConsent
	}
	if f.DoNotCall {
		return ErrDoNotCall
	}
	if f.Open {
		return ErrInProgress
	}
	open, err := g.Window.Open(now, f.Contact.Zone)
	if err != nil {
		return fmt.Errorf("%w: %w", ErrWindow, err)
	}
	if !open {
		return ErrWindow
	}
	return g.checkFrequency(f.Calls, now)
}

func (g Gate) checkFrequency(calls []time.Time, now time.Time) error {
	day, week := 0, 0
	for _, at := range calls {
		if age := now.Sub(at); age < 24*time.Hour {
			day, week = day+1, week+1
		} else if age < 7*24*time.Hour {
			week++
		}
	}
	if day >= g.PerDay || week >= g.PerWeek {
		return fmt.Errorf("%w: %d in 24 hours, %d in 7 days", ErrFrequency, day, week)
	}
	return nil
}

// Final reports whether a refusal is for good, so that the contact is closed
// instead of being looked at again.
func Final(refusal error) bool {
	return errors.Is(refusal, ErrNoConsent) || errors.Is(refusal, ErrDoNotCall)
}
