package sop

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// ErrFlow marks mistakes in flow files.
var ErrFlow = errors.New("flow")

// Problem is one thing that is wrong with a flow.
type Problem struct {
	File string `json:"file"`
	Line int    `json:"line"`
	Flow string `json:"flow,omitempty"`
	Text string `json:"text"`
}

// String is one line: file:line: what is wrong.
func (p Problem) String() string {
	if p.Flow == "" {
		return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Text)
	}
	return fmt.Sprintf("%s:%d: %s: %s", p.File, p.Line, p.Flow, p.Text)
}

// Problems are what a linter has found.
type Problems []Problem

// Err is nil when there are none, else an error of one line each; it wraps
// ErrFlow.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	lines := make([]string, len(p))
	for i, x := range p {
		lines[i] = x.String()
	}
	return fmt.Errorf("%w: %s", ErrFlow, strings.Join(lines, "\n"))
}

func (p Problems) sorted() Problems {
	slices.SortStableFunc(p, func(a, b Problem) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		return a.Line - b.Line
	})
	return p
}
