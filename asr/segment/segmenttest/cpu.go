package segmenttest

import (
	"syscall"
	"testing"
	"time"
)

// CPU makes a benchmark report the processor time of an operation, all threads
// together, which other programs on the machine disturb less than wall time.
// Call it first, and what it returns after the loop.
func CPU(b *testing.B) (report func()) {
	begin := used(b)
	return func() { b.ReportMetric(float64(used(b)-begin)/float64(b.N)/1e6, "cpu-ms/op") }
}

func used(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
