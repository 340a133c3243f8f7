package damage

import (
	"math"
	"slices"
	"sort"

	"waggle/vision"
)

// Calibration gathers labelled photos and finds the thresholds that make one
// network's answers mean what they say. The photos must be none that the
// network was trained on.
type Calibration struct {
	alone, beside shown
	places        [][][4]float32 // of photos with references, the item's places
	aloneZ        []float64      // the network's logit of those photos
	marks         [][]bool       // damaged places, nil without a mask
	pixels, parts marked
}

// shown are photos with their facts and whether they are damaged.
type shown struct {
	facts [][]float64
	truth []bool
}

// marked are places with their probability and whether a mask marks them.
type marked struct {
	p     []float64
	truth []bool
}

// Add takes one photo: what the network sees, the item, whether it is damaged,
// and, if known, where (a mask of any size) and references laid over it.
func (c *Calibration) Add(m Map, photo vision.Image, item vision.Mask, damaged bool, where *vision.Mask, refs []Reference) {
	marks := marksOf(m, damaged, where)
	if len(refs) == 0 {
		c.alone.facts, c.alone.truth = append(c.alone.facts, aloneFacts(m)), append(c.alone.truth, damaged)
		c.pixels.add(m.onItem(asFloats(m.Damage), item), m.marksOnItem(marks, item))
		return
	}
	r := refs[0]
	facts, valid := placeFacts(m, photo, r), shrunk(r.Valid.Resize(m.W, m.H), 1)
	b := item.Resize(m.W, m.H).Bounds()
	var kept [][4]float32
	var bad []bool
	for y := b.Y; y < b.Y+b.H; y++ {
		for x := b.X; x < b.X+b.W; x++ {
			i := y*m.W + x
			if !valid[i] {
				continue
			}
			f := facts[i]
			kept = append(kept, [4]float32{float32(f[0]), float32(f[1]), float32(f[2]), float32(f[3])})
			if marks != nil {
				bad = append(bad, marks[i])
			}
		}
	}
	c.places, c.marks = append(c.places, kept), append(c.marks, bad)
	c.aloneZ, c.beside.truth = append(c.aloneZ, m.logit), append(c.beside.truth, damaged)
}

// Photos counts the intact and damaged photos without and with a reference.
func (c *Calibration) Photos() (intact, damaged, intactBeside, damagedBeside int) {
	for _, d := range c.alone.truth {
		damaged += b2i(d)
	}
	for _, d := range c.beside.truth {
		damagedBeside += b2i(d)
	}
	return len(c.alone.truth) - damaged, damaged, len(c.beside.truth) - damagedBeside, damagedBeside
}

// LeastIntact and LeastDamaged photos are what a threshold may rest on.
const (
	LeastIntact  = 40
	LeastDamaged = 20
)

// Thresholds fits all that there are enough photos for; the rest stays absent,
// and is then not judged. allowed is how many of n intact photos may lie above
// the threshold of accusation.
func (c *Calibration) Thresholds(allowed func(n int) int) map[string]float64 {
	out := map[string]float64{}
	intact, damaged, intactBeside, damagedBeside := c.Photos()
	if intact >= LeastIntact && damaged >= LeastDamaged {
		w := fitSigned(c.alone.facts, c.alone.truth, aloneSigns)
		put(out, alonePrefix, aloneNames, w)
		c.alone.limits(out, "", w, allowed)
		out[keyPixel] = c.pixels.best()
	}
	if intactBeside >= LeastIntact && damagedBeside >= LeastDamaged {
		c.fitBeside(out, allowed)
	}
	return out
}

func (c *Calibration) fitBeside(out map[string]float64, allowed func(n int) int) {
	var facts [][]float64
	var truth []bool
	for k, places := range c.places {
		for i, f := range places {
			if c.marks[k] != nil && (c.marks[k][i] || i%4 == 0) { // sound places abound
				facts, truth = append(facts, floats(f)), append(truth, c.marks[k][i])
			}
		}
	}
	if len(facts) == 0 {
		return
	}
	w := fitSigned(facts, truth, placeSigns)
	put(out, placePrefix, placeNames, w)
	c.beside.facts, c.parts = nil, marked{}
	for k, places := range c.places {
		z := make([]float64, len(places))
		p := make([]float64, len(places))
		for i, f := range places {
			z[i] = w.at(floats(f))
			p[i] = sigmoid(z[i])
		}
		c.beside.facts = append(c.beside.facts, photoFacts(c.aloneZ[k], z))
		c.parts.add(p, c.marks[k])
	}
	v := fitSigned(c.beside.facts, c.beside.truth, photoSigns)
	put(out, besidePrefix, photoNames, v)
	c.beside.limits(out, besidePrefix, v, allowed)
	out[besidePrefix+keyPixel] = c.parts.best()
}

