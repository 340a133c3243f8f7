package main

import (
	"bytes"
	"image"
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
	more, err := parseGoods(goods, shapes)
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 40 || len(more) < 160 {
		t.Errorf("%d drawings, %d goods", len(all), len(more))
	}
	const every = 9 // drawing all of them takes long; the others are made by the same lines
	for i, d := range more {
		if _, err := os.Stat(filepath.Join("..", "images", d.name+".png")); err != nil {
			t.Error(err)
		}
		if i%every == 0 {
			all = append(all, d)
		}
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
		flat, ok := kept.(*image.Paletted)
		if !ok || len(flat.Pix) != side*side {
			t.Fatalf("%s: not a picture of %d colours at most, %d by %d", d.name, 256, side, side)
		}
		if at, ok := differ(reduced(img), flat); ok {
			t.Fatalf("%s: pixel %d,%d differs: run go run ./shop/demo/draw", d.name, at%side, at/side)
		}
	}
}

// differ finds the first pixel that has another colour.
func differ(a, b *image.Paletted) (at int, ok bool) {
	same := make(map[[2]uint8]bool)
	for i := range a.Pix {
		pair := [2]uint8{a.Pix[i], b.Pix[i]}
		if i > 0 && pair == [2]uint8{a.Pix[i-1], b.Pix[i-1]} {
			continue
		}
		if _, known := same[pair]; !known {
			same[pair] = sameColour(a.Palette[pair[0]].RGBA, b.Palette[pair[1]].RGBA)
		}
		if !same[pair] {
			return i, true
		}
	}
	return 0, false
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

func TestMistakesInGoodsAreFound(t *testing.T) {
	const shapes = "@cup\ne 1 2 3 4 $\n"
	for _, text := range []string{
		"mug #ffffff cup #ff0000",
		"mug #ffffff bowl #ff0000 #00ff00",
		"mug #ffffff cup red #00ff00",
		"mug #ffffff cup #ff0000 green",
	} {
		if _, err := parseGoods(text, shapes); err == nil {
			t.Errorf("%q was read", text)
		}
	}
	if _, err := parseShapes("e 1 2 3 4 $"); err == nil {
		t.Error("a shape without a name was read")
	}
	got, err := parseGoods("# list\nmug #ffffff cup #646464 #00ff00", "@cup\ne 1 2 3 4 $d\np $a M1 2\n")
	if err != nil || len(got) != 1 || got[0].shapes[0] != "e 1 2 3 4 #505050" || got[0].shapes[1] != "p #00ff00 M1 2" {
		t.Errorf("%+v, %v", got, err)
	}
}
