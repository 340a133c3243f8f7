package flow

import (
	"strings"
	"testing"

	"waggle/dialog"
	"waggle/shop/demo"
	"waggle/vision"
)

func TestAPhotoOfAProductIsAnsweredByHowSureItIs(t *testing.T) {
	s, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	list, err := s.Search(t.Context(), "", 3)
	if err != nil || len(list) < 3 {
		t.Fatalf("%d products, %v", len(list), err)
	}
	engine, err := Open(t.Context(), dialog.Options{Shop: s})
	if err != nil {
		t.Fatal(err)
	}
	product := func(id string, score float32) vision.Finding {
		return vision.Finding{Kind: vision.KindProduct, Label: id, Score: score}
	}
	for name, c := range map[string]struct {
		seen []vision.Finding
		want []string
		not  string
	}{
		"sure":    {[]vision.Finding{product(list[0].ID, 0.97)}, []string{"照片里的像是", list[0].Name}, list[1].Name},
		"a few":   {[]vision.Finding{product(list[0].ID, 0.2), product(list[1].ID, 0.15)}, []string{"可能是", list[0].Name, list[1].Name}, "没有找到"},
		"nothing": {[]vision.Finding{product(vision.LabelUnknown, 0)}, []string{"没有找到"}, list[0].Name},
	} {
		talk := dialog.NewConversations(engine, dialog.NewMemoryLog())
		id, _, err := talk.Start(t.Context(), dialog.Opening{Channel: dialog.ChannelText})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := talk.Next(t.Context(), id, dialog.Turn{Text: "我发张图，你们有没有这个", Channel: dialog.ChannelText}); err != nil {
			t.Fatal(err)
		}
		r, err := talk.Next(t.Context(), id, dialog.Turn{Channel: dialog.ChannelText, Photo: c.seen, PhotoID: "PHOTO"})
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range c.want {
			if !strings.Contains(r.Text(), w) {
				t.Errorf("%s: %q lacks %q", name, r.Text(), w)
			}
		}
		if strings.Contains(r.Text(), c.not) {
			t.Errorf("%s: %q says %q", name, r.Text(), c.not)
		}
	}
}
