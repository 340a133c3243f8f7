package flow

import (
	"testing"

	"waggle/dialog"
	"waggle/shop/demo"
)

// Who asks how the robot speaks gets the last answer again, at another pace;
// who asks how the parcel travels does not.
func TestThePaceOfTheVoiceIsAskedForInWords(t *testing.T) {
	shop, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := Open(t.Context(), dialog.Options{Shop: shop})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]dialog.Ask{
		"慢一点": dialog.AskSlower, "说慢点": dialog.AskSlower, "你说得太快了": dialog.AskSlower,
		"说快点": dialog.AskFaster, "你说快一点": dialog.AskFaster, "语速快一点": dialog.AskFaster, "你说得太慢了": dialog.AskFaster,
		"快递太慢了": "", "帮我催一下": "", "能不能快点送": "",
	} {
		talk := dialog.NewConversations(engine, dialog.NewMemoryLog())
		id, _, err := talk.Start(t.Context(), dialog.Opening{Channel: dialog.ChannelPhone, From: "13800000001"})
		if err != nil {
			t.Fatal(err)
		}
		before, err := talk.Next(t.Context(), id, dialog.Turn{Text: "我的快递到哪了", Channel: dialog.ChannelPhone})
		if err != nil {
			t.Fatal(err)
		}
		r, err := talk.Next(t.Context(), id, dialog.Turn{Text: text, Channel: dialog.ChannelPhone})
		if err != nil {
			t.Fatal(err)
		}
		if r.Ask != want {
			t.Errorf("%s: asks %q, want %q (%s)", text, r.Ask, want, r.Text())
		}
		if want != "" && r.Text() != before.Text() {
			t.Errorf("%s: %q, want %q again", text, r.Text(), before.Text())
		}
	}
}
