// Package wagglevad loads voice activity graphs of the waggle_vad family: one
// chunk of filter bank frames in, one probability of speech per frame out.
// It may import asr/step and asr/fbank.
package wagglevad

import (
	"errors"
	"fmt"

	"waggle/asr/fbank"
	"waggle/asr/step"
)

// Open loads and checks a graph with output prob [N, P]; P divides the chunk.
func Open(name string, graph []byte) (*step.Model, error) {
	m, err := step.Open(name, graph, step.Family{Type: "waggle_vad", Feature: "kaldi_fbank80", Bins: fbank.Bins})
	if err != nil {
		return nil, err
	}
	if m.Cols != 1 {
		return nil, errors.Join(fmt.Errorf("%w: %s gives %d values a frame, want one probability", step.ErrModel, name, m.Cols), m.Close())
	}
	return m, nil
}
