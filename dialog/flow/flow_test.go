package flow

import (
	"context"
	"strings"
	"testing"

	"waggle/dialog"
	"waggle/shop/demo"
)

// A caller whose number is known hears at once where the parcel is, from the
// record and nothing else.
func TestParcelOfKnownCaller(t *testing.T) {
	shop, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := Open(t.Context(), dialog.Options{Shop: shop, Recording: true})
	if err != nil {
		t.Fatal(err)
	}
	talk := dialog.NewConversations(engine, dialog.NewMemoryLog())
	id, greeting, err := talk.Start(t.Context(), dialog.Opening{Channel: dialog.ChannelPhone, From: "sip:13800000001@127.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	if g := greeting.Text(); !strings.Contains(g, "AI") || !strings.Contains(g, "录音") {
		t.Errorf("greeting %q does not disclose the AI or the recording", g)
	}
	r, err := talk.Next(context.Background(), id, dialog.Turn{Text: "我的快递到哪了", Channel: dialog.ChannelPhone})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(r.Text(), "花瓶") || !strings.Contains(r.Text(), "徐汇区派送") {
		t.Errorf("reply %q", r.Text())
	}
}
