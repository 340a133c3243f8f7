package damage

import (
	"sort"

	"waggle/vision"
)

const (
	leastSpot = 2 // pixels of the map; a single one is noise
	mostSpots = 8 // more help nobody
)

// Map is what the network says about one photo, at a fraction of its size.
type Map struct {
	W, H   int
	Damage []float32 // probability per place
	logit  float64   // of damage on the whole photo, not calibrated
	kind   [][]float32
	types  []string
	looks  looks
}

// Spots finds the connected places above pixel, worst first, with boxes in
// pixels of a photo of w by h. The severity is by share of the item.
func (m Map) Spots(item vision.Mask, pixel float64, w, h int) []vision.Finding {
	mask := item.Resize(m.W, m.H)
	size := max(1, mask.Share()*float64(len(mask.Pix)))
	seen := make([]bool, len(m.Damage))
	var out []vision.Finding
	for i := range m.Damage {
		if seen[i] || float64(m.Damage[i]) < pixel {
			continue
		}
		region := m.flood(i, pixel, seen)
		if len(region) < leastSpot || !touches(region, mask) {
			continue
		}
		f := m.finding(region, w, h)
		f.Severity = vision.Grade(float64(len(region)) / size)
		out = append(out, f)
	}
	sort.SliceStable(out, func(a, b int) bool {
		return out[a].Score*float32(out[a].Box.W*out[a].Box.H) > out[b].Score*float32(out[b].Box.W*out[b].Box.H)
	})
	return out[:min(len(out), mostSpots)]
}

// Share is the part of the item that is above pixel.
func (m Map) Share(item vision.Mask, pixel float64) float64 {
	mask := item.Resize(m.W, m.H)
	n, all := 0, 0
	for i, p := range m.Damage {
		if mask.Pix[i] > 127 {
			all++
			if float64(p) >= pixel {
				n++
			}
		}
	}
	return float64(n) / float64(max(1, all))
}

func (m Map) flood(start int, pixel float64, seen []bool) []int {
	region := []int{start}
	seen[start] = true
	for at := 0; at < len(region); at++ {
		x, y := region[at]%m.W, region[at]/m.W
		for v := max(0, y-1); v <= min(m.H-1, y+1); v++ {
			for u := max(0, x-1); u <= min(m.W-1, x+1); u++ {
				if j := v*m.W + u; !seen[j] && float64(m.Damage[j]) >= pixel {
					seen[j] = true
					region = append(region, j)
				}
			}
		}
	}
	return region
}

// touches tells whether a spot lies on the item's box: where a piece is
// missing, the item's mask is missing too.
func touches(region []int, mask vision.Mask) bool {
	b := mask.Bounds()
	for _, i := range region {
		if x, y := i%mask.W, i/mask.W; x >= b.X && x < b.X+b.W && y >= b.Y && y < b.Y+b.H {
			return true
		}
	}
	return false
}

func (m Map) finding(region []int, w, h int) vision.Finding {
	x0, y0, x1, y1 := m.W, m.H, 0, 0
	var sum float32
	votes := make([]float32, len(m.types))
	for _, i := range region {
		x, y := i%m.W, i/m.W
		x0, y0, x1, y1 = min(x0, x), min(y0, y), max(x1, x+1), max(y1, y+1)
		sum += m.Damage[i]
		for k, plane := range m.kind {
			votes[k] += plane[i]
		}
	}
	best := 0
	for k := range votes {
		if votes[k] > votes[best] {
			best = k
		}
	}
	box := vision.Box{X: x0 * w / m.W, Y: y0 * h / m.H}
	box.W, box.H = x1*w/m.W-box.X, y1*h/m.H-box.Y
	return vision.Finding{Kind: vision.KindDamage, Label: m.types[best], Score: sum / float32(len(region)), Box: box}
}
