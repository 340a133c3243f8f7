package shop

import "strconv"

// Fen is money in hundredths of a yuan. Money is never a floating point number.
type Fen int64

// Yuan makes an amount of whole yuan.
func Yuan(n int64) Fen { return Fen(n * 100) }

// String writes the amount in yuan without needless zeros: 129, 12.5, 0.05.
func (f Fen) String() string {
	sign := ""
	if f < 0 {
		sign, f = "-", -f
	}
	s := sign + strconv.FormatInt(int64(f/100), 10)
	switch cents := f % 100; {
	case cents == 0:
		return s
	case cents%10 == 0:
		return s + "." + strconv.FormatInt(int64(cents/10), 10)
	case cents < 10:
		return s + ".0" + strconv.FormatInt(int64(cents), 10)
	default:
		return s + "." + strconv.FormatInt(int64(cents), 10)
	}
}
