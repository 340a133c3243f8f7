package index

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
)

// cloud makes vectors as a shop's photos lie: products at random places of a
// space of few dimensions, a few photos near each.
type cloud struct {
	rng  *rand.Rand
	axes [][]float32
}

func newCloud(dim, inner int) *cloud {
	c := &cloud{rng: rand.New(rand.NewPCG(5, 6))}
	for range inner {
		c.axes = append(c.axes, c.noise(dim, 1))
	}
	return c
}

func (c *cloud) noise(dim int, size float64) []float32 {
	v := make([]float32, dim)
	for i := range v {
		v[i] = float32(c.rng.NormFloat64() * size)
	}
	return v
}

func (c *cloud) product() []float32 {
	v := c.noise(len(c.axes[0]), 0.3)
	for _, a := range c.axes {
		k := float32(c.rng.NormFloat64())
		for i := range v {
			v[i] += k * a[i]
		}
	}
	return v
}

func (c *cloud) photo(product []float32) []float32 {
	v := c.noise(len(product), 0.5)
	for i := range v {
		v[i] += product[i]
	}
	return v
}

// items makes n items, four photos a product.
func (c *cloud) items(n int) []Item {
	out := make([]Item, n)
	var p []float32
	for i := range out {
		if i%4 == 0 {
			p = c.product()
		}
		out[i] = Item{Key: fmt.Sprintf("k%d", i), Product: fmt.Sprintf("p%d", i/4), Stamp: uint64(i), Vector: c.photo(p)}
	}
	return out
}

func cosine(a, b []float32) float64 {
	var ab, aa, bb float64
	for i := range a {
		ab += float64(a[i]) * float64(b[i])
		aa += float64(a[i]) * float64(a[i])
		bb += float64(b[i]) * float64(b[i])
	}
	return ab / math.Sqrt(aa*bb)
}

func fill(t testing.TB, x *Index, items []Item) {
	t.Helper()
	if err := x.Add(items...); err != nil {
		t.Fatal(err)
	}
}

func memory(t testing.TB, o Options) *Index {
	t.Helper()
	x, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestFastAndPlainProductsAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for n := pad; n <= 20*pad; n += pad {
		a, b := make([]int8, n), make([]int8, n)
		for i := range a {
			a[i], b[i] = int8(rng.IntN(256)-128), int8(rng.IntN(256)-128)
		}
		a[0], b[0], a[n-1], b[n-1] = -128, -128, 127, -128
		if got, want := dot(a, b), dotPlain(a, b); got != want {
			t.Errorf("%d numbers: %d and %d", n, got, want)
		}
	}
}

func TestScoresAreCosines(t *testing.T) {
	c := newCloud(50, 8) // a dimension that is no multiple of pad
	x := memory(t, Options{Dim: 50})
	items := c.items(400)
	fill(t, x, items)
	for i := range 20 {
		q := c.photo(items[8*i].Vector)
		hits, err := x.Search(q, 400, nil)
		if err != nil || len(hits) != 400 {
			t.Fatalf("%d hits, %v", len(hits), err)
		}
		for j, h := range hits {
			var at int
			fmt.Sscanf(h.Key, "k%d", &at)
			if want := cosine(q, items[at].Vector); math.Abs(want-float64(h.Score)) > 0.01 {
				t.Fatalf("%s: score %.4f, cosine %.4f", h.Key, h.Score, want)
			}
			if j > 0 && h.Score > hits[j-1].Score {
				t.Fatal("hits are not in order")
			}
		}
	}
}

func TestReplacedAndRemovedItemsAreNotAnswered(t *testing.T) {
	c := newCloud(32, 6)
	x := memory(t, Options{Dim: 32})
	items := c.items(100)
	fill(t, x, items)
	moved := items[7]
	moved.Product, moved.Vector, moved.Stamp = "new", c.product(), 99
	fill(t, x, []Item{moved})
	if err := x.Remove("k3", "k3", "nobody"); err != nil {
		t.Fatal(err)
	}
	if x.Len() != 99 || len(x.Keys()) != 99 {
		t.Errorf("%d items", x.Len())
	}
	if s, ok := x.Stamp("k7"); !ok || s != 99 {
		t.Errorf("stamp %d, %v", s, ok)
	}
	hits, err := x.Search(moved.Vector, 100, nil)
	if err != nil || len(hits) != 99 || hits[0].Key != "k7" || hits[0].Product != "new" {
		t.Fatalf("%v, %v", hits[:1], err)
	}
	if slices.ContainsFunc(hits, func(h Hit) bool { return h.Key == "k3" }) {
		t.Error("a removed item is answered")
	}
}

