package offline

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"waggle/asr/ctcbeam"
	"waggle/asr/hotwords"
	"waggle/asr/segment"
	"waggle/asr/segment/segmenttest"
	"waggle/asr/tokens"
	"waggle/models/onnx"
)

func TestRowsAreStackedWholeWindowsOnly(t *testing.T) {
	m := Matrix{Cols: 1}
	for i := range 21 {
		m.Data = append(m.Data, float32(i))
	}
	for _, c := range []struct {
		rows, want int
		last       float32
	}{{0, 0, 0}, {6, 0, 0}, {7, 1, 6}, {12, 1, 6}, {13, 2, 12}, {21, 3, 18}} {
		got := Stack(Matrix{Cols: 1, Data: m.Data[:c.rows]}, 7, 6)
		if got.Cols != 7 || got.Rows() != c.want || c.want > 0 && got.Data[len(got.Data)-1] != c.last {
			t.Errorf("%d frames make %v", c.rows, got)
		}
	}
}

func TestUtterancesWithoutFeaturesAreSpared(t *testing.T) {
	features := func(pcm []int16) Matrix { return Matrix{Cols: 2, Data: make([]float32, len(pcm))} }
	run := func(batch []Matrix, _ [][]string) ([]segment.Reading, error) {
		if len(batch) != 2 {
			t.Errorf("%d utterances in the run", len(batch))
		}
		return []segment.Reading{{Text: "一"}, {Text: "二"}}, nil
	}
	got, err := Hear(segmenttest.Sounds(nil, make([]int16, 4), nil, make([]int16, 2)), features, run)
	if err != nil || len(got) != 4 || got[0].Text != "" || got[1].Text != "一" || got[2].Text != "" || got[3].Text != "二" {
		t.Errorf("%+v, %v", got, err)
	}
	never := func([]Matrix, [][]string) ([]segment.Reading, error) { return nil, errors.New("run") }
	if got, err := Hear(segmenttest.Sounds(nil), features, never); err != nil || len(got) != 1 {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestShorterUtterancesArePadded(t *testing.T) {
	if _, err := onnx.Version(); err != nil { // starts the runtime
		t.Fatal(err)
	}
	x, lengths, err := Pad([]Matrix{{2, []float32{1, 2}}, {2, []float32{3, 4, 5, 6}}}, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	if !slices.Equal(x.Data(), []float32{1, 2, -1, -1, 3, 4, 5, 6}) || !slices.Equal(lengths, []int{1, 2}) || !slices.Equal(x.Dims(), []int64{2, 2, 2}) {
		t.Errorf("%v of shape %v, lengths %v", x.Data(), x.Dims(), lengths)
	}
}

func TestPortsAreComparedInOrder(t *testing.T) {
	want := []onnx.Port{{Type: onnx.Float32, Dims: []int64{-1, 80}}}
	for _, c := range []struct {
		name string
		got  []onnx.Port
		says string
	}{
		{"the same", []onnx.Port{{Name: "x", Type: onnx.Float32, Dims: []int64{-1, 80}}, {}}, ""},
		{"open shape", []onnx.Port{{Name: "x", Type: onnx.Float32}}, ""},
		{"too few", nil, "0 inputs, want 1"},
		{"type", []onnx.Port{{Name: "x", Type: onnx.Int64, Dims: []int64{-1, 80}}}, "x is int64"},
		{"rank", []onnx.Port{{Name: "x", Type: onnx.Float32, Dims: []int64{80}}}, "x is float32 [80]"},
		{"size", []onnx.Port{{Name: "x", Type: onnx.Float32, Dims: []int64{1, 40}}}, "x is [1 40]"},
	} {
		err := checkPorts("input", c.got, want)
		if (err == nil) != (c.says == "") || err != nil && (!errors.Is(err, ErrModel) || !strings.Contains(err.Error(), c.says)) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}

func table(t testing.TB, text string) *tokens.Table {
	t.Helper()
	tab, err := tokens.Read([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return tab
}

func TestATokensFileOfAnotherModelIsTold(t *testing.T) {
	tab := table(t, "<blk> 0\na 1\nb 2\n")
	for cols, good := range map[int]bool{2: false, 3: true, 4: false, 100: false} {
		if err := CheckVocabulary(tab, cols); (err == nil) != good {
			t.Errorf("3 tokens for %d columns: %v", cols, err)
		}
	}
}

func TestReadingsCarryWordsTimesAndOtherTexts(t *testing.T) {
	c := CTC{Tokens: table(t, "<blk> 0\n我 1\n▁sh 2\nirt 3\n握 4\n"), Step: 40 * time.Millisecond}
	var rows []float32
	for _, id := range []int{0, 1, 0, 0, 2, 3, 0} {
		row := make([]float32, 5)
		row[id] = 6
		if id == 1 {
			row[4] = 5 // 握 is close to 我
		}
		rows = append(rows, row...)
	}
	r, err := c.Read(rows, 5, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Text != "我shirt" || len(r.Words) != 2 || len(r.NBest) == 0 || r.NBest[0].Text != "握shirt" {
		t.Fatalf("%+v", r)
	}
	if w := r.Words[0]; w.Start != 40*time.Millisecond || w.End != 160*time.Millisecond || w.Confidence > 0.8 {
		t.Errorf("我: %+v", w)
	}
	if w := r.Words[1]; w.Start != 160*time.Millisecond || w.End != 440*time.Millisecond || w.Confidence < 0.9 {
		t.Errorf("shirt: %+v", w)
	}
	if a := r.NBest[0]; a.Confidence >= r.Confidence || a.Confidence <= 0 {
		t.Errorf("confidences %v and %v", r.Confidence, a.Confidence)
	}
	rows[3] = float32(math.NaN())
	if _, err := c.Read(rows, 5, nil); !errors.Is(err, ctcbeam.ErrOutput) {
		t.Errorf("NaN: %v", err)
	}
	if r, err := c.Read(nil, 5, nil); err != nil || r.Text != "" {
		t.Errorf("no rows: %+v, %v", r, err)
	}
}

func TestPhrasesDecideACloseRaceAndNoOther(t *testing.T) {
	const me, want, goods, fire = 1, 2, 3, 4
	c := CTC{Tokens: table(t, "<blk> 0\n我 1\n要 2\n货 3\n火 4\n"), Step: 40 * time.Millisecond}
	rows := func(lead float32) []float32 {
		scores := make([]float32, 5*5)
		for frame, id := range []int{me, 0, want, 0, goods} {
			scores[5*frame+id] = 8
		}
		scores[5*4+fire] = 8 - lead
		return scores
	}
	for _, x := range []struct {
		lead     float32
		phrases  []string
		hotwords []hotwords.Hotword
		want     string
	}{
		{0.5, nil, nil, "我要货"},
		{0.5, []string{"要火"}, nil, "我要火"},
		{7, []string{"要火"}, nil, "我要货"},
		{0.5, nil, []hotwords.Hotword{{Text: "火"}}, "我要火"},
		{0.5, []string{"龘"}, nil, "我要货"}, // no token writes it
	} {
		c.Hotwords = x.hotwords
		r, err := c.Read(rows(x.lead), 5, x.phrases)
		if err != nil || r.Text != x.want || len(r.Words) != 3 || r.Words[2].Start != 160*time.Millisecond {
			t.Errorf("a lead of %v with %v and %v: %+v, %v, want %s", x.lead, x.phrases, x.hotwords, r, err, x.want)
		}
	}
}

// BenchmarkReadASecond reads a second of SenseVoice's output: 17 rows of 25,055
// scores, a few of them near the best.
func BenchmarkReadASecond(b *testing.B) {
	const cols, perSecond = 25055, 17
	var names strings.Builder
	for i := range cols {
		fmt.Fprintf(&names, "%c %d\n", rune(0x4e00+i), i)
	}
	c := CTC{Tokens: table(b, names.String()), Step: 60 * time.Millisecond}
	rng := rand.New(rand.NewPCG(5, 6))
	rows := make([]float32, perSecond*cols)
	for i := range rows {
		rows[i] = float32(3 * rng.NormFloat64())
	}
	for f := range perSecond {
		rows[f*cols+(f%2)*(100+f)] = 20
	}
	scores := make([]float32, len(rows))
	defer segmenttest.CPU(b)()
	for b.Loop() {
		copy(scores, rows)
		if r, err := c.Read(scores, cols, nil); err != nil || r.Text == "" {
			b.Fatal(r, err)
		}
	}
}
