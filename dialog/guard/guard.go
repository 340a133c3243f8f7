// Package guard proves by code that a sentence says no more than its evidence:
// every number, date, time, price, share, promise, state of an order, courier,
// place, phone number and product in it must be found, after normalisation,
// among the facts of the records it came from. It knows nothing of how the
// sentence was made, by template or by a model. It imports the
// table of places (dialog/nlu/division) and nothing else of Waggle.
package guard

import (
	"time"
)

// Kind is a kind of claim; its text is what the log says.
type Kind string

// The kinds.
const (
	Number  Kind = "number"  // a quantity, an amount, a code
	Ratio   Kind = "ratio"   // a share or a discount: 80%, 八折, 半价
	Date    Kind = "date"    // a day of the calendar or of the week
	Hour    Kind = "hour"    // an hour of the day
	Phone   Kind = "phone"   // a telephone number
	Promise Kind = "promise" // a word that binds the shop
	State   Kind = "state"   // where an order, parcel or refund stands
	Courier Kind = "courier" // who carries it
	Place   Kind = "place"   // a city, a district, a street
	Product Kind = "product" // an article of the catalogue, or a name in quotes
	Order   Kind = "order"   // words of a record that try to give a machine orders
)

// Claim is one thing that a sentence asserts.
type Claim struct {
	Kind Kind
	// Text is how the sentence says it.
	Text string
	// value is the canonical form; unit is what a number counts, "" if it does
	// not say.
	value, unit string
}

// Kinds lists the kinds of the claims, each once: what may stand in a log.
func Kinds(claims []Claim) []Kind {
	var out []Kind
	seen := make(map[Kind]bool)
	for _, c := range claims {
		if !seen[c.Kind] {
			seen[c.Kind] = true
			out = append(out, c.Kind)
		}
	}
	return out
}

// Guard checks sentences against facts. The zero value knows no catalogue. It
// is safe for concurrent use.
type Guard struct {
	// Names are the products of the catalogue; nil knows none.
	Names *Names
}

// Check returns the claims of the sentence that the facts do not prove; none
// means that the sentence may be spoken. Facts are values as they stand in
// records: text, amounts such as "12.5元", times in RFC 3339, states. Relative
// dates are read from now's point of view and in its zone.
func (g Guard) Check(sentence string, facts []string, now time.Time) []Claim {
	sentence = narrow(sentence)
	list := claims(sentence, now)
	for _, name := range g.Names.In(sentence) {
		list = append(list, Claim{Kind: Product, Text: name, value: name})
	}
	if len(list) == 0 {
		return nil
	}
	var unproven []Claim
	evidence := gather(facts, now.Location())
	for _, c := range list {
		if !evidence.prove(c) {
			unproven = append(unproven, c)
		}
	}
	return unproven
}
