package spoken

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode"
	"unicode/utf8"
)

// context is what stands around a token.
type context struct{ before, after string }

// rule reads one kind of token. say gets the submatches and may decline.
type rule struct {
	form   *regexp.Regexp
	begins [128]bool // which ASCII characters a match can begin with
	say    func(m []string, c context) (string, bool)
}

// num is a number with optional thousands separators and fraction.
const num = `(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)`

// join is what stands between the ends of a range.
const join = ` ?(?:-|~|至|到) ?`

func on(pattern string, say func([]string, context) (string, bool)) rule {
	return rule{form: regexp.MustCompile(`^(?:` + pattern + `)`), begins: firstBytes(pattern), say: say}
}

// match is FindStringSubmatch, with most misses told from the first byte.
func (r rule) match(rest string) []string {
	if c := rest[0]; c < 0x80 && !r.begins[c] {
		return nil
	}
	return r.form.FindStringSubmatch(rest)
}

// firstBytes follows the compiled pattern to every instruction that can read
// the first character.
func firstBytes(pattern string) (begins [128]bool) {
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		panic(err) // patterns are constants: MustCompile would have said so
	}
	prog, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		panic(err)
	}
	seen := make([]bool, len(prog.Inst))
	var follow func(pc uint32)
	follow = func(pc uint32) {
		if seen[pc] {
			return
		}
		seen[pc] = true
		switch in := &prog.Inst[pc]; in.Op {
		case syntax.InstAlt, syntax.InstAltMatch:
			follow(in.Out)
			follow(in.Arg)
		case syntax.InstCapture, syntax.InstNop, syntax.InstEmptyWidth:
			follow(in.Out)
		case syntax.InstRune, syntax.InstRune1, syntax.InstRuneAny, syntax.InstRuneAnyNotNL:
			for c := range begins {
				begins[c] = begins[c] || in.MatchRune(rune(c))
			}
		}
	}
	follow(uint32(prog.Start))
	return begins
}

// rules are tried in this order; the first that matches and does not decline
// wins. Special forms come before the general numbers they contain.
var rules = concat(addressRules(), dateRules(), timeRules(), codeRules(), signRules(), moneyRules(), quantityRules(), wordRules())

func concat(groups ...[]rule) []rule {
	var all []rule
	for _, g := range groups {
		all = append(all, g...)
	}
	return all
}

// addressRules name what would be noise when spelled out.
func addressRules() []rule {
	const path = `[!-+\--~]*[A-Za-z0-9/=]` // printable ASCII but the comma, not ending in punctuation
	const host = `(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,6}(?:com|cn|net|org|shop|top|io|app|hk)(?:[/?:](?:` + path + `)?)?`
	return []rule{
		on(`[A-Za-z][A-Za-z0-9+]*://`+path, always("链接")),
		on(`[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,120}\.[A-Za-z]{2,10}`, always("邮箱地址")),
		on(`(?:www\.)?`+host, func(_ []string, c context) (string, bool) { return "链接", !beginsAlnum(c.after) }),
	}
}

func always(said string) func([]string, context) (string, bool) {
	return func([]string, context) (string, bool) { return said, true }
}

func endsWithAny(s string, suffixes []string) bool {
	for _, x := range suffixes {
		if strings.HasSuffix(s, x) {
			return true
		}
	}
	return false
}

func beginsDigit(s string) bool { return s != "" && s[0] >= '0' && s[0] <= '9' }

func beginsLetter(s string) bool {
	return s != "" && (s[0]|0x20 >= 'a' && s[0]|0x20 <= 'z')
}

func beginsAlnum(s string) bool { return beginsDigit(s) || beginsLetter(s) }

func endsAlnum(s string) bool {
	return s != "" && (beginsAlnum(s[len(s)-1:]))
}

// lastRune is the last rune that is not a space, or 0.
func lastRune(s string) rune {
	r, n := utf8.DecodeLastRuneInString(strings.TrimRight(s, " "))
	if n == 0 {
		return 0
	}
	return r
}

// firstHanzi is the first rune if it is Chinese, or 0.
func firstHanzi(s string) rune {
	r, _ := utf8.DecodeRuneInString(strings.TrimLeft(s, " "))
	if unicode.Is(unicode.Han, r) {
		return r
	}
	return 0
}
