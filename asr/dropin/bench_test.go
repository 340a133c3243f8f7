package dropin

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"waggle/asr"
	"waggle/audio"
)

// BenchmarkHear measures a sentence of 3.8 s through the test graphs, which
// cost next to nothing themselves, and through the models that
// WAGGLE_PEER_MODELS names.
func BenchmarkHear(b *testing.B) {
	folders := []string{"zipformer2-ctc", "zipformer2-transducer", "paraformer-streaming"}
	for i, f := range folders {
		folders[i] = filepath.Join("testdata", f)
	}
	if own := os.Getenv(PeerEnv); own != "" {
		folders = append(folders, strings.Split(own, ":")...)
	}
	sound := tonesOf(b, "all.flac")
	for _, folder := range folders {
		for _, paths := range []int{1, 4} {
			b.Run(fmt.Sprintf("%s/paths=%d", filepath.Base(folder), paths), func(b *testing.B) {
				r, err := Open(context.Background(), folder, Options{Paths: paths})
				if err != nil {
					b.Fatal(err)
				}
				defer r.Close()
				s, err := r.NewStream(context.Background())
				if err != nil {
					b.Fatal(err)
				}
				defer s.Close()
				u := s.(asr.Utterances)
				b.ReportAllocs()
				before := cpu(b)
				for b.Loop() {
					if err := u.Begin(asr.Hints{}); err != nil {
						b.Fatal(err)
					}
					if err := sound.Frames(20*time.Millisecond, func(f audio.Frame) error { return s.Write(f) }); err != nil {
						b.Fatal(err)
					}
					if _, err := u.Finish(); err != nil {
						b.Fatal(err)
					}
				}
				seconds := sound.Duration().Seconds() * float64(b.N)
				b.ReportMetric((cpu(b)-before).Seconds()/seconds, "cpu-rtf")
			})
		}
	}
}

// cpu is the processor time of the process, which other programs on the machine
// do not change.
func cpu(b *testing.B) time.Duration {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
