package ctc

import (
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"sync"
	"testing"

	"waggle/asr/lm"
	"waggle/mandarin"
)

// tokens lists every initial and final with the blank in front.
func tokens() []string {
	seen, list := map[string]bool{}, []string{"<blk>"}
	for _, s := range mandarin.Syllables() {
		i, f, _ := mandarin.Units(s)
		for _, u := range []string{i, f} {
			if u != "" && !seen[u] {
				seen[u] = true
				list = append(list, u)
			}
		}
	}
	return list
}

// builtin is the graph of the built-in language model, made once.
var builtin = sync.OnceValues(func() (*Graph, error) {
	raw, err := os.ReadFile("../../models/builtin/asr-zh-lm.gz")
	if err != nil {
		return nil, err
	}
	m, err := lm.Read(raw)
	if err != nil {
		return nil, err
	}
	return NewGraph(m, Units{Tokens: tokens()})
})

func graph(t testing.TB) *Graph {
	t.Helper()
	g, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// sound makes rows in which text is clearly heard: two rows a unit, the first
// sharp, then a blank; noise lowers the contrast.
func sound(t testing.TB, g *Graph, text string, noise float64) [][]float32 {
	t.Helper()
	path := g.Spell(text)
	if path == nil {
		t.Fatalf("%q cannot be spelled", text)
	}
	rng := rand.New(rand.NewPCG(1, 2))
	var rows [][]float32
	row := func(unit int16, p float64) {
		r := make([]float32, len(g.units.Tokens))
		sum := 0.0
		for i := range r {
			v := math.Exp(noise * rng.NormFloat64())
			if int16(i) == unit {
				v *= p
			}
			r[i] = float32(v)
			sum += v
		}
		for i := range r {
			r[i] = float32(math.Log(float64(r[i]) / sum))
		}
		rows = append(rows, r)
	}
	for range 5 {
		row(0, 1000)
	}
	for _, u := range path {
		row(u, 3000)
		row(0, 1000)
	}
	row(0, 1000)
	return rows
}

func decode(d *Decoder, rows [][]float32, h Hints) Reading {
	d.Begin(h)
	for _, r := range rows {
		d.Frame(r)
	}
	return d.Readings(1)[0]
}

func TestClearSpeechIsUnderstood(t *testing.T) {
	g := graph(t)
	d := g.NewDecoder(Settings{})
	for _, text := range []string{
		"我的快递到哪了", "我要退货", "转人工", "不用了谢谢", "这个花瓶碎了", "帮我查一下订单", "你好", "红色的", "谢谢", "不要再打了",
		"手机号是幺三八零零幺三八零零零", "尾号三五七九", "大号", "是的",
	} {
		if got := decode(d, sound(t, g, text, 0.5), Hints{}).Text(); got != text {
			t.Errorf("%s was understood as %s", text, got)
		}
	}
}

func TestBlurredSpeechIsMendedByTheLanguageModel(t *testing.T) {
	g := graph(t)
	d := g.NewDecoder(Settings{})
	rows := sound(t, g, "我要退货", 0.5)
	unit := g.index["t"]
	wrong := g.index["d"]
	for _, r := range rows { // the t of 退 sounds more like a d
		if r[unit] > -1 {
			r[unit], r[wrong] = -1.8, -0.4
		}
	}
	if got := decode(d, rows, Hints{}).Text(); got != "我要退货" {
		t.Errorf("understood %s", got)
	}
}

func TestRepeatedUnitsNeedABlankBetween(t *testing.T) {
	g := graph(t)
	d := g.NewDecoder(Settings{})
	rows := sound(t, g, "一一", 0.1) // two finals i
	if got := decode(d, rows, Hints{Digits: 4}).Text(); len([]rune(got)) != 2 {
		t.Errorf("two syllables with a blank between were heard as %q", got)
	}
	var joined [][]float32
	for _, r := range rows {
		if r[0] < -1 || len(joined) == 0 || joined[len(joined)-1][0] < -1 {
			joined = append(joined, r)
		}
	}
	joined = append(joined[:2:2], joined[1]) // unit, unit without a blank between
	if got := decode(d, joined, Hints{}).Text(); len([]rune(got)) > 1 {
		t.Errorf("one held syllable was heard as %q", got)
	}
}

func TestPhrasesOfTheTurnAreHeard(t *testing.T) {
	g := graph(t)
	d := g.NewDecoder(Settings{})
	const name = "钧瓷鼓钉洗" // not in the lexicon
	rows := sound(t, g, "我要买"+name, 0.5)
	if got := decode(d, rows, Hints{}).Text(); strings.Contains(got, name) {
		t.Fatalf("%s is in the lexicon, choose another", name)
	}
	got := decode(d, rows, Hints{Phrases: []string{name, "青花瓷盘"}, PhraseBoost: 3}).Text()
	if !strings.HasSuffix(got, name) {
		t.Errorf("understood %s", got)
	}
}

func TestReadingsDifferAndAreOrdered(t *testing.T) {
	g := graph(t)
	d := g.NewDecoder(Settings{})
	d.Begin(Hints{})
	for _, r := range sound(t, g, "我要退货", 1.2) {
		d.Frame(r)
	}
	list := d.Readings(5)
	if len(list) < 3 {
		t.Fatalf("%d readings", len(list))
	}
	seen := map[string]bool{}
	for i, r := range list {
		if seen[r.Text()] {
			t.Errorf("%s twice", r.Text())
		}
		seen[r.Text()] = true
		if i > 0 && r.Score > list[i-1].Score {
			t.Errorf("reading %d scores higher than %d", i, i-1)
		}
	}
}

func TestWordTimesAreInOrderInsideTheUtterance(t *testing.T) {
	g := graph(t)
	r := decode(g.NewDecoder(Settings{}), sound(t, g, "我的快递到哪了", 0.5), Hints{})
	last := 0
	for _, w := range r.Words {
		if w.Begin < last || w.End <= w.Begin || w.End > r.Rows {
			t.Errorf("%s at rows %d to %d of %d, after %d", w.Text, w.Begin, w.End, r.Rows, last)
		}
		last = w.End
	}
}

func TestFinishSeesUnfinishedPhoneNumbers(t *testing.T) {
	g := graph(t)
	d := g.NewDecoder(Settings{})
	for text, want := range map[string]int{
		"手机号是幺三八零零幺":      -1,
		"手机号是幺三八零零幺三八零零零": 1,
		"我要退货": 1,
	} {
		d.Begin(Hints{})
		for _, r := range sound(t, g, text, 0.3) {
			d.Frame(r)
		}
		if got := d.Finish(); got != want {
			t.Errorf("%s: %d, want %d", text, got, want)
		}
	}
}

func TestNoiseWithoutSpeechIsFarFromItsBestUnits(t *testing.T) {
	g := graph(t)
	d := g.NewDecoder(Settings{})
	clear := decode(d, sound(t, g, "我的快递到哪了", 0.3), Hints{})
	rng := rand.New(rand.NewPCG(3, 4))
	var rows [][]float32
	for range 60 { // units in an order that no word has
		rows = append(rows, sharp(len(g.units.Tokens), rng.IntN(len(g.units.Tokens))))
	}
	noise := decode(d, rows, Hints{})
	gap := func(r Reading) float32 { return (r.Greedy - r.Sound) / float32(r.Rows) }
	if gap(noise) < gap(clear)+1 {
		t.Errorf("gap of nonsense %.2f, of speech %.2f", gap(noise), gap(clear))
	}
}

func sharp(n, unit int) []float32 {
	r := make([]float32, n)
	for i := range r {
		r[i] = float32(math.Log(0.05 / float64(n-1)))
	}
	r[unit] = float32(math.Log(0.95))
	return r
}

func TestGraphRefusesForeignTokens(t *testing.T) {
	raw, err := os.ReadFile("../../models/builtin/asr-zh-lm.gz")
	if err != nil {
		t.Fatal(err)
	}
	m, err := lm.Read(raw)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewGraph(m, Units{Tokens: []string{"<blk>", "hello", "world"}}); err == nil {
		t.Error("English tokens were accepted")
	}
}

func BenchmarkFrame(b *testing.B) {
	g := graph(b)
	d := g.NewDecoder(Settings{})
	rows := sound(b, g, "你好我想查一下我的快递到哪里了谢谢", 2.5)
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		if i%len(rows) == 0 {
			d.Begin(Hints{})
		}
		d.Frame(rows[i%len(rows)])
		i++
	}
	b.ReportMetric(float64(len(d.active)), "tokens")
}
