package agent

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"waggle/dialog/guard"
)

// What a model's sentence is refused for besides what the guard finds.
const (
	tooLong guard.Kind = "length"
	leak    guard.Kind = "prompt"  // it repeats its instructions
	deed    guard.Kind = "deed"    // it claims to have done something
	contact guard.Kind = "contact" // it sends the customer elsewhere
	markup  guard.Kind = "markup"  // it is no sentence
	foreign guard.Kind = "foreign" // it is not Mandarin, which is what the guard reads
)

var (
	// deeds are claims to have acted. The model never acts: what was done is said
	// by code after it was done.
	deeds = regexp.MustCompile(`(?:已经?|我[这就马上会来先]{0,2})(?:帮|为|给|替|向)(?:您|你).{0,8}(?:申请|登记|办理|办好|提交|反馈|安排|备注|升级|催|改|开具|补发|补偿|赔|退|转|发放|加急|处理)|(?:申请|登记|办理|修改|提交|退款|取消|补发)(?:已经?)?(?:好了|成功|完成)`)
	// contacts lead away from the shop.
	contacts = regexp.MustCompile(`(?i)https?:|www\.|\.(?:com|cn|net|top)\b|微信|QQ|扫码|二维码|支付宝账|银行卡号|验证码|密码`)
	marks    = regexp.MustCompile("[{}<>`]|\\bnull\\b|tool_call|function")
)

// unproven lists why a sentence may not be said; none if it may.
func (t *turn) unproven(sentence string) []guard.Kind {
	facts := t.facts()
	claims := t.agent.Guard.Check(sentence, facts, t.sc.Now())
	kinds := guard.Kinds(claims)
	if guard.AboutMoney(claims) {
		t.money = true
	}
	if utf8.RuneCountInString(sentence) > longest {
		kinds = append(kinds, tooLong)
	}
	if leaks(sentence, t.messages[0].Content) {
		kinds = append(kinds, leak)
	}
	if deeds.MatchString(sentence) {
		kinds = append(kinds, deed)
	}
	for _, c := range contacts.FindAllString(sentence, -1) {
		if !slices.ContainsFunc(facts, func(f string) bool { return strings.Contains(f, c) }) {
			kinds = append(kinds, contact)
			break
		}
	}
	if marks.MatchString(sentence) {
		kinds = append(kinds, markup)
	}
	if !mandarin(sentence) {
		kinds = append(kinds, foreign)
	}
	if guard.Injection(sentence) != "" {
		kinds = append(kinds, guard.Order)
	}
	return kinds
}

// mandarin tells whether a sentence has at least as many Chinese characters as
// other letters: sizes and brands may stand in it.
func mandarin(sentence string) bool {
	han, other := 0, 0
	for _, r := range sentence {
		switch {
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.IsLetter(r):
			other++
		}
	}
	return han > 0 && han >= other
}

// leakLength is how many characters in a row of the instructions give them
// away; names and turns of phrase are shorter.
const leakLength = 10

// leaks tells whether a sentence repeats a piece of the instructions.
func leaks(sentence, instructions string) bool {
	s, in := []rune(letters(sentence)), letters(instructions)
	for i := 0; i+leakLength <= len(s); i++ {
		if strings.Contains(in, string(s[i:i+leakLength])) {
			return true
		}
	}
	return false
}

// letters drops everything but letters and digits, so that other punctuation
// hides nothing.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

func (t *turn) facts() []string {
	var out []string
	for _, s := range t.evidence {
		out = append(out, s.Facts...)
	}
	return out
}
