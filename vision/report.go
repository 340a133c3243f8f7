package vision

// Labels of findings of KindQuality, beside LabelOK.
const (
	LabelOK          = "ok"
	LabelBlurred     = "blurred"
	LabelDark        = "dark"
	LabelOverexposed = "overexposed"
	LabelGlare       = "glare" // a mirrored light hides a part of the item
	LabelSmall       = "small"
	LabelNotAPhoto   = "not_a_photo"
)

// Labels of findings of KindDamage; a located damage carries its type (crack,
// scratch, stain, hole, tear, dent, wet, crush) instead.
const (
	LabelDamaged   = "damaged"
	LabelIntact    = "intact"
	LabelCannotSee = "cannot_see"
)

// Labels of findings of KindColour.
const (
	LabelDifferent  = "different"
	LabelSame       = "same"
	LabelCannotTell = "cannot_tell"
)

// LabelReview is the label of a finding of KindOrigin: the photo may have been
// edited, or was seen before with another claim. It is no proof of anything;
// a person looks before money moves, and nobody is told so as a reproach.
const LabelReview = "review"

// Names of a Sign.
const (
	SignEditor     = "editor"      // an editing program wrote its name into the file
	SignCopied     = "copied"      // one place of the photo is a copy of another
	SignPatched    = "patched"     // one place was compressed otherwise than the rest
	SignNoisy      = "noisy"       // one place has more noise than the rest
	SignSeenBefore = "seen_before" // the same picture came with another claim
)

// A Sign is one hint that a photo is not a fresh, untouched one.
type Sign struct {
	Name  string  `json:"name"`
	Score float32 `json:"score"` // from 0.5 to 1
	Box   Box     `json:"box"`   // of the place, empty for the whole photo
	// Note is a sentence for the merchant, in Mandarin.
	Note string `json:"note"`
}

// Quality tells whether a photo can be judged at all.
type Quality struct {
	Label string `json:"label"` // the worst problem, or ok
	// Sharpness, Brightness, Clipped, Flat and Glare are the measures behind the label,
	// see package quality.
	Sharpness  float64 `json:"sharpness"`
	Brightness float64 `json:"brightness"`
	Clipped    float64 `json:"clipped"`
	Flat       float64 `json:"flat"`
	Glare      float64 `json:"glare"`
	Width      int     `json:"width"`
	Height     int     `json:"height"`
	// Advice says in Mandarin how to take a better photo; empty when ok.
	Advice string `json:"advice,omitempty"`
}

// Damage is what was seen on the item as a whole.
type Damage struct {
	Label string  `json:"label"` // damaged, intact or cannot_see
	Score float32 `json:"score"` // calibrated probability of damage
	// Share is the damaged part of the item, from 0 to 1.
	Share float64 `json:"share"`
	// Compared says that a listing photo could be laid over the item.
	Compared bool `json:"compared"`
	// Spots are the places, worst first.
	Spots []Finding `json:"spots"`
	// Places marks them per pixel, for pictures; any size, may be empty.
	Places Mask `json:"-"`
}

// Colour compares the item's colours with the listing's.
type Colour struct {
	Verdict string `json:"verdict"` // different, same or cannot_tell
	// DeltaE is the smallest CIEDE2000 difference that a plausible light leaves.
	DeltaE float64 `json:"delta_e"`
	// Light says where the light was known from: white, statistics or none.
	Light string  `json:"light"`
	Score float32 `json:"score"`
	Note  string  `json:"note,omitempty"`
}

// Report is everything seen on one photo.
type Report struct {
	Quality Quality `json:"quality"`
	Damage  Damage  `json:"damage"`
	Item    Box     `json:"item"`
	Colour  *Colour `json:"colour,omitempty"` // nil without listing photos
	// Numbers of orders and parcels, read off a screenshot where a reader is
	// there.
	Numbers []Finding `json:"numbers,omitempty"`
	// Signs are reasons to let a person look; mostly there are none.
	Signs []Sign `json:"signs,omitempty"`
}

// Findings lists the report as plain findings, quality first, for the dialog.
func (r Report) Findings() []Finding {
	out := []Finding{{Kind: KindQuality, Label: r.Quality.Label, Score: 1, Note: r.Quality.Advice}}
	if len(r.Damage.Spots) > 0 {
		out = append(out, r.Damage.Spots...)
	} else if r.Damage.Label != "" {
		out = append(out, Finding{Kind: KindDamage, Label: r.Damage.Label, Score: r.Damage.Score, Box: r.Item, Note: damageNote(r.Damage.Label)})
	}
	if c := r.Colour; c != nil {
		out = append(out, Finding{Kind: KindColour, Label: c.Verdict, Score: c.Score, Box: r.Item, Note: c.Note})
	}
	out = append(out, r.Numbers...)
	if len(r.Signs) > 0 {
		out = append(out, review(r.Signs))
	}
	return out
}

// review joins the signs in one finding, with the place of the strongest.
func review(signs []Sign) Finding {
	f := Finding{Kind: KindOrigin, Label: LabelReview}
	for _, s := range signs {
		if s.Score > f.Score {
			f.Score, f.Box = s.Score, s.Box
		}
		f.Note += s.Note
	}
	return f
}

func damageNote(label string) string {
	switch label {
	case LabelIntact:
		return "照片上没有看到明显破损。"
	case LabelCannotSee:
		return "照片上看不清有没有破损，请对着破损的地方再拍一张近一点的。"
	}
	return ""
}

// Grade is the severity of a damage that covers the given share of the item.
func Grade(share float64) Severity {
	switch {
	case share <= 0:
		return SeverityNone
	case share < 0.01:
		return SeverityMinor
	case share <= 0.05:
		return SeverityMedium
	}
	return SeverityMajor
}
