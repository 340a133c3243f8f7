package ssml

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"waggle/mandarin"
)

func pinyin(t *testing.T, written string) string {
	t.Helper()
	runes, err := mandarin.Spell(written)
	if err != nil {
		t.Fatal(err)
	}
	return runes
}

func TestParse(t *testing.T) {
	normal := Style{Rate: 1}
	cases := []struct {
		name, document string
		want           []Part
	}{
		{"plain", `<speak>您好</speak>`, []Part{{normal, "您好", 0}}},
		{"header", "\ufeff<?xml version=\"1.0\"?>\n<speak version=\"1.1\" xmlns=\"http://www.w3.org/2001/10/synthesis\" xml:lang=\"zh-CN\">\n  您好<!-- 甲 -->吗\n</speak>\n",
			[]Part{{normal, " 您好吗 ", 0}}},
		{"entities", `<speak>a&lt;b &amp; &#x4e2d;<![CDATA[<c>]]></speak>`, []Part{{normal, "a<b & 中<c>", 0}}},
		{"break by time", `<speak>您好<break time="300ms"/>再见<break time="1.5s"></break></speak>`,
			[]Part{{normal, "您好", 300 * time.Millisecond}, {normal, "再见", 1500 * time.Millisecond}}},
		{"break by strength", `<speak>一<break strength="weak"/>二<break/>三<break strength="strong"/>四<break strength="none"/>五</speak>`,
			[]Part{{normal, "一、二，三。四五", 0}}},
		{"leading break", `<speak><break time="1s"/>好</speak>`, []Part{{normal, "", time.Second}, {normal, "好", 0}}},
		{"sentences", `<speak><s>您好</s><s>在吗？</s>好</speak>`, []Part{{normal, "您好。在吗？好", 0}}},
		{"paragraphs", `<speak><p>您好</p><p>再见</p></speak>`, []Part{{normal, "您好。", paragraph}, {normal, "再见。", paragraph}}},
		{"digits", `<speak>取件码<say-as interpret-as="digits">3402</say-as>。</speak>`, []Part{{normal, "取件码三四零二。", 0}}},
		{"cardinal", `<speak><say-as interpret-as="cardinal">3402</say-as></speak>`, []Part{{normal, "三千四百零二", 0}}},
		{"date with a format", `<speak><say-as interpret-as="date" format="mdy">11/20/2026</say-as></speak>`, []Part{{normal, "二零二六年十一月二十日", 0}}},
		{"alias", `<speak>用<sub alias="世界卫生组织">WHO</sub>的</speak>`, []Part{{normal, "用世界卫生组织的", 0}}},
		{"phoneme", `<speak>姓<phoneme alphabet="py" ph="zeng1">曾</phoneme></speak>`, []Part{{normal, "姓" + pinyin(t, "zeng1"), 0}}},
		{"prosody", `<speak>好<prosody rate="slow" pitch="+2st" volume="-6dB">的</prosody>吗</speak>`,
			[]Part{{normal, "好", 0}, {Style{"", 0.75, 2, -6}, "的", 0}, {normal, "吗", 0}}},
		{"nested prosody", `<speak><prosody rate="80%"><prosody rate="-50%" volume="loud">好</prosody></prosody></speak>`,
			[]Part{{Style{"", 0.5, 0, 3}, "好", 0}}},
		{"voice", `<speak><voice name="wu">好</voice></speak>`, []Part{{Style{"wu", 1, 0, 0}, "好", 0}}},
	}
	for _, c := range cases {
		got, err := Parse(c.document)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
		} else if !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s:\n got %+v\nwant %+v", c.name, got, c.want)
		}
	}
}

