package nlu

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// Utterance is one labelled text.
type Utterance struct {
	Text   string
	Intent Intent
}

// ReadUtterances reads TSV with the header "text<TAB>intent".
func ReadUtterances(r io.Reader) ([]Utterance, error) {
	var out []Utterance
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text, intent, ok := strings.Cut(strings.TrimRight(lines.Text(), "\r"), "\t")
		if n == 1 {
			if text != "text" || intent != "intent" {
				return nil, fmt.Errorf("line 1: the header must be text<TAB>intent")
			}
			continue
		}
		if strings.TrimSpace(text) == "" && !ok {
			continue
		}
		if !ok || strings.TrimSpace(text) == "" || strings.TrimSpace(intent) == "" {
			return nil, fmt.Errorf("line %d: want text<TAB>intent", n)
		}
		out = append(out, Utterance{Text: text, Intent: Intent(strings.TrimSpace(intent))})
	}
	return out, lines.Err()
}
