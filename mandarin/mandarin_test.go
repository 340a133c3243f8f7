package mandarin

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

func numberedPinyin(syllables []Syllable) string {
	parts := make([]string, len(syllables))
	for i, s := range syllables {
		parts[i] = fmt.Sprintf("%s%d", s.Pinyin, s.Tone)
	}
	return strings.Join(parts, " ")
}

func TestPronounceReadsPolyphonesByTheirWord(t *testing.T) {
	cases := []struct{ text, want string }{
		{"银行", "yin2 hang2"},
		{"不行", "bu4 xing2"},
		{"重新发货", "chong2 xin1 fa1 huo4"},
		{"重量", "zhong4 liang4"},
		{"还款", "huan2 kuan3"},
		{"还没到", "hai2 mei2 dao4"},
		{"我要退货", "wo3 yao4 tui4 huo4"},
		{"您的快递到哪里了", "nin2 de5 kuai4 di4 dao4 na3 li5 le5"},
		{"什么时候能到", "shen2 me5 shi2 hou5 neng2 dao4"},
		{"长度不够长", "chang2 du4 bu4 gou4 chang2"},
		{"校长长大了", "xiao4 zhang3 zhang3 da4 le5"},
		{"有色差", "you3 se4 cha1"},
		{"给个差评", "gei3 ge4 cha4 ping2"},
		{"音乐和快乐", "yin1 yue4 he2 kuai4 le4"},
		{"绿色的女鞋", "lv4 se4 de5 nv3 xie2"},
		{"都到了", "dou1 dao4 le5"},
		{"首都", "shou3 du1"},
		{"觉得睡觉", "jue2 de5 shui4 jiao4"},
		{"便宜又方便", "pian2 yi5 you4 fang1 bian4"},
		{"调换一下空调", "diao4 huan4 yi1 xia4 kong1 tiao2"},
		{"了解了", "liao3 jie3 le5"},
		{"一只杯子", "yi1 zhi1 bei1 zi5"},
		{"重庆市", "chong2 qing4 shi4"},
		{"喂，您好", "wei2 nin2 hao3"},
		{"嗯对", "en1 dui4"},
	}
	for _, c := range cases {
		if got := numberedPinyin(Pronounce(c.text)); got != c.want {
			t.Errorf("%s is read %q, want %q", c.text, got, c.want)
		}
	}
}

func TestSegmentFindsTheWordsOfAShop(t *testing.T) {
	cases := []struct{ text, want string }{
		{"帮我查一下订单号", "帮我/查一下/订单号"},
		{"花瓶碎了我要退货", "花瓶/碎了/我/要/退货"},
		{"A款2件", "A/款/2/件"},
		{"", ""},
	}
	for _, c := range cases {
		var got []string
		for _, w := range Segment(c.text) {
			got = append(got, w.Text)
		}
		if g := strings.Join(got, "/"); g != c.want {
			t.Errorf("%s splits into %s, want %s", c.text, g, c.want)
		}
	}
}

func TestUnitsKnowEverySyllableOfTheLexicon(t *testing.T) {
	d := dictionary()
	if len(d.words) < 50000 {
		t.Fatalf("the lexicon holds %d words only", len(d.words))
	}
	for word, e := range d.words {
		if e.reading == "" {
			continue
		}
		if n := len(d.read(word, "")); n != utf8.RuneCountInString(word) {
			t.Errorf("%s has the reading %q that gives %d syllables", word, e.reading, n)
		}
	}
}

func TestUnitsSplitSyllables(t *testing.T) {
	cases := []struct{ pinyin, initial, final string }{
		{"zhi", "zh", "iii"}, {"zi", "z", "ii"}, {"yuan", "", "van"}, {"lv", "l", "v"},
		{"ju", "j", "v"}, {"wen", "", "un"}, {"an", "", "an"}, {"er", "", "er"},
	}
	for _, c := range cases {
		i, f, ok := Units(c.pinyin)
		if !ok || i != c.initial || f != c.final {
			t.Errorf("%s = %q + %q (%v), want %q + %q", c.pinyin, i, f, ok, c.initial, c.final)
		}
	}
	if _, _, ok := Units("hello"); ok {
		t.Error("hello passed as a syllable")
	}
	if !slices.Contains(Syllables(), "lve") {
		t.Error("the list of syllables lacks lve")
	}
}

func FuzzSegmentKeepsTheText(f *testing.F) {
	for _, s := range []string{"您好", "a1，。", "\xff\xfe", "𠮷野家〇", strings.Repeat("快", 200)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			s = strings.ToValidUTF8(s, "")
		}
		var b strings.Builder
		for _, w := range Segment(s) {
			b.WriteString(w.Text)
			for _, y := range w.Syllables {
				if _, _, ok := Units(y.Pinyin); !ok || y.Tone < 1 || y.Tone > Neutral {
					t.Fatalf("%q: bad syllable %+v", s, y)
				}
			}
		}
		if b.String() != s {
			t.Fatalf("%q came back as %q", s, b.String())
		}
	})
}

func BenchmarkPronounce(b *testing.B) {
	dictionary()
	b.ReportAllocs()
	for b.Loop() {
		Pronounce("您的快递已经到达驿站，请凭取件码领取，如有问题请联系客服。")
	}
}

func BenchmarkLoadLexicon(b *testing.B) {
	for b.Loop() {
		raw, err := gunzip(lexiconGZ)
		if err != nil {
			b.Fatal(err)
		}
		parseLexicon(raw, charactersTSV)
	}
}
