package eval

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestDistance(t *testing.T) {
	split := func(s string) []string { return strings.Split(s, "") }
	tests := []struct {
		a, b string
		want int
	}{
		{"kitten", "sitting", 3}, {"abc", "abc", 0}, {"abc", "xabc", 1}, {"abc", "bc", 1}, {"flaw", "lawn", 2},
	}
	for _, test := range tests {
		if got := Distance(split(test.a), split(test.b)); got != test.want {
			t.Errorf("%s to %s: %d, want %d", test.a, test.b, got, test.want)
		}
	}
	if got := Distance(nil, split("ab")); got != 2 {
		t.Errorf("from nothing: %d", got)
	}
	if got := Distance(split("ab"), nil); got != 2 {
		t.Errorf("to nothing: %d", got)
	}
}

func TestTextsThatSoundAlikeInNumbersAreEqual(t *testing.T) {
	pairs := [][2]string{
		{"我要3个杯子。", "我要三个杯子"},
		{"尾号3579", "尾号三五七九"},
		{"电话：138-0013-8000！", "电话幺三八零零幺三八零零零"},
		{"一共２５块", "一共二十五块"},
		{"T恤 有Ｌ码吗？", "t恤有l码吗"},
	}
	for _, p := range pairs {
		if a, b := Characters(p[0]), Characters(p[1]); Distance(a, b) != 0 {
			t.Errorf("%s gives %v, %s gives %v", p[0], a, p[1], b)
		}
	}
	if Distance(Characters("退货"), Characters("退款")) != 1 {
		t.Error("different words compare equal")
	}
}

func TestManifest(t *testing.T) {
	items, err := ReadManifest(strings.NewReader("speaker\tpath\ttext\tgender\na\tx.wav\t你好\tF\nb\ty.wav\t\"再见\n"))
	if err != nil || len(items) != 2 || items[0] != (Item{Path: "x.wav", Text: "你好", Speaker: "a", Gender: "female"}) || items[1].Gender != "" {
		t.Fatalf("%v, %v", items, err)
	}
	for name, bad := range map[string]string{"empty": "", "no columns": "a\tb\n1\t2\n", "no rows": "path\ttext\n", "short row": "path\ttext\nx\n"} {
		if _, err := ReadManifest(strings.NewReader(bad)); !errors.Is(err, ErrManifest) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestReportAddsUp(t *testing.T) {
	var details []Detail
	for i := range 40 {
		d := Detail{Chars: 10, Syllables: 10, Audio: time.Second, Wall: 50 * time.Millisecond}
		if i%4 == 0 {
			d.Errors, d.SylErrors = 4, 2
		}
		details = append(details, d)
	}
	r := sum(details)
	if r.N != 40 || r.Chars != 400 || r.CER != 0.1 || r.SyllableError != 0.05 || r.RTF < 0.049 || r.RTF > 0.051 {
		t.Errorf("%+v", r)
	}
	if !(r.CERLow < r.CER && r.CER < r.CERHigh) || r.CERLow < 0.03 || r.CERHigh > 0.18 {
		t.Errorf("interval %.3f to %.3f around %.3f", r.CERLow, r.CERHigh, r.CER)
	}
}