// margin in logits keeps the next intact photo below the threshold that the
// worst of these just does not reach.
const margin = 0.25

// limits finds from which score on to accuse and below which to say intact.
func (s shown) limits(out map[string]float64, prefix string, w weights, allowed func(n int) int) {
	var good, bad []float64
	for i, f := range s.facts {
		if s.truth[i] {
			bad = append(bad, w.at(f))
		} else {
			good = append(good, w.at(f))
		}
	}
	slices.Sort(good)
	slices.Sort(bad)
	k := min(allowed(len(good)), len(good)-1)
	accuse := max(good[len(good)-1-k]+margin, tail(good))
	// Intact is said only where nine in ten damaged ones are not, and only by a
	// network that tells them apart at all.
	doubt := math.Inf(-1)
	if rank(good, bad) >= usable {
		doubt = min(bad[len(bad)/10], accuse)
	}
	out[prefix+keyAccuse], out[prefix+keyDoubt] = sigmoid(accuse), sigmoid(doubt)
}

// tail is the logit that rareAccusation of intact photos exceed if their scores
// fall off exponentially beyond the upper tenth (peaks over a threshold,
// Pickands 1975): the highest of few photos says too little of the next one.
func tail(good []float64) float64 {
	const share = 0.1
	over := good[len(good)-max(2, int(share*float64(len(good)))):]
	var excess float64
	for _, z := range over {
		excess += (z - over[0]) / float64(len(over)-1)
	}
	return over[0] + excess*math.Log(share/rareAccusation)
}

const rareAccusation = 0.003

// usable is the share of pairs, one intact and one damaged, that a network
// must order rightly before it may call anything intact.
const usable = 0.75

// rank is that share; both are sorted.
func rank(good, bad []float64) float64 {
	sum := 0
	for _, b := range bad {
		sum += sort.SearchFloat64s(good, b)
	}
	return float64(sum) / float64(max(1, len(good)*len(bad)))
}

func (m *marked) add(p []float64, marks []bool) {
	if marks == nil || len(p) != len(marks) {
		return
	}
	for i := range p {
		if marks[i] || i%4 == 0 {
			m.p, m.truth = append(m.p, p[i]), append(m.truth, marks[i])
		}
	}
}

// best is the probability with the best F1 of marked places.
func (m marked) best() float64 {
	const least, steps = 0.2, 36
	best, at := -1.0, 0.5
	for k := range steps {
		cut := least + 0.02*float64(k)
		hit, called, all := 0, 0, 0
		for i, p := range m.p {
			hit += b2i(p >= cut && m.truth[i])
			called += b2i(p >= cut)
			all += b2i(m.truth[i])
		}
		if all == 0 {
			break
		}
		if f := 2 * float64(hit) / float64(called+all); f > best {
			best, at = f, cut
		}
	}
	return at
}

func put(out map[string]float64, prefix string, names []string, w weights) {
	for i, n := range names {
		out[prefix+n] = w[i]
	}
}

// marksOf tells which places are damaged; nil when nobody knows.
func marksOf(m Map, damaged bool, where *vision.Mask) []bool {
	out := make([]bool, m.W*m.H)
	if !damaged {
		return out
	}
	if where == nil {
		return nil
	}
	for y := range where.H { // any marked pixel marks the place: cracks are thin
		for x := range where.W {
			if where.Pix[y*where.W+x] > 127 {
				out[y*m.H/where.H*m.W+x*m.W/where.W] = true
			}
		}
	}
	return out
}

func (m Map) marksOnItem(marks []bool, item vision.Mask) []bool {
	if marks == nil {
		return nil
	}
	v := make([]float64, len(marks))
	for i, b := range marks {
		v[i] = float64(b2i(b))
	}
	on := m.onItem(v, item)
	out := make([]bool, len(on))
	for i := range on {
		out[i] = on[i] > 0
	}
	return out
}

func asFloats(v []float32) []float64 {
	out := make([]float64, len(v))
	for i, x := range v {
		out[i] = float64(x)
	}
	return out
}

func floats(f [4]float32) []float64 {
	return []float64{float64(f[0]), float64(f[1]), float64(f[2]), float64(f[3])}
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}
