package sip

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"waggle/voice"
)

// L02 and L03 in short: a storm at a full gateway is refused quickly, and an
// un-ACKed refusal costs neither a transaction nor a goroutine nor a Call-ID.
func TestAStormAtAFullGatewayLeavesNothing(t *testing.T) {
	const storm = 2000
	d := openDoor(t, Config{Loopback: true}, keepOpen, Options{Admission: &counted{}})
	c := dialRaw(t, "udp", at(d, "udp"))
	before := runtime.NumGoroutine()
	took := make([]time.Duration, 0, storm)
	for i := range storm {
		began := time.Now()
		c.send(invite(c, fmt.Sprintf("storm%d", i), "", g711))
		m := c.final(soon)
		took = append(took, time.Since(began))
		if m.status() != "503" || m.get("Retry-After") != fmt.Sprint(int(voice.RetryAfter.Seconds())) {
			t.Fatalf("INVITE %d: %q, Retry-After %q", i, m.start, m.get("Retry-After"))
		}
	}
	if after := runtime.NumGoroutine(); after > before+2 {
		t.Errorf("%d goroutines before the storm, %d after", before, after)
	}
	if !d.calls.empty() {
		t.Error("Call-IDs of refused calls are remembered")
	}
	slices.Sort(took)
	t.Logf("%d refusals, median %v, p99 %v", storm, took[storm/2], took[storm*99/100])
}

func TestATrunkStopsWhenItsMinutesAreSpent(t *testing.T) {
	c := &clock{time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
	b := newBudget(c.now)
	trunk := Trunk{Name: "t", DailyMinutes: 3}
	for i, lasted := range []time.Duration{time.Second, 61 * time.Second} { // one begun minute, two begun minutes
		if !b.left(trunk) {
			t.Fatalf("spent before call %d", i)
		}
		b.spend("t", lasted)
	}
	if b.left(trunk) {
		t.Error("three minutes are spent and a fourth may begin")
	}
	if !b.left(Trunk{Name: "other", DailyMinutes: 1}) || !b.left(Trunk{Name: "free"}) {
		t.Error("other trunks pay for this one")
	}
	c.t = c.t.Add(24 * time.Hour)
	if !b.left(trunk) {
		t.Error("a new day brings no new minutes")
	}
}
