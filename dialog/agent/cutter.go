package agent

import (
	"strings"
	"unicode/utf8"
)

// cutter cuts a stream of text into sentences.
type cutter struct{ open strings.Builder }

// runaway is how long a text may go on without an end of a sentence before it
// is taken as one.
const runaway = 4 * longest

// add returns the sentences that a piece of text has completed.
func (c *cutter) add(text string) []string {
	var out []string
	for _, r := range text {
		if r == utf8.RuneError {
			continue
		}
		if r == '\n' || r == '\r' {
			r = ' '
		}
		c.open.WriteRune(r)
		if strings.ContainsRune("。！？!?", r) || c.open.Len() > runaway {
			if s := c.rest(); s != "" {
				out = append(out, s)
			}
		}
	}
	return out
}

// rest returns what has no end yet.
func (c *cutter) rest() string {
	s := strings.TrimSpace(c.open.String())
	c.open.Reset()
	return strings.Trim(s, "*#- ")
}
