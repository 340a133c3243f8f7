package colour

import "math"

// A light is what a photo must be multiplied with to be under the listing's
// light, as logarithms: exposure, warmth (red up, blue down) and tint (green).
type light struct{ exposure, warm, tint float64 }

// gain is the light per channel.
func (l light) gain() Linear {
	return Linear{math.Exp(l.exposure + l.warm), math.Exp(l.exposure + l.tint), math.Exp(l.exposure - l.warm)}
}

// lightOf reads a grey thing's colour as a light, whatever its exposure.
func lightOf(c Linear) light {
	r, g, b := math.Log(max(0.005, c[0])), math.Log(max(0.005, c[1])), math.Log(max(0.005, c[2]))
	return light{exposure: (r + b) / 2, warm: (r - b) / 2, tint: g - (r+b)/2}
}

// likely tells whether warmth and tint stay within so many times what the
// white balance of phones leaves.
func (l light) likely(times float64) bool {
	p := anyLight.spread
	return math.Hypot(l.warm/p.warm, l.tint/p.tint) < times
}

// A prior is how far the light of a photo may be from a centre: one standard
// deviation each way.
type prior struct{ centre, spread light }

// Standard deviations of the light between two photos of one item: of phones
// in homes and shops when nothing is known, when paper in the photo shows its
// light, when it does in both, and when the same ground is seen on both.
var (
	anyLight   = prior{spread: light{exposure: 0.35, warm: 0.20, tint: 0.06}}
	paperLight = prior{spread: light{exposure: 0.35, warm: 0.10, tint: 0.04}}
	bothPapers = prior{spread: light{exposure: 0.30, warm: 0.06, tint: 0.03}}
	sceneLight = prior{spread: light{exposure: 0.15, warm: 0.05, tint: 0.02}}
)

// around moves a prior to the light that was seen.
func (p prior) around(c light) prior {
	p.centre = c
	return p
}

// perDelta is one standard deviation of the distance between two photos of
// one item under one light, in CIEDE2000 with halved lightness: folds, other
// sides, rough masks.
const perDelta = 4.0

// A fit is the light that explains a difference best.
type fit struct {
	light light
	// cost is how far light and what it leaves are from what one item gives, in
	// standard deviations.
	cost float64
	// delta is what it leaves in CIEDE2000.
	delta float64
}

// explain finds the light that explains best why the photo's colours are not
// the listing's: a coarse grid over the prior, refined twice. measure is the
// distance under a light.
func (p prior) explain(measure func(gain Linear) float64) fit {
	best := fit{cost: math.Inf(1)}
	try := func(e, w, t float64) { // in standard deviations
		l := light{
			exposure: p.centre.exposure + e*p.spread.exposure,
			warm:     p.centre.warm + w*p.spread.warm,
			tint:     p.centre.tint + t*p.spread.tint,
		}
		delta := measure(l.gain())
		if c := math.Sqrt(delta*delta/(perDelta*perDelta) + e*e + w*w + t*t); c < best.cost {
			best = fit{light: l, cost: c, delta: delta}
		}
	}
	for e := -2.0; e <= 2; e++ {
		for w := -2.0; w <= 2; w++ {
			for t := -2.0; t <= 2; t += 2 {
				try(e, w, t)
			}
		}
	}
	for _, step := range []float64{0.5, 0.25} {
		e := (best.light.exposure - p.centre.exposure) / p.spread.exposure
		w := (best.light.warm - p.centre.warm) / p.spread.warm
		t := (best.light.tint - p.centre.tint) / p.spread.tint
		for i := range 27 {
			try(e+step*float64(i%3-1), w+step*float64(i/3%3-1), t+step*float64(i/9-1))
		}
	}
	return best
}
