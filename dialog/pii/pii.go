// Package pii finds what identifies a person in a text - numbers of identity
// documents, bank cards and telephones, also digit by digit as they are spoken,
// addresses, e-mail addresses - and hides it. Checksums tell such numbers from
// those of orders and parcels, which stay. Handler does it for a whole log. It
// is a leaf.
package pii

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
)

// Kind is a kind of personal data.
type Kind string

// The kinds, as they stand in a masked text.
const (
	Phone    Kind = "phone"
	Identity Kind = "identity" // GB 11643, 18 characters, or 15 of the first generation
	Card     Kind = "card"     // ISO/IEC 7812
	Address  Kind = "address"
	Email    Kind = "email"
)

// Span is personal data in a text, by bytes.
type Span struct {
	Kind       Kind
	Start, End int
}

var email = regexp.MustCompile(`[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}`)

// Find lists personal data in the order of the text; spans do not overlap.
func Find(text string) []Span {
	found := numbers(text)
	for _, m := range email.FindAllStringIndex(text, -1) {
		found = append(found, Span{Email, m[0], m[1]})
	}
	found = append(found, addresses(text)...)
	slices.SortStableFunc(found, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	kept := found[:0]
	end := 0
	for _, s := range found {
		if s.Start >= end {
			kept = append(kept, s)
			end = s.End
			continue
		}
		if s.End > end { // two that overlap become one
			kept[len(kept)-1].End, end = s.End, s.End
		}
	}
	return kept
}

// Mask hides personal data: 电话13800000001 becomes 电话<phone>.
func Mask(text string) string {
	found := Find(text)
	if len(found) == 0 {
		return text
	}
	var b strings.Builder
	at := 0
	for _, s := range found {
		b.WriteString(text[at:s.Start])
		b.WriteString("<" + string(s.Kind) + ">")
		at = s.End
	}
	b.WriteString(text[at:])
	return b.String()
}
