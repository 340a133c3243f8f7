package ctc

import (
	"math"
	"testing"
)

// between is sound that is halfway between two texts of as many units.
func between(t testing.TB, g *Graph, a, b string) [][]float32 {
	t.Helper()
	x, y := sound(t, g, a, 0.3), sound(t, g, b, 0.3)
	if len(x) != len(y) {
		t.Fatalf("%s and %s differ in length", a, b)
	}
	for i := range x {
		for j := range x[i] {
			x[i][j] = float32(math.Log((math.Exp(float64(x[i][j])) + math.Exp(float64(y[i][j]))) / 2))
		}
	}
	return x
}

// The dialog asks back when two readings are close, so it must see both.
func TestTwoNearReadingsAreBothSeen(t *testing.T) {
	g := graph(t)
	d := g.NewDecoder(Settings{})
	names := Hints{Phrases: []string{"青花瓷瓶", "青花瓷盘", "紫砂茶壶"}, PhraseBoost: 4}
	for _, c := range []struct {
		a, b  string
		hints Hints
	}{
		{"我要退货", "我要退款", Hints{}}, {"尾号三五七九", "尾号三五七六", Hints{Digits: 3}}, {"我要买青花瓷瓶", "我要买青花瓷盘", names},
		{"不要", "不用", Hints{YesNo: 2}},
	} {
		rows := between(t, g, c.a, c.b)
		d.Begin(c.hints)
		for _, r := range rows {
			d.Frame(r)
		}
		seen := map[string]float32{}
		for _, r := range d.Readings(3) {
			seen[r.Text()] = r.Score
		}
		a, okA := seen[c.a]
		b, okB := seen[c.b]
		if !okA || !okB || math.Abs(float64(a-b)) > 5 {
			t.Errorf("%s and %s: %v", c.a, c.b, seen)
		}
	}
}
