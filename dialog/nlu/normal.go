package nlu

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Normalise brings text into one form: half-width letters and digits in lower
// case, simplified characters, Chinese punctuation, common mishearings and
// misspellings put right, numbers that were spelled out as digits.
func Normalise(text string) string {
	text = strings.ToLower(width.Fold.String(strings.TrimSpace(text)))
	text = strings.Map(oneForm, text)
	text = strings.Join(strings.FieldsFunc(text, unicode.IsControl), " ")
	text = mended.Replace(squeeze(paused(text)))
	return spokenDigits(text)
}

// oneForm maps a character to its common form, or drops it.
func oneForm(r rune) rune {
	switch r {
	case ',':
		return '，'
	case '?':
		return '？'
	case '!':
		return '！'
	case ';':
		return '；'
	case unicode.ReplacementChar, '\u200b', '\ufeff':
		return -1
	}
	if s, ok := simplified[r]; ok {
		return s
	}
	if unicode.Is(unicode.So, r) || unicode.Is(unicode.Sk, r) { // pictures and signs
		return -1
	}
	return r
}

// paused writes a blank between two stretches of Chinese as the pause that it
// is to who types without commas. A recogniser that sets a blank after each word
// or character pauses nowhere.
func paused(text string) string {
	parts := strings.Fields(text)
	long := 0
	for _, p := range parts {
		long += utf8.RuneCountInString(p)
	}
	if len(parts) < 2 || long < pausedFrom*len(parts) {
		return text
	}
	var b strings.Builder
	for i, p := range parts {
		if i > 0 {
			last, _ := utf8.DecodeLastRuneInString(parts[i-1])
			next, _ := utf8.DecodeRuneInString(p)
			if unicode.Is(unicode.Han, last) && unicode.Is(unicode.Han, next) && !numeric(last) && !numeric(next) {
				b.WriteRune('，')
			} else {
				b.WriteByte(' ')
			}
		}
		b.WriteString(p)
	}
	return b.String()
}

// pausedFrom is how many characters a stretch between blanks has on the average
// where blanks are pauses.
const pausedFrom = 3

func numeric(r rune) bool {
	_, ok := digitOf(r)
	return ok || strings.ContainsRune("十百千万点", r)
}

// squeeze removes blanks between Chinese characters and shortens what is
// repeated more than twice: 在吗在吗, 哈哈哈哈, ！！！！.
func squeeze(text string) string {
	in := []rune(text)
	out := in[:0:0]
	for i, r := range in {
		if r == ' ' && (i == 0 || i+1 == len(in) || unicode.Is(unicode.Han, in[i-1]) || unicode.Is(unicode.Han, in[i+1])) {
			continue
		}
		n := len(out)
		if n >= 2 && out[n-1] == r && out[n-2] == r && !unicode.IsDigit(r) && !strings.ContainsRune(hanDigits, r) {
			continue
		}
		out = append(out, r)
	}
	return string(out)
}

// mended puts right what people mistype and recognisers mishear, where the
// wrong form means nothing else in a shop.
var mended = strings.NewReplacer(
	"快弟", "快递", "快地", "快递", "块递", "快递", "筷递", "快递", "快第", "快递", "kuaidi", "快递",
	"退或", "退货", "腿货", "退货", "褪货", "退货", "tuihuo", "退货", "退kuan", "退款", "腿款", "退款", "tuikuan", "退款",
	"定单", "订单", "钉单", "订单", "dingdan", "订单", "发漂", "发票", "fapiao", "发票", "法票", "发票",
	"地止", "地址", "地趾", "地址", "dizhi", "地址", "物留", "物流", "wuliu", "物流",
	"转人功", "转人工", "专人工", "转人工", "转人公", "转人工", "客福", "客服", "kefu", "客服",
	"优会", "优惠", "有惠", "优惠", "尺马", "尺码", "吃码", "尺码", "色查", "色差", "瑟差", "色差",
	"破顺", "破损", "坡损", "破损", "花平", "花瓶", "华瓶", "花瓶",
	"肿么", "怎么", "神马", "什么", "介个", "这个", "木有", "没有", "侬好", "你好", "咋", "怎么", "啥", "什么", "木得", "没有",
	"亲亲", "", "亲，", "", "亲爱的", "",
)

const hanDigits = "零〇一二三四五六七八九幺两"

// spokenRun is the least number of digit words in a row that make a number;
// shorter runs are words like 一二.
const spokenRun = 3

// joinedRun is the least number of digits that are one number although blanks
// lie between them: 138 0000 0001.
const joinedRun = 8

// centimetres is how many digits follow 米 in a height.
const centimetres = 2

// spokenDigits writes runs like 一三八零零 as digits, also when digits and
// words are mixed. Numbers with units (三百二十) are left to the entity rules.
func spokenDigits(text string) string {
	in := []rune(text)
	var out []rune
	for i := 0; i < len(in); {
		if in[i] == '米' { // 一米七八七十五公斤: centimetres, then a weight
			end := min(i+1+centimetres, len(in))
			out = append(out, in[i:end]...)
			i = end
			continue
		}
		run := 0
		var digits []rune
		for j := i; j < len(in); j++ {
			d, ok := digitOf(in[j])
			if !ok {
				if in[j] == ' ' || in[j] == '-' && run > 0 {
					continue
				}
				break
			}
			digits = append(digits, d)
			run = j - i + 1
		}
		if len(digits) < joinedRun && strings.ContainsRune(string(in[i:i+run]), ' ') { // 165 110: two numbers
			digits, run = nil, 0
		}
		if len(digits) >= spokenRun {
			out = append(out, digits...)
			i += run
			continue
		}
		out = append(out, in[i])
		i++
	}
	return string(out)
}

func digitOf(r rune) (rune, bool) {
	if r >= '0' && r <= '9' {
		return r, true
	}
	switch r {
	case '零', '〇':
		return '0', true
	case '幺':
		return '1', true
	case '两':
		return '2', true
	}
	for i, h := range []rune("一二三四五六七八九") {
		if r == h {
			return rune('1' + i), true
		}
	}
	return 0, false
}
