// Package vision looks at photos from strangers: safe decoding, photo quality,
// damage, colour difference and product search. What it sees leaves it as
// plain Findings. It may import models; OpenCV is reached through
// vision/opencv only.
package vision

// Severity grades a finding by the share of the item it covers.
type Severity string

// The grades: under 1 %, 1 to 5 % and over 5 % of the item.
const (
	SeverityNone   Severity = ""
	SeverityMinor  Severity = "minor"
	SeverityMedium Severity = "medium"
	SeverityMajor  Severity = "major"
)

// Kinds of findings.
const (
	KindQuality = "quality" // labels: ok, blurred, dark, overexposed, small, not_a_photo
	KindDamage  = "damage"  // labels: damaged, intact, cannot_see, or a damage type
	KindColour  = "colour"  // labels: different, same, cannot_tell
	KindProduct = "product" // label: product id, or unknown
	KindNumber  = "number"  // label: an order's or a parcel's number, read off a screenshot
	KindOrigin  = "origin"  // label: review; where the photo may come from, never shown to its sender
)

// LabelUnknown is the label of a KindProduct finding when no product fits.
const LabelUnknown = "unknown"

// Box is a rectangle in pixels of the upright photo.
type Box struct {
	X int `json:"x"`
	Y int `json:"y"`
	W int `json:"w"`
	H int `json:"h"`
}

// Finding is one thing seen on one photo. It is plain data: dialog reads it
// without knowing how it was found.
type Finding struct {
	Kind     string   `json:"kind"`
	Label    string   `json:"label"`
	Score    float32  `json:"score"` // calibrated, in [0,1]
	Severity Severity `json:"severity,omitempty"`
	Box      Box      `json:"box"`
	// Note is a sentence for people, in Mandarin.
	Note string `json:"note,omitempty"`
	// Photo names the one that the finding rests on, where several were joined.
	Photo string `json:"photo,omitempty"`
}

// Captions says whether words and figures stand in an evidence picture.
type Captions bool

// Labels, scores and differences are for the shop's people; a shopper gets the
// marks alone and hears the rest in a sentence.
const (
	WithFigures Captions = true
	MarksAlone  Captions = false
)
