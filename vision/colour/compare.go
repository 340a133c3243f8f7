package colour

import (
	"math"

	"waggle/vision"
)

// Where the light was known from.
const (
	LightWhite      = "white"      // paper in the photo
	LightStatistics = "statistics" // only: which lights are plausible
	LightNone       = "none"       // nothing could be compared
)

// Thresholds in CIEDE2000 with halved lightness, set so that one item under
// two lights is not called different; see `waggle eval colour`.
const (
	differentWhite = 9.0  // left over although the light is known
	sameWhite      = 5.0  // with known light: no difference that buyers see
	differentAny   = 13.0 // left over whatever the plausible light was
	sameAny        = 6.0  // as photographed and under the best light
	leastShare     = 0.12 // smaller colours are shadows, prints, rims
)

// lights is a range of plausible lights as logarithms of channel gains: warm
// raises red and lowers blue, tint moves green against both.
type lights struct {
	exposure, warm, tint float64 // how far each may go from the centre, either way
	steps                int
}

// known is what is left open when paper shows the light, plausible is what
// the white balance of phones leaves in room light.
var (
	known     = lights{exposure: 0.35, warm: 0.06, tint: 0.03, steps: 2}
	plausible = lights{exposure: 0.9, warm: 0.42, tint: 0.10, steps: 4}
)

// Compare judges whether the photo shows another colour than the listing.
// Both are samples of the item. It answers cannot_tell unless the evidence is
// strong: the light is the first suspect.
func Compare(listing, photo Sample) vision.Colour {
	if !listing.Usable || !photo.Usable {
		return verdict(vision.LabelCannotTell, 0, LightNone, 0)
	}
	here, there := strong(photo.Clusters), strong(listing.Clusters)
	if photo.Paper {
		left := least(there, lit(here, neutral(photo.White)), known)
		switch {
		case left > differentWhite:
			return verdict(vision.LabelDifferent, left, LightWhite, sure(left-differentWhite))
		case left < sameWhite:
			return verdict(vision.LabelSame, left, LightWhite, sure(sameWhite-left))
		}
		return verdict(vision.LabelCannotTell, left, LightWhite, 0)
	}
	left := least(there, here, plausible)
	asIs := least(there, here, lights{exposure: plausible.exposure, steps: plausible.steps})
	switch {
	case left > differentAny:
		return verdict(vision.LabelDifferent, left, LightStatistics, sure(left-differentAny))
	case asIs < sameAny:
		return verdict(vision.LabelSame, asIs, LightStatistics, sure(sameAny-asIs))
	}
	return verdict(vision.LabelCannotTell, left, LightStatistics, 0)
}

// Best is the verdict over several listing photos: the nearest of them counts,
// since one item may be shown in several colours.
func Best(listing []Sample, photo Sample) vision.Colour {
	best := verdict(vision.LabelCannotTell, 0, LightNone, 0)
	for i, s := range listing {
		c := Compare(s, photo)
		if i == 0 || best.Light == LightNone || (c.Light != LightNone && c.DeltaE < best.DeltaE) {
			best = c
		}
	}
	return best
}

// sure turns the margin over a threshold into a score from 0.5 to 1.
func sure(margin float64) float32 { return float32(1 - 0.5*math.Exp(-margin/4)) }

func verdict(label string, deltaE float64, light string, score float32) vision.Colour {
	notes := map[string]string{
		vision.LabelDifferent:  "照片里的颜色和商品页看起来不一样。",
		vision.LabelSame:       "没有看出和商品页有颜色差别。",
		vision.LabelCannotTell: "光线影响太大，看不准颜色，请在商品旁边放一张白纸，在窗边再拍一张。",
	}
	return vision.Colour{Verdict: label, DeltaE: math.Round(deltaE*10) / 10, Light: light, Score: score, Note: notes[label]}
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

// neutral is the gain that makes paper grey-free at its usual reflectance.
func neutral(white Linear) Linear {
	const reflectance = 0.85
	var g Linear
	for i := range g {
		g[i] = reflectance / max(0.02, white[i])
	}
	return g
}

func lit(in []Cluster, gain Linear) []Cluster {
	out := make([]Cluster, len(in))
	for i, c := range in {
		out[i] = Cluster{Colour: Linear{c.Colour[0] * gain[0], c.Colour[1] * gain[1], c.Colour[2] * gain[2]}, Share: c.Share}
	}
	return out
}

// least is the smallest distance that any light of the range leaves.
func least(there, here []Cluster, l lights) float64 {
	best := math.Inf(1)
	target := labs(there)
	for e := -l.steps; e <= l.steps; e++ {
		for w := -l.steps; w <= l.steps; w++ {
			for t := -2; t <= 2; t++ {
				exposure := math.Exp(l.exposure * float64(e) / float64(l.steps))
				warm, tint := l.warm*float64(w)/float64(l.steps), l.tint*float64(t)/2
				gain := Linear{exposure * math.Exp(warm), exposure * math.Exp(tint), exposure * math.Exp(-warm)}
				best = min(best, distance(there, target, lit(here, gain)))
				if l.tint == 0 {
					break
				}
			}
			if l.warm == 0 {
				break
			}
		}
	}
	return best
}

func labs(in []Cluster) []Lab {
	out := make([]Lab, len(in))
	for i, c := range in {
		out[i] = c.Colour.Lab()
	}
	return out
}

// distance is the mean difference between each colour and its nearest on the
// other side, weighted by share, both ways.
func distance(there []Cluster, target []Lab, here []Cluster) float64 {
	mine := labs(here)
	return (oneWay(there, target, mine) + oneWay(here, mine, target)) / 2
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
