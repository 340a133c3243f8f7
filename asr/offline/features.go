// Package offline holds what the families of offline recognisers share: whole
// feature matrices, runs over padded batches of them, and the way from tokens
// to a segment.Reading. It may import asr and the folders below it, and
// models/onnx.
package offline

import (
	"waggle/asr/fbank"
	"waggle/asr/segment"
)

// Matrix is [Rows, Cols] features of one utterance, row after row.
type Matrix struct {
	Cols int
	Data []float32
}

// Rows is how many feature vectors there are.
func (m Matrix) Rows() int { return len(m.Data) / m.Cols }

// Fbank is the filter bank of a whole utterance.
func Fbank(pcm []int16, o fbank.Options) Matrix {
	e := fbank.NewWith(o)
	e.Write(pcm)
	e.Flush()
	m := Matrix{Cols: e.Width(), Data: make([]float32, e.Ready()*e.Width())}
	for at := m.Data; len(at) > 0 && e.Read(at); at = at[m.Cols:] {
	}
	return m
}

// Stack joins each window rows to one, shift rows apart: low frame rate, LFR
// (Pundak and Sainath, "Lower Frame Rate Neural Network Acoustic Models",
// Interspeech 2016). Rows that fill no window are left out.
func Stack(m Matrix, window, shift int) Matrix {
	out := Matrix{Cols: m.Cols * window}
	rows := (m.Rows()-window)/shift + 1
	if m.Rows() < window {
		return out
	}
	out.Data = make([]float32, 0, rows*out.Cols)
	for i := range rows {
		from := i * shift * m.Cols
		out.Data = append(out.Data, m.Data[from:from+out.Cols]...)
	}
	return out
}

// Hear takes the features of every utterance through run, in one batch, and
// spares it those that are too short to have any: their Reading is empty. run
// is given the features and the phrases of each.
func Hear(utterances []segment.Utterance, features func([]int16) Matrix, run func([]Matrix, [][]string) ([]segment.Reading, error)) ([]segment.Reading, error) {
	readings := make([]segment.Reading, len(utterances))
	var batch []Matrix
	var phrases [][]string
	var places []int
	for i, u := range utterances {
		if m := features(u.PCM); m.Rows() > 0 {
			batch, phrases, places = append(batch, m), append(phrases, u.Phrases), append(places, i)
		}
	}
	if len(batch) == 0 {
		return readings, nil
	}
	heard, err := run(batch, phrases)
	if err != nil {
		return nil, err
	}
	for i, place := range places {
		readings[place] = heard[i]
	}
	return readings, nil
}
