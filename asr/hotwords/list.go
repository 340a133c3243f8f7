package hotwords

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ErrList says that a hotwords file cannot be used.
var ErrList = errors.New("the hotwords file cannot be used")

// maxScore bounds the score of a phrase: more than 20 per token would make the
// search hear nothing else.
const maxScore = 20

// Hotword is a phrase as people write it.
type Hotword struct {
	Text string
	// Score as in Phrase.
	Score float32
}

// Read parses a hotwords file: one phrase a line, optionally ended by
// " :SCORE"; lines that begin with # are notes. Errors: ErrList.
func Read(text string) ([]Hotword, error) {
	var list []Hotword
	line := 0
	for l := range strings.SplitSeq(text, "\n") {
		line++
		l = strings.TrimSpace(l)
		if l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		h := Hotword{Text: l}
		if i := strings.LastIndex(" "+l, " :"); i >= 0 {
			score, err := strconv.ParseFloat(l[i+1:], 32)
			if err != nil || math.IsNaN(score) || math.Abs(score) > maxScore {
				return nil, fmt.Errorf("%w: line %d: %q is no score from -%d to %d", ErrList, line, l[i+1:], maxScore, maxScore)
			}
			h.Text, h.Score = strings.TrimSpace(l[:i]), float32(score)
		}
		if h.Text == "" {
			return nil, fmt.Errorf("%w: line %d has a score and no phrase", ErrList, line)
		}
		if len(list) == MaxPhrases {
			return nil, fmt.Errorf("%w: more than %d phrases", ErrList, MaxPhrases)
		}
		list = append(list, h)
	}
	return list, nil
}
