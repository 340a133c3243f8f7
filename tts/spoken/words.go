package spoken

import (
	_ "embed"
	"regexp"
	"strings"
	"sync"
)

//go:embed english.tsv
var englishTSV string

// englishWords maps a lower-case word or brand to characters that sound like
// it in a Mandarin mouth.
var englishWords = sync.OnceValue(func() map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(englishTSV) {
		word, said, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if ok && word != "word" {
			out[word] = said
		}
	}
	return out
})

// letterNames are how Mandarin speakers say the letters, in characters.
var letterNames = [26]string{
	"诶", "必", "西", "弟", "亿", "艾福", "记", "艾吃", "爱", "杰", "开", "艾楼", "艾姆",
	"恩", "欧", "批", "克优", "阿尔", "艾斯", "替", "优", "威", "达不溜", "艾克斯", "外", "贼",
}

func wordRules() []rule {
	return []rule{
		on(`[A-Za-z]+(?:['&-][A-Za-z]+)*`, func(m []string, _ context) (string, bool) {
			return " " + sayPhrase(m[0]) + " ", true
		}),
	}
}

// sayPhrase looks a hyphenated word up as a whole, then part by part.
func sayPhrase(w string) string {
	if said, ok := englishWords()[strings.ToLower(w)]; ok {
		return said
	}
	parts := strings.FieldsFunc(w, func(r rune) bool { return r == '-' || r == '\'' || r == '&' })
	for i, p := range parts {
		parts[i] = sayWord(p)
	}
	return strings.Join(parts, " ")
}

var sizeForm = regexp.MustCompile(`^X{2,5}[LS]$`)

// sayWord reads one run of letters: a known word, a clothing size, what looks
// like a word, else its letters.
func sayWord(w string) string {
	if said, ok := englishWords()[strings.ToLower(w)]; ok {
		return said
	}
	if sizeForm.MatchString(w) {
		return counted(string(rune('0'+len(w)-1)), "个") + "个" + spell("X") + " " + spell(w[len(w)-1:])
	}
	if readable(w) {
		return transliterate(w)
	}
	return spell(w)
}

// spell names the letters one by one.
func spell(letters string) string {
	var names []string
	for _, r := range strings.ToUpper(letters) {
		if r >= 'A' && r <= 'Z' {
			names = append(names, letterNames[r-'A'])
		}
	}
	return strings.Join(names, " ")
}
