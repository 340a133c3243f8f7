// Package wagglectc loads recogniser graphs of the waggle_ctc family: one
// chunk of filter bank frames in, log probabilities of Mandarin sound units
// out (CTC; Graves et al., ICML 2006). It may import asr/step and asr/fbank.
package wagglectc

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"waggle/asr/fbank"
	"waggle/asr/step"
)

// Model is a loaded graph and what its metadata says.
type Model struct {
	*step.Model
	// Tokens are the sound units; index = column of the output.
	Tokens []string
	// Blank is the column of the CTC blank.
	Blank int
	// Subsampling is how many feature frames one output row stands for.
	Subsampling int
	// Lookahead is by how many rows the output lags behind the input.
	Lookahead int
	// Syllables is true when tokens are whole base syllables and not
	// initials and finals.
	Syllables bool
}

// Open loads and checks a graph. Errors: step.ErrModel or those of the runtime.
func Open(name string, graph []byte) (*Model, error) {
	s, err := step.Open(name, graph, step.Family{Type: "waggle_ctc", Feature: "kaldi_fbank80", Bins: fbank.Bins})
	if err != nil {
		return nil, err
	}
	m := &Model{Model: s}
	if err := m.read(s.Meta()); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: %s: %w", step.ErrModel, name, err), s.Close())
	}
	return m, nil
}

func (m *Model) read(meta map[string]string) error {
	m.Tokens = strings.Fields(meta["tokens"])
	if len(m.Tokens) != m.Cols {
		return fmt.Errorf("metadata lists %d tokens, the output has %d", len(m.Tokens), m.Cols)
	}
	switch meta["unit"] {
	case "syllable":
		m.Syllables = true
	case "initial_final", "":
	default:
		return fmt.Errorf("unit is %q, want initial_final or syllable", meta["unit"])
	}
	m.Subsampling = m.Chunk / m.Rows
	for key, field := range map[string]*int{"blank": &m.Blank, "lookahead_frames": &m.Lookahead} {
		if meta[key] == "" {
			continue
		}
		v, err := strconv.Atoi(meta[key])
		if err != nil || v < 0 || v >= 1000 {
			return fmt.Errorf("%s is %q", key, meta[key])
		}
		*field = v
	}
	if m.Blank >= m.Cols {
		return fmt.Errorf("blank is %d of %d tokens", m.Blank, m.Cols)
	}
	return nil
}
