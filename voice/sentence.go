package voice

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"waggle/asr"
	"waggle/dialog"
)

// expectation is what the dialog has just asked for.
type expectation struct {
	hints  asr.Hints
	digits []int // lengths that a number may have, nil if any
}

func expect(e dialog.Expect) *expectation {
	return &expectation{hints: asr.Hints{Kind: asr.HintKind(e.Kind), Phrases: e.Phrases, Lengths: e.Digits}, digits: e.Digits}
}

// Whole turns that only open a sentence; ends of sentences that owe a number
// or an address; and ends that owe anything at all.
var (
	openings = strings.Fields("喂 喂喂 你好 您好 喂你好 喂您好 你好喂 你好啊 您好啊 请问 你好请问 您好请问 请问一下 我想问 我想问一下 我问一下 嗯 呃 那个 嗯那个 就是 那个就是")
	announce = strings.Fields("号是 号码是 手机是 电话是 尾号 尾号是 四位是 税号是 地址是 名字是 我叫 我姓 改成 换成 改到 等一下 等一等 我看一下 我看看 我找一下 我找找 我查一下 稍等 不对是 不是是")
	dangling = strings.Fields("那个 这个 就是 因为 所以 但是 可是 不过 还有 然后 如果 要是 或者 以及 和 跟 把 给我 我想 我要 我就想 帮我 麻烦 能不能 可不可以 想问 想问一下 请问 我的 你们的 的话 手机号 订单号 单号 号码 问的是 说的是 意思是")
	mobile   = regexp.MustCompile(`^1[3-9]`)
)

// finished judges from the words in a pause whether more is to come. p is what
// the decoder thinks of them as a sentence.
func finished(text string, e *expectation, p asr.Progress) asr.Progress {
	text = strings.Map(wordsOnly, text)
	switch {
	case text == "":
		return p
	case ends(text, announce):
		return asr.ProgressAwaited
	case e != nil && e.hints.Kind == asr.HintYesNo && decided(text):
		return asr.ProgressComplete
	case slices.Contains(openings, text), ends(text, dangling):
		return asr.ProgressUnfinished
	}
	number := text[len(strings.TrimRight(text, "0123456789")):]
	if e != nil && e.hints.Kind == asr.HintDigits && number != "" {
		return e.owed(number)
	}
	if p == asr.ProgressComplete && len(number) >= longNumber {
		p = asr.ProgressUnknown
	}
	return anyNumber(number, p)
}

func wordsOnly(r rune) rune {
	if unicode.IsPunct(r) || unicode.IsSpace(r) {
		return -1
	}
	return r
}

func ends(text string, suffixes []string) bool {
	return slices.ContainsFunc(suffixes, func(s string) bool { return strings.HasSuffix(text, s) })
}

// decided reports whether the words are a bare yes or no.
func decided(text string) bool {
	if hums(text) {
		return false
	}
	no := strings.Map(dropParticle, text)
	return nods(text) || slices.Contains(strings.Fields("不 不是 不对 不要 不用 不行 没 没有 不可以 不需要"), no)
}

// owed judges a number that was asked for. The last group of a number of
// unknown length may always be followed by another one.
func (e *expectation) owed(number string) asr.Progress {
	switch {
	case slices.Contains(e.digits, len(number)):
		return asr.ProgressComplete
	case len(e.digits) > 0 && len(number) < slices.Max(e.digits):
		return asr.ProgressAwaited
	case len(e.digits) > 0:
		return asr.ProgressUnknown
	}
	return anyNumber(number, asr.ProgressUnfinished)
}

// mobileLength and longNumber are in digits: the length of a mobile number in
// the mainland, and from when on digits are an order and not a quantity.
const (
	mobileLength = 11
	longNumber   = 5
)

// anyNumber judges trailing digits that nobody has asked for.
func anyNumber(number string, otherwise asr.Progress) asr.Progress {
	if len(number) < 3 || !mobile.MatchString(number) {
		if len(number) >= longNumber {
			return asr.ProgressUnfinished
		}
		return otherwise
	}
	switch {
	case len(number) < mobileLength:
		return asr.ProgressAwaited
	case len(number) == mobileLength:
		return asr.ProgressComplete
	}
	return asr.ProgressUnfinished // no mobile number, so an order of unknown length
}
