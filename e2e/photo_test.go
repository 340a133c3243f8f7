package e2e

import (
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// photographed is the demo shop's vase as a buyer's photo of it: drawn onto a
// larger table, a little smaller, under warmer light. With broken, a piece is
// missing at its belly.
func photographed(t *testing.T, broken bool) string {
	t.Helper()
	f, err := os.Open("../shop/demo/images/vase.png")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	vase, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	const side = 1000
	img := image.NewRGBA(image.Rect(0, 0, side, side))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.RGBA{232, 238, 236, 255}), image.Point{}, draw.Src)
	const scale, left, top = 1.8, 40, 30
	b := vase.Bounds()
	for y := range int(float64(b.Dy()) * scale) {
		for x := range int(float64(b.Dx()) * scale) {
			r, g, bl, _ := vase.At(b.Min.X+int(float64(x)/scale), b.Min.Y+int(float64(y)/scale)).RGBA()
			grain := float64((x*7919+y*104729)%13) - 6
			img.Set(left+x, top+y, color.RGBA{level(float64(r>>8)*1.02 + grain), level(float64(g>>8) + grain), level(float64(bl>>8)*0.96 + grain), 255})
		}
	}
	if broken {
		for a := 0.0; a < 2*math.Pi; a += 0.002 {
			reach := 55 + 22*math.Sin(5*a) + 10*math.Cos(11*a)
			for d := 0.0; d < reach; d += 0.5 {
				img.Set(side/2+int(d*math.Cos(a)), 600+int(0.8*d*math.Sin(a)), color.RGBA{38, 33, 30, 255})
			}
		}
	}
	path := filepath.Join(t.TempDir(), "photo.jpg")
	out, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if err := jpeg.Encode(out, img, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return path
}

func level(v float64) uint8 { return uint8(max(0, min(255, v))) }

func TestABrokenVaseIsSeenAgainstItsListingAndAWholeOneIsNotAccused(t *testing.T) {
	g := serve(t, "")
	for _, broken := range []bool{true, false} {
		id := g.begin(`{"from":"13800000003"}`)
		if first := g.say(id, "花瓶收到就碎了"); !strings.Contains(first, "照片") {
			t.Fatalf("no photo was asked for: %s", first)
		}
		labels, reply := g.show(id, photographed(t, broken))
		t.Logf("broken %v: %v: %s", broken, labels, reply)
		damaged := slices.ContainsFunc(labels, func(l string) bool {
			return strings.HasPrefix(l, "damage:") && l != "damage:intact" && l != "damage:cannot_see"
		})
		if damaged != broken {
			t.Errorf("broken %v, findings %v", broken, labels)
		}
		if offered := strings.Contains(reply, "退款"); offered != broken {
			t.Errorf("broken %v, reply %s", broken, reply)
		}
	}
}
