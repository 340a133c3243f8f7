// Package fact holds what flows and tools know in a typed form: an amount is
// money and not a number, a moment is a moment, and each knows how it stands
// in the record, so that a sentence made of it can be proven. It also holds
// the small language in which flows ask about facts (Compile). It is a leaf
// but for shop.
package fact

import (
	"strconv"
	"strings"
	"time"

	"waggle/shop"
)

// Kind is the type of a Value.
type Kind int

// The kinds. The zero Kind is no value at all.
const (
	None   Kind = iota
	Text        // words: a name, a state
	Count       // a number of things, days, pieces
	Money       // fen
	Time        // a moment; the zero time is known to be missing
	Digits      // a number read digit by digit: an order number, a code
	Flag        // true or false
	List        // several words
)

// String names the kind as flows and error messages do.
func (k Kind) String() string {
	return [...]string{"nothing", "text", "count", "money", "time", "digits", "flag", "list"}[k]
}

// Value is one fact. It is immutable.
type Value struct {
	kind Kind
	text string
	n    int64
	at   time.Time
	list []string
}

// The constructors, one for each kind.

// OfText makes a text.
func OfText(s string) Value { return Value{kind: Text, text: s} }

// OfCount makes a count.
func OfCount(n int) Value { return Value{kind: Count, n: int64(n)} }

// OfMoney makes an amount.
func OfMoney(f shop.Fen) Value { return Value{kind: Money, n: int64(f)} }

// OfTime makes a moment.
func OfTime(t time.Time) Value { return Value{kind: Time, at: t} }

// OfDigits makes a number that is read digit by digit.
func OfDigits(s string) Value { return Value{kind: Digits, text: s} }

// OfFlag makes a truth value.
func OfFlag(b bool) Value {
	v := Value{kind: Flag}
	if b {
		v.n = 1
	}
	return v
}

// OfList makes a list of words; the slice is not copied.
func OfList(s []string) Value { return Value{kind: List, list: s} }

// Kind of the value.
func (v Value) Kind() Kind { return v.kind }

// Text of a text, of digits, or of a list with its words joined by 、.
func (v Value) Text() string {
	if v.kind == List {
		return strings.Join(v.list, "、")
	}
	return v.text
}

// Count of a count, and the fen of an amount.
func (v Value) Count() int { return int(v.n) }

// Money of an amount.
func (v Value) Money() shop.Fen { return shop.Fen(v.n) }

// Time of a moment.
func (v Value) Time() time.Time { return v.at }

// True tells whether a flag is set.
func (v Value) True() bool { return v.kind == Flag && v.n != 0 }

// List of words.
func (v Value) List() []string { return v.list }

// Empty tells that nothing is known: no text, a zero time, an empty list. A
// count, an amount and a flag are never empty.
func (v Value) Empty() bool {
	switch v.kind {
	case None:
		return true
	case Text, Digits:
		return v.text == ""
	case Time:
		return v.at.IsZero()
	case List:
		return len(v.list) == 0
	}
	return false
}

// String is the value as it stands in a record, which is what guard reads:
// amounts in yuan with their unit, moments in RFC 3339.
func (v Value) String() string {
	switch v.kind {
	case Count:
		return strconv.FormatInt(v.n, 10)
	case Money:
		return shop.Fen(v.n).String() + "元"
	case Time:
		if v.at.IsZero() {
			return ""
		}
		return v.at.Format(time.RFC3339)
	case Flag:
		return strconv.FormatBool(v.n != 0)
	}
	return v.Text()
}

// Record is a set of facts by name, as "total" of an order.
type Record map[string]Value

// Facts lists every fact that is known, as strings for guard, in no order
// that means anything.
func (r Record) Facts() []string {
	out := make([]string, 0, len(r))
	for _, v := range r {
		if s := v.String(); s != "" && v.kind != Flag {
			out = append(out, s)
		}
	}
	return out
}

// Plain writes the record as JSON wants it: texts, numbers, truth values.
func (r Record) Plain() map[string]any {
	out := make(map[string]any, len(r))
	for name, v := range r {
		switch v.kind {
		case Count:
			out[name] = v.n
		case Flag:
			out[name] = v.n != 0
		case List:
			out[name] = v.list
		default:
			if s := v.String(); s != "" {
				out[name] = s
			}
		}
	}
	return out
}

// Schema says which facts a record has, and what values a text of a fixed set
// may take.
type Schema map[string]Field

// Field is the type of one fact.
type Field struct {
	Kind Kind
	// Of lists all values that a text may have; nil for any.
	Of []string
}
