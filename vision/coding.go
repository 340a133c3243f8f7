package vision

import "image"

// BlockSide is the side of a JPEG's coding block.
const BlockSide = 8

// mostBlocks caps Coding: a megabyte.
const mostBlocks = 16 << 10

// Coding holds the luma of some of a JPEG's coding blocks at full size: what
// earlier compression left in them is lost as soon as a photo is scaled.
type Coding struct {
	// Luma holds W x H blocks row by row, 64 samples each, row by row.
	Luma []uint8
	W, H int
	// Step is how many blocks apart they are in the file, both ways.
	Step int
}

// sampleBlocks keeps every Step-th block, so that at most mostBlocks are kept.
func sampleBlocks(m *image.YCbCr) *Coding {
	bw, bh := m.Rect.Dx()/BlockSide, m.Rect.Dy()/BlockSide
	c := &Coding{Step: 1}
	for (bw/c.Step)*(bh/c.Step) > mostBlocks {
		c.Step++
	}
	if c.W, c.H = bw/c.Step, bh/c.Step; c.W < 8 || c.H < 8 {
		return nil
	}
	c.Luma = make([]uint8, 0, c.W*c.H*BlockSide*BlockSide)
	for y := range c.H {
		for x := range c.W {
			for r := range BlockSide {
				at := m.YOffset(m.Rect.Min.X+x*c.Step*BlockSide, m.Rect.Min.Y+y*c.Step*BlockSide+r)
				c.Luma = append(c.Luma, m.Y[at:at+BlockSide]...)
			}
		}
	}
	return c
}
