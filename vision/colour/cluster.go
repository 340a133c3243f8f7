package colour

import (
	"math"

	"waggle/vision"
)

const (
	clusterCount  = 5
	clusterRounds = 12
	clusterMerge  = 6.0  // ΔE00 below which two clusters are one colour
	sampleSide    = 160  // colours need no detail
	darkest       = 4.0  // L* under which a pixel has no colour to speak of
	brightest     = 98.0 // L* over which a channel is clipped
)

// Cluster is one colour of an item and the part of the item that has it.
type Cluster struct {
	Colour Linear
	Share  float64
}

// itemPixels collects the item's pixels that carry colour, away from its rim.
func itemPixels(m vision.Image, mask vision.Mask) (pixels []Linear, all int) {
	for y := 1; y < m.H-1; y++ {
		for x := 1; x < m.W-1; x++ {
			i := y*m.W + x
			if mask.Pix[i] < 128 || mask.Pix[i-1] < 128 || mask.Pix[i+1] < 128 || mask.Pix[i-m.W] < 128 || mask.Pix[i+m.W] < 128 {
				continue
			}
			all++
			c := FromSRGB(m.At(x, y))
			if l := c.Lab().L; l > darkest && l < brightest {
				pixels = append(pixels, c)
			}
		}
	}
	return pixels, all
}

// clusters is k-means in Lab from spread-out starts, near colours merged,
// largest first. It is deterministic.
func clusters(pixels []Linear) []Cluster {
	labs := make([]Lab, len(pixels))
	for i, p := range pixels {
		labs[i] = p.Lab()
	}
	centres := spread(labs, clusterCount)
	owner := make([]int, len(labs))
	for range clusterRounds {
		settled := true
		for i, l := range labs {
			if k := nearest(centres, l); k != owner[i] {
				owner[i], settled = k, false
			}
		}
		if settled {
			break
		}
		centres = means(labs, owner, centres)
	}
	return merged(summed(pixels, owner, len(centres)))
}

// spread picks the mean and then, again and again, the colour farthest from
// those picked.
func spread(labs []Lab, k int) []Lab {
	owner := make([]int, len(labs))
	centres := means(labs, owner, make([]Lab, 1))
	for len(centres) < k {
		far, best := 0.0, Lab{}
		for i := 0; i < len(labs); i += 7 {
			if d := square(labs[i], centres[nearest(centres, labs[i])]); d > far {
				far, best = d, labs[i]
			}
		}
		if far < 16 {
			break
		}
		centres = append(centres, best)
	}
	return centres
}

func nearest(centres []Lab, l Lab) int {
	best, least := 0, math.Inf(1)
	for i, c := range centres {
		if d := square(c, l); d < least {
			best, least = i, d
		}
	}
	return best
}

func square(a, b Lab) float64 {
	return (a.L-b.L)*(a.L-b.L) + (a.A-b.A)*(a.A-b.A) + (a.B-b.B)*(a.B-b.B)
}

// means recomputes the centres; one without pixels stays where it was.
func means(labs []Lab, owner []int, old []Lab) []Lab {
	sum, n := make([]Lab, len(old)), make([]float64, len(old))
	for i, l := range labs {
		s := &sum[owner[i]]
		s.L, s.A, s.B = s.L+l.L, s.A+l.A, s.B+l.B
		n[owner[i]]++
	}
	out := make([]Lab, len(old))
	for i := range out {
		if out[i] = old[i]; n[i] > 0 {
			out[i] = Lab{sum[i].L / n[i], sum[i].A / n[i], sum[i].B / n[i]}
		}
	}
	return out
}

// summed averages in linear light, where light mixes.
func summed(pixels []Linear, owner []int, k int) []Cluster {
	out := make([]Cluster, k)
	for i, p := range pixels {
		c := &out[owner[i]]
		for j := range 3 {
			c.Colour[j] += p[j]
		}
		c.Share++
	}
	for i := range out {
		if out[i].Share > 0 {
			for j := range 3 {
				out[i].Colour[j] /= out[i].Share
			}
			out[i].Share /= float64(len(pixels))
		}
	}
	return out
}

// merged joins clusters of nearly one colour and sorts by share.
func merged(in []Cluster) []Cluster {
	var out []Cluster
	for _, c := range in {
		if c.Share == 0 {
			continue
		}
		joined := false
		for i := range out {
			if CIEDE2000(out[i].Colour.Lab(), c.Colour.Lab()) < clusterMerge {
				out[i] = join(out[i], c)
				joined = true
				break
			}
		}
		if !joined {
			out = append(out, c)
		}
	}
	for i := range out {
		for j := i + 1; j < len(out); j++ {
			if out[j].Share > out[i].Share {
				out[i], out[j] = out[j], out[i]
			}
		}
	}
	return out
}

func join(a, b Cluster) Cluster {
	s := a.Share + b.Share
	var c Cluster
	for j := range 3 {
		c.Colour[j] = (a.Colour[j]*a.Share + b.Colour[j]*b.Share) / s
	}
	c.Share = s
	return c
}