func TestParseNamesWhatItRefuses(t *testing.T) {
	cases := []struct{ name, document, says string }{
		{"text", `您好`, "outside"},
		{"nothing", ` `, "no element speak"},
		{"another root", `<p>好</p>`, "<p>"},
		{"unknown element", `<speak><audio src="a.wav"/></speak>`, "<audio>"},
		{"unknown attribute", `<speak><p class="x">好</p></speak>`, "class"},
		{"another vocabulary", `<speak><x:p xmlns:x="urn:x">好</x:p></speak>`, "urn:x"},
		{"another namespace", `<speak xmlns="urn:x">好</speak>`, "xmlns"},
		{"doctype", `<!DOCTYPE speak [<!ENTITY a "b">]><speak>&a;</speak>`, "DOCTYPE"},
		{"entity", `<speak>&nbsp;</speak>`, "entity"},
		{"instruction", `<?php 1 ?><speak>好</speak>`, "php"},
		{"charset", `<?xml version="1.0" encoding="gbk"?><speak>好</speak>`, "gbk"},
		{"unclosed", `<speak><p>好</speak>`, "p"},
		{"cut off", `<speak>好`, "EOF"},
		{"second root", `<speak>好</speak><speak>好</speak>`, "behind"},
		{"tail", `<speak>好</speak>好`, "outside"},
		{"speak in speak", `<speak><speak>好</speak></speak>`, "inside"},
		{"deep", `<speak>` + strings.Repeat("<p>", DeepestElement) + "好" + strings.Repeat("</p>", DeepestElement) + `</speak>`, "deeper"},
		{"long", `<speak>` + strings.Repeat("a", LongestDocument) + `</speak>`, "bytes"},
		{"not UTF-8", "<speak>\xff</speak>", "UTF-8"},
		{"long break", `<speak><break time="11s"/></speak>`, "11s"},
		{"odd break", `<speak><break time="1e3ms"/></speak>`, "1e3ms"},
		{"negative break", `<speak><break time="-1s"/></speak>`, "-1s"},
		{"long silence", `<speak>` + strings.Repeat(`<break time="10s"/>`, 7) + `</speak>`, "together"},
		{"break with text", `<speak><break>好</break></speak>`, "<break>"},
		{"odd strength", `<speak><break strength="big"/></speak>`, "big"},
		{"odd rate", `<speak><prosody rate="300%">好</prosody></speak>`, "300%"},
		{"rate of nothing", `<speak><prosody rate="NaN">好</prosody></speak>`, "NaN"},
		{"pitch in hertz", `<speak><prosody pitch="200Hz">好</prosody></speak>`, "200Hz"},
		{"odd volume", `<speak><prosody volume="99">好</prosody></speak>`, "99"},
		{"contour", `<speak><prosody contour="(0%,+20Hz)">好</prosody></speak>`, "contour"},
		{"say-as alone", `<speak><say-as>1</say-as></speak>`, "interpret-as"},
		{"unknown kind", `<speak><say-as interpret-as="fraction">1</say-as></speak>`, "fraction"},
		{"no such date", `<speak><say-as interpret-as="date">2026-13-40</say-as></speak>`, "2026-13-40"},
		{"element in say-as", `<speak><say-as interpret-as="digits"><p>1</p></say-as></speak>`, "only text"},
		{"IPA", `<speak><phoneme alphabet="ipa" ph="x">好</phoneme></speak>`, "ipa"},
		{"no syllable", `<speak><phoneme alphabet="py" ph="hello">好</phoneme></speak>`, "hello"},
		{"voice without name", `<speak><voice gender="male">好</voice></speak>`, "name"},
	}
	for _, c := range cases {
		_, err := Parse(c.document)
		if !errors.Is(err, ErrMarkup) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, which should name %q", c.name, err, c.says)
		}
	}
}

func TestOnlyTheElementSpeakMakesADocument(t *testing.T) {
	for text, want := range map[string]bool{
		`<speak>好</speak>`: true, " \n<speak version='1.1'>": true, "<speak/>": true, `<?xml version="1.0"?> <speak>`: true,
		"": false, "好": false, "<speaker>": false, "<speak": false, "价格<100元": false, "他说<speak>好</speak>": false, "<?xml": false,
	} {
		if got := Is(text); got != want {
			t.Errorf("Is(%q) = %v", text, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`<speak>您好<break time="1s"/></speak>`, `<speak><prosody rate="80%" pitch="low" volume="soft">好</prosody></speak>`,
		`<speak><say-as interpret-as="date" format="ymd">2026-1-2</say-as></speak>`, `<speak><phoneme alphabet="py" ph="lü4">绿</phoneme></speak>`,
		`<speak><p><s>a</s></p><voice name="x"><sub alias="b">c</sub></voice></speak>`, `<!DOCTYPE a><speak>&#0;</speak>`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, document string) {
		parts, err := Parse(document)
		if err != nil {
			if !errors.Is(err, ErrMarkup) {
				t.Fatalf("%q: %v", document, err)
			}
			return
		}
		silence := time.Duration(0)
		for _, p := range parts {
			silence += p.Pause
			if p.Rate < slowest || p.Rate > fastest || p.Pitch < -farthest || p.Pitch > farthest || p.Gain > loudest || !utf8.ValidString(p.Text) {
				t.Fatalf("%q: %+v", document, p)
			}
		}
		if silence > LongestSilence || len(parts) > LongestDocument {
			t.Fatalf("%q: %d parts, %v of silence", document, len(parts), silence)
		}
	})
}
