package flow

import (
	"os"
	"strings"
	"testing"
	"time"

	"waggle/dialog/guard"
)

// What is said word for word the same every time must need no record, or the
// guard would hold it back in a conversation.
func TestFixedSentencesClaimNothing(t *testing.T) {
	raw, err := os.ReadFile("fixed.txt")
	if err != nil {
		t.Fatal(err)
	}
	for sentence := range strings.Lines(string(raw)) {
		if claims := (guard.Guard{}).Check(sentence, nil, time.Now()); len(claims) > 0 {
			t.Errorf("%q claims %v", strings.TrimSpace(sentence), claims)
		}
	}
}
