package measure

import (
	"context"
	"fmt"
	"io"

	"waggle/vision"
	"waggle/vision/damage"
	"waggle/vision/inspect"
)

// Calibrated says what a network's new thresholds rest on.
type Calibrated struct {
	Intact        int                `json:"intact"` // photos without a listing
	Damaged       int                `json:"damaged"`
	IntactBeside  int                `json:"intact_beside"` // photos that a listing fits
	DamagedBeside int                `json:"damaged_beside"`
	Thresholds    map[string]float64 `json:"thresholds"`
}

// wanted is the rate of false accusations that a threshold must keep below
// with 95 % confidence; where the photos are too few for that, none of them may
// be accused.
const wanted = 0.01

// CalibrateDamage looks at every photo of a manifest (path, label, perhaps
// mask and listing) through the whole product and fits the thresholds of the
// inspector's network. They are in force from then on; the caller writes them
// into the card.
func CalibrateDamage(ctx context.Context, in *inspect.Inspector, rows []Row, progress io.Writer) (Calibrated, error) {
	var c damage.Calibration
	for i, row := range rows {
		if err := gather(ctx, in, row, &c); err != nil {
			return Calibrated{}, err
		}
		if i%100 == 99 {
			fmt.Fprintf(progress, "%d of %d photos\n", i+1, len(rows))
		}
	}
	out := Calibrated{Thresholds: c.Thresholds(Allowed)}
	out.Intact, out.Damaged, out.IntactBeside, out.DamagedBeside = c.Photos()
	if len(out.Thresholds) == 0 {
		return out, fmt.Errorf("%w: too few photos to calibrate on: at least %d intact and %d damaged ones are needed, without or with a listing that fits",
			ErrManifest, damage.LeastIntact, damage.LeastDamaged)
	}
	in.Damage().Calibrate(out.Thresholds, fmt.Sprintf("%d intact and %d damaged photos alone, %d and %d beside a listing",
		out.Intact, out.Damaged, out.IntactBeside, out.DamagedBeside))
	return out, nil
}

// Allowed is how many of n intact photos may be accused so that the rate is
// below half the wanted one with 95 % confidence: a threshold that was chosen on
// these photos does a little worse on others.
func Allowed(n int) int {
	k := 0
	for k+1 < n && UpperBound(k+1, n) <= wanted/2 {
		k++
	}
	return k
}

// gather adds one row. A photo with a listing that does not fit tells nothing.
func gather(ctx context.Context, in *inspect.Inspector, row Row, c *damage.Calibration) error {
	photo, listing, err := pictures(ctx, in, row)
	if err != nil {
		return err
	}
	e, err := in.Gather(ctx, photo, listing)
	if err != nil {
		return fmt.Errorf("%s: %w", row["path"], err)
	}
	if len(listing) > 0 && len(e.Refs) == 0 {
		return nil
	}
	var where *vision.Mask
	if row["mask"] != "" {
		m, err := readMask(ctx, in, row["mask"])
		if err != nil {
			return err
		}
		where = &m
	}
	c.Add(e.Seen, e.Work, e.Item, !isIntact(row["label"]), where, e.Refs)
	return nil
}

// readMask takes a picture for a mask: bright is damaged.
func readMask(ctx context.Context, in *inspect.Inspector, path string) (vision.Mask, error) {
	m, err := in.DecodeFile(ctx, path)
	if err != nil {
		return vision.Mask{}, fmt.Errorf("%s: %w", path, err)
	}
	out := vision.Mask{Pix: make([]uint8, m.W*m.H), W: m.W, H: m.H}
	for i := range out.Pix {
		out.Pix[i] = m.Pix[3*i]
	}
	return out, nil
}
