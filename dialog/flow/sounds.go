package flow

import (
	"strings"

	"waggle/dialog/nlu"
)

// sounds tells whether the text names one of the names, as it is written or,
// for names of two characters and more, as it sounds.
func sounds(text string, names []string) bool {
	for _, n := range names {
		if n != "" && strings.Contains(text, strings.ToLower(n)) {
			return true
		}
	}
	heard := nlu.Sound(text)
	for _, n := range names {
		if s := nlu.Sound(n); strings.Count(s, " ") > 2 && strings.Contains(heard, s) {
			return true
		}
	}
	return false
}
