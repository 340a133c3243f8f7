// Package damage finds cracks, scratches, stains, holes, tears, dents, wet and
// crushed places on a photo: by a segmenter alone, by comparison with photos
// of the same product, and by a memory of what intact ones look like. It
// imports vision's plain types and vision/card.
package damage

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"waggle/vision"
	"waggle/vision/card"
)

// ModelName is the entry of the built-in models.
const ModelName = "vision-damage"

// ErrModel says that a network is not of the form that its card promises.
var ErrModel = errors.New("damage: the network's outputs do not fit: mask is [1,1,h,w] in 0..1, type [1,labels,h,w], looks [1,D,h,w], score one logit")

// Roles of the outputs on a card of kind damage; mask alone must be there.
const (
	roleMask  = "mask"  // probability of damage per place
	roleType  = "type"  // probability of each of the card's labels per place
	roleLooks = "looks" // unit vector that describes a place, for comparing
	roleScore = "score" // logit of damage on the whole photo
)

// Detector holds one loaded network. It is safe for concurrent use; at most
// its slots photos are in it at a time.
type Detector struct {
	net    *card.Network
	labels []string
}

// OpenBuiltin loads the network that ships.
func OpenBuiltin(slots, threads int) (*Detector, error) {
	n, err := card.Builtin(ModelName, card.Options{Slots: slots, Threads: threads}, card.Damage)
	if err != nil {
		return nil, fmt.Errorf("damage: %w", err)
	}
	return New(n), nil
}

// Open loads the network whose card is at path.
func Open(path string, slots, threads int) (*Detector, error) {
	n, err := card.Open(path, card.Options{Slots: slots, Threads: threads}, card.Damage)
	if err != nil {
		return nil, fmt.Errorf("damage: %w", err)
	}
	return New(n), nil
}

// New takes over an opened network of kind damage.
func New(n *card.Network) *Detector {
	d := &Detector{net: n, labels: n.Card.Labels}
	if len(d.labels) == 0 || n.Card.Outputs[roleType] == "" {
		d.labels = []string{vision.LabelDamaged}
	}
	return d
}

// Card tells the thresholds in force.
func (d *Detector) Card() card.Card { return d.net.Card }

// Calibrate puts other thresholds in force. No Look may be running.
func (d *Detector) Calibrate(thresholds map[string]float64, on string) {
	d.net.Card.Thresholds, d.net.Card.CalibratedOn = thresholds, on
}

// Close frees the network; no Look may be running.
func (d *Detector) Close() error { return d.net.Close() }

// Look runs the network over a photo.
func (d *Detector) Look(ctx context.Context, m vision.Image) (Map, error) {
	r, err := d.net.Run(ctx, m)
	if err != nil {
		return Map{}, fmt.Errorf("damage: %w", err)
	}
	mask := r.Out[roleMask]
	if len(mask.Dims) != 4 || mask.Dims[2] < 1 || mask.Dims[3] < 1 || len(mask.Data) != mask.Dims[2]*mask.Dims[3] {
		return Map{}, fmt.Errorf("%w: mask %v", ErrModel, mask.Dims)
	}
	c := cut{w: mask.Dims[3], h: mask.Dims[2], frame: r.Frame}
	out := Map{types: d.labels}
	_, _, out.W, out.H = c.inside()
	out.Damage = c.plane(mask.Data, 0)
	for i, p := range out.Damage {
		if p != p {
			return Map{}, fmt.Errorf("%w: mask holds a NaN", ErrModel)
		}
		out.Damage[i] = min(1, max(0, p))
	}
	if out.kind, err = planes(r, roleType, c, len(d.labels)); err != nil {
		return Map{}, err
	}
	if o, ok := r.Out[roleLooks]; ok {
		if out.looks, err = described(o, c); err != nil {
			return Map{}, err
		}
	}
	if s, ok := r.Out[roleScore]; ok && len(s.Data) > 0 {
		out.logit = float64(s.Data[0])
	} else {
		out.logit = worst(out.logits(), topPlaces)
	}
	return out, nil
}

// cut takes the part of the network's maps that shows the photo.
type cut struct {
	w, h  int
	frame card.Frame
}

// inside is that part, in places: x, y, width and height.
func (c cut) inside() (x, y, w, h int) {
	f := c.frame
	x, y = f.X*c.w/f.W, f.Y*c.h/f.H
	right, bottom := ((f.X+f.FilledW)*c.w+f.W-1)/f.W, ((f.Y+f.FilledH)*c.h+f.H-1)/f.H
	return x, y, max(1, min(c.w, right)-x), max(1, min(c.h, bottom)-y)
}

// plane copies channel k.
func (c cut) plane(data []float32, k int) []float32 {
	x, y, w, h := c.inside()
	out := make([]float32, 0, w*h)
	for row := y; row < y+h; row++ {
		at := (k*c.h+row)*c.w + x
		out = append(out, data[at:at+w]...)
	}
	return out
}

func planes(r card.Result, role string, c cut, want int) ([][]float32, error) {
	o, ok := r.Out[role]
	if !ok {
		return nil, nil
	}
	if len(o.Data) != want*c.w*c.h {
		return nil, fmt.Errorf("%w: %s %v", ErrModel, role, o.Dims)
	}
	out := make([][]float32, want)
	for k := range out {
		out[k] = c.plane(o.Data, k)
	}
	return out, nil
}

// described gives the descriptions place by place, so that two of them lie
// beside each other in memory.
func described(o card.Output, c cut) (looks, error) {
	n := len(o.Data) / (c.w * c.h)
	if n < 1 || n > 1024 || n*c.w*c.h != len(o.Data) {
		return looks{}, fmt.Errorf("%w: descriptions %v of %d x %d places", ErrModel, o.Dims, c.h, c.w)
	}
	_, _, w, h := c.inside()
	l := looks{n: n, at: make([]float32, n*w*h)}
	for k := range n {
		for i, v := range c.plane(o.Data, k) {
			l.at[i*n+k] = v
		}
	}
	return l, nil
}

// looks are the descriptions of places, n numbers each.
type looks struct {
	n  int
	at []float32
}

func (l looks) place(i int) []float32 { return l.at[i*l.n : (i+1)*l.n] }

// squared is the squared distance of two descriptions.
func squared(a, b []float32) float32 {
	var sum float32
	for i, v := range a {
		d := v - b[i]
		sum += d * d
	}
	return sum
}

// topPlaces are what a photo's score looks at.
const topPlaces = 24

// worst is the mean of the n largest values.
func worst(v []float64, n int) float64 {
	if len(v) == 0 {
		return 0
	}
	sorted := slices.Clone(v)
	slices.Sort(sorted)
	return meanOfLast(sorted, n)
}

func meanOfLast(sorted []float64, n int) float64 {
	top := sorted[max(0, len(sorted)-n):]
	var sum float64
	for _, x := range top {
		sum += x
	}
	return sum / float64(len(top))
}

func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

// logit of a probability, bounded so that a certain network stays finite.
func logit(p float64) float64 {
	p = min(1-1e-6, max(1e-6, p))
	return math.Log(p / (1 - p))
}
