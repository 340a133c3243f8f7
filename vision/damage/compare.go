package damage

import (
	"math"

	"waggle/vision"
)

// Reference is a photo of the same product in the place of the buyer's photo:
// warped over it, with what the network says of the warped picture.
type Reference struct {
	Image vision.Image // of the size of the buyer's photo
	Valid vision.Mask  // where it shows the same surface
	Seen  Map          // of Image
}

// reach is by how many places a reference may lie off.
const reach = 2

// placeNames are the facts of a place, see placeFacts, and the bias;
// placeSigns which way each fact must speak.
var (
	placeNames = []string{"unlike", "photo", "reference", "excess", "bias"}
	placeSigns = []int{1, 1, -1, 1}
)

// Beside judges a photo with references laid over it: a place is damaged when
// it differs so from every reference that shows it. Prints and seams are on
// both and cancel; so does what the references find odd in each other.
func (d *Detector) Beside(m Map, photo vision.Image, item vision.Mask, refs []Reference) Judgement {
	j := Judgement{Map: m, Score: sigmoid(m.logit)}
	place, ok := d.weights(placePrefix, placeNames)
	if !ok || len(refs) == 0 {
		return j
	}
	z := placesBeside(place, m, photo, refs)
	j.Damage = make([]float32, len(z))
	for i, v := range z {
		j.Damage[i] = float32(sigmoid(v)) // 0 where no reference shows the place
	}
	if w, ok := d.weights(besidePrefix, photoNames); ok {
		j.Score = sigmoid(w.at(photoFacts(m.logit, m.onItem(z, item))))
		j.Limits = d.limits(besidePrefix)
	}
	return j
}

// placesBeside is the logit of damage per place, the least over the references
// that show it, minus infinity where none does.
func placesBeside(w weights, m Map, photo vision.Image, refs []Reference) []float64 {
	out := make([]float64, m.W*m.H)
	for i := range out {
		out[i] = math.Inf(1)
	}
	for _, r := range refs {
		shown := shrunk(r.Valid.Resize(m.W, m.H), 1)
		facts := placeFacts(m, photo, r)
		for i := range out {
			if shown[i] {
				out[i] = min(out[i], w.at(facts[i][:]))
			}
		}
	}
	for i, z := range out {
		if math.IsInf(z, 1) {
			out[i] = math.Inf(-1)
		}
	}
	return out
}

// placeFacts are, per place: how unlike its description is to the nearest one
// within reach in the reference; the logit of damage in the photo, and the
// largest one within reach in the reference; and the excess of the pixels.
func placeFacts(m Map, photo vision.Image, r Reference) [][4]float64 {
	out := make([][4]float64, m.W*m.H)
	if r.Seen.W != m.W || r.Seen.H != m.H {
		return out
	}
	own, other := m.logits(), r.Seen.logits()
	pixels := excess(photo, r.Image, r.Valid, m.W, m.H)
	for y := range m.H {
		for x := range m.W {
			i := y*m.W + x
			near, odd := float32(math.Inf(1)), math.Inf(-1)
			for v := max(0, y-reach); v <= min(m.H-1, y+reach); v++ {
				for u := max(0, x-reach); u <= min(m.W-1, x+reach); u++ {
					k := v*m.W + u
					odd = max(odd, other[k])
					if m.looks.n > 0 && m.looks.n == r.Seen.looks.n {
						near = min(near, squared(m.looks.place(i), r.Seen.looks.place(k)))
					}
				}
			}
			if math.IsInf(float64(near), 1) {
				near = 0
			}
			out[i] = [4]float64{float64(near), own[i], odd, float64(min(pixels[i], 6))}
		}
	}
	return out
}
