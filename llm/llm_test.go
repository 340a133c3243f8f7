package llm_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"waggle/dialog/agent"
	"waggle/llm"
	"waggle/llm/llmtest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func client(t *testing.T, s *llmtest.Server) *llm.Client {
	t.Helper()
	c, err := llm.New(llm.Options{URL: s.URL + "/v1", Model: "double", Key: "s3cret"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func ask(ctx context.Context, c *llm.Client) (agent.Answer, string, error) {
	var said strings.Builder
	a, err := c.Complete(ctx, agent.Request{Messages: []agent.Message{{Role: agent.User, Content: "在吗"}},
		Functions: []agent.Function{{Name: "get_policy", Parameters: map[string]any{"type": "object"}}}},
		func(s string) error { said.WriteString(s); return nil })
	return a, said.String(), err
}

func TestAnAnswerIsStreamedAndCounted(t *testing.T) {
	s := llmtest.Start(t, llmtest.Say("您好，我在的。"))
	a, said, err := ask(t.Context(), client(t, s))
	if err != nil || a.Text != "您好，我在的。" || said != a.Text || a.Tokens != 100 {
		t.Errorf("%+v, streamed %q, %v", a, said, err)
	}
	asked := s.Asked()[0]
	if asked.Header.Get("Authorization") != "Bearer s3cret" || strings.Contains(asked.Raw, "s3cret") {
		t.Error("the key belongs in the header and nowhere else")
	}
	if !strings.Contains(asked.Raw, `"parallel_tool_calls":false`) || !strings.Contains(asked.Raw, `"stream":true`) {
		t.Errorf("asked %s", asked.Raw)
	}
}

func TestAToolCallComesInPieces(t *testing.T) {
	a, _, err := ask(t.Context(), client(t, llmtest.Start(t, llmtest.Call("get_order", `{"order":"2679864326"}`))))
	if err != nil || len(a.Calls) != 1 || a.Calls[0].Name != "get_order" || string(a.Calls[0].Arguments) != `{"order":"2679864326"}` {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestAnAnswerWithoutAStreamIsFineToo(t *testing.T) {
	a, said, err := ask(t.Context(), client(t, llmtest.Start(t, llmtest.Whole("好的。"))))
	if err != nil || said != "好的。" || a.Tokens != 7 {
		t.Errorf("%+v, %q, %v", a, said, err)
	}
}

func TestThoughtsAreNotSaid(t *testing.T) {
	_, said, err := ask(t.Context(), client(t, llmtest.Start(t, llmtest.Say("<think>顾客<b>在问 </think>您好。<thin"))))
	if err != nil || said != "您好。" {
		t.Errorf("%q, %v", said, err)
	}
}

func TestMisbehaviourIsAVerdict(t *testing.T) {
	elsewhere := llmtest.Start(t, llmtest.Say("偷来的。"))
	for name, x := range map[string]struct {
		play llmtest.Behaviour
		want error
	}{
		"no JSON in the stream": {llmtest.Raw("text/event-stream", "data: {\n\n"), llm.ErrProtocol},
		"no JSON at all":        {llmtest.Raw("application/json", "oops"), llm.ErrProtocol},
		"a page":                {llmtest.Raw("text/html", "<html>"), llm.ErrProtocol},
		"another shape":         {llmtest.Raw("application/json", `{"choices":"none"}`), llm.ErrProtocol},
		"nothing":               {llmtest.Raw("text/event-stream", "data: [DONE]\n\n"), llm.ErrProtocol},
		"an odd tool call":      {llmtest.Raw("text/event-stream", `data: {"choices":[{"delta":{"tool_calls":[{"index":-1,"function":{}}]}}]}`+"\n\n"), llm.ErrProtocol},
		"a nameless tool call":  {llmtest.Raw("text/event-stream", `data: {"choices":[{"delta":{"tool_calls":[{"index":0,"function":{}}]}}]}`+"\n\ndata: [DONE]\n\n"), llm.ErrProtocol},
		"an error in the answer": {llmtest.Raw("text/event-stream", `data: {"error":{"message":"no"}}`+"\n\n"),
			llm.ErrStatus},
		"half a stream":    {llmtest.Half("您的"), llm.ErrCut},
		"an open end":      {llmtest.Raw("text/event-stream", `data: {"choices":[{"delta":{"content":"好"}}]}`+"\n\n"), llm.ErrCut},
		"a server fault":   {llmtest.Status(500), llm.ErrStatus},
		"too many":         {llmtest.Status(429), llm.ErrStatus},
		"a redirect":       {llmtest.Redirect(elsewhere.URL), llm.ErrStatus},
		"a huge line":      {llmtest.Huge(), llm.ErrTooLarge},
		"a text for ever":  {llmtest.Endless("很好"), llm.ErrTooLarge},
		"nothing for ever": {llmtest.Endless(""), llm.ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := ask(t.Context(), client(t, llmtest.Start(t, x.play)))
			if !errors.Is(err, x.want) || !errors.Is(err, agent.ErrModel) {
				t.Errorf("error %v, want %v", err, x.want)
			}
			if err != nil && strings.Contains(err.Error(), "127.0.0.1") {
				t.Errorf("the error names the address: %v", err)
			}
		})
	}
	if len(elsewhere.Asked()) > 0 {
		t.Error("a redirect was followed")
	}
}

func TestASilentEndpointCostsTheDeadlineOnly(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
	defer cancel()
	_, _, err := ask(ctx, client(t, llmtest.Start(t, llmtest.Hang())))
	if !errors.Is(err, agent.ErrModel) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
}

func TestWhoListensMayStopTheStream(t *testing.T) {
	enough := errors.New("enough")
	c := client(t, llmtest.Start(t, llmtest.Endless("很好。")))
	_, err := c.Complete(t.Context(), agent.Request{}, func(string) error { return enough })
	if !errors.Is(err, enough) {
		t.Errorf("error %v", err)
	}
}

func TestOddAddressesAreRefused(t *testing.T) {
	for _, address := range []string{"", "example.com", "ftp://example.com", "http://user:pass@example.com", "file:///etc/passwd", "http://a/?b=c"} {
		if _, err := llm.New(llm.Options{URL: address}); !errors.Is(err, llm.ErrAddress) {
			t.Errorf("%q: %v", address, err)
		}
	}
}
