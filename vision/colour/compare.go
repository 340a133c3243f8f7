package colour

import (
	"math"

	"waggle/vision"
)

// Where the light was known from.
const (
	LightScene      = "scene"      // the same ground is on both photos
	LightWhite      = "white"      // paper in the photo
	LightStatistics = "statistics" // only: which lights are plausible
	LightNone       = "none"       // nothing could be compared
)

// Thresholds in standard deviations of what one item gives under two lights,
// chosen on photos of the training part; see `waggle eval colour`.
const (
	differentFrom  = 3.0
	differentScene = 2.7 // with the light known from the same ground
	sameTo         = 1.3
	leastShare     = 0.12 // smaller colours are shadows, prints, rims
)

// A Pairing is a listing photo, a buyer's photo and, where both show the same
// ground, what the light of the photo must be multiplied with.
type Pairing struct {
	Listing, Photo Sample
	Ground         *Linear
}

// A Judgement is a verdict with what it stands on.
type Judgement struct {
	vision.Colour
	// Gain brings the photo under the listing's light.
	Gain Linear
	cost float64 // for another colour, in standard deviations
}

// Compare judges whether the photo shows another colour than the listing. It
// answers cannot_tell unless the evidence is strong: the light is the first
// suspect, the mask the second.
func Compare(p Pairing) Judgement {
	if !p.Listing.Usable || !p.Photo.Usable {
		return Judgement{Colour: verdict(vision.LabelCannotTell, fit{}, LightNone), Gain: Linear{1, 1, 1}}
	}
	known, from := p.light()
	here, there := strong(p.Photo.Clusters), strong(p.Listing.Clusters)
	alike := known.explain(func(g Linear) float64 { return distance(there, here, there, here, g) })
	other := known.explain(func(g Linear) float64 { return distance(there, here, p.Listing.Around, p.Photo.Around, g) })
	j := Judgement{Gain: alike.light.gain(), cost: other.cost}
	limit := differentFrom
	if from == LightScene {
		limit = differentScene
	}
	switch {
	case other.cost > limit:
		j.Gain = other.light.gain()
		j.Colour = verdict(vision.LabelDifferent, other, from)
	case alike.cost < sameTo:
		j.Colour = verdict(vision.LabelSame, alike, from)
	default:
		j.Colour = verdict(vision.LabelCannotTell, alike, from)
	}
	return j
}

// light is what is known about the light, and where from.
func (p Pairing) light() (prior, string) {
	switch {
	case p.Ground != nil:
		return sceneLight.around(lightOf(*p.Ground)), LightScene
	case p.Photo.Paper && p.Listing.Paper:
		a, b := lightOf(p.Listing.White), lightOf(p.Photo.White)
		return bothPapers.around(light{a.exposure - b.exposure, a.warm - b.warm, a.tint - b.tint}), LightWhite
	case p.Photo.Paper:
		const reflectance = 0.85
		w := lightOf(p.Photo.White)
		return paperLight.around(light{math.Log(reflectance) - w.exposure, -w.warm, -w.tint}), LightWhite
	}
	return anyLight, LightStatistics
}

// Nearest is the verdict of one photo over several listing photos: the
// nearest of them counts, since one item may be shown in several colours. It
// returns which, -1 for none.
func Nearest(pairings []Pairing) (best Judgement, which int) {
	best, which = Compare(Pairing{}), -1
	for i, p := range pairings {
		j := Compare(p)
		if which < 0 || best.Light == LightNone || (j.Light != LightNone && j.cost < best.cost) {
			best, which = j, i
		}
	}
	return best, which
}

// Together joins the judgements over several photos of one item under lights
// that have nothing to do with each other. One photo that shows the listing's
// colour is enough against a difference; without one, the mean decides.
func Together(all []Judgement) Judgement {
	best := Compare(Pairing{})
	var sum, n float64
	same := false
	for _, j := range all {
		if j.Light == LightNone {
			continue
		}
		if n == 0 || j.Score > best.Score {
			best = j
		}
		sum, n, same = sum+j.cost, n+1, same || j.Verdict == vision.LabelSame
	}
	if n < 2 {
		return best
	}
	best.cost = sum / n
	f := fit{cost: best.cost, delta: best.DeltaE}
	switch {
	case same && best.cost < differentFrom:
		best.Colour = verdict(vision.LabelSame, fit{cost: min(sameTo, best.cost), delta: best.DeltaE}, best.Light)
	case best.cost > differentFrom && !same:
		best.Colour = verdict(vision.LabelDifferent, f, best.Light)
	default:
		best.Colour = verdict(vision.LabelCannotTell, f, best.Light)
	}
	return best
}

// Logistic fit of "other item" on the cost, over the calibration part's pairs
// under made light and fruits of the shop in real light.
const (
	scoreMiddle = 1.75
	scoreSlope  = 2.6
)

// verdict puts a label with its probability and its words.
func verdict(label string, f fit, from string) vision.Colour {
	notes := map[string]string{
		vision.LabelDifferent:  "照片里的颜色和商品页看起来不一样。",
		vision.LabelSame:       "没有看出和商品页有颜色差别。",
		vision.LabelCannotTell: "光线影响太大，看不准颜色，请在商品旁边放一张白纸，在窗边再拍一张。",
	}
	c := vision.Colour{Verdict: label, DeltaE: math.Round(f.delta*10) / 10, Light: from, Note: notes[label]}
	different := 1 / (1 + math.Exp(-scoreSlope*(f.cost-scoreMiddle)))
	switch label {
	case vision.LabelDifferent:
		c.Score = float32(different)
	case vision.LabelSame:
		c.Score = float32(1 - different)
	}
	return c
}

// strong keeps the colours that matter, at least the largest.
func strong(in []Cluster) []Cluster {
	out := in[:1:1]
	for _, c := range in[1:] {
		if c.Share >= leastShare {
			out = append(out, c)
		}
	}
	return out
}

// lit multiplies colours with a light.
func lit(in []Cluster, gain Linear) []Lab {
	out := make([]Lab, len(in))
	for i, c := range in {
		out[i] = Linear{c.Colour[0] * gain[0], c.Colour[1] * gain[1], c.Colour[2] * gain[2]}.Lab()
	}
	return out
}

// distance is the mean difference between each colour of the item and the
// nearest one on the other photo, weighted by share, both ways. The smaller of
// the two ways counts more: a mask that holds too much raises only one.
func distance(there, here, amongThere, amongHere []Cluster, gain Linear) float64 {
	const smaller = 0.7
	still := Linear{1, 1, 1}
	a := oneWay(there, lit(there, still), lit(amongHere, gain))
	b := oneWay(here, lit(here, gain), lit(amongThere, still))
	return smaller*min(a, b) + (1-smaller)*max(a, b)
}

func oneWay(from []Cluster, colours, to []Lab) float64 {
	var sum, weight float64
	for i, c := range from {
		near := math.Inf(1)
		for _, l := range to {
			near = min(near, weighted(colours[i], l, 2))
		}
		sum += c.Share * near
		weight += c.Share
	}
	return sum / weight
}
