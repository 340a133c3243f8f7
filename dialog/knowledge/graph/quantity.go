package graph

import (
	"strconv"
	"strings"
)

// Dimension is what a quantity measures.
type Dimension string

// The dimensions that goods are compared by, each with the unit in which
// Quantity.Amount counts.
const (
	Length   Dimension = "length"   // mm
	Mass     Dimension = "mass"     // g
	Volume   Dimension = "volume"   // ml
	Power    Dimension = "power"    // W
	Duration Dimension = "duration" // minutes
	Charge   Dimension = "charge"   // mAh
	Share    Dimension = "share"    // percent
	Number   Dimension = "number"   // pieces, steps, layers
)

// Quantity is a number with its unit, read from the value of an attribute.
type Quantity struct {
	Amount    float64
	Dimension Dimension
}

// units are written longest first where one begins with another. 寸 of pans,
// cakes, suitcases and screens is the inch.
var units = []struct {
	name string
	dim  Dimension
	size float64
}{
	{"毫安时", Charge, 1}, {"mah", Charge, 1},
	{"毫升", Volume, 1}, {"ml", Volume, 1}, {"公升", Volume, 1000}, {"升", Volume, 1000}, {"l", Volume, 1000},
	{"毫米", Length, 1}, {"mm", Length, 1}, {"厘米", Length, 10}, {"cm", Length, 10}, {"公分", Length, 10}, {"英寸", Length, 25.4}, {"寸", Length, 25.4}, {"米", Length, 1000},
	{"公斤", Mass, 1000}, {"千克", Mass, 1000}, {"kg", Mass, 1000}, {"克", Mass, 1}, {"g", Mass, 1}, {"斤", Mass, 500}, {"两", Mass, 50},
	{"瓦", Power, 1}, {"w", Power, 1},
	{"分钟", Duration, 1}, {"个小时", Duration, 60}, {"小时", Duration, 60}, {"天", Duration, 24 * 60}, {"个月", Duration, 30 * 24 * 60}, {"年", Duration, 365 * 24 * 60},
	{"%", Share, 1},
	{"个", Number, 1}, {"只", Number, 1}, {"双", Number, 1}, {"件", Number, 1}, {"片", Number, 1}, {"袋", Number, 1}, {"包", Number, 1}, {"粒", Number, 1},
	{"档", Number, 1}, {"层", Number, 1}, {"格", Number, 1}, {"人", Number, 1},
}

// ReadQuantity reads the first number of a value that has a unit: "约350毫升" is
// 350 ml, "1.2公斤" 1200 g. A range such as "3-5天" counts by its upper end, a
// product such as "40×30厘米" by its first side.
func ReadQuantity(value string) (Quantity, bool) {
	s := strings.ToLower(value)
	for i := 0; i < len(s); {
		if s[i] < '0' || s[i] > '9' {
			i++
			continue
		}
		end := i
		for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '.' && end+1 < len(s) && s[end+1] >= '0' && s[end+1] <= '9') {
			end++
		}
		n, err := strconv.ParseFloat(s[i:end], 64)
		if err != nil {
			return Quantity{}, false
		}
		if q, ok := withUnit(n, rangeUnit(s[end:])); ok {
			if upper, is := rangeEnd(s[end:]); is {
				q.Amount *= upper / n
			}
			return q, true
		}
		i = end
	}
	return Quantity{}, false
}

func withUnit(n float64, rest string) (Quantity, bool) {
	rest = strings.TrimLeft(rest, " ")
	for _, u := range units {
		if strings.HasPrefix(rest, u.name) && n > 0 {
			return Quantity{Amount: n * u.size, Dimension: u.dim}, true
		}
	}
	return Quantity{}, false
}

// dashes stand between the ends of a range, crosses between sides.
const dashes, crosses = "-~至到", "×x*"

// rangeUnit skips to the unit behind the last number of a range or product.
func rangeUnit(rest string) string {
	for {
		r := []rune(rest)
		if len(r) < 2 || !strings.ContainsRune(dashes+crosses, r[0]) || r[1] < '0' || r[1] > '9' {
			return rest
		}
		rest = strings.TrimLeft(string(r[1:]), "0123456789.")
	}
}

func rangeEnd(rest string) (float64, bool) {
	r := []rune(rest)
	if len(r) < 2 || !strings.ContainsRune(dashes, r[0]) {
		return 0, false
	}
	digits := string(r[1:])
	digits = digits[:len(digits)-len(strings.TrimLeft(digits, "0123456789."))]
	n, err := strconv.ParseFloat(digits, 64)
	return n, err == nil && n > 0
}
