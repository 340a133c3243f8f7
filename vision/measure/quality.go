package measure

import (
	"context"
	"fmt"
	"io"

	"waggle/vision"
	"waggle/vision/inspect"
)

// Quality is the accuracy on photos labelled ok, blurred, dark, overexposed,
// small or not_a_photo.
type Quality struct {
	N int `json:"n"`
	// AUROC of each problem's own measure against the good photos.
	AUROC map[string]float64 `json:"auroc"`
	// Caught is the share of each problem's photos that are refused, for
	// whatever reason.
	Caught map[string]float64 `json:"caught"`
	// FalseRefusal is the share of good photos refused, with its bound.
	FalseRefusal   float64 `json:"false_refusal"`
	FalseRefusalHi float64 `json:"false_refusal_hi"`
}

// badness is the measure that should be high for a label.
func badness(label string, q vision.Quality) float64 {
	switch label {
	case vision.LabelBlurred:
		return -q.Sharpness
	case vision.LabelDark:
		return -q.Brightness
	case vision.LabelOverexposed:
		return q.Clipped
	case vision.LabelSmall:
		return -float64(max(q.Width, q.Height))
	case vision.LabelNotAPhoto:
		return q.Flat
	}
	return 0
}

// EvalQuality assesses every photo of a manifest with the columns path and
// label.
func EvalQuality(ctx context.Context, in *inspect.Inspector, rows []Row, details io.Writer) (Quality, error) {
	seen := map[string][]vision.Quality{}
	refused := map[string]int{}
	fmt.Fprintln(details, "path\tlabel\tanswer\tsharpness\tbrightness\tclipped\tflat")
	for _, row := range rows {
		r, _, err := look(ctx, in, Row{"path": row["path"]}, nil)
		if err != nil {
			return Quality{}, err
		}
		q, label := r.Quality, row["label"]
		seen[label] = append(seen[label], q)
		refused[label] += count(q.Label != vision.LabelOK)
		fmt.Fprintf(details, "%s\t%s\t%s\t%.4f\t%.4f\t%.4f\t%.4f\n", row["path"], label, q.Label, q.Sharpness, q.Brightness, q.Clipped, q.Flat)
	}
	good := seen[vision.LabelOK]
	out := Quality{N: len(rows), AUROC: map[string]float64{}, Caught: map[string]float64{}}
	out.FalseRefusal = rate(refused[vision.LabelOK], len(good))
	out.FalseRefusalHi = UpperBound(refused[vision.LabelOK], len(good))
	for label, photos := range seen {
		if label != vision.LabelOK {
			out.AUROC[label] = AUROC(values(label, photos), values(label, good))
			out.Caught[label] = rate(refused[label], len(photos))
		}
	}
	return out, nil
}

func values(label string, photos []vision.Quality) []float64 {
	out := make([]float64, len(photos))
	for i, q := range photos {
		out[i] = badness(label, q)
	}
	return out
}
