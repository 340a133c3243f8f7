package modeldir

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// ErrMetadata says that a graph's metadata_props lack a key or hold a value
// that cannot be meant.
var ErrMetadata = errors.New("metadata of the graph cannot be used")

// Meta is the metadata_props of a graph: every value is a string, vectors are
// separated by commas.
type Meta map[string]string

// Text is the value of a key that must be there.
func (m Meta) Text(key string) (string, error) {
	v, ok := m[key]
	if !ok {
		return "", fmt.Errorf("%w: key %s is missing", ErrMetadata, key)
	}
	return v, nil
}

// Int is a whole number from least to most that must be there.
func (m Meta) Int(key string, least, most int) (int, error) {
	v, err := m.Text(key)
	if err != nil {
		return 0, err
	}
	n, err := strconv.Atoi(strings.TrimSpace(v))
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("%w: %s is %q, want a number from %d to %d", ErrMetadata, key, clip(v), least, most)
	}
	return n, nil
}

// IntOr is Int for a key that may be absent.
func (m Meta) IntOr(key string, least, most, absent int) (int, error) {
	if _, ok := m[key]; !ok {
		return absent, nil
	}
	return m.Int(key, least, most)
}

// Ints is a vector of 1 to longest whole numbers from least to most.
func (m Meta) Ints(key string, longest, least, most int) ([]int, error) {
	fields, err := m.fields(key, longest)
	if err != nil {
		return nil, err
	}
	list := make([]int, len(fields))
	for i, f := range fields {
		n, err := strconv.Atoi(strings.TrimSpace(f))
		if err != nil || n < least || n > most {
			return nil, fmt.Errorf("%w: %s[%d] is %q, want a number from %d to %d", ErrMetadata, key, i, clip(f), least, most)
		}
		list[i] = n
	}
	return list, nil
}

// Floats is a vector of exactly n finite numbers.
func (m Meta) Floats(key string, n int) ([]float32, error) {
	fields, err := m.fields(key, n)
	if err != nil {
		return nil, err
	}
	if len(fields) != n {
		return nil, fmt.Errorf("%w: %s has %d values, want %d", ErrMetadata, key, len(fields), n)
	}
	list := make([]float32, n)
	for i, f := range fields {
		v, err := strconv.ParseFloat(strings.TrimSpace(f), 32)
		if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("%w: %s[%d] is %q, want a number", ErrMetadata, key, i, clip(f))
		}
		list[i] = float32(v)
	}
	return list, nil
}

// fields splits a vector, counted before it is taken apart.
func (m Meta) fields(key string, longest int) ([]string, error) {
	v, err := m.Text(key)
	if err != nil {
		return nil, err
	}
	v = strings.Trim(v, ", ")
	if n := strings.Count(v, ",") + 1; n > longest {
		return nil, fmt.Errorf("%w: %s has %d values, more than %d", ErrMetadata, key, n, longest)
	}
	if v == "" {
		return nil, fmt.Errorf("%w: %s is empty", ErrMetadata, key)
	}
	return strings.Split(v, ","), nil
}

// clip shortens what a message quotes.
func clip(v string) string {
	const longest = 40
	if len(v) > longest {
		return v[:longest] + "..."
	}
	return v
}
