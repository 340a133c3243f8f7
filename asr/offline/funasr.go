package offline

import (
	"fmt"

	"waggle/asr/fbank"
	"waggle/asr/modeldir"
	"waggle/asr/tokens"
)

// FunASR is the front end of Paraformer and SenseVoice: filter bank, low frame
// rate, and mean and variance from the graph's metadata.
type FunASR struct {
	window, shift int
	negMean       []float32
	invStdDev     []float32
	fbank         fbank.Options
}

// ReadFunASR reads lfr_window_size, lfr_window_shift, neg_mean, inv_stddev and,
// where there is one, normalize_samples. Errors: modeldir.ErrMetadata.
func ReadFunASR(meta modeldir.Meta) (FunASR, error) {
	f := FunASR{fbank: fbank.FunASR()}
	var err error
	if f.window, err = meta.Int("lfr_window_size", 1, 32); err != nil {
		return f, err
	}
	if f.shift, err = meta.Int("lfr_window_shift", 1, f.window); err != nil {
		return f, err
	}
	if f.negMean, err = meta.Floats("neg_mean", f.Cols()); err != nil {
		return f, err
	}
	if f.invStdDev, err = meta.Floats("inv_stddev", f.Cols()); err != nil {
		return f, err
	}
	normalise, err := meta.IntOr("normalize_samples", 0, 1, 0)
	f.fbank.Normalise = normalise == 1
	return f, err
}

// Cols is how many values a row has.
func (f FunASR) Cols() int { return f.window * fbank.Bins }

// Shift is how many frames of 10 ms a row advances.
func (f FunASR) Shift() int { return f.shift }

// Features are the rows of an utterance.
func (f FunASR) Features(pcm []int16) Matrix {
	m := Stack(Fbank(pcm, f.fbank), f.window, f.shift)
	f.Normalise(m.Data)
	return m
}

// Window is how many frames of 10 ms a row stacks.
func (f FunASR) Window() int { return f.window }

// Fbank is the filter bank behind the rows.
func (f FunASR) Fbank() fbank.Options { return f.fbank }

// Normalise applies mean and variance to stacked rows, in place.
func (f FunASR) Normalise(rows []float32) {
	for cols := f.Cols(); len(rows) >= cols; rows = rows[cols:] {
		for i, v := range rows[:cols] {
			rows[i] = (v + f.negMean[i]) * f.invStdDev[i]
		}
	}
}

// CheckVocabulary compares tokens.txt with the columns of the output. A few
// columns without a symbol are usual, symbols without a column are another
// model's file. Errors: ErrModel.
func CheckVocabulary(table *tokens.Table, cols int) error {
	if n := table.Len(); n > cols || n < cols-cols/10 {
		return fmt.Errorf("%w: tokens.txt numbers %d tokens, the output has %d; they are of different models", ErrModel, n, cols)
	}
	return nil
}
