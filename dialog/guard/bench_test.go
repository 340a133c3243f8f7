package guard

import (
	"fmt"
	"testing"
)

// BenchmarkCheck is a spoken sentence with the facts of an order, against a
// catalogue of a hundred thousand products.
func BenchmarkCheck(b *testing.B) {
	g := Guard{Names: NewNames(func(yield func(string) bool) {
		for i := range 100_000 {
			if !yield(fmt.Sprintf("第%d号青瓷花瓶", i)) {
				return
			}
		}
	})}
	facts := []string{"2679864326", "delivering", "128元", "花瓶", "上海市徐汇区漕溪北路88号3单元502室", "4224375529841", "韵达快递",
		"2026-11-18T15:00:00+08:00", "2026-11-20T18:00:00+08:00", "24小时内"}
	b.ReportAllocs()
	for b.Loop() {
		if got := g.Check("您的花瓶正在派送，韵达快递，预计今天下午6点前送到，一共128元。", facts, now); len(got) > 0 {
			b.Fatal(got)
		}
	}
}

func BenchmarkInjection(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Injection("您的花瓶正在派送，韵达快递，预计今天下午6点前送到，一共128元。")
	}
}
