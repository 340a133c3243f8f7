package damage

import (
	"context"
	"errors"
	"fmt"

	"waggle/vision"
	"waggle/vision/card"
)

const (
	roleFeatures = "features" // output of a card of kind patchcore: [1,D,h,w]
	fileMemory   = "memory"   // its file: a Memory
)

// PatchCore is a network of patch features with the memory of one product,
// both named by one card.
type PatchCore struct {
	net    *card.Network
	memory Memory
}

// OpenPatchCore loads the network and the memory of the card at path.
func OpenPatchCore(path string, slots, threads int) (*PatchCore, error) {
	n, err := card.Open(path, card.Options{Slots: slots, Threads: threads}, card.PatchCore)
	if err != nil {
		return nil, fmt.Errorf("damage: %w", err)
	}
	p := &PatchCore{net: n}
	if err := p.memory.UnmarshalBinary(n.Files[fileMemory]); err != nil {
		return nil, errors.Join(err, n.Close())
	}
	return p, nil
}

// Judge compares a photo with the product.
func (p *PatchCore) Judge(ctx context.Context, photo vision.Image, item vision.Mask) (Judgement, error) {
	m, err := patchMap(ctx, p.net, photo)
	if err != nil {
		return Judgement{}, err
	}
	return p.memory.Judge(m, item)
}

// Close frees the network; no Judge may be running.
func (p *PatchCore) Close() error { return p.net.Close() }

// patchMap is a map of features only, nothing of which is damaged.
func patchMap(ctx context.Context, n *card.Network, photo vision.Image) (Map, error) {
	r, err := n.Run(ctx, photo)
	if err != nil {
		return Map{}, fmt.Errorf("damage: %w", err)
	}
	f := r.Out[roleFeatures]
	if len(f.Dims) != 4 || f.Dims[2] < 1 || f.Dims[3] < 1 {
		return Map{}, fmt.Errorf("%w: features %v", ErrModel, f.Dims)
	}
	c := cut{w: f.Dims[3], h: f.Dims[2], frame: r.Frame}
	out := Map{types: []string{vision.LabelDamaged}}
	_, _, out.W, out.H = c.inside()
	out.Damage = make([]float32, out.W*out.H)
	out.looks, err = described(f, c)
	return out, err
}
