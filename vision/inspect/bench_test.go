package inspect

import (
	"bytes"
	"context"
	"testing"

	"waggle/vision"
)

// BenchmarkVerdict is one photo on its way from bytes to a report, with the
// built-in network, alone and beside one reference.
func BenchmarkVerdict(b *testing.B) {
	in, err := Open(Options{Parallel: 1})
	if err != nil {
		b.Fatal(err)
	}
	defer in.Close()
	var file bytes.Buffer
	if err := box(hole).JPEG(&file); err != nil {
		b.Fatal(err)
	}
	for name, listing := range map[string][]vision.Image{"alone": nil, "reference": {box()}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				photo, err := in.Intake().Decode(context.Background(), bytes.NewReader(file.Bytes()))
				if err != nil {
					b.Fatal(err)
				}
				if _, err := in.Inspect(context.Background(), photo, listing); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
