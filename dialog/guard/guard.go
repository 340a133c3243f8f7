// Package guard proves by code that a sentence says no more than its evidence:
// every number, date, time, price and promise in it must be found, after
// normalisation, among the facts of the records it came from. It knows nothing
// of how the sentence was made, by template or by a model. It is a leaf.
package guard

import (
	"time"
)

// Check returns the claims of the sentence that the facts do not prove; none
// means that the sentence may be spoken. Facts are values as they stand in
// records: text, amounts such as "12.5元", times in RFC 3339. Relative dates
// are read from now's point of view and in its zone.
func Check(sentence string, facts []string, now time.Time) []string {
	var unproven []string
	evidence := gather(facts, now.Location())
	for _, c := range claims(sentence, now) {
		if !evidence.prove(c) {
			unproven = append(unproven, c.text)
		}
	}
	return unproven
}
