package flow

import (
	"context"
	"runtime"
	"testing"

	"waggle/dialog"
	"waggle/shop/demo"
)

// forgetful is a log that keeps nothing, so that only what a conversation
// itself holds is counted.
type forgetful struct{}

func (forgetful) Append(context.Context, dialog.Entry) error           { return nil }
func (forgetful) Read(context.Context, string) ([]dialog.Entry, error) { return nil, nil }

// BenchmarkIdleConversation reports what a conversation holds in memory while
// nobody speaks, after a cancellation was asked for and not yet agreed to.
func BenchmarkIdleConversation(b *testing.B) {
	s, err := demo.Open(demo.Options{})
	if err != nil {
		b.Fatal(err)
	}
	engine, err := Open(b.Context(), dialog.Options{Shop: s})
	if err != nil {
		b.Fatal(err)
	}
	const n = 200 // fewer than are kept in memory
	for b.Loop() {
		talk := dialog.NewConversations(engine, forgetful{})
		before := heap()
		for range n {
			id, _, err := talk.Start(b.Context(), dialog.Opening{User: "c05"})
			if err != nil {
				b.Fatal(err)
			}
			for _, said := range []string{"我的订单怎么样了", "双肩包多少钱", "取消双肩包的订单"} {
				if _, err := talk.Next(b.Context(), id, dialog.Turn{Text: said}); err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(heap()-before)/n, "B/conversation")
		runtime.KeepAlive(talk)
	}
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
