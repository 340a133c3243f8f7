package agent_test

import (
	"strings"
	"testing"
	"time"

	"waggle/dialog"
	"waggle/dialog/agent"
	"waggle/llm"
	"waggle/llm/llmtest"
)

// However the endpoint fails, somebody answers, and nothing is tried twice.
func TestTheOfflineCoreGoesOnWithoutTheModel(t *testing.T) {
	for name, play := range map[string]llmtest.Behaviour{
		"status": llmtest.Status(500), "wrong JSON": llmtest.Raw("text/event-stream", "data: {\n\n"), "half": llmtest.Half(""),
		"huge": llmtest.Huge(), "endless": llmtest.Endless("哈"), "no end": llmtest.Endless(""), "elsewhere": llmtest.Redirect("/"),
	} {
		t.Run(name, func(t *testing.T) {
			s, asked := speaking(t, play)
			if got := s.says(t, "嗯那个我想问问").Text(); got == "" || strings.Contains(got, "系统") {
				t.Errorf("it said %q", got)
			}
			if n := len(asked.Asked()); n != 1 {
				t.Errorf("%d requests: a completion is not retried", n)
			}
		})
	}
}

func TestWhatWasSaidBeforeTheStreamBrokeStands(t *testing.T) {
	s, _ := speaking(t, llmtest.Half("您好呀。我看一"))
	if got := s.says(t, "嗯那个我想问问").Text(); got != "您好呀。" {
		t.Errorf("it said %q", got)
	}
}

func TestASilentModelCostsItsTimeOnly(t *testing.T) {
	d := llmtest.Start(t, llmtest.Hang())
	c, err := llm.New(llm.Options{URL: d.URL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	s := open(t, c, func(o *agent.Options) { o.Limits.Timeout = 20 * time.Millisecond })
	if got := s.says(t, "嗯那个我想问问").Text(); got == "" {
		t.Error("nobody answered")
	}
}

func TestFailuresInARowLeaveTheModelAlone(t *testing.T) {
	s, asked := speaking(t, llmtest.Status(503))
	for _, text := range []string{"嗯那个我想问问", "我还想问问", "那个怎么弄呢", "嗯那个我想问问", "我还想问问", "那个怎么弄呢"} {
		if _, err := s.Next(t.Context(), s.id, dialog.Turn{Text: text}); err != nil {
			t.Fatal(err)
		}
		if err := s.GiveBack(t.Context(), s.id); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(asked.Asked()); n != 3 {
		t.Errorf("%d requests, the breaker opens after 3", n)
	}
	if !strings.Contains(s.log.String(), "circuit breaker") {
		t.Errorf("log: %s", s.log)
	}
}

func TestAToolLoopIsEnded(t *testing.T) {
	s, asked := speaking(t, llmtest.Call("get_policy", "{}"))
	if got := s.says(t, "嗯那个我想问问").Text(); got == "" {
		t.Error("nobody answered")
	}
	if n := len(asked.Asked()); n != 2 {
		t.Errorf("%d requests: the same call twice is a loop", n)
	}
	different := []llmtest.Behaviour{}
	for _, w := range []string{"a", "b", "c", "d", "e", "f"} {
		different = append(different, llmtest.Call("search_products", `{"words":"`+w+`"}`))
	}
	s, asked = speaking(t, different...)
	s.says(t, "嗯那个我想问问")
	if n := len(asked.Asked()); n != 4 {
		t.Errorf("%d requests, 4 steps are allowed", n)
	}
}

func TestBudgetsHold(t *testing.T) {
	d := llmtest.Start(t, llmtest.Say("您好呀。"))
	c, err := llm.New(llm.Options{URL: d.URL})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	for name, change := range map[string]func(*agent.Options){
		"of a conversation": func(o *agent.Options) { o.Limits.ConversationTokens = 150 },
		"of an hour":        func(o *agent.Options) { o.Limits.HourTokens = 150 },
	} {
		before := len(d.Asked())
		s := open(t, c, change) // each answer costs 100
		for range 4 {
			s.says(t, "嗯那个我想问问")
		}
		if n := len(d.Asked()) - before; n != 2 {
			t.Errorf("budget %s: %d requests, 2 fit", name, n)
		}
	}
}
