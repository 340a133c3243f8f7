package colour

import "math"

// A Pair is one colour of the listing's item and the nearest of the photo's,
// brought under the listing's light.
type Pair struct {
	Listing, Photo Linear
	Share          float64 // of the listing's item
	Delta          float64 // CIEDE2000
}

// Pairs matches the colours that matter, the largest first.
func Pairs(listing, photo Sample, gain Linear) []Pair {
	if !listing.Usable || !photo.Usable {
		return nil
	}
	var out []Pair
	for _, c := range strong(listing.Clusters) {
		p := Pair{Listing: c.Colour, Share: c.Share, Delta: math.Inf(1)}
		for _, o := range strong(photo.Clusters) {
			l := Linear{o.Colour[0] * gain[0], o.Colour[1] * gain[1], o.Colour[2] * gain[2]}
			if d := CIEDE2000(c.Colour.Lab(), l.Lab()); d < p.Delta {
				p.Photo, p.Delta = l, d
			}
		}
		out = append(out, p)
	}
	return out
}
