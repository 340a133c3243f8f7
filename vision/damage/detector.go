// Package damage runs the network that finds cracks, scratches, stains, holes,
// tears, dents, wet and crushed places on a photo. It imports vision's plain
// types, models and models/onnx.
package damage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"

	"waggle/models"
	"waggle/models/onnx"
	"waggle/vision"
)

// ModelName is the entry of the built-in models.
const ModelName = "vision-damage"

// ErrModel says that a file is not a damage network of the expected form.
var ErrModel = errors.New("damage: not a damage network: it needs input image, outputs score, damage and type, and metadata \"waggle\"")

// Card is what belongs to the model and travels in its metadata: thresholds
// of one network mean nothing to another.
type Card struct {
	Side   int      `json:"side"`   // longest side that photos are brought to
	Stride int      `json:"stride"` // sides are multiples of it
	Types  []string `json:"types"`
	// Slope and Offset turn the score's logit into a probability (Platt 1999).
	Slope  float64 `json:"slope"`
	Offset float64 `json:"offset"`
	// Accuse is the probability from which a photo is called damaged; between
	// Doubt and Accuse the answer is "cannot see".
	Accuse float64 `json:"accuse"`
	Doubt  float64 `json:"doubt"`
	// Pixel is the probability from which a pixel belongs to a spot.
	Pixel float64 `json:"pixel"`
}

// Detector holds one loaded network. It is safe for concurrent use; at most
// Slots photos are in it at a time.
type Detector struct {
	session *onnx.Session
	card    Card
	slots   chan struct{}
}

// OpenBuiltin loads the network that ships.
func OpenBuiltin(slots, threads int) (*Detector, error) {
	raw, _, err := models.Builtin().Open(ModelName)
	if err != nil {
		return nil, fmt.Errorf("damage: %w", err)
	}
	return Open(raw, slots, threads)
}

// Open loads a network with the same form of inputs, outputs and metadata.
func Open(model []byte, slots, threads int) (*Detector, error) {
	s, err := onnx.Open(ModelName, model, onnx.Options{Threads: threads})
	if err != nil {
		return nil, fmt.Errorf("damage: %w", err)
	}
	d := &Detector{session: s, slots: make(chan struct{}, max(1, slots))}
	if err := d.check(); err != nil {
		_ = s.Close()
		return nil, err
	}
	return d, nil
}

func (d *Detector) check() error {
	if err := json.Unmarshal([]byte(d.session.Meta()["waggle"]), &d.card); err != nil {
		return fmt.Errorf("%w: %w", ErrModel, err)
	}
	in, out := d.session.Inputs(), d.session.Outputs()
	if len(in) != 1 || len(in[0].Dims) != 4 || len(out) != 3 || out[0].Name != "score" || out[1].Name != "damage" || out[2].Name != "type" {
		return ErrModel
	}
	if c := d.card; c.Side < 64 || c.Side > 2048 || c.Stride < 1 || c.Side%c.Stride != 0 || len(c.Types) == 0 {
		return fmt.Errorf("%w: card %+v", ErrModel, c)
	}
	return nil
}

// Card tells the thresholds in force.
func (d *Detector) Card() Card { return d.card }

// Close frees the network; no Look may be running.
func (d *Detector) Close() error { return d.session.Close() }

// Look runs the network over a photo.
func (d *Detector) Look(ctx context.Context, m vision.Image) (Map, error) {
	select {
	case d.slots <- struct{}{}:
	case <-ctx.Done():
		return Map{}, fmt.Errorf("damage: %w", ctx.Err())
	}
	defer func() { <-d.slots }()
	small := m.Fit(d.card.Side)
	w, h := d.padded(small.W), d.padded(small.H)
	in, err := onnx.New[float32](1, 3, int64(h), int64(w))
	if err != nil {
		return Map{}, fmt.Errorf("damage: %w", err)
	}
	defer in.Close()
	planes(in.Data(), small, w, h)
	out := make([]onnx.Value, 3)
	if err := d.session.Run([]onnx.Value{in}, out); err != nil {
		return Map{}, fmt.Errorf("damage: %w", err)
	}
	return d.read(out, small)
}

func (d *Detector) padded(n int) int {
	return max(4*d.card.Stride, (n+d.card.Stride-1)/d.card.Stride*d.card.Stride)
}

// planes lays the photo into the top left of [3, h, w] and repeats its last
// row and column over the rest, so that no edge appears where the photo ends.
func planes(dst []float32, m vision.Image, w, h int) {
	for y := range h {
		for x := range w {
			i := 3 * (min(y, m.H-1)*m.W + min(x, m.W-1))
			for c := range 3 {
				dst[(c*h+y)*w+x] = float32(m.Pix[i+c]) / 255
			}
		}
	}
}

// read copies the outputs and cuts the padding off.
func (d *Detector) read(out []onnx.Value, small vision.Image) (m Map, err error) {
	var t [3]*onnx.Tensor[float32]
	for i := range out {
		if t[i], err = onnx.As[float32](out[i]); err != nil {
			return Map{}, fmt.Errorf("damage: %w", err)
		}
		defer t[i].Close()
	}
	dims := t[1].Dims()
	if len(dims) != 4 || len(t[0].Data()) < 1 || len(t[2].Data()) != len(d.card.Types)*len(t[1].Data()) {
		return Map{}, fmt.Errorf("%w: output %v", ErrModel, dims)
	}
	mh, mw := int(dims[2]), int(dims[3])
	scale := max(1, d.padded(small.W)/mw)
	m = Map{W: min(mw, (small.W+scale-1)/scale), H: min(mh, (small.H+scale-1)/scale), types: d.card.Types}
	z := d.card.Slope*float64(t[0].Data()[0]) + d.card.Offset
	m.Score = 1 / (1 + math.Exp(-z))
	m.Damage = make([]float32, m.W*m.H)
	m.kind = make([][]float32, len(d.card.Types))
	for y := range m.H {
		copy(m.Damage[y*m.W:(y+1)*m.W], t[1].Data()[y*mw:])
	}
	for k := range m.kind {
		plane := t[2].Data()[k*mw*mh:]
		m.kind[k] = make([]float32, m.W*m.H)
		for y := range m.H {
			copy(m.kind[k][y*m.W:(y+1)*m.W], plane[y*mw:])
		}
	}
	return m, nil
}
