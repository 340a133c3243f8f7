package main

import (
	"bytes"
	"image/png"
	"os"
	"path/filepath"
	"testing"
)

// The committed pictures are what drawings.txt says: same pixels.
func TestPicturesAreUpToDate(t *testing.T) {
	all, err := parse(drawings)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 40 {
		t.Errorf("%d drawings", len(all))
	}
	for _, d := range all {
		img, err := d.render()
		if err != nil {
			t.Fatalf("%s: %v", d.name, err)
		}
		f, err := os.Open(filepath.Join("..", "images", d.name+".png"))
		if err != nil {
			t.Fatal(err)
		}
		kept, err := png.Decode(f)
		f.Close()
		if err != nil {
			t.Fatalf("%s: %v", d.name, err)
		}
		drawn := reduced(img)
		for y := range side {
			for x := range side {
				if a, b := drawn.At(x, y), kept.At(x, y); !sameColour(a.RGBA, b.RGBA) {
					t.Fatalf("%s: pixel %d,%d is %v, drawn %v: run go run ./shop/demo/draw", d.name, x, y, b, a)
				}
			}
		}
	}
}

// sameColour allows for the last bit, which floating point may turn on another
// processor.
func sameColour(a, b func() (uint32, uint32, uint32, uint32)) bool {
	ar, ag, ab, aa := a()
	br, bg, bb, ba := b()
	const slack = 4 * 257
	near := func(x, y uint32) bool { return max(x, y)-min(x, y) <= slack }
	return near(ar, br) && near(ag, bg) && near(ab, bb) && near(aa, ba)
}

func TestMistakesInDrawingsAreFound(t *testing.T) {
	for _, text := range []string{
		"e 1 2 3 4 #ffffff",
		"vase #fff",
		"vase #ffffff\ne 1 2 3 #ffffff",
		"vase #ffffff\nx 1 2 3 4 #ffffff",
		"vase #ffffff\np #ffffff L10 10",
		"vase #ffffff\np #ffffff M10 10 L20",
		"vase #ffffff\np #ffffff M10 10 X20 30",
		"vase #ffffff\ns wide #ffffff M10 10 L20 20",
	} {
		all, err := parse(text)
		for _, d := range all {
			if _, rerr := d.render(); rerr != nil {
				err = rerr
			}
		}
		if err == nil {
			t.Errorf("accepted:\n%s", text)
		}
	}
}

func TestRenderIsDeterministic(t *testing.T) {
	all, err := parse(drawings)
	if err != nil {
		t.Fatal(err)
	}
	var out [2]bytes.Buffer
	for i := range out {
		img, err := all[0].render()
		if err != nil {
			t.Fatal(err)
		}
		if err := png.Encode(&out[i], reduced(img)); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(out[0].Bytes(), out[1].Bytes()) {
		t.Error("two renderings differ")
	}
}
