package offer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"waggle/shop"
)

// Body is what is known of a person: height in cm, weight in kg, length of the
// foot in mm, the size that is worn usually. Zero is not known.
type Body struct {
	Height, Weight, Foot int
	Usual                string
}

// Fit says how well a size fits.
type Fit string

// The fits.
const (
	FitGood    Fit = "good"
	FitBetween Fit = "between" // two sizes come into question
	FitNone    Fit = "none"    // too large or too small for all of them
	FitUnknown Fit = "unknown" // more must be known of the body, see Need
	FitFree    Fit = "free"    // it has no sizes
)

// Advice is a size for a body.
type Advice struct {
	Fit Fit `json:"fit"`
	// Size is the one to take; of two the larger, Other the smaller.
	Size  string `json:"size,omitempty"`
	Other string `json:"other,omitempty"`
	// Need lists what must still be asked: height, weight, foot.
	Need []string `json:"need,omitempty"`
	// Working lists the rows of the table that the advice rests on, in words:
	// "M码：身高160到170厘米，体重50到60公斤".
	Working []string `json:"working,omitempty"`
}

// Bounds of a body that can be meant; the rest was misheard.
const (
	minHeight, maxHeight = 50, 230
	minWeight, maxWeight = 3, 200
	minFoot, maxFoot     = 80, 330
)

// slack is how far below the smallest row a body still counts as fitting it:
// what is a little loose can be worn.
const slackHeight, slackWeight, slackFoot = 5, 4, 5

// Size reads the size for a body from the product's table. Who is between two
// sizes gets the larger one and is told the smaller one. Errors wrap ErrInput:
// such a body is not possible.
func Size(p shop.Product, b Body) (Advice, error) {
	if err := b.check(); err != nil {
		return Advice{}, err
	}
	chart := p.SizeChart
	switch {
	case len(chart) == 0 && len(p.Sizes) == 0:
		return Advice{Fit: FitFree}, nil
	case len(chart) == 0:
		return usual(p.Sizes, b), nil
	case chart[0].Foot > 0:
		return shoe(chart, b), nil
	}
	var need []string
	if b.Height == 0 && chart[0].MaxHeight > 0 {
		need = append(need, "height")
	}
	if b.Weight == 0 && chart[0].MaxWeight > 0 {
		need = append(need, "weight")
	}
	if len(need) > 0 {
		return Advice{Fit: FitUnknown, Need: need}, nil
	}
	return clothes(chart, b), nil
}

func (b Body) check() error {
	for _, m := range []struct {
		name           string
		value, lo, top int
	}{{"height", b.Height, minHeight, maxHeight}, {"weight", b.Weight, minWeight, maxWeight}, {"foot", b.Foot, minFoot, maxFoot}} {
		if m.value != 0 && (m.value < m.lo || m.value > m.top) {
			return fmt.Errorf("%s %d, want %d to %d: %w", m.name, m.value, m.lo, m.top, ErrInput)
		}
	}
	return nil
}

// usual advises where there is no table: the size that is worn usually.
func usual(sizes []string, b Body) Advice {
	switch {
	case b.Usual == "":
		return Advice{Fit: FitUnknown, Need: []string{"usual"}}
	case slices.Contains(sizes, b.Usual):
		return Advice{Fit: FitGood, Size: b.Usual, Working: []string{"尺码：" + strings.Join(sizes, "、")}}
	}
	return Advice{Fit: FitNone, Working: []string{"尺码：" + strings.Join(sizes, "、")}}
}

// clothes takes the smallest row that is large enough in height and weight,
// and the row of the weight alone where that is smaller: what is too narrow
// cannot be worn, what is a little short can.
func clothes(chart []shop.SizeRow, b Body) Advice {
	wide := slices.IndexFunc(chart, func(r shop.SizeRow) bool { return r.MaxWeight == 0 || b.Weight <= r.MaxWeight })
	long := slices.IndexFunc(chart, func(r shop.SizeRow) bool { return r.MaxHeight == 0 || b.Height <= r.MaxHeight })
	first, last := chart[0], chart[len(chart)-1]
	small := first.MinHeight > 0 && b.Height < first.MinHeight-slackHeight || first.MinWeight > 0 && b.Weight < first.MinWeight-slackWeight
	switch {
	case small:
		return Advice{Fit: FitNone, Working: rows(first)}
	case wide < 0 || long < 0:
		return Advice{Fit: FitNone, Working: rows(last)}
	case long-wide > 1 || wide-long > 1:
		// A build that the table was not made for: the wider row can be worn,
		// but it is not a fit to promise.
		at := max(wide, long)
		return Advice{Fit: FitBetween, Size: chart[at].Size, Other: chart[min(wide, long)].Size, Working: rows(chart[min(wide, long)], chart[at])}
	case long != wide:
		return between(chart, max(wide, long))
	}
	if wide+1 < len(chart) && within(chart[wide+1], b) {
		return between(chart, wide+1) // the rows overlap, and this body is in both
	}
	return Advice{Fit: FitGood, Size: chart[wide].Size, Working: rows(chart[wide])}
}

// within tells whether a body lies inside a row altogether.
func within(r shop.SizeRow, b Body) bool {
	return b.Height >= r.MinHeight && (r.MaxHeight == 0 || b.Height <= r.MaxHeight) &&
		b.Weight >= r.MinWeight && (r.MaxWeight == 0 || b.Weight <= r.MaxWeight)
}

func between(chart []shop.SizeRow, upper int) Advice {
	return Advice{Fit: FitBetween, Size: chart[upper].Size, Other: chart[upper-1].Size, Working: rows(chart[upper-1], chart[upper])}
}

// shoe takes the smallest row that is as long as the foot.
func shoe(chart []shop.SizeRow, b Body) Advice {
	if b.Foot == 0 {
		if b.Usual == "" {
			return Advice{Fit: FitUnknown, Need: []string{"foot"}}
		}
		for _, r := range chart {
			if r.Size == b.Usual {
				return Advice{Fit: FitGood, Size: r.Size, Working: rows(r)}
			}
		}
		return Advice{Fit: FitNone, Working: rows(chart[0], chart[len(chart)-1])}
	}
	at := slices.IndexFunc(chart, func(r shop.SizeRow) bool { return b.Foot <= r.Foot })
	switch {
	case at < 0:
		return Advice{Fit: FitNone, Working: rows(chart[len(chart)-1])}
	case at == 0 && b.Foot < chart[0].Foot-slackFoot:
		return Advice{Fit: FitNone, Working: rows(chart[0])}
	case at > 0 && b.Foot != chart[at].Foot:
		return between(chart, at)
	}
	return Advice{Fit: FitGood, Size: chart[at].Size, Working: rows(chart[at])}
}

// rows writes rows of the table in words.
func rows(all ...shop.SizeRow) []string {
	out := make([]string, len(all))
	for i, r := range all {
		var parts []string
		if r.MaxHeight > 0 {
			parts = append(parts, fmt.Sprintf("身高%d到%d厘米", r.MinHeight, r.MaxHeight))
		}
		if r.MaxWeight > 0 {
			parts = append(parts, fmt.Sprintf("体重%d到%d公斤", r.MinWeight, r.MaxWeight))
		}
		if r.Foot > 0 {
			parts = append(parts, "脚长"+strconv.Itoa(r.Foot)+"毫米")
		}
		out[i] = r.Size + "码：" + strings.Join(parts, "，")
	}
	return out
}
