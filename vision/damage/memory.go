package damage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"waggle/vision"
)

// Memory is what intact photos of one product look like, place by place
// (PatchCore, Roth et al. 2022): descriptions averaged over their neighbours,
// thinned to a coreset. A photo is as odd as its places are far from the
// nearest one remembered, in units of what the intact photos find odd in each
// other. It needs no registration, so it serves things that bend.
type Memory struct {
	n  int // numbers of a description
	at []float32
	// Mean and spread of the oddness of count intact photos against the others.
	mean, spread, count float64
}

// Bounds of a memory.
const (
	LeastRemembered = 5   // photos
	mostRemembered  = 200 // photos
	mostPatches     = 2000
	mostMemory      = 64 << 20 // bytes of a file
)

// ErrMemory says that photos or a file make no memory.
var ErrMemory = errors.New("damage: no memory of a product")

// Remember builds a memory from intact photos of one product, as the network
// sees them, with their items.
func Remember(photos []Map, items []vision.Mask) (*Memory, error) {
	if len(photos) < LeastRemembered || len(photos) > mostRemembered || len(items) != len(photos) {
		return nil, fmt.Errorf("%w: %d photos; give %d to %d of the intact product", ErrMemory, len(photos), LeastRemembered, mostRemembered)
	}
	grids := make([]patches, len(photos))
	for i, p := range photos {
		grids[i] = p.patches(items[i])
		if grids[i].n < 1 || grids[i].n != grids[0].n || len(grids[i].at) == 0 {
			return nil, fmt.Errorf("%w: the network gives no descriptions to compare", ErrMemory)
		}
	}
	m := &Memory{n: grids[0].n}
	odd := make([]float64, len(grids))
	for i, g := range grids { // each against a memory of the others
		others := Memory{n: m.n, at: coreset(slices.Delete(slices.Clone(grids), i, i+1), mostPatches/2)}
		odd[i] = oddness(others.distances(g))
		m.mean += odd[i] / float64(len(grids))
	}
	for _, o := range odd {
		m.spread += (o - m.mean) * (o - m.mean) / float64(len(odd)-1)
	}
	// Few photos know their own spread badly: it is never taken for less than a
	// tenth of the mean.
	m.spread, m.count = max(math.Sqrt(m.spread), m.mean/10, 1e-4), float64(len(odd))
	m.at = coreset(grids, mostPatches)
	return m, nil
}

// Normal quantiles of the limits: one intact photo in a thousand is odder than
// the first, one in twenty odder than the second.
const (
	oddAccuse = 3.09
	oddDoubt  = 1.645
)

// limit is Student's one-sided prediction limit for one more photo, in spreads
// above the mean, at the normal quantile z: few photos give a wide one. The
// t quantile is Fisher's expansion (1926), within 4 % from 4 degrees of freedom.
func (m *Memory) limit(z float64) float64 {
	v := m.count - 1
	z2 := z * z
	t := z * (1 + (z2+1)/(4*v) + ((5*z2+16)*z2+3)/(96*v*v) + (((3*z2+19)*z2+17)*z2-15)/(384*v*v*v))
	return t * math.Sqrt(1+1/m.count)
}

// Judge compares a photo with the memory. Score grows with its oddness; it is
// no calibrated probability, because one product's photos are too few for one.
func (m *Memory) Judge(seen Map, item vision.Mask) (Judgement, error) {
	g := seen.patches(item)
	if g.n != m.n || len(g.at) == 0 {
		return Judgement{}, fmt.Errorf("%w: it was made by another network", ErrMemory)
	}
	d := m.distances(g)
	sigmas := func(v float64) float64 { return (v - m.mean) / m.spread }
	least := m.limit(oddAccuse)
	score := func(z float64) float64 { return sigmoid(z - least) }
	j := Judgement{Map: seen, Score: score(sigmas(oddness(d))), Limits: &Limits{Accuse: 0.5, Doubt: score(m.limit(oddDoubt)), Pixel: 0.5}}
	j.Damage = make([]float32, len(seen.Damage))
	for k, i := range g.index {
		p := float32(score(sigmas(float64(d[k]))))
		for v := range 2 {
			for u := range 2 {
				if x, y := i%seen.W+u, i/seen.W+v; x < seen.W && y < seen.H {
					j.Damage[y*seen.W+x] = p
				}
			}
		}
	}
	return j, nil
}

// patches are every second place's description, averaged over 3 x 3 places.
type patches struct {
	n     int
	at    []float32
	index []int // of the place
}

func (p patches) one(i int) []float32 { return p.at[i*p.n : (i+1)*p.n] }

