package voice

import (
	"fmt"
	"time"

	"waggle/dialog"
)

// presence keeps a caller from being asked into a line on hold or into one
// that may be dead, and right after either.
type presence struct {
	condition func() Condition
	absent    time.Time // when the line was last found not open
}

// wait is how long the caller's silence does not count yet.
func (p *presence) wait(patience time.Duration) time.Duration {
	now := time.Now()
	if p.condition() != LineOpen {
		p.absent = now
	}
	if p.absent.IsZero() {
		return 0
	}
	return max(0, min(p.absent.Add(patience).Sub(now), presenceStep))
}

// presenceStep is how often an absent line is looked at again.
const presenceStep = 500 * time.Millisecond

// describe puts the quality of a line into a few words for the log.
func describe(q *dialog.LineQuality) string {
	if q == nil {
		return ""
	}
	return fmt.Sprintf("%s MOS %.1f, loss %.1f%%, jitter %.0f ms, round trip %.0f ms",
		q.Codec, q.MOS, 100*q.Loss, q.JitterMS, q.RoundTripMS)
}
