package sop

import "testing"

func TestAgreementIsExplicit(t *testing.T) {
	const cancel, hurry, back = "取消毛衣的订单，金额199元，确认吗？", "我帮您的电水壶催仓库尽快发货，可以吗？", "为您的1件无线鼠标申请退货退款，金额75.26元，确认吗？"
	for _, c := range []struct {
		answer, question string
		want             bool
	}{
		{"对，取消", cancel, true}, {"嗯对，取消", cancel, true}, {"对头，不要了", cancel, true}, {"好，就取消", cancel, true},
		{"对，毛衣取消", cancel, true}, {"催嘛", hurry, true}, {"快点催", hurry, true}, {"好，催吧", hurry, true}, {"是，只退鼠标", back, true},
		{"退", back, true}, {"那太慢了，还是取消", cancel, true}, {"哦，那个取消，办吧", cancel, true}, {"嗯，撤了", cancel, true}, {"好，你们快点处理", cancel, true}, {"还是换吧", cancel, false}, {"嗯退吧", "为您的跑步鞋申请换货，换成39码，确认吗？", false}, {"要得，申请", back, true}, {"好，麻烦了", cancel, true}, {"可以，给我个说法", cancel, true}, {"这回对了", cancel, true},
		{"那好嘛", cancel, true}, {"行嘛", cancel, true},
		{"对了", cancel, false}, {"对了，我先问一下", cancel, false}, {"好是好，但是贵", cancel, false}, {"不对", cancel, false},
		{"嗯，我再想想", cancel, false}, {"好，不取消了", cancel, false}, {"对，取消双肩包", cancel, false}, {"好贵啊", cancel, false},
		{"取消了能退多少钱", cancel, false}, {"是不是要运费", back, false}, {"行李箱到哪了", cancel, false}, {"领", cancel, false},
		{"对，退两百块", back, false}, {"算了", cancel, false}, {"", cancel, false}, {"没事了", cancel, false}, {"换成台灯", cancel, false},
	} {
		if got := agreedTo(c.answer, c.question); got != c.want {
			t.Errorf("%q to %q: %v", c.answer, c.question, got)
		}
	}
}
