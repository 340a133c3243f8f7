package measure

import (
	"context"
	"fmt"
	"io"

	"waggle/vision"
	"waggle/vision/inspect"
)

// Damage is the accuracy on photos labelled intact or with a damage.
type Damage struct {
	N     int     `json:"n"`
	AUROC float64 `json:"auroc"`
	F1    float64 `json:"f1"`
	// FalseAccusation is the share of intact photos called damaged, and its
	// one-sided 95 % bound.
	FalseAccusation   float64 `json:"false_accusation"`
	FalseAccusationHi float64 `json:"false_accusation_hi"`
	// CannotSee is the share of all photos that were not judged.
	CannotSee float64 `json:"cannot_see"`
	// Located is the share of the damaged photos with a mask, found damaged,
	// where a spot lies on the mask.
	Located float64            `json:"located"`
	ByLabel map[string]ByLabel `json:"by_label"`
}

// ByLabel counts the answers for one label.
type ByLabel struct {
	N         int     `json:"n"`
	Damaged   int     `json:"damaged"`
	CannotSee int     `json:"cannot_see"`
	AUROC     float64 `json:"auroc,omitempty"` // against all intact photos
}

// isIntact knows the words that sets use.
func isIntact(label string) bool { return label == "intact" || label == "normal" || label == "good" }

// EvalDamage looks at every photo of a manifest with the columns path, label
// and perhaps mask and listing. A line per photo goes to details.
func EvalDamage(ctx context.Context, in *inspect.Inspector, rows []Row, details io.Writer) (Damage, error) {
	t := tally{byLabel: map[string]ByLabel{}, scores: map[string][]float64{}}
	fmt.Fprintln(details, "path\tlabel\tanswer\tscore\tshare\tquality\tspots")
	for _, row := range rows {
		r, photo, err := look(ctx, in, row)
		if err != nil {
			return Damage{}, err
		}
		label := row["label"]
		if t.add(label, r.Damage) {
			m, l, err := onMask(ctx, in, row["mask"], photo, r)
			if err != nil {
				return Damage{}, err
			}
			t.masked, t.located = t.masked+m, t.located+l
		}
		fmt.Fprintf(details, "%s\t%s\t%s\t%.4f\t%.4f\t%s\t%d\n", row["path"], label, r.Damage.Label, r.Damage.Score, r.Damage.Share, r.Quality.Label, len(r.Damage.Spots))
	}
	return t.result(len(rows)), nil
}

// tally counts answers while a set is looked at.
type tally struct {
	byLabel         map[string]ByLabel
	scores          map[string][]float64
	accused, hits   int // intact and damaged photos called damaged
	unseen          int
	masked, located int
}

// add counts one answer; it is a hit when a damaged photo was called so.
func (t *tally) add(label string, d vision.Damage) (hit bool) {
	by := t.byLabel[label]
	by.N++
	switch d.Label {
	case vision.LabelDamaged:
		by.Damaged++
		hit = !isIntact(label)
		t.hits += count(hit)
		t.accused += count(!hit)
	case vision.LabelCannotSee:
		by.CannotSee++
		t.unseen++
	}
	t.byLabel[label] = by
	t.scores[label] = append(t.scores[label], float64(d.Score))
	return hit
}

func (t *tally) result(n int) Damage {
	var positive, negative []float64
	for label, s := range t.scores {
		if isIntact(label) {
			negative = append(negative, s...)
		} else {
			positive = append(positive, s...)
		}
	}
	for label, by := range t.byLabel {
		if !isIntact(label) {
			by.AUROC = AUROC(t.scores[label], negative)
			t.byLabel[label] = by
		}
	}
	d := Damage{N: n, AUROC: AUROC(positive, negative), ByLabel: t.byLabel}
	d.FalseAccusation, d.FalseAccusationHi = rate(t.accused, len(negative)), UpperBound(t.accused, len(negative))
	d.CannotSee, d.Located = rate(t.unseen, n), rate(t.located, t.masked)
	if t.hits > 0 {
		d.F1 = 2 * float64(t.hits) / float64(t.accused+t.hits+len(positive))
	}
	return d
}

// look decodes and inspects one row.
func look(ctx context.Context, in *inspect.Inspector, row Row) (vision.Report, vision.Image, error) {
	photo, err := in.DecodeFile(ctx, row["path"])
	if err != nil {
		return vision.Report{}, photo, fmt.Errorf("%s: %w", row["path"], err)
	}
	var listing []vision.Image
	if row["listing"] != "" {
		l, err := in.DecodeFile(ctx, row["listing"])
		if err != nil {
			return vision.Report{}, photo, fmt.Errorf("%s: %w", row["listing"], err)
		}
		listing = append(listing, l)
	}
	r, err := in.Inspect(ctx, photo, listing)
	if err != nil {
		return r, photo, fmt.Errorf("%s: %w", row["path"], err)
	}
	return r, photo, nil
}

// onMask tells whether there is a mask and whether a spot's box lies on it.
func onMask(ctx context.Context, in *inspect.Inspector, path string, photo vision.Image, r vision.Report) (masked, located int, err error) {
	if path == "" {
		return 0, 0, nil
	}
	mask, err := in.DecodeFile(ctx, path)
	if err != nil {
		return 0, 0, fmt.Errorf("%s: %w", path, err)
	}
	for _, s := range r.Damage.Spots {
		b := s.Box
		for y := b.Y * mask.H / photo.H; y < (b.Y+b.H)*mask.H/photo.H; y++ {
			for x := b.X * mask.W / photo.W; x < (b.X+b.W)*mask.W/photo.W; x++ {
				if v, _, _ := mask.At(x, y); v > 127 {
					return 1, 1, nil
				}
			}
		}
	}
	return 1, 0, nil
}
