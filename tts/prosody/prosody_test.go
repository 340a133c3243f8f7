package prosody

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"waggle/mandarin"
	"waggle/tts/spoken"
)

func tonesOf(text string) string {
	var parts []string
	for _, p := range Plan(text) {
		for _, s := range p.Syllables {
			parts = append(parts, fmt.Sprint(s.Tone))
		}
	}
	return strings.Join(parts, "")
}

func TestTonesChangeNextToEachOther(t *testing.T) {
	cases := []struct{ text, want string }{
		{"你好", "23"},
		{"您好", "23"},
		{"我很好", "223"},
		{"小老虎", "323"},
		{"展览馆", "223"},
		{"可以", "23"},
		{"一下", "24"},
		{"一个", "25"},
		{"一天", "41"},
		{"一年", "42"},
		{"一起", "43"},
		{"一百", "43"},
		{"十一个", "215"},
		{"第一天", "411"},
		{"一月一号", "1414"},
		{"二零二一年", "42412"},
		{"统一", "31"},
		{"看一看", "454"},
		{"是不是", "454"},
		{"好不好", "353"},
		{"不是", "24"},
		{"不行", "42"},
		{"不要了", "245"},
		{"对不起", "453"},
		{"哪里", "25"},
		{"一点五", "123"},
		{"好，我想", "323"},
	}
	for _, c := range cases {
		if got := tonesOf(c.text); got != c.want {
			t.Errorf("%s is said with tones %s, want %s", c.text, got, c.want)
		}
	}
}

func TestPhrasesFollowTheMarks(t *testing.T) {
	phrases := Plan("您好，这里是客服。请问有什么可以帮您？")
	want := []struct {
		text  string
		pause time.Duration
	}{{"您好", pauseClause}, {"这里是客服", pauseSentence}, {"请问有什么可以帮您", pauseSentence}}
	if len(phrases) != len(want) {
		t.Fatalf("%d phrases, want %d", len(phrases), len(want))
	}
	for i, w := range want {
		if phrases[i].Text() != w.text || phrases[i].Pause != w.pause {
			t.Errorf("phrase %d is %s + %v, want %s + %v", i, phrases[i].Text(), phrases[i].Pause, w.text, w.pause)
		}
	}
}

func TestLongClausesBreathe(t *testing.T) {
	text := strings.Repeat("您的快递已经到达驿站", 12)
	phrases := Plan(text)
	if len(phrases) < 3 {
		t.Fatalf("%d syllables in %d phrases", utf8.RuneCountInString(text), len(phrases))
	}
	said := ""
	for _, p := range phrases {
		said += p.Text()
		run := 0
		if len(p.Syllables) > longestPhrase+4 {
			t.Errorf("a phrase of %d syllables", len(p.Syllables))
		}
		for _, s := range p.Syllables {
			run++
			if s.Pause > 0 {
				run = 0
			}
			if run > longBreath+3 {
				t.Fatalf("%s runs on without a pause", p.Text())
			}
		}
	}
	if said != text {
		t.Errorf("said %s", said)
	}
}

func TestGroupsOfDigitsArePaused(t *testing.T) {
	phrases := Plan("幺三八、零零零零、幺二三四")
	if len(phrases) != 1 {
		t.Fatalf("%d phrases, want 1", len(phrases))
	}
	var pauses []int
	for i, s := range phrases[0].Syllables {
		if s.Pause == pauseGroup {
			pauses = append(pauses, i)
		}
	}
	if fmt.Sprint(pauses) != "[2 6]" {
		t.Errorf("pauses after syllables %v, want [2 6]", pauses)
	}
}

func TestStatementsFallAndQuestionsRise(t *testing.T) {
	shift := func(text string) (first, last float32) {
		p := Plan(text)
		s := p[len(p)-1].Syllables
		return p[0].Syllables[0].Shift, s[len(s)-1].Shift
	}
	first, last := shift("您的包裹已经签收了。")
	if last > first-2 {
		t.Errorf("a statement goes from %+.1f to %+.1f semitones", first, last)
	}
	_, asked := shift("您的包裹已经签收了吗？")
	if asked < last+2 {
		t.Errorf("a question ends at %+.1f, the statement at %+.1f semitones", asked, last)
	}
	ends := []string{"您要退花瓶。", "您要退什么？", "您退花瓶吗？", "您要退花瓶？"} // each more of a question in its melody
	for i := 1; i < len(ends); i++ {
		_, less := shift(ends[i-1])
		if _, more := shift(ends[i]); more <= less {
			t.Errorf("%s ends at %+.1f semitones, %s at %+.1f", ends[i], more, ends[i-1], less)
		}
	}
	_, choice := shift("您要不要花瓶？")
	if _, open := shift("您还要退花瓶？"); choice >= open {
		t.Errorf("A-not-A ends at %+.1f semitones, a question without a word for it at %+.1f", choice, open)
	}
}

