package vision

import (
	"bytes"
	"errors"
	"runtime"
	"testing"

	"waggle/vision/hostile"
)

func TestEveryHostileFileGetsItsVerdictInBoundedMemory(t *testing.T) {
	all := hostile.Corpus()
	var before, after runtime.MemStats
	for _, c := range all {
		t.Run(c.Name, func(t *testing.T) {
			runtime.ReadMemStats(&before)
			m, err := decodeBytes(c.File)
			runtime.ReadMemStats(&after)
			if spent := after.TotalAlloc - before.TotalAlloc; spent > 64<<20 {
				t.Errorf("%d MiB were allocated on the way", spent>>20)
			}
			var r *Refusal
			switch {
			case c.Status == 200 && err != nil:
				t.Fatalf("refused: %v", err)
			case c.Status == 200:
				var kept bytes.Buffer
				if err := m.JPEG(&kept); err != nil {
					t.Fatal(err)
				}
				for _, foreign := range []string{"GPS", "Exif", "<script", "PK\x03\x04", "ICC_PROFILE"} {
					if bytes.Contains(kept.Bytes(), []byte(foreign)) {
						t.Errorf("what is kept holds %q", foreign)
					}
				}
			case !errors.As(err, &r):
				t.Fatalf("error %v, want a Refusal with %d", err, c.Status)
			case r.Status() != c.Status || r.Chinese() == "" || r.English() == "":
				t.Errorf("status %d (%v), want %d; words %q %q", r.Status(), err, c.Status, r.Chinese(), r.English())
			}
		})
	}
}
