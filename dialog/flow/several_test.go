package flow

import (
	"strings"
	"testing"
)

// Two questions in one turn have two answers, whatever they are to each other.
func TestTwoQuestionsHaveTwoAnswers(t *testing.T) {
	for _, x := range []struct {
		said string
		want []string
		not  []string
	}{
		{said: "盘子多少钱，可以退吗", want: []string{"盘子现价", "7天内"}, not: []string{"花瓶"}},
		{said: "雨伞有没有货，不喜欢能不能退", want: []string{"雨伞", "有货", "7天内"}},
		{said: "小风扇多少瓦，卖多少钱", want: []string{"小风扇的", "小风扇现价"}},
		{said: "台灯几档亮度，要多少钱", want: []string{"调光", "台灯现价"}},
		{said: "盘子多少钱，帮我把花瓶那单退了", want: []string{"盘子现价", "另一件事"}},
		{said: "马克杯能装多少水", want: []string{"容量"}, not: []string{"，材质"}},
		{said: "卫衣什么价，我一米八一百五十斤", not: []string{"大米"}},
		{said: "可以开票吗，寄到西藏邮费多少", want: []string{"西藏", "抬头"}},
		{said: "会员能打折吗，积分有什么用", want: []string{"积分"}},
	} {
		got := said(t, "13800000001", x.said).Text()
		for _, w := range x.want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %s, without %s", x.said, got, w)
			}
		}
		for _, n := range x.not {
			if strings.Contains(got, n) {
				t.Errorf("%s: %s, with %s", x.said, got, n)
			}
		}
		for _, s := range strings.SplitAfter(got, "。") {
			if len(s) > 3 && strings.Count(got, s) > 1 {
				t.Errorf("%s: %s is said twice", x.said, s)
			}
		}
	}
}
