package llm

import (
	"errors"
	"strings"
	"testing"

	"waggle/dialog/agent"
)

// FuzzAnswer: whatever a server sends, it is an answer within the limits or a
// verdict.
func FuzzAnswer(f *testing.F) {
	for _, s := range []string{
		"data: {\"choices\":[{\"delta\":{\"content\":\"好<think>x</think>\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n",
		"data: {\"choices\":[{\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"a\",\"function\":{\"name\":\"b\",\"arguments\":\"{}\"}}]}}]}\n\ndata: [DONE]\n\n",
		"data: {\"error\":1}\n\n", ":", "data:", "{}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, read := range []func(*assembly) error{
			func(a *assembly) error { return a.stream(strings.NewReader(s)) },
			func(a *assembly) error { return a.whole(strings.NewReader(s)) },
		} {
			a := &assembly{emit: func(string) error { return nil }}
			err := read(a)
			if err != nil && !errors.Is(err, agent.ErrModel) {
				t.Fatalf("%v is no verdict", err)
			}
			got := a.answer()
			if len(got.Text) > maxText || len(got.Calls) > maxCalls || err == nil && got.Text == "" && len(got.Calls) == 0 {
				t.Fatalf("answer %+v, %v", got, err)
			}
		}
	})
}