// patches of the item's box.
func (m Map) patches(item vision.Mask) patches {
	out := patches{n: m.looks.n}
	b := item.Resize(m.W, m.H).Bounds()
	if b.W < 1 || b.H < 1 {
		b = vision.Box{W: m.W, H: m.H}
	}
	if out.n < 1 {
		return out
	}
	for y := b.Y; y < b.Y+b.H; y += 2 {
		for x := b.X; x < b.X+b.W; x += 2 {
			sum, count := make([]float32, out.n), float32(0)
			for v := max(0, y-1); v <= min(m.H-1, y+1); v++ {
				for u := max(0, x-1); u <= min(m.W-1, x+1); u++ {
					for k, f := range m.looks.place(v*m.W + u) {
						sum[k] += f
					}
					count++
				}
			}
			for k := range sum {
				sum[k] /= count
			}
			out.at, out.index = append(out.at, sum...), append(out.index, y*m.W+x)
		}
	}
	return out
}

// coreset thins patches by greedy farthest-point choice (k-center), so that
// rare but normal ones stay. Many are first thinned evenly.
func coreset(grids []patches, most int) []float32 {
	const pool = 6000
	n, total := grids[0].n, 0
	for _, g := range grids {
		total += len(g.index)
	}
	step := max(1, (total+pool-1)/pool)
	var all [][]float32
	at := 0
	for _, g := range grids {
		for i := range g.index {
			if at%step == 0 {
				all = append(all, g.one(i))
			}
			at++
		}
	}
	most = min(most, max(1, len(all)/4))
	far := make([]float32, len(all))
	for i := range far {
		far[i] = math.MaxFloat32
	}
	out, next := make([]float32, 0, most*n), 0
	for range most {
		chosen := all[next]
		out = append(out, chosen...)
		next = 0
		for i, p := range all {
			far[i] = min(far[i], squared(p, chosen))
			if far[i] > far[next] {
				next = i
			}
		}
	}
	return out
}

// distances of each patch to the nearest one remembered.
func (m *Memory) distances(g patches) []float32 {
	out := make([]float32, len(g.index))
	for i := range out {
		p, best := g.one(i), float32(math.MaxFloat32)
		for k := 0; k < len(m.at); k += m.n {
			best = min(best, squared(p, m.at[k:k+m.n]))
		}
		out[i] = float32(math.Sqrt(float64(best)))
	}
	return out
}

// oddness of a photo is the mean of its few oddest patches.
func oddness(d []float32) float64 { return worst(asFloats(d), 6) }

const memoryMagic = "WGLMEM1\n"

// MarshalBinary gives the memory as a file: magic, numbers of a description,
// count, three figures as float64, descriptions as float32, little-endian.
func (m *Memory) MarshalBinary() ([]byte, error) {
	out := []byte(memoryMagic)
	out = binary.LittleEndian.AppendUint32(out, uint32(m.n))
	out = binary.LittleEndian.AppendUint32(out, uint32(len(m.at)/m.n))
	for _, f := range []float64{m.mean, m.spread, m.count} {
		out = binary.LittleEndian.AppendUint64(out, math.Float64bits(f))
	}
	for _, f := range m.at {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(f))
	}
	return out, nil
}

// UnmarshalBinary reads such a file and refuses any other.
func (m *Memory) UnmarshalBinary(raw []byte) error {
	const head = len(memoryMagic) + 8 + 24
	if len(raw) < head || len(raw) > mostMemory || string(raw[:len(memoryMagic)]) != memoryMagic {
		return fmt.Errorf("%w: not a file that a Memory was written to", ErrMemory)
	}
	b := raw[len(memoryMagic):]
	n, count := uint64(binary.LittleEndian.Uint32(b)), uint64(binary.LittleEndian.Uint32(b[4:]))
	if n < 1 || n > 4096 || count < 1 || n*count*4 != uint64(len(raw)-head) {
		return fmt.Errorf("%w: the file is cut off or damaged", ErrMemory)
	}
	var f [3]float64
	for i := range f {
		f[i] = math.Float64frombits(binary.LittleEndian.Uint64(b[8+8*i:]))
	}
	out := Memory{n: int(n), mean: f[0], spread: f[1], count: f[2], at: make([]float32, n*count)}
	b = b[32:]
	for i := range out.at {
		out.at[i] = math.Float32frombits(binary.LittleEndian.Uint32(b[4*i:]))
		if v := float64(out.at[i]); math.IsNaN(v) || math.IsInf(v, 0) {
			return fmt.Errorf("%w: the file holds figures that cannot be", ErrMemory)
		}
	}
	if !(out.mean >= 0 && out.spread > 0 && out.count >= LeastRemembered) || out.mean+out.spread+out.count > 1e6 {
		return fmt.Errorf("%w: the file holds figures that cannot be", ErrMemory)
	}
	*m = out
	return nil
}
