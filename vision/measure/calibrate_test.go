package measure

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waggle/vision"
	"waggle/vision/card"
	"waggle/vision/damage"
	"waggle/vision/inspect"
)

// black opens eyes with the test network that calls black pixels damage, not
// calibrated.
func black(t *testing.T) *inspect.Inspector {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"dark.onnx", "dark.json"} {
		raw, err := os.ReadFile("../damage/testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "dark.json" {
			var c card.Card
			if err := json.Unmarshal(raw, &c); err != nil {
				t.Fatal(err)
			}
			c.Thresholds, c.CalibratedOn = nil, ""
			if raw, err = json.Marshal(c); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, name), raw, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	in, err := inspect.Open(inspect.Options{Model: filepath.Join(dir, "dark.json")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = in.Close() })
	return in
}

// sheet draws a page with dark grey print, and a black hole where damaged.
func sheet(t *testing.T, dir string, side int, seed uint64, damaged bool) Row {
	t.Helper()
	u := side / 120
	rng := rand.New(rand.NewPCG(seed, 3))
	m := vision.Image{Pix: make([]uint8, 3*side*side), W: side, H: side}
	paint := func(x0, y0, w, h int, v uint8) {
		for y := y0; y < y0+h; y++ {
			for x := x0; x < x0+w; x++ {
				for c := range 3 {
					m.Pix[3*(y*side+x)+c] = v + uint8(rng.IntN(16))
				}
			}
		}
	}
	paint(0, 0, side, side, 190)
	for range 12 {
		paint(rng.IntN(100*u), rng.IntN(100*u), 4*u+rng.IntN(10*u), 3*u+rng.IntN(6*u), uint8(70+rng.IntN(60)))
	}
	row := Row{"path": filepath.Join(dir, fmt.Sprintf("%d.jpg", seed)), "label": "intact"}
	if damaged {
		row["label"] = "hole"
		paint(30*u+rng.IntN(40*u), 30*u+rng.IntN(40*u), 20*u, 15*u, 0)
	}
	var file bytes.Buffer
	if err := m.JPEG(&file); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(row["path"], file.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return row
}

func TestCalibrationLetsANetworkJudge(t *testing.T) {
	in, ctx, train, test := black(t), context.Background(), t.TempDir(), filepath.Join(t.TempDir(), "shop")
	if err := os.Mkdir(test, 0o700); err != nil {
		t.Fatal(err)
	}
	var learn, judge []Row
	for i := range uint64(damage.LeastIntact) {
		learn = append(learn, sheet(t, train, 120, i, false))
		if i%2 == 0 {
			learn = append(learn, sheet(t, train, 120, 1000+i, true))
		}
	}
	for i := range uint64(4) {
		judge = append(judge, sheet(t, test, 480, 500+i, false), sheet(t, test, 480, 600+i, true))
	}
	before, err := EvalDamage(ctx, in, judge, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if before.F1 != 0 || before.CannotSee != 1 {
		t.Errorf("a network that nobody calibrated judged: %+v", before)
	}
	if _, err := CalibrateDamage(ctx, in, learn[:8], io.Discard); !errors.Is(err, ErrManifest) || !strings.Contains(err.Error(), "at least") {
		t.Errorf("eight photos: %v", err)
	}
	said, err := CalibrateDamage(ctx, in, learn, io.Discard)
	if err != nil || said.Intact != damage.LeastIntact || said.Damaged != damage.LeastDamaged {
		t.Fatalf("%+v, %v", said, err)
	}
	var details strings.Builder
	after, err := EvalDamage(ctx, in, judge, &details)
	if err != nil {
		t.Fatal(err)
	}
	if after.AUROC != 1 || after.FalseAccusation != 0 || after.F1 < 0.8 {
		t.Errorf("after calibration %+v\n%s", after, details.String())
	}
	if s := after.BySource["shop"]; s.Intact != 4 || s.Hurt != 4 || s.AUROC != 1 || s.Accused != 0 {
		t.Errorf("by source %+v", after.BySource)
	}
	if on := in.Damage().Card().CalibratedOn; !strings.Contains(on, "40 intact") {
		t.Errorf("calibrated on %q", on)
	}
}

func TestAllowedKeepsTheBound(t *testing.T) {
	for _, n := range []int{0, 10, 298, 299, 473, 1000} {
		k := Allowed(n)
		if k > 0 && UpperBound(k, n) > wanted {
			t.Errorf("%d of %d allowed: bound %.4f", k, n, UpperBound(k, n))
		}
		if k > n/100 {
			t.Errorf("%d of %d allowed", k, n)
		}
	}
	if Allowed(300) != 0 || Allowed(1000) == 0 {
		t.Errorf("300: %d, 1000: %d", Allowed(300), Allowed(1000))
	}
}
