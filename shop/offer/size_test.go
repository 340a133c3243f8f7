package offer

import (
	"errors"
	"slices"
	"testing"

	"waggle/shop"
)

var (
	shirt = shop.Product{ID: "shirt", Name: "衬衫", Sizes: []string{"S", "M", "L"}, SizeChart: []shop.SizeRow{
		{Size: "S", MinHeight: 155, MaxHeight: 165, MinWeight: 42, MaxWeight: 52},
		{Size: "M", MinHeight: 163, MaxHeight: 171, MinWeight: 50, MaxWeight: 61},
		{Size: "L", MinHeight: 169, MaxHeight: 177, MinWeight: 59, MaxWeight: 70},
	}}
	boots = shop.Product{ID: "boots", Name: "靴子", Sizes: []string{"38", "39", "40"}, SizeChart: []shop.SizeRow{
		{Size: "38", Foot: 240}, {Size: "39", Foot: 245}, {Size: "40", Foot: 250}}}
)

func TestSize(t *testing.T) {
	for name, c := range map[string]struct {
		p    shop.Product
		b    Body
		want Advice
	}{
		"in one row":                {shirt, Body{Height: 167, Weight: 55}, Advice{Fit: FitGood, Size: "M"}},
		"in two rows":               {shirt, Body{Height: 164, Weight: 51}, Advice{Fit: FitBetween, Size: "M", Other: "S"}},
		"tall and thin":             {shirt, Body{Height: 168, Weight: 48}, Advice{Fit: FitBetween, Size: "M", Other: "S"}},
		"short and heavy":           {shirt, Body{Height: 160, Weight: 58}, Advice{Fit: FitBetween, Size: "M", Other: "S"}},
		"two rows apart":            {shirt, Body{Height: 160, Weight: 66}, Advice{Fit: FitBetween, Size: "L", Other: "S"}},
		"a little smaller":          {shirt, Body{Height: 152, Weight: 40}, Advice{Fit: FitGood, Size: "S"}},
		"too heavy":                 {shirt, Body{Height: 170, Weight: 90}, Advice{Fit: FitNone}},
		"too tall":                  {shirt, Body{Height: 195, Weight: 60}, Advice{Fit: FitNone}},
		"a child":                   {shirt, Body{Height: 110, Weight: 18}, Advice{Fit: FitNone}},
		"weight missing":            {shirt, Body{Height: 170}, Advice{Fit: FitUnknown, Need: []string{"weight"}}},
		"nothing known":             {shirt, Body{}, Advice{Fit: FitUnknown, Need: []string{"height", "weight"}}},
		"foot on the mark":          {boots, Body{Foot: 245}, Advice{Fit: FitGood, Size: "39"}},
		"foot between":              {boots, Body{Foot: 243}, Advice{Fit: FitBetween, Size: "39", Other: "38"}},
		"foot too long":             {boots, Body{Foot: 262}, Advice{Fit: FitNone}},
		"foot too short":            {boots, Body{Foot: 220}, Advice{Fit: FitNone}},
		"usual size":                {boots, Body{Usual: "40"}, Advice{Fit: FitGood, Size: "40"}},
		"usual size not made":       {boots, Body{Usual: "45"}, Advice{Fit: FitNone}},
		"foot unknown":              {boots, Body{Height: 170}, Advice{Fit: FitUnknown, Need: []string{"foot"}}},
		"no sizes":                  {shop.Product{}, Body{}, Advice{Fit: FitFree}},
		"sizes without a table":     {shop.Product{Sizes: []string{"M", "L"}}, Body{Usual: "L"}, Advice{Fit: FitGood, Size: "L"}},
		"no such size, no table":    {shop.Product{Sizes: []string{"M", "L"}}, Body{Usual: "S"}, Advice{Fit: FitNone}},
		"nothing known, no table":   {shop.Product{Sizes: []string{"M", "L"}}, Body{}, Advice{Fit: FitUnknown, Need: []string{"usual"}}},
		"only the foot, for a shoe": {boots, Body{Foot: 240, Usual: "44"}, Advice{Fit: FitGood, Size: "38"}},
	} {
		got, err := Size(c.p, c.b)
		if err != nil || got.Fit != c.want.Fit || got.Size != c.want.Size || got.Other != c.want.Other || !slices.Equal(got.Need, c.want.Need) {
			t.Errorf("%s: %+v, %v, want %+v", name, got, err, c.want)
		}
		if len(got.Working) == 0 && (got.Fit == FitGood || got.Fit == FitBetween || got.Fit == FitNone) {
			t.Errorf("%s: no working", name)
		}
	}
}

func TestSizeWorkingNamesTheRows(t *testing.T) {
	got, err := Size(shirt, Body{Height: 164, Weight: 51})
	want := []string{"S码：身高155到165厘米，体重42到52公斤", "M码：身高163到171厘米，体重50到61公斤"}
	if err != nil || !slices.Equal(got.Working, want) {
		t.Errorf("%v, %v", got.Working, err)
	}
	if got, err = Size(boots, Body{Foot: 250}); err != nil || !slices.Equal(got.Working, []string{"40码：脚长250毫米"}) {
		t.Errorf("%v, %v", got.Working, err)
	}
}

func TestSizeOfImpossibleBodies(t *testing.T) {
	for _, b := range []Body{{Height: 400}, {Height: -1}, {Weight: 1}, {Weight: 900}, {Foot: 20}, {Foot: 900}} {
		if got, err := Size(shirt, b); !errors.Is(err, ErrInput) {
			t.Errorf("%+v: %+v, %v", b, got, err)
		}
	}
}

// A larger body never gets a smaller size.
func TestSizeIsMonotone(t *testing.T) {
	at := func(size string) int { return slices.Index(shirt.Sizes, size) }
	for h := 150; h < 177; h++ {
		for w := 40; w < 70; w++ {
			a, err := Size(shirt, Body{Height: h, Weight: w})
			if err != nil || a.Fit == FitNone {
				t.Fatalf("%d, %d: %+v, %v", h, w, a, err)
			}
			for _, b := range []Body{{Height: h + 1, Weight: w}, {Height: h, Weight: w + 1}} {
				if next, err := Size(shirt, b); err != nil || at(next.Size) < at(a.Size) {
					t.Errorf("%d/%d gets %s and %+v gets %s, %v", h, w, a.Size, b, next.Size, err)
				}
			}
		}
	}
}
