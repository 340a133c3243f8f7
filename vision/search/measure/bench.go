package measure

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sys/unix"

	"waggle/vision/search/index"
)

// BenchOptions of Bench.
type BenchOptions struct {
	Vectors, Dim, Queries int
	// Peer is a Python with hnswlib or faiss to compare with; empty for none.
	Peer string
	// Log is told what goes on; nil is silent.
	Log func(format string, args ...any)
}

// Speed of the index.
type Speed struct {
	Vectors int `json:"vectors"`
	Dim     int `json:"dim"`
	// BuildCPU is the processor time of adding and linking everything.
	BuildCPU float64 `json:"build_cpu_s"`
	// Bytes per million vectors: all of the heap that the index takes.
	BytesPerMillion int64  `json:"bytes_per_million"`
	Width           int    `json:"width"` // candidates of a search in the graph
	Graph           Timing `json:"graph"`
	Exact           Timing `json:"exact"`
	Peers           []Peer `json:"peers,omitempty"`
}

// Timing of single searches for the ten nearest, one after the other.
type Timing struct {
	P50 float64 `json:"p50_ms"`
	P95 float64 `json:"p95_ms"`
	// CPU is the mean processor time: on a shared machine the fairer figure.
	CPU float64 `json:"cpu_ms"`
	// Recall of the ten nearest by exact float32 cosines.
	Recall float64 `json:"recall_at_10"`
}

const benchK = 10

// Vectors are made as a catalogue's lie: places in a space of few dimensions,
// a few photos near each.
const (
	innerDims        = 24
	photosPerProduct = 4
	photoNoise       = 0.12
)

// world makes vectors with a fixed seed.
type world struct {
	dim  int
	axes [][]float32
}

func newWorld(dim int) *world {
	rng := rand.New(rand.NewPCG(21, 22))
	w := &world{dim: dim}
	for range innerDims {
		a := make([]float32, dim)
		for i := range a {
			a[i] = float32(rng.NormFloat64())
		}
		w.axes = append(w.axes, a)
	}
	return w
}

// photo is the n-th picture of a product, always the same.
func (w *world) photo(product, n int) []float32 {
	rng := rand.New(rand.NewPCG(uint64(product), 1))
	v := make([]float32, w.dim)
	for _, a := range w.axes {
		k := float32(rng.NormFloat64())
		for i := range v {
			v[i] += k * a[i]
		}
	}
	rng = rand.New(rand.NewPCG(uint64(product), uint64(n)+2))
	for i := range v {
		v[i] += float32(rng.NormFloat64()) * photoNoise * 5 // the axes add up to a deviation of about 5
	}
	return v
}

// Bench builds an index and measures it, and the peers on the same vectors.
func Bench(ctx context.Context, o BenchOptions) (Speed, error) {
	if o.Log == nil {
		o.Log = func(string, ...any) {}
	}
	s := Speed{Vectors: o.Vectors, Dim: o.Dim}
	before, cpu := heap(), cpuTime()
	x, err := index.New(index.Options{Dim: o.Dim, MaxItems: o.Vectors, ExactLimit: 1})
	if err != nil {
		return s, err
	}
	w := newWorld(o.Dim)
	queries := make([][]float32, o.Queries)
	for i := range queries {
		queries[i] = w.photo(i*(o.Vectors/photosPerProduct/o.Queries), 1<<20)
	}
	if err := load(ctx, x, w, o); err != nil {
		return s, err
	}
	s.BuildCPU = (cpuTime() - cpu).Seconds()
	s.BytesPerMillion = (heap() - before) * 1_000_000 / int64(o.Vectors)
	s.Width = x.Stats().Width
	truth := exact(w, queries, o.Vectors)
	if s.Exact, err = timed(x.SearchExact, queries, truth); err != nil {
		return s, err
	}
	if s.Graph, err = timed(x.Search, queries, truth); err != nil {
		return s, err
	}
	o.Log("waggle: graph p50 %.2f ms, recall %.4f; exact p50 %.2f ms", s.Graph.P50, s.Graph.Recall, s.Exact.P50)
	if o.Peer != "" {
		s.Peers, err = peers(ctx, o, w, queries, truth)
	}
	return s, err
}

func load(ctx context.Context, x *index.Index, w *world, o BenchOptions) error {
	const batch = 1000
	items := make([]index.Item, 0, batch)
	for i := range o.Vectors {
		items = append(items, index.Item{Key: fmt.Sprintf("%d", i), Product: fmt.Sprintf("p%d", i/photosPerProduct),
			Vector: w.photo(i/photosPerProduct, i%photosPerProduct)})
		if len(items) == batch || i == o.Vectors-1 {
			if err := x.Add(items...); err != nil {
				return err
			}
			items = items[:0]
		}
	}
	o.Log("waggle: %d vectors added, linking them", o.Vectors)
	return x.Maintain(ctx)
}

// exact finds the ten nearest of every query by float32 cosines.
func exact(w *world, queries [][]float32, n int) [][]string {
	type near struct {
		cos float32
		at  int
	}
	best := make([][]near, len(queries))
	for i := range n {
		v := unit(w.photo(i/photosPerProduct, i%photosPerProduct))
		for q, query := range queries {
			c := near{scalar(v, query), i}
			if len(best[q]) == benchK && c.cos <= best[q][benchK-1].cos {
				continue
			}
			at, _ := slices.BinarySearchFunc(best[q], c, func(a, b near) int { return cmp.Compare(b.cos, a.cos) })
			best[q] = slices.Insert(best[q], at, c)
			best[q] = best[q][:min(benchK, len(best[q]))]
		}
	}
	out := make([][]string, len(queries))
	for q := range best {
		for _, b := range best[q] {
			out[q] = append(out[q], strconv.Itoa(b.at))
		}
	}
	return out
}

func unit(v []float32) []float32 {
	k := 1 / float32(math.Sqrt(float64(scalar(v, v))))
	for i := range v {
		v[i] *= k
	}
	return v
}

func scalar(a, b []float32) float32 {
	b = b[:len(a)]
	var s [4]float32
	for i := 0; i+4 <= len(a); i += 4 {
		s[0] += a[i] * b[i]
		s[1] += a[i+1] * b[i+1]
		s[2] += a[i+2] * b[i+2]
		s[3] += a[i+3] * b[i+3]
	}
	return s[0] + s[1] + s[2] + s[3]
}

// timed searches for every query and compares with the truth.
func timed(search func([]float32, int, func(string) bool) ([]index.Hit, error), queries [][]float32, truth [][]string) (Timing, error) {
	took := make([]time.Duration, len(queries))
	found, cpu := 0, cpuTime()
	for i, q := range queries {
		at := time.Now()
		hits, err := search(q, benchK, nil)
		if err != nil {
			return Timing{}, err
		}
		took[i] = time.Since(at)
		for _, h := range hits {
			if slices.Contains(truth[i], h.Key) {
				found++
			}
		}
	}
	t := Timing{CPU: ms(cpuTime()-cpu) / float64(len(queries)), Recall: float64(found) / float64(benchK*len(queries))}
	slices.Sort(took)
	t.P50, t.P95 = ms(took[len(took)/2]), ms(took[len(took)*95/100])
	return t, nil
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// cpuTime is what this process has used.
func cpuTime() time.Duration {
	var r unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &r); err != nil {
		return 0
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
