package tool

import (
	"errors"
	"testing"

	"waggle/dialog/nlu"
)

func TestOwnWordsForYesAndNo(t *testing.T) {
	v := Vocabulary{Yes: []string{"巴适", "盘他"}, No: []string{"算球", "爬哦"}}
	if err := v.Check(); err != nil {
		t.Fatal(err)
	}
	cancel, _ := standardTool("cancel_order")
	const question = "取消毛衣的订单，金额199元，确认吗？"
	for answer, want := range map[string]bool{
		"巴适": true, "盘他盘他": true, "盘他，取消": true, "巴适，谢谢": true,
		"巴适，退货": false, "盘他，但是先等等": false, "巴适得很贵": false, "好，算球": false, "算球了": false, "不巴适": false, "盘他不": false,
	} {
		h := nlu.Understanding{Text: answer, Clauses: []nlu.Clause{{Text: answer, Intent: nlu.Other, Score: 0.9, Second: nlu.Chat}}}
		if got := cancel.Agreed(v, h, question); got != want {
			t.Errorf("%q: %v", answer, got)
		}
		if cancel.Agreed(Vocabulary{}, h, question) {
			t.Errorf("%q agrees without the merchant's words", answer)
		}
	}
	for answer, want := range map[string]bool{"算球": true, "算球了": true, "那个，爬哦": true, "巴适": false, "打算球鞋退了": false} {
		if got := v.Declines(answer); got != want {
			t.Errorf("declines %q: %v", answer, got)
		}
	}
}

// A word that turns something down, names a deed, is both, or may be part of
// anything, is no word for yes; one that agrees is none for no.
func TestWordsThatCannotBeMeant(t *testing.T) {
	for _, w := range []string{"不错", "莫得事", "算了", "先不要", "等一下", "No", "取消", "好退款", "妥", "1号", "好，的", "", "要是可以", "真麻烦的", "天地玄黄宇宙洪荒日"} {
		if err := (Vocabulary{Yes: []string{w}}).Check(); !errors.Is(err, ErrVocabulary) {
			t.Errorf("%q for yes: %v", w, err)
		}
	}
	for _, w := range []string{"好的", "可以", "嗯", "谢谢", "巴适!", ""} {
		if err := (Vocabulary{No: []string{w}}).Check(); !errors.Is(err, ErrVocabulary) {
			t.Errorf("%q for no: %v", w, err)
		}
	}
	if err := (Vocabulary{Yes: []string{"巴适"}, No: []string{"巴适"}}).Check(); !errors.Is(err, ErrVocabulary) {
		t.Errorf("a word for both: %v", err)
	}
}

// What is asked without a deed of a tool behind it is agreed to in the same way.
func TestAgreementToAQuestionOfACall(t *testing.T) {
	const question = "需要为您保留吗？"
	for answer, want := range map[string]bool{
		"要的": true, "保留吧": true, "好，留着": true, "行，帮我留着": true,
		"不用留": false, "留着干嘛": false, "再说吧": false, "好，取消吧": false, "可以，但是便宜点": false,
	} {
		h := nlu.Understanding{Text: answer, Clauses: []nlu.Clause{{Text: answer, Intent: nlu.Yes, Score: 0.95, Second: nlu.Chat}}}
		if got := (Vocabulary{}).Agrees(h, question, "保留", "留着", "留", "需要"); got != want {
			t.Errorf("%q: %v", answer, got)
		}
	}
}

// Words for yes that are none, also where nlu has them in its list.
func TestAYesThatIsNone(t *testing.T) {
	cancel, _ := standardTool("cancel_order")
	const question = "取消双肩包的订单，金额189元，确认吗？"
	for answer, want := range map[string]bool{
		"你确认一下": false, "帮我确认下": false, "麻烦确认一下订单": false, "再确认一遍": false, "请核对一下": false, "先确认": false,
		"得了吧": false, "得了": false, "是这样啊": false, "是这样的": false, "哦，是这样": false, "可以啊你": false, "你行你上": false, "行啊你": false,
		"确认": true, "我确认": true, "确认取消": true, "确定": true, "得": true, "得嘞": true, "就是这样": true, "可以": true, "好，麻烦你了": true,
		"好的谢谢您": true, "听你的": true, "办": true, "搞起": true, "取消吧，算我倒霉": true,
	} {
		h := nlu.Understanding{Text: answer, Clauses: []nlu.Clause{{Text: answer, Intent: nlu.ShortAnswer(answer), Score: 1}}}
		if got := cancel.Agreed(Vocabulary{}, h, question); got != want {
			t.Errorf("%q: %v", answer, got)
		}
	}
}
