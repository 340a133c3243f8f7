package paraformer

import (
	"math"
	"testing"
)

func TestIntegrationFiresAtOneAndKeepsTheRest(t *testing.T) {
	c := newIntegrator(2)
	var embeds []float32
	var fired []firing
	for at, r := range []struct {
		row   []float32
		alpha float32
	}{
		{[]float32{1, 10}, 0.75},
		{[]float32{2, 20}, 0.5}, // 0.25 ends the first token, 0.25 begins the second
		{[]float32{3, 30}, 0},
		{[]float32{4, 40}, 0.5},
		{[]float32{5, 50}, 0.25}, // exactly one
		{[]float32{6, 60}, 1},
	} {
		var f firing
		var full bool
		if embeds, f, full = c.add(r.row, r.alpha, at, embeds); full {
			fired = append(fired, f)
		}
	}
	want := []float32{1*.75 + 2*.25, 12.5, 2*.25 + 4*.5 + 5*.25, 37.5, 6, 60}
	if len(embeds) != len(want) {
		t.Fatalf("%v, want %v", embeds, want)
	}
	for i, v := range want {
		if math.Abs(float64(embeds[i]-v)) > 1e-6 {
			t.Errorf("value %d is %v, want %v", i, embeds[i], v)
		}
	}
	for i, w := range []firing{{0, 1}, {3, 4}, {5, 5}} {
		if fired[i] != w {
			t.Errorf("token %d at %v, want %v", i, fired[i], w)
		}
	}
	if c.weight != 0 {
		t.Errorf("%v is left", c.weight)
	}
}

func TestPositionsAreThoseOfTransformers(t *testing.T) {
	row := make([]float32, 560)
	addPosition(row, 3)
	for i, want := range map[int]float64{0: math.Sin(3), 280: math.Cos(3), 279: math.Sin(3e-4), 559: math.Cos(3e-4), 1: math.Sin(3 * math.Exp(-0.03301197265941284))} {
		if math.Abs(float64(row[i])-want) > 1e-6 {
			t.Errorf("value %d is %v, want %v", i, row[i], want)
		}
	}
}
