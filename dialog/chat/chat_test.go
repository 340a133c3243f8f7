package chat

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"waggle/dialog"
	"waggle/dialog/flow"
	"waggle/shop/demo"
	"waggle/vision"
)

// eyes see a crack on every photo but one.
type eyes struct{}

func (eyes) InspectFile(_ context.Context, path string) ([]vision.Finding, error) {
	if path == "missing.jpg" {
		return nil, errors.New("no such photo")
	}
	return []vision.Finding{{Kind: vision.KindDamage, Label: "crack", Score: 0.95, Note: "照片上好像有一处裂纹。"}}, nil
}

func talk(t *testing.T, asJSON bool, lines ...string) string {
	t.Helper()
	shop, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := flow.Open(t.Context(), dialog.Options{Shop: shop})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	terminal := Terminal{
		Conversations: dialog.NewConversations(engine, dialog.NewMemoryLog()),
		In:            strings.NewReader(strings.Join(lines, "\n")), Out: &out, JSON: asJSON, Inspector: eyes{},
	}
	if err := terminal.Run(t.Context(), dialog.Opening{Channel: dialog.ChannelText, User: "c03"}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// A photo joins the conversation that is going on; a bad path is told and
// does not end it.
func TestPhotoJoinsTheConversation(t *testing.T) {
	out := talk(t, false, "我的花瓶裂了", "!photo missing.jpg", "!photo vase.jpg", "退款", "确认", "再见", "never read")
	for _, want := range []string{"AI客服", "照片", "! no such photo", "一处裂纹", "128元", "退款申请好了", "再见"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing in:\n%s", want, out)
		}
	}
}

// With JSON there is one object per reply and nothing else.
func TestJSON(t *testing.T) {
	out := bufio.NewScanner(strings.NewReader(talk(t, true, "你好", "", "满多少包邮")))
	var got []reply
	for out.Scan() {
		var r reply
		if err := json.Unmarshal(out.Bytes(), &r); err != nil {
			t.Fatalf("%s: %v", out.Text(), err)
		}
		got = append(got, r)
	}
	if len(got) != 3 || !strings.Contains(got[2].Text, "满49元包邮") || got[2].Conversation == "" || len(got[2].Sentences[0].Sources) == 0 {
		t.Errorf("%+v", got)
	}
}

func TestLongLineIsRefused(t *testing.T) {
	shop, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := flow.Open(t.Context(), dialog.Options{Shop: shop})
	if err != nil {
		t.Fatal(err)
	}
	terminal := Terminal{
		Conversations: dialog.NewConversations(engine, dialog.NewMemoryLog()),
		In:            strings.NewReader(strings.Repeat("长", longestLine)), Out: &strings.Builder{},
	}
	if err := terminal.Run(t.Context(), dialog.Opening{}); err == nil || !strings.Contains(err.Error(), "bytes at most") {
		t.Errorf("got %v", err)
	}
}
