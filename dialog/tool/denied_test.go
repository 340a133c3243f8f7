package tool

import "testing"

func TestADeedThatIsNotWanted(t *testing.T) {
	for _, c := range []struct {
		tool, text string
		rest       string
		want       bool
	}{
		{"cancel_order", "煎锅不取消哈，煎锅快点发", "煎锅，煎锅快点发", true},
		{"cancel_order", "等会儿，我老婆说要，别撤了", "等会儿，我老婆说要，", true},
		{"cancel_order", "先不要给我取消", "", true},
		{"return_goods", "好，不退了", "好，", true},
		{"exchange_goods", "不换了，直接退货", "，直接退货", true},
		{"return_goods", "不换了，直接退货", "", false},
		{"cancel_order", "要不取消吧", "", false},
		{"cancel_order", "能不能取消", "", false},
		{"return_goods", "不是，我要退货", "", false},
		{"cancel_order", "别的不取消，这个取消", "", false},
		{"return_goods", "为什么不能退", "", false},
		{"cancel_order", "不要了", "", false},
		{"withdraw_refund", "不退了", "", false},
	} {
		does, _ := standardTool(c.tool)
		rest, got := does.Denied(c.text)
		if got != c.want || got && rest != c.rest {
			t.Errorf("%s %q: %q, %v", c.tool, c.text, rest, got)
		}
	}
}
