package rehearse_test

import (
	"testing"
	"time"

	"waggle/dialog/nlu"
	"waggle/dialog/rehearse"
)

// BenchmarkScripts plays every script once; ns/turn is what a turn costs.
func BenchmarkScripts(b *testing.B) {
	scripts, err := rehearse.Builtin()
	if err != nil {
		b.Fatal(err)
	}
	if _, err := nlu.Open(); err != nil {
		b.Fatal(err)
	}
	turns := 0
	for b.Loop() {
		r, _, err := rehearse.Measure(b.Context(), scripts, 1, rehearse.Setting{Now: func() time.Time { return opensAt }})
		if err != nil {
			b.Fatal(err)
		}
		turns += r.Turns
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(turns), "ns/turn")
}
