package sop

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Agreement to a read-back. nlu decides short answers by list; people also say
// a word more: 对，取消。好，就两条。催吧。 Such an answer is a yes when it begins
// like one, or is the very verb of the question, and what follows takes
// nothing back, asks nothing and adds nothing that was not read back.

var (
	// agrees begins an answer that means yes.
	agrees = regexp.MustCompile(`^(?:那就|那|哦|噢|啊|嗯|恩|呃|哎)*(?:对对对|对对|对的|对头|对啊|对呀|对|是的|是啊|是|没错|好的|好嘛|好吧|好呀|好|行嘛|行吧|行的|行|可以的|可以|要得|确认|确定|同意|没问题|嗯嗯|嗯|恩|中|成|ok|这下对了|这回对了|这次对了)`)
	// hesitates is what no yes may hold.
	hesitates = regexp.MustCompile(`不|别|没|勿|莫|算了|等等|等下|等一下|慢点|但|可是|不过|只是|还是|先|再想|想想|考虑|如果|要是|吗|么|呢|？|\?|几|多少|怎么|为什么|问|对了|错|是好|好是`)
	// courtesies may follow a yes and change nothing.
	courtesies = regexp.MustCompile(`谢谢你?|多谢|麻烦你?了|辛苦了?|拜托了?|就这样吧?|就这么办吧?|办吧?|按这个来|申请吧?|弄吧?|你弄|搞快点|快点|快一点|尽快|给我个说法|你们|处理一?下?|[吧嘛啊呀哦哈呢了的嗯就给我帮都那请，。！、 ]`)
	// verbs are the deeds that a question may be about.
	verbs = regexp.MustCompile(`取消|撤销|撤回|撤|退货|退款|退差价|退|换新|换货|换|催|领取|领|登记|改|申请|补|开票|开|留言`)
)

// agreed tells whether the answer agrees to the question, both normalised.
func agreedTo(answer, question string) bool {
	answer = strings.ToLower(strings.Trim(answer, "，。！ "))
	if answer == "" || utf8.RuneCountInString(answer) > longestYes {
		return false
	}
	rest := answer
	lead := agrees.FindString(answer)
	switch {
	case lead != "":
		rest = answer[len(lead):]
		if strings.HasPrefix(rest, "了，") || rest == "了" { // 对了 leads to something else
			return false
		}
	case bareVerb(answer, question):
		return true
	default:
		return false
	}
	if strings.Contains(question, "取消") || strings.Contains(question, "退") {
		rest = strings.ReplaceAll(rest, "不要了", "")
	}
	rest = courtesies.ReplaceAllString(rest, "")
	if hesitates.MatchString(rest) {
		return false
	}
	return within(rest, question)
}

// longestYes is how long a yes may be, in characters.
const longestYes = 14

// bareVerb tells that a stretch of the answer is nothing but the deed of the
// question, and that no other takes it back: 催吧. 那太慢了，还是取消.
func bareVerb(answer, question string) bool {
	found := false
	for _, s := range strings.FieldsFunc(answer, func(r rune) bool { return strings.ContainsRune("，。！ ", r) }) {
		s = strings.TrimPrefix(wavers.ReplaceAllString(s, ""), "还是")
		if hesitates.MatchString(s) {
			return false
		}
		v := verbs.FindString(s)
		if v != "" && !deed(v, question) {
			return false
		}
		found = found || v != "" && courtesies.ReplaceAllString(strings.Replace(s, v, "", 1), "") == ""
	}
	return found
}

// wavers begins a stretch and means nothing.
var wavers = regexp.MustCompile(`^(?:哦|噢|嗯|呃|那个|那|这个|就)+`)

// deed tells whether the question is about the verb: to call off and to take
// back are one.
func deed(verb, question string) bool {
	if strings.Contains(question, verb) {
		return true
	}
	off := []string{"取消", "撤销", "撤回", "撤"}
	return slices.Contains(off, verb) && slices.ContainsFunc(off, func(v string) bool { return strings.Contains(question, v) })
}

// within tells whether every character of the rest was read back: a value that
// was not is a correction, or another wish.
func within(rest, question string) bool {
	rest = verbs.ReplaceAllStringFunc(rest, func(v string) string {
		if deed(v, question) {
			return ""
		}
		return v
	})
	for _, r := range rest {
		if !strings.ContainsRune(question, r) && !strings.ContainsRune("只要全一两二三单个件条只双这", r) {
			return false
		}
	}
	return true
}

// declines begins an answer that turns the read-back down.
var declines = regexp.MustCompile(`^(?:那就|那|呃|哎呀|哎|嗯|唉|还是|哦|，|。)*(?:算了|不用了|不要了|不用|不换了|不退了|不改了|不取消|不办了|不领了|不投诉|不开了|先不|不了|不催了|没事了|先别|别改|别取消|别退)`)
