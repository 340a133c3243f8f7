package tool

import (
	"regexp"
	"slices"
	"strings"
	"sync"
)

// denial goes before what somebody does not want done: 别取消, 先不要给我退. An
// alternative (要不退了吧) and a question (能不能退, 好不好退) are none.
const denial = `(?:先?(?:不要|不用|不想|不必|不需要)|先不|别|莫要|莫|甭|不)(?:再|要|想|用)?(?:给我|帮我|把它)?`

// noDenial are what ends in 不 and denies nothing.
var noDenial = regexp.MustCompile(`要不|能不|可不|好不|是不|行不|对不|会不|该不`)

// verbs are the words for a deed that may be denied: without those that are
// denials themselves (不要了), and without the vague ones.
func (t Tool) verbs() []string {
	return slices.DeleteFunc(t.Words(), func(w string) bool {
		return negation.MatchString(w) || slices.Contains([]string{"申请", "发", "送", "出", "写", "说", "记", "查", "找", "报", "改", "换新", "要券", "发货", "派送", "送快点", "发快点", "赶"}, w)
	})
}

// denials finds, for each tool by name, its deed behind a denial.
var denials = sync.OnceValue(func() map[string]*regexp.Regexp {
	out := make(map[string]*regexp.Regexp)
	for _, t := range Standard() {
		words := longest(t.verbs())
		if len(words) == 0 {
			continue
		}
		for i, w := range words {
			words[i] = regexp.QuoteMeta(w)
		}
		out[t.Name] = regexp.MustCompile(denial + `(?:` + strings.Join(words, "|") + `)[了吧啊哈呀嘛]*`)
	}
	return out
})

// Denied tells whether a text says that the deed is not wanted: it is named, and
// nowhere without a denial before it. rest is what else the text says.
func (t Tool) Denied(text string) (rest string, denied bool) {
	re := denials()[t.Name]
	if re == nil {
		return text, false
	}
	masked := noDenial.ReplaceAllStringFunc(text, func(s string) string { return strings.Replace(s, "不", "※", 1) })
	rest = re.ReplaceAllString(masked, "")
	if rest == masked {
		return text, false
	}
	if slices.ContainsFunc(t.verbs(), func(w string) bool { return strings.Contains(rest, w) }) {
		return text, false
	}
	return strings.ReplaceAll(rest, "※", "不"), true
}
