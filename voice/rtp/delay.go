package rtp

import (
	"slices"
	"time"
)

// The playout delay stays between these: below 40 ms ordinary Wi-Fi jitter
// would be heard, above 200 ms people start to talk over each other (ITU-T
// G.114 sees the limit for a whole path at 150 to 400 ms).
const (
	minDelay = 40 * time.Millisecond
	maxDelay = 200 * time.Millisecond
)

const (
	delayWindow   = 256 // packets that the estimate looks back on, about 5 s
	delayEvery    = 16  // packets between two estimates
	delayQuantile = 98  // percent of packets that shall come in time
	delayMargin   = 10 * time.Millisecond
)

// delayEstimator learns how late packets come. The transit time of a packet is
// its arrival on our clock less its timestamp on the sender's; only
// differences mean anything. The fastest packet of the last seconds is the
// base line, so a drifting clock is followed, and the others tell how much
// later than that a packet may come.
type delayEstimator struct {
	transits [delayWindow]time.Duration
	scratch  [delayWindow]time.Duration
	count    int
	base     time.Duration
	target   time.Duration
}

func (d *delayEstimator) reset() {
	d.count = 0
	if d.target == 0 {
		d.target = 60 * time.Millisecond // until the line has shown itself
	}
}

func (d *delayEstimator) add(transit time.Duration) {
	if d.count == 0 || transit < d.base {
		d.base = transit
	}
	d.transits[d.count%delayWindow] = transit
	d.count++
	if d.count%delayEvery == 0 {
		d.estimate()
	}
}

func (d *delayEstimator) estimate() {
	n := min(d.count, delayWindow)
	sorted := d.scratch[:n]
	copy(sorted, d.transits[:n])
	slices.Sort(sorted)
	d.base = sorted[0]
	late := sorted[(n-1)*delayQuantile/100] - d.base
	d.target = min(max(late+delayMargin, minDelay), maxDelay)
}
