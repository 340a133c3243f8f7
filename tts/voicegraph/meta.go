// Package voicegraph is what the loaders of drop-in voices have in common: they
// read metadata within limits, bind inputs by position, and take nothing from
// a graph that is not finite sound of a possible length. It may import
// models/onnx.
package voicegraph

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// ErrModel says that a graph or its metadata_props are not what the family
// needs.
var ErrModel = errors.New("the graph cannot be used as a voice")

// Limits of what metadata may say.
const (
	MinRate     = 8000
	MaxRate     = 96000
	MaxSpeakers = 10_000
)

// Meta reads metadata_props, where every value is a string, and keeps the first
// complaint in Err.
type Meta struct {
	Props map[string]string
	Err   error
}

// Int is a number from low to high that must be there.
func (m *Meta) Int(key string, low, high int) int {
	v, ok := m.Props[key]
	if !ok {
		m.fail("metadata %s is missing", key)
		return low
	}
	n, err := strconv.Atoi(strings.TrimSpace(v))
	if err != nil || n < low || n > high {
		m.fail("metadata %s is %q, want a number from %d to %d", key, clip(v), low, high)
		return low
	}
	return n
}

// IntOr is Int for a key that may be absent.
func (m *Meta) IntOr(key string, absent, low, high int) int {
	if _, ok := m.Props[key]; !ok {
		return absent
	}
	return m.Int(key, low, high)
}

// Flag is whether a key is there and not 0.
func (m *Meta) Flag(key string) bool { return m.IntOr(key, 0, 0, 1) == 1 }

// Ints is a list of exactly n numbers from low to high, separated by commas.
func (m *Meta) Ints(key string, n, low, high int) []int {
	list := make([]int, n)
	fields := strings.SplitN(m.Props[key], ",", n+1)
	if len(fields) != n {
		m.fail("metadata %s is %q, want %d numbers", key, clip(m.Props[key]), n)
		return list
	}
	for i, f := range fields {
		v, err := strconv.Atoi(strings.TrimSpace(f))
		if err != nil || v < low || v > high {
			m.fail("metadata %s[%d] is %q, want a number from %d to %d", key, i, clip(f), low, high)
			return list
		}
		list[i] = v
	}
	return list
}

// Names is a list of n names separated by commas, "0->name" or "name"; nil
// where the key is absent or does not name all.
func (m *Meta) Names(key string, n int) []string {
	v, ok := m.Props[key]
	if !ok || strings.Count(v, ",") >= MaxSpeakers {
		return nil
	}
	var names []string
	for f := range strings.SplitSeq(v, ",") {
		if _, name, ok := strings.Cut(f, "->"); ok {
			f = name
		}
		names = append(names, strings.TrimSpace(f))
	}
	if len(names) != n {
		return nil
	}
	return names
}

func (m *Meta) fail(format string, args ...any) {
	if m.Err == nil {
		m.Err = fmt.Errorf("%w: "+format, append([]any{ErrModel}, args...)...)
	}
}

// clip shortens what a message quotes of a stranger's file.
func clip(v string) string {
	const most = 40
	if len(v) > most {
		return v[:most] + "..."
	}
	return v
}