func TestWhatCannotBeKeptIsRefused(t *testing.T) {
	x := memory(t, Options{Dim: 4, MaxItems: 2})
	nan := float32(math.NaN())
	for name, it := range map[string]Item{
		"no key":       {Product: "p", Vector: []float32{1, 0, 0, 0}},
		"no product":   {Key: "k", Vector: []float32{1, 0, 0, 0}},
		"other length": {Key: "k", Product: "p", Vector: []float32{1}},
		"no direction": {Key: "k", Product: "p", Vector: make([]float32, 4)},
		"no number":    {Key: "k", Product: "p", Vector: []float32{nan, 0, 0, 1}},
	} {
		if err := x.Add(it); !errors.Is(err, ErrItem) {
			t.Errorf("%s: %v", name, err)
		}
	}
	good := Item{Key: "k", Product: "p", Vector: []float32{1, 2, 3, 4}}
	if err := x.Add(good, good, good); !errors.Is(err, ErrFull) || x.Len() != 0 {
		t.Errorf("%d items, %v", x.Len(), err)
	}
	if _, err := x.Search([]float32{1}, 1, nil); !errors.Is(err, ErrItem) {
		t.Errorf("a short query: %v", err)
	}
	if _, err := New(Options{Dim: maxDim + 1}); err == nil {
		t.Error("any dimension is taken")
	}
}

// graphed is an index with a graph over n items.
func graphed(t testing.TB, c *cloud, n int) (*Index, []Item) {
	t.Helper()
	x := memory(t, Options{Dim: 64, ExactLimit: 500, Build: 64})
	items := c.items(n)
	fill(t, x, items)
	if err := x.Maintain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := x.Stats(); s.Graphed != n {
		t.Fatalf("%+v", s)
	}
	return x, items
}

func recallAt10(t *testing.T, x *Index, queries [][]float32, keep func(string) bool) float64 {
	t.Helper()
	found, all := 0, 0
	for _, q := range queries {
		want, err := x.SearchExact(q, 10, keep)
		if err != nil {
			t.Fatal(err)
		}
		got, err := x.Search(q, 10, keep)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range want {
			if slices.Contains(got, h) {
				found++
			}
		}
		all += len(want)
	}
	return float64(found) / float64(all)
}

func TestGraphFindsWhatTheScanFinds(t *testing.T) {
	c := newCloud(64, 12)
	x, items := graphed(t, c, 4000)
	if r, err := x.SelfRecall(t.Context()); err != nil || r < 0.99 {
		t.Errorf("self recall %.3f, %v", r, err)
	}
	var queries [][]float32
	for i := range 50 {
		queries = append(queries, c.photo(items[80*i].Vector))
	}
	if r := recallAt10(t, x, queries, nil); r < 0.97 {
		t.Errorf("recall %.3f", r)
	}
	for name, mod := range map[string]int{"half": 2, "a tenth": 10, "a thousandth": 1000} {
		keep := func(p string) bool {
			var n int
			fmt.Sscanf(p, "p%d", &n)
			return n%mod == 0
		}
		if r := recallAt10(t, x, queries, keep); r < 0.97 {
			t.Errorf("filter that keeps %s: recall %.3f", name, r)
		}
	}
	for i := 0; i < 2000; i += 2 { // a quarter of all: below what compacts
		if err := x.Remove(items[i].Key); err != nil {
			t.Fatal(err)
		}
	}
	fill(t, x, c.items(4300)[4000:]) // behind the graph
	if r := recallAt10(t, x, queries, nil); r < 0.97 {
		t.Errorf("with tombstones and a tail: recall %.3f", r)
	}
	if err := x.Maintain(t.Context()); err != nil {
		t.Fatal(err)
	}
	if s := x.Stats(); s.Items != 3300 || s.Graphed != s.Slots {
		t.Errorf("after maintenance %+v", s)
	}
	if r := recallAt10(t, x, queries, nil); r < 0.97 {
		t.Errorf("after maintenance: recall %.3f", r)
	}
}

func TestManySearchWhileOneAddsAndTheGraphGrows(t *testing.T) {
	c := newCloud(64, 12)
	x := memory(t, Options{Dim: 64, ExactLimit: 300, Build: 32})
	items := c.items(1500)
	fill(t, x, items[:400])
	var readers, writer sync.WaitGroup
	stop := make(chan struct{})
	for r := range 3 {
		readers.Go(func() {
			for i := r; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				hits, err := x.Search(items[i%400].Vector, 5, nil)
				if err != nil || len(hits) == 0 || hits[0].Score < 0.99 {
					t.Errorf("item %d: %v, %v", i%400, hits, err)
					return
				}
			}
		})
	}
	writer.Go(func() {
		for i := 400; i < len(items); i += 100 {
			if err := x.Add(items[i : i+100]...); err != nil {
				t.Error(err)
			}
			if err := x.Maintain(t.Context()); err != nil {
				t.Error(err)
			}
		}
	})
	writer.Wait()
	close(stop)
	readers.Wait()
}

func BenchmarkDot(b *testing.B) {
	for name, f := range map[string]func(a, b []int8) int32{"fast": dot, "plain": dotPlain} {
		b.Run(name, func(b *testing.B) {
			x, y := make([]int8, 320), make([]int8, 320)
			for b.Loop() {
				f(x, y)
			}
		})
	}
}
