package voice

import (
	"testing"

	"waggle/asr"
	"waggle/dialog"
)

func TestWhetherMoreIsToComeIsReadOffTheWords(t *testing.T) {
	const (
		unknown, complete   = asr.ProgressUnknown, asr.ProgressComplete
		unfinished, awaited = asr.ProgressUnfinished, asr.ProgressAwaited
	)
	open := dialog.Expect{}
	yes := dialog.Expect{Kind: dialog.ExpectYesNo}
	number := dialog.Expect{Kind: dialog.ExpectDigits}
	four := dialog.Expect{Kind: dialog.ExpectDigits, Digits: []int{4}}
	eleven := dialog.Expect{Kind: dialog.ExpectDigits, Digits: []int{11}}
	for _, c := range []struct {
		text    string
		expect  dialog.Expect
		decoder asr.Progress
		want    asr.Progress
	}{
		{"", open, unknown, unknown},
		{"我的快递到哪了", open, complete, complete},
		{"我的快递到哪了？", open, unknown, unknown},
		{"我的快递", open, unfinished, unfinished},
		{"你好。", open, complete, unfinished},
		{"喂，你好", open, complete, unfinished},
		{"你好，帮我查快递", open, complete, complete},
		{"我的订单号是", open, complete, awaited},
		{"我的手机号是138", open, complete, awaited},
		{"我的手机号是13800000001", open, unknown, complete},
		{"订单号是20260", open, complete, unfinished},
		{"尾号", open, complete, awaited},
		{"我想退货因为", open, complete, unfinished},
		{"我想问一下那个", open, unknown, unfinished},
		{"我要3个", open, complete, complete},
		{"买了12", open, unknown, unknown},
		{"好的", yes, unknown, complete},
		{"对对", yes, unknown, complete},
		{"不用了", yes, unknown, complete},
		{"嗯", yes, unknown, unfinished},
		{"嗯我想想", yes, unknown, unknown},
		{"等一下", four, complete, awaited},
		{"56", four, complete, awaited},
		{"5678", four, unknown, complete},
		{"是5678", four, unknown, complete},
		{"不对，是56", four, unknown, awaited},
		{"不对，是", four, unknown, awaited},
		{"56789", four, unknown, unknown},
		{"我不记得了", four, complete, complete},
		{"1380000", eleven, complete, awaited},
		{"13800000001", eleven, unknown, complete},
		{"138", number, complete, awaited},
		{"13800000001", number, unknown, complete},
		{"202611", number, complete, unfinished},
		{"42", number, complete, unfinished},
		{"42码", number, complete, complete},
		{"一米七五", number, complete, complete},
	} {
		if got := finished(c.text, expect(c.expect), c.decoder); got != c.want {
			t.Errorf("%q expecting %+v, decoder %d: %d, want %d", c.text, c.expect, c.decoder, got, c.want)
		}
	}
	if got := finished("到哪了", nil, complete); got != complete {
		t.Errorf("without an expectation: %d", got)
	}
}
