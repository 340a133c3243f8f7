package local

import (
	"math"

	"waggle/vision/search/index"
)

// bell weighs cells by their distance from the middle, in halves of the
// picture: the item lies there.
const bell = 0.6

// Alike says how well the cells of two photos find each other, from -1 to 1:
// the mean, over the cells of either, of the cosine to the most similar cell
// of the other. It is 0 where one has no cells or they are of two networks.
func Alike(a, b *Description) float32 {
	if len(a.cells) == 0 || len(b.cells) == 0 || a.width != b.width {
		return 0
	}
	row := index.Stride(a.width)
	na, nb := a.w*a.h, b.w*b.h
	bestA, bestB := make([]int32, na), make([]int32, nb)
	for i := range bestA {
		bestA[i] = math.MinInt32
	}
	for j := range bestB {
		bestB[j] = math.MinInt32
	}
	for i := range na {
		of := a.cells[i*row : (i+1)*row]
		for j := range nb {
			v := index.Dot(of, b.cells[j*row:(j+1)*row])
			bestA[i], bestB[j] = max(bestA[i], v), max(bestB[j], v)
		}
	}
	return float32((belled(bestA, a.w, a.h) + belled(bestB, b.w, b.h)) / (2 * cellUnit * cellUnit))
}

func belled(best []int32, w, h int) float64 {
	var sum, all float64
	for i, v := range best {
		x, y := (2*float64(i%w)+1)/float64(w)-1, (2*float64(i/w)+1)/float64(h)-1
		k := math.Exp(-(x*x + y*y) / (2 * bell * bell))
		sum += k * float64(v)
		all += k
	}
	return sum / all
}

// Of two points that may be the same: the best must beat the second by this
// ratio (Lowe 2004), and pairs that tell the same move of the whole item agree
// when place, size and turn do.
const (
	ratio     = 0.8
	placeNear = 0.032 // of the longest side, at the scale of the other photo
	placeFar  = 0.15  // of the distance between two points, for what is bent or seen aslant
	sizeNear  = 0.6   // natural logarithm
	angleNear = 0.5   // radians
)

// match is a point of one photo and its likeness in the other.
type match struct {
	from, to   *point
	scale      float64 // logarithm of the growth
	turn       float64
	re, im     float64 // growth and turn as a complex number
	similarity int32
}

// Agree counts the points of two photos that one move (shift, growth, turn)
// carries into each other. Every match proposes the move of its own size and
// angle, so nothing is drawn at random. Above 4 it is hardly ever chance.
func Agree(a, b *Description) int {
	matches := matched(a.points, b.points)
	most := 0
	for i := range matches {
		n := 0
		for j := range matches {
			if follows(&matches[i], &matches[j]) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}

// follows tells whether m moves as the proposal does.
func follows(proposal, m *match) bool {
	if math.Abs(m.scale-proposal.scale) > sizeNear {
		return false
	}
	if turn := math.Abs(math.Remainder(m.turn-proposal.turn, 2*math.Pi)); turn > angleNear {
		return false
	}
	dx, dy := float64(m.from.x-proposal.from.x), float64(m.from.y-proposal.from.y)
	ex := proposal.re*dx - proposal.im*dy + float64(proposal.to.x-m.to.x)
	ey := proposal.im*dx + proposal.re*dy + float64(proposal.to.y-m.to.y)
	grown := math.Exp(proposal.scale)
	return math.Hypot(ex, ey) < placeNear*max(1, grown)+placeFar*grown*math.Hypot(dx, dy)
}

// matched pairs points, each of b at most once.
func matched(a, b []point) []match {
	if len(b) < 2 {
		return nil
	}
	taken := make([]int32, len(b)) // 1 + the match that has it
	var out []match
	for i := range a {
		best, second, at := int32(-1), int32(-1), 0
		for j := range b {
			v := index.Dot(a[i].desc[:], b[j].desc[:])
			if v > best {
				best, second, at = v, best, j
			} else if v > second {
				second = v
			}
		}
		if distance(best) >= ratio*ratio*distance(second) {
			continue
		}
		m := pair(&a[i], &b[at], best)
		switch held := taken[at]; {
		case held == 0:
			out = append(out, m)
			taken[at] = int32(len(out))
		case out[held-1].similarity < best:
			out[held-1] = m
		}
	}
	return out
}

// distance is the squared distance of two unit vectors by their product.
func distance(dot int32) float64 { return max(0, 2-2*float64(dot)/(descUnit*descUnit)) }

func pair(from, to *point, similarity int32) match {
	m := match{from: from, to: to, turn: float64(to.angle - from.angle), similarity: similarity}
	grown := float64(max(to.size, 1e-4)) / float64(max(from.size, 1e-4))
	m.scale = math.Log(grown)
	m.im, m.re = math.Sincos(m.turn)
	m.re, m.im = m.re*grown, m.im*grown
	return m
}
