// Package embed turns a photo into a vector by which products are found: what
// a network sees, beside a histogram of colours. Any network with a card of
// kind embedding will do. It imports vision's plain types, vision/card and
// vision/colour.
package embed

import (
	"context"
	"errors"
	"fmt"
	"math"

	"waggle/vision"
	"waggle/vision/card"
)

// ModelName is the entry of the built-in models.
const ModelName = "vision-embed"

// ErrVector says that the network gave no usable vector.
var ErrVector = errors.New("embed: the network gives no vector")

// colourShare is how much of the similarity the colours decide where the card
// says nothing else under its threshold "colour".
const colourShare = 0.3

// Describer makes descriptors of photos. It is safe for concurrent use.
type Describer struct {
	net   *card.Network
	share float64
	dim   int
}

// OpenBuiltin loads the network that ships.
func OpenBuiltin(o card.Options) (*Describer, error) {
	net, err := card.Builtin(ModelName, o, card.Embedding)
	if err != nil {
		return nil, fmt.Errorf("embed: %w", err)
	}
	return describer(net)
}

// Open loads a network by the path of its card.
func Open(path string, o card.Options) (*Describer, error) {
	net, err := card.Open(path, o, card.Embedding)
	if err != nil {
		return nil, fmt.Errorf("embed: %w", err)
	}
	return describer(net)
}

// describer runs the network once, which tells the length of its vectors.
func describer(net *card.Network) (*Describer, error) {
	d := &Describer{net: net, share: colourShare}
	if v, ok := net.Card.Threshold("colour"); ok && v >= 0 && v <= 1 {
		d.share = v
	}
	grey := vision.Image{Pix: make([]uint8, 3*64*64), W: 64, H: 64}
	for i := range grey.Pix {
		grey.Pix[i] = 128
	}
	v, _, err := d.look(context.Background(), grey)
	if err != nil {
		return nil, errors.Join(err, net.Close())
	}
	d.dim = len(v) + bins
	return d, nil
}

// Dim is the length of a descriptor.
func (d *Describer) Dim() int { return d.dim }

// Card is the network's.
func (d *Describer) Card() card.Card { return d.net.Card }

// Network identifies network and descriptor: those of two cannot be compared.
func (d *Describer) Network() string {
	return fmt.Sprintf("%s colour/%d share %.3f", d.net.Card.Model.SHA256, bins, d.share)
}

// Close frees the network; no Describe may be running.
func (d *Describer) Close() error { return d.net.Close() }

// Description of a photo.
type Description struct {
	// Vector has Dim numbers and length 1: the scalar product of two is (1-share)
	// times the cosine of the network's vectors plus share times the
	// Bhattacharyya coefficient of the colours.
	Vector []float32
	// Places is what the network's output "patches" says of the whole photo,
	// [1,D,h,w]; empty where its card names none.
	Places card.Output
}

// Describe looks at a photo.
func (d *Describer) Describe(ctx context.Context, m vision.Image) (Description, error) {
	v, places, err := d.vector(ctx, m)
	if err != nil {
		return Description{}, err
	}
	out := make([]float32, 0, d.dim)
	k := float32(math.Sqrt(1 - d.share))
	for _, x := range v {
		out = append(out, k*x)
	}
	k = float32(math.Sqrt(d.share))
	for _, x := range colours(m) {
		out = append(out, k*x)
	}
	return Description{out, places}, nil
}

// closer is the part of the photo, from the middle, that is looked at a second
// time: the item often is small.
const closer = 0.7

// vector is the mean of what the network sees on the whole and in the middle.
func (d *Describer) vector(ctx context.Context, m vision.Image) ([]float32, card.Output, error) {
	whole, places, err := d.look(ctx, m)
	if err != nil {
		return nil, places, err
	}
	near, _, err := d.look(ctx, middlePart(m))
	if err != nil {
		return nil, places, err
	}
	for i, x := range near {
		whole[i] += x
	}
	v, err := unit(whole)
	return v, places, err
}

func middlePart(m vision.Image) vision.Image {
	w, h := max(1, int(closer*float64(m.W))), max(1, int(closer*float64(m.H)))
	x0, y0 := (m.W-w)/2, (m.H-h)/2
	out := m
	out.W, out.H, out.Pix = w, h, make([]uint8, 0, 3*w*h)
	for y := y0; y < y0+h; y++ {
		out.Pix = append(out.Pix, m.Pix[3*(y*m.W+x0):3*(y*m.W+x0+w)]...)
	}
	return out
}

// look runs the network once and brings its vector to length 1.
func (d *Describer) look(ctx context.Context, m vision.Image) (v []float32, places card.Output, err error) {
	r, err := d.net.Run(ctx, m)
	if err != nil {
		return nil, places, fmt.Errorf("embed: %w", err)
	}
	if v, err = pool(r.Out["vector"]); err != nil {
		return nil, places, err
	}
	v, err = unit(v)
	return v, r.Out["patches"], err
}

func unit(v []float32) ([]float32, error) {
	var sum float64
	for _, x := range v {
		sum += float64(x) * float64(x)
	}
	if !(sum > 1e-20) || math.IsInf(sum, 0) {
		return nil, fmt.Errorf("%w: all its numbers are zero, or some are none", ErrVector)
	}
	k := float32(1 / math.Sqrt(sum))
	for i := range v {
		v[i] *= k
	}
	return v, nil
}

// pool makes one vector of what the network gave: [1,D] as it is, the first
// token of [1,T,D] (the class token of a vision transformer), the mean over
// places of [1,D,h,w].
func pool(o card.Output) ([]float32, error) {
	if len(o.Dims) < 2 || len(o.Dims) > 4 || o.Dims[0] != 1 || len(o.Data) == 0 {
		return nil, fmt.Errorf("%w: its shape is %v", ErrVector, o.Dims)
	}
	switch len(o.Dims) {
	case 2:
		return o.Data, nil
	case 3:
		return o.Data[:o.Dims[2]], nil
	}
	places := o.Dims[2] * o.Dims[3]
	v := make([]float32, o.Dims[1])
	for c := range v {
		var sum float32
		for _, x := range o.Data[c*places : (c+1)*places] {
			sum += x
		}
		v[c] = sum / float32(places)
	}
	return v, nil
}