func TestPitchFallsOverAPhraseAndIsResetByTheNext(t *testing.T) {
	p := Plan("您的包裹今天到，请您查收快递。")
	if len(p) != 2 {
		t.Fatalf("%d phrases", len(p))
	}
	first, second := p[0].Syllables, p[1].Syllables
	if fall := first[0].Shift - first[len(first)-2].Shift; fall < 0.5 {
		t.Errorf("the first phrase falls by %.1f semitones only", fall)
	}
	if second[0].Shift <= first[len(first)-1].Shift {
		t.Error("the second phrase begins no higher than the first ended")
	}
	if second[0].Shift >= first[0].Shift {
		t.Error("the second phrase begins as high as the first")
	}
}

func TestLowTonesLowerWhatFollows(t *testing.T) {
	at := func(text string) float32 { return Plan(text)[0].Syllables[3].Shift }
	if low, high := at("美女 经常 回家"), at("花园 经常 回家"); low >= high {
		t.Errorf("after a third tone the fourth syllable is at %+.2f, after a second at %+.2f", low, high)
	}
}

func TestNumbersStandOut(t *testing.T) {
	say := func(number bool) []Syllable {
		s := make([]Syllable, 5)
		for i := range s {
			s[i] = Syllable{Tone: 1, Place: Only, foot: 1}
		}
		s[2].number = number
		melody(s, phraseTop)
		tempo(s)
		return s
	}
	plain, marked := say(false), say(true)
	if marked[2].Shift <= plain[2].Shift || marked[2].Stretch <= plain[2].Stretch || marked[4].Shift >= plain[4].Shift {
		t.Errorf("a number changes %+v to %+v", plain, marked)
	}
	if s := Plan("一共是三百五十八元")[0].Syllables; !s[3].number || s[0].number {
		t.Error("三百五十八 is no number, or 一共 is one")
	}
	if one := Plan("请等一下")[0].Syllables[2]; one.number {
		t.Error("一下 is said like a number")
	}
}

func TestLastSyllableIsTheLongest(t *testing.T) {
	s := Plan("您的包裹已经发出")[0].Syllables
	for _, x := range s[:len(s)-1] {
		if x.Stretch >= s[len(s)-1].Stretch {
			t.Errorf("%s is stretched by %.2f, the last syllable by %.2f", x.Hanzi, x.Stretch, s[len(s)-1].Stretch)
		}
	}
}

func TestANeutralToneStaysLightAtTheEnd(t *testing.T) {
	light := []Syllable{{Tone: 4, Place: First}, {Tone: 5, Place: Last}}
	full := []Syllable{{Tone: 4, Place: First}, {Tone: 4, Place: Last}}
	tempo(light)
	tempo(full)
	if light[1].Stretch >= full[1].Stretch || light[1].Stretch <= stretchLast {
		t.Errorf("a neutral tone is stretched by %.2f, a full one by %.2f", light[1].Stretch, full[1].Stretch)
	}
}

func TestFeetHoldWhatIsSaidTogether(t *testing.T) {
	var got []string
	for _, f := range feet("您的快递已经到了请取件") {
		word := ""
		for _, w := range f.words {
			word += w.Text
		}
		got = append(got, word)
	}
	if s := strings.Join(got, "|"); s != "您的|快递|已经|到了|请取件" {
		t.Errorf("feet are %s", s)
	}
}

func FuzzPlanKeepsEverySyllable(f *testing.F) {
	for _, s := range []string{"您好，请问", "、、，。？", "一一一一一", strings.Repeat("三", 99), "𠮷，好"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if utf8.RuneCountInString(text) > 300 {
			t.Skip()
		}
		form := spoken.Form(text)
		want := len(mandarin.Pronounce(form))
		got := 0
		for _, p := range Plan(form) {
			if len(p.Syllables) == 0 {
				t.Fatalf("%q has an empty phrase", form)
			}
			for _, s := range p.Syllables {
				got++
				if s.Final == "" || s.Tone < 1 || s.Tone > 5 || s.Stretch < 0.2 || s.Stretch > 2 || s.Shift < -6 || s.Shift > 6 {
					t.Fatalf("%q: odd syllable %+v", form, s)
				}
			}
		}
		if got != want {
			t.Fatalf("%q has %d syllables, %d were planned", form, want, got)
		}
	})
}

func TestDigitsThatBeginSoftlyArePartedFromTheOneBefore(t *testing.T) {
	for text, want := range map[string]string{
		"尾号四五零八":  "四五",
		"尾号二五五七":  "二五",
		"一共四十五块":  "",
		"二零二五年五月": "二零",
	} {
		parted := ""
		for _, p := range Plan(text) {
			for _, s := range p.Syllables {
				if s.Pause == pauseDigit {
					parted += s.Hanzi
				}
			}
		}
		if parted != want {
			t.Errorf("%s: pauses behind %q, want %q", text, parted, want)
		}
	}
}
