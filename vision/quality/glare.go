package quality

import "waggle/vision"

const (
	clippedFrom = 248  // luma of a pixel that a mirrored light has wiped out
	glareHalo   = 12.0 // luma by which what lies around it must fall off: light spreads, white print ends
	ringNear    = 2    // pixels: beyond it the halo begins,
	ringMiddle  = 6    // here its outer half,
	ringFar     = 14   // and here it ends
)

// glare is the part of the item under the largest spot of mirrored light: one
// connected clipped place with a halo. A print or a white thing is clipped
// too, but ends sharply.
func glare(luma []float32, w, h int, item vision.Mask) float64 {
	all := 0
	for _, p := range item.Pix {
		if p > 127 {
			all++
		}
	}
	worst := 0
	seen := make([]bool, len(luma))
	for i, v := range luma {
		if v < clippedFrom || seen[i] {
			continue
		}
		spot := grow([]int{i}, seen, w, h, func(k int) bool { return luma[k] >= clippedFrom })
		on := 0
		for _, k := range spot {
			if item.Pix[k] > 127 {
				on++
			}
		}
		// The halo is looked at only where it decides.
		if on > worst && float64(on) > mirrored*float64(all) && halo(luma, w, h, spot) >= glareHalo {
			worst = on
		}
	}
	return float64(worst) / float64(max(1, all))
}

// grow adds the neighbours of places, straight and not across, that are wanted
// and not seen yet, until there are no more. It returns all of them.
func grow(places []int, seen []bool, w, h int, wanted func(int) bool) []int {
	seen[places[0]] = true
	for at := 0; at < len(places); at++ {
		x, y := places[at]%w, places[at]/w
		for _, d := range [4][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
			u, v := x+d[0], y+d[1]
			if u < 0 || v < 0 || u >= w || v >= h {
				continue
			}
			if k := v*w + u; !seen[k] && wanted(k) {
				seen[k] = true
				places = append(places, k)
			}
		}
	}
	return places
}

// halo is by how much the luma around a spot falls from near to far, by rings
// of pixels around it.
func halo(luma []float32, w, h int, spot []int) float64 {
	far := make([]bool, len(luma))
	for _, k := range spot {
		far[k] = true
	}
	var sums, counts [2]float64
	edge := spot
	for ring := 1; ring <= ringFar; ring++ {
		var next []int
		for _, k := range edge {
			x, y := k%w, k/w
			for v := max(0, y-1); v <= min(h-1, y+1); v++ {
				for u := max(0, x-1); u <= min(w-1, x+1); u++ {
					if j := v*w + u; !far[j] {
						far[j] = true
						next = append(next, j)
					}
				}
			}
		}
		edge = next
		if ring <= ringNear {
			continue
		}
		outer := 0
		if ring > ringMiddle {
			outer = 1
		}
		for _, k := range edge {
			sums[outer] += float64(luma[k])
		}
		counts[outer] += float64(len(edge))
	}
	if counts[0] == 0 || counts[1] == 0 {
		return 0
	}
	return sums[0]/counts[0] - sums[1]/counts[1]
}
