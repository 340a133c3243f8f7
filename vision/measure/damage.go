package measure

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

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
	Located  float64             `json:"located"`
	ByLabel  map[string]ByLabel  `json:"by_label"`
	BySource map[string]BySource `json:"by_source"`
}

// BySource counts the answers for the photos of one source: the column of
// that name, or the folder that the photo lies in.
type BySource struct {
	Intact    int     `json:"intact"`
	Hurt      int     `json:"damaged"`
	Accused   int     `json:"accused"` // intact ones called damaged
	Found     int     `json:"found"`   // damaged ones called damaged
	CannotSee int     `json:"cannot_see"`
	AUROC     float64 `json:"auroc,omitempty"` // damaged against intact ones of this source, or of all where it has none

	good, bad []float64
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
// and perhaps mask, listing and reference (a folder of intact photos of the
// product or a patchcore card, for where no listing fits). A line per photo goes to details.
func EvalDamage(ctx context.Context, in *inspect.Inspector, rows []Row, details io.Writer) (Damage, error) {
	t := tally{byLabel: map[string]ByLabel{}, scores: map[string][]float64{}, bySource: map[string]*BySource{}}
	products := map[string]*inspect.Product{} // by folder or card
	defer closeAll(products)
	fmt.Fprintln(details, "path\tlabel\tanswer\tscore\tshare\tquality\tspots")
	for _, row := range rows {
		if dir := row["reference"]; dir != "" && products[dir] == nil {
			p, err := in.OpenProduct(ctx, dir)
			if err != nil {
				return Damage{}, fmt.Errorf("reference: %w", err)
			}
			products[dir] = p
		}
		r, photo, err := look(ctx, in, row, products)
		if err != nil {
			return Damage{}, err
		}
		label := row["label"]
		if t.add(label, source(row), r.Damage) {
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

func closeAll(products map[string]*inspect.Product) {
	for _, p := range products {
		_ = p.Close()
	}
}

// tally counts answers while a set is looked at.
type tally struct {
	byLabel         map[string]ByLabel
	scores          map[string][]float64
	bySource        map[string]*BySource
	accused, hits   int // intact and damaged photos called damaged
	unseen          int
	masked, located int
}

// add counts one answer; it is a hit when a damaged photo was called so.
func (t *tally) add(label, from string, d vision.Damage) (hit bool) {
	if t.bySource[from] == nil {
		t.bySource[from] = &BySource{}
	}
	t.bySource[from].add(isIntact(label), d)
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

func (s *BySource) add(intact bool, d vision.Damage) {
	called := count(d.Label == vision.LabelDamaged)
	s.CannotSee += count(d.Label == vision.LabelCannotSee)
	if intact {
		s.Intact, s.Accused, s.good = s.Intact+1, s.Accused+called, append(s.good, float64(d.Score))
	} else {
		s.Hurt, s.Found, s.bad = s.Hurt+1, s.Found+called, append(s.bad, float64(d.Score))
	}
}

// source names where a photo comes from.
func source(row Row) string {
	if s := row["source"]; s != "" {
		return s
	}
	dir := filepath.Dir(row["path"])
	if base := filepath.Base(dir); base == "img" || base == "images" {
		dir = filepath.Dir(dir)
	}
	return filepath.Base(dir)
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
	sources := map[string]BySource{}
	for name, s := range t.bySource {
		against := s.good
		if len(against) == 0 {
			against = negative
		}
		s.AUROC = AUROC(s.bad, against)
		sources[name] = *s
	}
	d := Damage{N: n, BySource: sources, AUROC: AUROC(positive, negative), ByLabel: t.byLabel}
	d.FalseAccusation, d.FalseAccusationHi = rate(t.accused, len(negative)), UpperBound(t.accused, len(negative))
	d.CannotSee, d.Located = rate(t.unseen, n), rate(t.located, t.masked)
	if t.hits > 0 {
		d.F1 = 2 * float64(t.hits) / float64(t.accused+t.hits+len(positive))
	}
	return d
}

// pictures decodes the photo of a row and its listing.
func pictures(ctx context.Context, in *inspect.Inspector, row Row) (photo vision.Image, listing []vision.Image, err error) {
	if photo, err = in.DecodeFile(ctx, row["path"]); err != nil {
		return photo, nil, fmt.Errorf("%s: %w", row["path"], err)
	}
	if row["listing"] != "" {
		l, err := in.DecodeFile(ctx, row["listing"])
		if err != nil {
			return photo, nil, fmt.Errorf("%s: %w", row["listing"], err)
		}
		listing = append(listing, l)
	}
	return photo, listing, nil
}

// look decodes and inspects one row.
func look(ctx context.Context, in *inspect.Inspector, row Row, products map[string]*inspect.Product) (vision.Report, vision.Image, error) {
	photo, listing, err := pictures(ctx, in, row)
	if err != nil {
		return vision.Report{}, photo, err
	}
	r, err := in.Inspect(ctx, photo, listing)
	if p := products[row["reference"]]; err == nil && p != nil && !r.Damage.Compared && r.Quality.Label == vision.LabelOK {
		r.Damage, err = in.AgainstMemory(ctx, photo, p)
	}
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
