package offlinectc

import (
	"math"

	"waggle/asr/fbank"
	"waggle/asr/offline"
)

// plain is the filter bank as it is.
func plain(o fbank.Options) func([]int16) offline.Matrix {
	return func(pcm []int16) offline.Matrix { return offline.Fbank(pcm, o) }
}

// perFeature normalises every value of the features over the utterance to mean
// 0 and standard deviation 1: NeMo's per_feature, which adds 1e-5 to the
// deviation.
func perFeature(features func([]int16) offline.Matrix) func([]int16) offline.Matrix {
	return func(pcm []int16) offline.Matrix {
		m := features(pcm)
		for c := range min(m.Cols, len(m.Data)) {
			normalise(m.Data[c:], m.Cols)
		}
		return m
	}
}

// normalise works on every stride-th value.
func normalise(v []float32, stride int) {
	var sum, squares, n float64
	for i := 0; i < len(v); i += stride {
		x := float64(v[i])
		sum, squares, n = sum+x, squares+x*x, n+1
	}
	mean := sum / n
	scale := 1 / (math.Sqrt(max(squares/n-mean*mean, 0)) + 1e-5)
	for i := 0; i < len(v); i += stride {
		v[i] = float32((float64(v[i]) - mean) * scale)
	}
}

// cepstra are TeleSpeech's 40 MFCC.
func cepstra(pcm []int16) offline.Matrix {
	m := offline.Fbank(pcm, fbank.TeleSpeech())
	c := fbank.NewCepstra(m.Cols)
	for at := m.Data; len(at) >= m.Cols; at = at[m.Cols:] {
		c.Transform(at)
	}
	return m
}
