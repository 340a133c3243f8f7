package damage

import (
	"math"
	"slices"

	"waggle/vision"
)

// Names of thresholds on a card. Those of a photo alone and those beside a
// reference are calibrated, and may be absent, separately: without them
// nothing is judged.
const (
	keyAccuse, keyDoubt, keyPixel = "accuse", "doubt", "pixel"

	alonePrefix  = "alone_"  // weights of how far a photo's worst places stand out
	besidePrefix = "beside_" // accuse, doubt, pixel and the same beside a reference
	placePrefix  = "place_"  // weights of a place's facts
)

// Limits are the thresholds of one way of judging.
type Limits struct {
	// Accuse is the probability from which a photo is called damaged, Doubt that
	// below which it is called intact, Pixel that from which a place counts.
	Accuse, Doubt, Pixel float64
}

// Judgement is what is held of a photo.
type Judgement struct {
	Map
	Score float64 // calibrated probability that the photo shows damage
	// Limits are in force; nil when the network was not calibrated for this.
	Limits *Limits
}

// weights are a fitted logistic regression: one per fact, and the bias last.
type weights []float64

func (w weights) at(facts []float64) float64 {
	z := w[len(w)-1]
	for i, f := range facts {
		z += w[i] * f
	}
	return z
}

// photoNames are the facts of a photo beside a reference, see photoFacts, and
// the bias; photoSigns which way each fact must speak. aloneNames and
// aloneSigns are the same for a photo without one.
var (
	aloneNames = []string{"rise", "bias"}
	aloneSigns = []int{1}

	photoNames = []string{"score", "worst", "top", "usual", "bias"}
	photoSigns = []int{1, 1, 1, -1}
)

// photoFacts are the network's logit of the photo; and of the item's places,
// as logits of damage: the worst few, the worst topPlaces, and the upper
// quartile, because what is odd all over is a pattern. Without any place they
// say the least.
func photoFacts(score float64, z []float64) []float64 {
	if len(z) == 0 {
		return []float64{score, -8, -8, -8}
	}
	sorted := slices.Clone(z)
	slices.Sort(sorted)
	return []float64{score, meanOfLast(sorted, 3), meanOfLast(sorted, topPlaces), sorted[len(sorted)*3/4]}
}

// riseShare is the part of the photo whose places count as its worst.
const riseShare = 0.05

// aloneFacts tell how far the worst places stand out of the rest of the same
// photo: their mean logit over the middle one. Without anything to compare with,
// the photo itself is the measure, because a busy thing is odd all over and a
// plain one nowhere: the bare logits of two different things do not compare. The
// whole photo counts: who shows a flaw from near leaves no ground to tell the
// item from.
func aloneFacts(m Map) []float64 {
	z := m.logits()
	if len(z) == 0 {
		return []float64{0}
	}
	slices.Sort(z)
	return []float64{meanOfLast(z, max(1, int(riseShare*float64(len(z))))) - z[len(z)/2]}
}

// Alone judges a photo without any reference.
func (d *Detector) Alone(m Map) Judgement {
	j := Judgement{Map: m, Score: sigmoid(m.logit)}
	if w, ok := d.weights(alonePrefix, aloneNames); ok {
		j.Score = sigmoid(w.at(aloneFacts(m)))
		j.Limits = d.limits("")
	}
	return j
}

// weights reads a regression from the card; false when one of it is absent.
func (d *Detector) weights(prefix string, names []string) (weights, bool) {
	out := make(weights, len(names))
	for i, n := range names {
		v, ok := d.net.Card.Threshold(prefix + n)
		if !ok {
			return nil, false
		}
		out[i] = v
	}
	return out, true
}

func (d *Detector) limits(prefix string) *Limits {
	c := d.net.Card
	accuse, a := c.Threshold(prefix + keyAccuse)
	doubt, b := c.Threshold(prefix + keyDoubt)
	pixel, p := c.Threshold(prefix + keyPixel)
	if !a || !b || !p {
		return nil
	}
	return &Limits{Accuse: accuse, Doubt: doubt, Pixel: pixel}
}

// logits of every place.
func (m Map) logits() []float64 {
	out := make([]float64, len(m.Damage))
	for i, p := range m.Damage {
		out[i] = logit(float64(p))
	}
	return out
}

// onItem keeps the values inside the item's box: where a piece is missing the
// item's mask is missing too. A mask of nothing keeps all.
func (m Map) onItem(v []float64, item vision.Mask) []float64 {
	b := item.Resize(m.W, m.H).Bounds()
	if b.W < 1 || b.H < 1 {
		return v
	}
	out := make([]float64, 0, b.W*b.H)
	for y := b.Y; y < b.Y+b.H; y++ {
		for _, z := range v[y*m.W+b.X : y*m.W+b.X+b.W] {
			if !math.IsInf(z, 0) {
				out = append(out, z)
			}
		}
	}
	return out
}
