package rtp

import (
	"math"
	"testing"
	"time"
)

func TestMOSFollowsTheEModel(t *testing.T) {
	for _, c := range []struct {
		name      string
		q         Quality
		roundTrip time.Duration
		want      float64
	}{
		// R = 93.2 - 0.024*60 = 91.76
		{"a perfect line", Quality{Received: 1000, Delay: 40 * time.Millisecond}, 0, 4.38},
		// Ie = 95*2/27.1 = 7.01, R = 84.75
		{"two percent lost", Quality{Received: 980, Lost: 20, Delay: 40 * time.Millisecond}, 0, 4.21},
		// Ie = 95*10/35.1 = 27.07, R = 64.69
		{"ten percent lost", Quality{Received: 900, Lost: 100, Delay: 40 * time.Millisecond}, 0, 3.34},
		// delay 360 ms: Id = 8.64 + 20.1 = 28.74, R = 64.46
		{"a long path", Quality{Received: 1000, Delay: 40 * time.Millisecond}, 600 * time.Millisecond, 3.32},
		{"nothing gets through", Quality{Received: 1, Lost: 999, Delay: 200 * time.Millisecond}, 2 * time.Second, 1},
	} {
		if got := c.q.MOS(c.roundTrip); math.Abs(got-c.want) > 0.02 {
			t.Errorf("%s: MOS %.2f, want %.2f", c.name, got, c.want)
		}
	}
}

func TestLossIsAShare(t *testing.T) {
	if got := (Quality{}).Loss(); got != 0 {
		t.Errorf("before the first packet: %v", got)
	}
	if got := (Quality{Received: 90, Lost: 10, Late: 5}).Loss(); got != 0.15 {
		t.Errorf("%v, want 0.15", got)
	}
}
