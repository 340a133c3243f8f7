package nlu

import "testing"

// BenchmarkTrain is what a start of the gateway pays for understanding.
func BenchmarkTrain(b *testing.B) {
	for b.Loop() {
		if _, err := trainBuiltin(); err != nil {
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
