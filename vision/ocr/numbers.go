package ocr

import (
	"regexp"

	"waggle/vision"
)

// number is what orders and parcels are called by: digits, with at most three
// capitals in front. Eight digits and more: a price or a date in a sentence is
// shorter.
var number = regexp.MustCompile(`(?:^|[^0-9A-Za-z])([A-Z]{0,3}[0-9]{8,20})(?:$|[^0-9A-Za-z])`)

const (
	mostNumbers = 8
	leastScore  = 0.8 // of a line: a wrong digit is another order
)

// Numbers picks the numbers out of lines, each once.
func Numbers(lines []Line) []vision.Finding {
	var out []vision.Finding
	seen := map[string]bool{}
	for _, l := range lines {
		if l.Score < leastScore {
			continue
		}
		// Two matches may share the sign between them: look again behind each.
		for rest := l.Text; len(out) < mostNumbers; {
			at := number.FindStringSubmatchIndex(rest)
			if at == nil {
				break
			}
			if n := rest[at[2]:at[3]]; !seen[n] {
				seen[n] = true
				out = append(out, vision.Finding{Kind: vision.KindNumber, Label: n, Score: float32(l.Score), Box: l.Box})
			}
			rest = rest[at[3]:]
		}
	}
	return out
}
