package flow

import (
	_ "embed"
	"strings"
)

//go:embed fixed.txt
var fixedText string

// Fixed lists the sentences that the dialog says word for word, without any
// value in them, so that a voice can have them ready. The ones that come early
// in a conversation come first.
func Fixed() []string {
	return strings.Split(strings.TrimSpace(fixedText), "\n")
}
