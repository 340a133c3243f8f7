package damage

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"waggle/vision"
	"waggle/vision/card"
)

// checked is a map of 24 x 24 places whose descriptions alternate between two
// looks as a check pattern, shifted and noisy, with a foreign patch at mark.
func checked(seed uint64, mark *vision.Box) Map {
	const side, n = 24, 4
	rng := rand.New(rand.NewPCG(seed, 1))
	m := Map{W: side, H: side, Damage: make([]float32, side*side), types: []string{"damaged"}, looks: looks{n: n, at: make([]float32, side*side*n)}}
	shift := rng.IntN(6)
	for y := range side {
		for x := range side {
			v := []float32{1, 0, 0, 0}
			if ((x+shift)/6+y/6)%2 == 1 {
				v = []float32{0, 1, 0, 0}
			}
			if b := mark; b != nil && x >= b.X && x < b.X+b.W && y >= b.Y && y < b.Y+b.H {
				v = []float32{0, 0, 1, 0}
			}
			for k := range v {
				v[k] += float32(rng.NormFloat64()) * 0.03
			}
			copy(m.looks.place(y*side+x), v)
		}
	}
	return m
}

func remembered(t *testing.T) *Memory {
	t.Helper()
	var maps []Map
	var items []vision.Mask
	for seed := range uint64(8) {
		maps, items = append(maps, checked(seed, nil)), append(items, whole(96, 96))
	}
	m, err := Remember(maps, items)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMemoryKnowsThePatternAndNotTheMark(t *testing.T) {
	m := remembered(t)
	item := whole(96, 96)
	good, err := m.Judge(checked(50, nil), item)
	if err != nil {
		t.Fatal(err)
	}
	if good.Score >= good.Limits.Accuse || len(good.Spots(item, good.Limits.Pixel, 96, 96)) != 0 {
		t.Errorf("an intact photo: %.3f", good.Score)
	}
	mark := vision.Box{X: 14, Y: 8, W: 4, H: 4}
	bad, err := m.Judge(checked(51, &mark), item)
	if err != nil {
		t.Fatal(err)
	}
	spots := bad.Spots(item, bad.Limits.Pixel, 96, 96)
	if bad.Score < bad.Limits.Accuse || len(spots) != 1 {
		t.Fatalf("%.3f, spots %+v", bad.Score, spots)
	}
	if b := spots[0].Box; b.X < 4*12 || b.X > 4*14 || b.Y < 4*6 || b.Y > 4*8 {
		t.Errorf("box %+v, the mark lies at 56, 32", b)
	}
}

func TestMemorySurvivesItsFileAndRefusesOthers(t *testing.T) {
	m := remembered(t)
	raw, err := m.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	var back Memory
	if err := back.UnmarshalBinary(raw); err != nil {
		t.Fatal(err)
	}
	a, _ := m.Judge(checked(60, nil), whole(96, 96))
	b, _ := back.Judge(checked(60, nil), whole(96, 96))
	if a.Score != b.Score {
		t.Errorf("%v became %v", a.Score, b.Score)
	}
	bad := append([]byte(nil), raw...)
	copy(bad[8:], []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	nan := append([]byte(nil), raw...)
	for i := range 4 {
		nan[len(nan)-1-i] = byte(math.Float32bits(float32(math.NaN())) >> (8 * (3 - i)))
	}
	for name, raw := range map[string][]byte{"empty": nil, "cut off": raw[:len(raw)-3], "lengths": bad, "NaN": nan, "other": make([]byte, 400)} {
		if err := new(Memory).UnmarshalBinary(raw); !errors.Is(err, ErrMemory) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestLimitIsStudents(t *testing.T) {
	// Quantiles of t from tables, times the root of 1 + 1/n.
	for _, c := range []struct{ n, z, want float64 }{
		{5, 3.09, 7.17 * math.Sqrt(1.2)}, {15, 3.09, 3.787 * math.Sqrt(16.0/15)}, {15, 1.645, 1.761 * math.Sqrt(16.0/15)}, {121, 3.09, 3.16 * math.Sqrt(122.0/121)},
	} {
		m := Memory{count: c.n}
		if got := m.limit(c.z); math.Abs(got/c.want-1) > 0.04 {
			t.Errorf("%v photos at %v: %.3f, want %.3f", c.n, c.z, got, c.want)
		}
	}
}

func TestMemoryNeedsEnoughPhotosOfOneNetwork(t *testing.T) {
	if _, err := Remember([]Map{checked(1, nil)}, []vision.Mask{whole(96, 96)}); !errors.Is(err, ErrMemory) {
		t.Errorf("one photo: %v", err)
	}
	if _, err := remembered(t).Judge(Map{W: 4, H: 4, Damage: make([]float32, 16)}, whole(16, 16)); !errors.Is(err, ErrMemory) {
		t.Errorf("another network: %v", err)
	}
}

// TestAPatchCoreCardBringsItsMemory uses the graph of tests for a network of
// features: its two types are the description of a place.
func TestAPatchCoreCardBringsItsMemory(t *testing.T) {
	dir, ctx, item := t.TempDir(), context.Background(), whole(256, 256)
	net, err := os.ReadFile("testdata/dark.onnx")
	if err != nil {
		t.Fatal(err)
	}
	c := dark(t).Card()
	c.Name, c.Kind, c.Outputs, c.Labels, c.Thresholds, c.CalibratedOn = "page", card.PatchCore, map[string]string{"features": "type"}, nil, nil, ""
	put := func(name string, raw []byte) card.File {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, name), raw, 0o600); err != nil {
			t.Fatal(err)
		}
		return card.File{File: name, SHA256: fmt.Sprintf("%x", sha256.Sum256(raw))}
	}
	c.Model = put("page.onnx", net)
	write := func(memory []byte) string {
		t.Helper()
		c.Files = map[string]card.File{"memory": put("page.memory", memory)}
		if err := card.Write(filepath.Join(dir, "page.json"), c); err != nil {
			t.Fatal(err)
		}
		return filepath.Join(dir, "page.json")
	}
	if p, err := OpenPatchCore(write([]byte("no memory")), 1, 1); !errors.Is(err, ErrMemory) {
		t.Fatalf("%v, %v", p, err)
	}
	raw, err := pages(t, write(pagesOfAnother(t))).MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	p, err := OpenPatchCore(write(raw), 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	for name, photo := range map[string]vision.Image{"intact": page(256, 256), "damaged": page(256, 256, vision.Box{X: 100, Y: 60, W: 60, H: 50})} {
		j, err := p.Judge(ctx, photo, item)
		if err != nil {
			t.Fatal(err)
		}
		if (j.Score >= j.Limits.Accuse) != (name == "damaged") {
			t.Errorf("%s: %.3f, limits %+v", name, j.Score, *j.Limits)
		}
	}
}

// pagesOfAnother is a memory that fits no network here.
func pagesOfAnother(t *testing.T) []byte {
	t.Helper()
	raw, err := remembered(t).MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// pages remembers clean pages of slightly different grey, as the network of
// the card sees them.
func pages(t *testing.T, path string) *Memory {
	t.Helper()
	p, err := OpenPatchCore(path, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	if _, err := p.Judge(context.Background(), page(256, 256), whole(256, 256)); !errors.Is(err, ErrMemory) {
		t.Errorf("a memory of another network: %v", err)
	}
	var maps []Map
	var items []vision.Mask
	for i := range 6 {
		photo := page(256, 256)
		for k := range photo.Pix {
			photo.Pix[k] -= uint8(8 * i)
		}
		m, err := patchMap(context.Background(), p.net, photo)
		if err != nil {
			t.Fatal(err)
		}
		maps, items = append(maps, m), append(items, whole(256, 256))
	}
	m, err := Remember(maps, items)
	if err != nil {
		t.Fatal(err)
	}
	return m
}
