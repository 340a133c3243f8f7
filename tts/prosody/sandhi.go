package prosody

import (
	"strings"

	"waggle/mandarin"
)

// sandhi gives the tones of all syllables of a breath as they are spoken
// (Chao, A Grammar of Spoken Chinese, 1968, section 1.3): 一 and 不 by what
// follows, and of two third tones the first becomes a second. Third tones are
// changed inside words first, then across them, because words bind tighter:
// 小老虎 keeps its 小 (3-2-3), 展览馆 does not (2-2-3). No change crosses a
// pause.
func sandhi(feet []foot) []int {
	var run []mandarin.Word
	var tones []int
	for _, f := range feet {
		run = append(run, f.words...)
		if f.pause > 0 {
			tones = append(tones, runSandhi(run)...)
			run = run[:0]
		}
	}
	return append(tones, runSandhi(run)...)
}

// runSandhi treats words that are said without a pause.
func runSandhi(words []mandarin.Word) []int {
	var syllables []mandarin.Syllable
	var tones []int
	starts := make([]int, 0, len(words)+1)
	for _, w := range words {
		starts = append(starts, len(syllables))
		syllables = append(syllables, w.Syllables...)
	}
	starts = append(starts, len(syllables))
	for _, s := range syllables {
		tones = append(tones, s.Tone)
	}
	for i := range syllables {
		tones[i] = yiBu(syllables, i)
	}
	for k, w := range words {
		thirds(tones[starts[k]:starts[k+1]])
		if underlyingThird(w.Text) {
			tones[starts[k]] = 2
		}
	}
	thirds(tones)
	return tones
}

// thirds turns every third tone before another third tone into a second.
func thirds(tones []int) {
	for i := 0; i+1 < len(tones); i++ {
		if tones[i] == 3 && tones[i+1] == 3 {
			tones[i] = 2
		}
	}
}

// underlyingThird lists words whose second syllable lost its third tone but
// still lifts the first.
func underlyingThird(word string) bool {
	switch word {
	case "哪里", "小姐", "想想", "等等", "打扫", "本领", "走走", "找找", "讲讲", "洗洗":
		return true
	}
	return false
}

const numerals = "零一二三四五六七八九十幺点第"

// yiBu is the tone of syllable i, with the changes of 一 and 不.
func yiBu(s []mandarin.Syllable, i int) int {
	if s[i].Hanzi != "一" && s[i].Hanzi != "不" || s[i].Tone == mandarin.Neutral {
		return s[i].Tone
	}
	var before, after mandarin.Syllable
	if i > 0 {
		before = s[i-1]
	}
	if i+1 < len(s) {
		after = s[i+1]
	}
	reduplicated := before.Hanzi != "" && before.Hanzi == after.Hanzi // 看一看, 好不好
	switch {
	case reduplicated && !strings.Contains(numerals, before.Hanzi):
		return mandarin.Neutral
	case s[i].Hanzi == "不" && after.Tone == 4:
		return 2
	case s[i].Hanzi == "不":
		return 4
	case isNumber(before.Hanzi, after.Hanzi):
		return 1
	case after.Tone == 4 || after.Hanzi == "个":
		return 2
	case after.Tone == mandarin.Neutral:
		return 2
	}
	return 4
}

// isNumber says that 一 between these characters counts or numbers instead of
// standing before a measure word, where it keeps its first tone.
func isNumber(before, after string) bool {
	switch {
	case after == "" || before == "第" || before == "初" || before == "周" || before == "期":
		return true
	case before != "" && strings.Contains(numerals, before):
		return true
	}
	return strings.Contains(numerals+"月号日楼班栋", after)
}
