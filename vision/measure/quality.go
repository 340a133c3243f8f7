package measure

import (
	"context"
	"fmt"
	"io"
	"strings"

	"waggle/vision"
	"waggle/vision/inspect"
)

// Quality is the accuracy on photos labelled ok, blurred, dark, overexposed,
// glare, small or not_a_photo, or with the name of a sign of editing.
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
	// Signs is the share of each label's photos that show a sign, by its name;
	// those of ok are false.
	Signs map[string]map[string]float64 `json:"signs,omitempty"`
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
	case vision.LabelGlare:
		return q.Glare
	case vision.LabelNotAPhoto:
		return q.Flat
	}
	return 0
}

// EvalQuality assesses every photo of a manifest with the columns path and
// label.
func EvalQuality(ctx context.Context, in *inspect.Inspector, rows []Row, details io.Writer) (Quality, error) {
	seen := map[string][]vision.Quality{}
	refused, signs := map[string]int{}, map[string]map[string]int{}
	fmt.Fprintln(details, "path\tlabel\tanswer\tsharpness\tbrightness\tclipped\tflat\tglare\tsigns")
	for _, row := range rows {
		r, _, err := look(ctx, in, Row{"path": row["path"]}, nil)
		if err != nil {
			return Quality{}, err
		}
		q, label := r.Quality, row["label"]
		seen[label] = append(seen[label], q)
		refused[label] += count(q.Label != vision.LabelOK)
		if signs[label] == nil {
			signs[label] = map[string]int{}
		}
		var names []string
		for _, s := range r.Signs {
			signs[label][s.Name]++
			names = append(names, s.Name)
		}
		fmt.Fprintf(details, "%s\t%s\t%s\t%.4f\t%.4f\t%.4f\t%.4f\t%.4f\t%s\n", row["path"], label, q.Label,
			q.Sharpness, q.Brightness, q.Clipped, q.Flat, q.Glare, strings.Join(names, " "))
	}
	good := seen[vision.LabelOK]
	out := Quality{N: len(rows), AUROC: map[string]float64{}, Caught: map[string]float64{}}
	out.FalseRefusal = rate(refused[vision.LabelOK], len(good))
	out.FalseRefusalHi = UpperBound(refused[vision.LabelOK], len(good))
	out.Signs = shares(signs, seen)
	for label, photos := range seen {
		if label != vision.LabelOK && !isSign(label) {
			out.AUROC[label] = AUROC(values(label, photos), values(label, good))
			out.Caught[label] = rate(refused[label], len(photos))
		}
	}
	return out, nil
}

// isSign tells whether a label names a sign of editing: such photos are good
// ones otherwise.
func isSign(label string) bool {
	return label == vision.SignCopied || label == vision.SignPatched || label == vision.SignNoisy || label == vision.SignEditor
}

func shares(signs map[string]map[string]int, photos map[string][]vision.Quality) map[string]map[string]float64 {
	out := map[string]map[string]float64{}
	for label, counts := range signs {
		for name, n := range counts {
			if out[label] == nil {
				out[label] = map[string]float64{}
			}
			out[label][name] = rate(n, len(photos[label]))
		}
	}
	return out
}

func values(label string, photos []vision.Quality) []float64 {
	out := make([]float64, len(photos))
	for i, q := range photos {
		out[i] = badness(label, q)
	}
	return out
}
