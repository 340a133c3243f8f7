package flow

import (
	"strings"
	"testing"

	"waggle/dialog"
	"waggle/shop/demo"
)

func TestPresaleTermsOfAProduct(t *testing.T) {
	shop, err := demo.Open(demo.Options{})
	if err != nil {
		t.Fatal(err)
	}
	engine, err := Open(t.Context(), dialog.Options{Shop: shop})
	if err != nil {
		t.Fatal(err)
	}
	talk := dialog.NewConversations(engine, dialog.NewMemoryLog())
	for _, c := range []struct{ said, want string }{
		{"年货礼盒定金多少", "定金20元，尾款158元"},
		{"新年礼盒要先交多少定金啊", "定金20元，尾款158元"},
		{"台灯定金多少", "不是预售商品"},
	} {
		id, _, err := talk.Start(t.Context(), dialog.Opening{Channel: dialog.ChannelText})
		if err != nil {
			t.Fatal(err)
		}
		r, err := talk.Next(t.Context(), id, dialog.Turn{Text: c.said})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(r.Text(), c.want) {
			t.Errorf("%s: %s", c.said, r.Text())
		}
	}
}
