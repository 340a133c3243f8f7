package nlu

import (
	"bytes"
	"testing"

	"waggle/models"
)

// BenchmarkOpen is what a start of the gateway pays for understanding.
func BenchmarkOpen(b *testing.B) {
	raw, _, err := models.Builtin().Open(linearModel)
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := readClassifier(bytes.NewReader(raw)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkUnderstand(b *testing.B) {
	u := open(b)
	for b.Loop() {
		u.Understand("你好我想问一下我那个花瓶走到哪座城市了，另外能不能开发票")
	}
}
