package measure

import (
	"context"
	"fmt"
	"io"

	"waggle/vision"
	"waggle/vision/inspect"
)

// Colour is the accuracy on pairs of photo and listing.
type Colour struct {
	N         int `json:"n"`
	Same      int `json:"same"`      // pairs of one colour
	Different int `json:"different"` // pairs of two colours
	// FalseDifferent is the share of pairs of one colour called different, with
	// its one-sided 95 % bound; MissedDifferent the share of pairs of two colours
	// called the same; CannotTell the share of all pairs left open.
	FalseDifferent   float64 `json:"false_different"`
	FalseDifferentHi float64 `json:"false_different_hi"`
	MissedDifferent  float64 `json:"missed_different"`
	FoundDifferent   float64 `json:"found_different"`
	CannotTell       float64 `json:"cannot_tell"`
}

// EvalColour compares every pair of a manifest with the columns photo, listing
// and same (1 or 0).
func EvalColour(ctx context.Context, in *inspect.Inspector, rows []Row, details io.Writer) (Colour, error) {
	var c Colour
	var same, accused, other, missed, found, open int
	fmt.Fprintln(details, "photo\tlisting\tsame\tverdict\tdelta_e\tlight\tscore")
	for _, row := range rows {
		seen, err := compared(ctx, in, row)
		if err != nil {
			return c, err
		}
		one := row["same"] == "1" || row["same"] == "true" || row["same"] == "yes"
		different := seen.Verdict == vision.LabelDifferent
		if one {
			same++
			accused += count(different)
		} else {
			other++
			found += count(different)
			missed += count(seen.Verdict == vision.LabelSame)
		}
		open += count(seen.Verdict == vision.LabelCannotTell)
		fmt.Fprintf(details, "%s\t%s\t%s\t%s\t%.1f\t%s\t%.3f\n", row["photo"], row["listing"], row["same"], seen.Verdict, seen.DeltaE, seen.Light, seen.Score)
	}
	c.N, c.CannotTell = len(rows), rate(open, len(rows))
	c.FalseDifferent, c.FalseDifferentHi = rate(accused, same), UpperBound(accused, same)
	c.Same, c.Different = same, other
	c.MissedDifferent, c.FoundDifferent = rate(missed, other), rate(found, other)
	return c, nil
}

// compared judges one pair.
func compared(ctx context.Context, in *inspect.Inspector, row Row) (vision.Colour, error) {
	var photos []vision.Image
	for _, path := range []string{row["photo"], row["listing"]} {
		m, err := in.DecodeFile(ctx, path)
		if err != nil {
			return vision.Colour{}, fmt.Errorf("%s: %w", path, err)
		}
		photos = append(photos, m)
	}
	c, err := in.Colour(ctx, photos[:1], photos[1:])
	if err != nil {
		return c, fmt.Errorf("%s: %w", row["photo"], err)
	}
	return c, nil
}

func count(b bool) int {
	if b {
		return 1
	}
	return 0
}
