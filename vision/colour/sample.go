package colour

import "waggle/vision"

// A View is one photo and what was found on it.
type View struct {
	Photo vision.Image
	// Item marks the thing; masks of this package have the photo's shape and any
	// size.
	Item vision.Mask
	// Sheets mark four-cornered shapes that may be white paper, a label or a
	// price tag.
	Sheets []vision.Mask
}

// Sample is what one photo says about the item's colours.
type Sample struct {
	Clusters []Cluster
	// Around are the colours of the item and of the middle of the photo together:
	// masks are rough, and a colour that is there but not on the mask is no proof
	// of another item.
	Around []Cluster
	// White is the colour of a sheet of paper in the frame, if Paper.
	White Linear
	Paper bool
	// Usable is false when too little of the item is neither black nor clipped.
	Usable bool
}

// aroundShare is the least share of a colour of Sample.Around.
const aroundShare = 0.08

// Take reads the colours of the item and looks for paper beside it. The
// sheet, if there is one, is not part of the item.
func Take(v View) Sample {
	small := v.Photo.Fit(sampleSide)
	item := v.Item.Resize(small.W, small.H)
	var s Sample
	var paper vision.Mask
	if s.White, paper, s.Paper = paperIn(small, v.Sheets); s.Paper {
		item = without(item, paper)
	}
	pixels, all := itemPixels(small, item)
	if all == 0 || len(pixels) < 50 || float64(len(pixels)) < 0.3*float64(all) {
		return Sample{}
	}
	s.Clusters, s.Usable = clusters(pixels), true
	wide, _ := itemPixels(small, withMiddle(item))
	for _, c := range clusters(wide) {
		if c.Share >= aroundShare {
			s.Around = append(s.Around, c)
		}
	}
	return s
}

// without clears a mask where another is set.
func without(m, cut vision.Mask) vision.Mask {
	out := vision.Mask{Pix: make([]uint8, len(m.Pix)), W: m.W, H: m.H}
	for i, p := range m.Pix {
		if cut.Pix[i] < 128 {
			out.Pix[i] = p
		}
	}
	return out
}

// withMiddle adds the ellipse in the middle of the photo.
func withMiddle(m vision.Mask) vision.Mask {
	const radius = 0.35 // of each side
	out := vision.Mask{Pix: append([]uint8(nil), m.Pix...), W: m.W, H: m.H}
	for y := range m.H {
		for x := range m.W {
			dx := (float64(x) + 0.5 - float64(m.W)/2) / (radius * float64(m.W))
			dy := (float64(y) + 0.5 - float64(m.H)/2) / (radius * float64(m.H))
			if dx*dx+dy*dy <= 1 {
				out.Pix[y*m.W+x] = 255
			}
		}
	}
	return out
}
