package online

import (
	"waggle/asr"
	"waggle/asr/hotwords"
)

// kindScore is what each token of an expected kind of answer earns: enough to
// tell 四 from 是 when the sound leaves it open, a third of what a phrase of the
// turn earns.
const kindScore = hotwords.DefaultScore / 3

// What callers say to a question of each kind; single characters count
// wherever they stand.
var expected = map[asr.HintKind][]string{
	asr.HintDigits: {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "幺", "两"},
	asr.HintYesNo:  {"是的", "对", "好的", "可以", "要", "不是", "不对", "不用", "不要", "没有"},
}

// raised lists what a turn makes likelier.
func raised(h asr.Hints) []hotwords.Hotword {
	if h.Kind == asr.HintOpen && len(h.Phrases) == 0 {
		return nil
	}
	list := make([]hotwords.Hotword, 0, len(h.Phrases)+len(expected[h.Kind]))
	for _, p := range h.Phrases {
		list = append(list, hotwords.Hotword{Text: p})
	}
	for _, p := range expected[h.Kind] {
		list = append(list, hotwords.Hotword{Text: p, Score: kindScore})
	}
	return list
}
