package inspect

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"waggle/vision"
	"waggle/vision/damage"
	"waggle/vision/opencv"
)

// Remember makes a memory of one product from photos of it that are intact.
func (in *Inspector) Remember(ctx context.Context, photos []vision.Image) (*damage.Memory, error) {
	maps, items := make([]damage.Map, len(photos)), make([]vision.Mask, len(photos))
	for i, p := range photos {
		e, err := in.Gather(ctx, p, nil)
		if err != nil {
			return nil, err
		}
		maps[i], items[i] = e.Seen, e.Item
	}
	m, err := damage.Remember(maps, items)
	if err != nil {
		return nil, fmt.Errorf("inspect: %w", err)
	}
	return m, nil
}

// Product is what is known of one product's intact looks.
type Product struct {
	memory *damage.Memory // by the inspector's network
	core   *damage.PatchCore
}

// OpenProduct takes a folder of intact photos of one product, or a card of kind
// patchcore that brings a memory of it.
func (in *Inspector) OpenProduct(ctx context.Context, path string) (*Product, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		m, err := in.rememberFolder(ctx, path)
		return &Product{memory: m}, err
	}
	core, err := damage.OpenPatchCore(path, cap(in.slots), 1)
	return &Product{core: core}, err
}

// Close frees the product's network, if it has one of its own.
func (p *Product) Close() error {
	if p.core == nil {
		return nil
	}
	return p.core.Close()
}

func (in *Inspector) judge(ctx context.Context, p *Product, work vision.Image, item vision.Mask) (damage.Judgement, error) {
	if p.core != nil {
		return p.core.Judge(ctx, work, item)
	}
	seen, err := in.damage.Look(ctx, work)
	if err != nil {
		return damage.Judgement{}, err
	}
	return p.memory.Judge(seen, item)
}

// rememberFolder makes a memory of the pictures that lie in dir.
func (in *Inspector) rememberFolder(ctx context.Context, dir string) (*damage.Memory, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var photos []vision.Image
	for _, e := range entries {
		if !slices.Contains([]string{".jpg", ".jpeg", ".png", ".webp"}, strings.ToLower(filepath.Ext(e.Name()))) {
			continue
		}
		m, err := in.DecodeFile(ctx, filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", e.Name(), err)
		}
		photos = append(photos, m)
	}
	m, err := in.Remember(ctx, photos)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", dir, err)
	}
	return m, nil
}

// AgainstMemory judges the damage on a photo of a product that is remembered;
// where a listing photo fits over the item, comparing the two says more.
func (in *Inspector) AgainstMemory(ctx context.Context, photo vision.Image, p *Product) (vision.Damage, error) {
	work := photo.Fit(workSide)
	item, _, err := opencv.Item(work)
	if err != nil {
		return vision.Damage{}, fmt.Errorf("inspect: %w", err)
	}
	j, err := in.judge(ctx, p, work, item)
	if err != nil {
		return vision.Damage{}, fmt.Errorf("inspect: %w", err)
	}
	return verdict(j, item, false, photo.W, photo.H), nil
}
