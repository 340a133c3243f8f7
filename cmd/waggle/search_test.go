package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"waggle/config"
	"waggle/models"
	"waggle/vision"
	"waggle/vision/card"
	"waggle/vision/search"
	searchmeasure "waggle/vision/search/measure"
)

// ware writes a photo of product n, in some light.
func ware(t *testing.T, path string, n uint64, light float64) {
	t.Helper()
	rng := rand.New(rand.NewPCG(n, 7))
	const side = 200
	m := vision.Image{W: side, H: side, Pix: make([]uint8, 3*side*side)}
	for range 40 {
		x, y, w, h := rng.IntN(side), rng.IntN(side), 20+rng.IntN(60), 20+rng.IntN(60)
		c := [3]float64{float64(rng.IntN(220)), float64(rng.IntN(220)), float64(rng.IntN(220))}
		for v := y; v < min(side, y+h); v++ {
			for u := x; u < min(side, x+w); u++ {
				for k := range 3 {
					m.Pix[3*(v*side+u)+k] = uint8(c[k] * light)
				}
			}
		}
	}
	var b bytes.Buffer
	err := m.JPEG(&b)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(path), 0o700)
	}
	if err == nil {
		err = os.WriteFile(path, b.Bytes(), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestSearchFindsTheProductInAFolder(t *testing.T) {
	dir, photo := t.TempDir(), filepath.Join(t.TempDir(), "photo.jpg")
	for n := range 6 {
		ware(t, filepath.Join(dir, fmt.Sprintf("P%d", n), "front.jpg"), uint64(n), 1)
	}
	ware(t, filepath.Join(dir, "single.jpg"), 99, 1)
	if err := os.WriteFile(filepath.Join(dir, "broken.jpg"), []byte("no photo"), 0o600); err != nil {
		t.Fatal(err)
	}
	for product, n := range map[string]uint64{"P4": 4, "single": 99} {
		ware(t, photo, n, 0.8)
		out, err := runCommand(t, nil, "", "search", "--json", "--catalogue", dir, "-k", "3", photo)
		if err != nil {
			t.Fatal(err)
		}
		told, line, _ := strings.Cut(out, "\n")
		var f found
		if err := json.Unmarshal([]byte(line), &f); err != nil || f.File != photo || len(f.Hits) != 3 || f.Hits[0].Product != product {
			t.Errorf("%s: %s, %v", product, out, err)
		}
		if !strings.Contains(told, "broken.jpg") {
			t.Errorf("what was left out is not told: %s", told)
		}
	}
	if out, err := runCommand(t, nil, "", "search", "--catalogue", dir, photo); err != nil || strings.Count(out, "\n") != 7 {
		t.Errorf("%s, %v", out, err)
	}
	if _, err := runCommand(t, nil, "", "search", "--catalogue", t.TempDir(), photo); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty folder: %v", err)
	}
	var usage usageError
	if _, err := runCommand(t, nil, "", "search", "-k", "0", photo); !errors.As(err, &usage) {
		t.Errorf("-k 0: %v", err)
	}
}

// builtinCard copies the built-in embedding into dir and returns its card.
func builtinCard(t *testing.T, dir string) string {
	t.Helper()
	for _, name := range []string{"vision-embed.json", "vision-embed.onnx"} {
		raw, err := models.Builtin().Beside(name)
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, name), raw, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "vision-embed.json")
}

func TestEvalSearchMeasuresAndCalibrates(t *testing.T) {
	dir := t.TempDir()
	lines := []string{"path\tproduct\tsplit"}
	for n := range 6 {
		for i := range 4 {
			name := fmt.Sprintf("%d-%d.jpg", n, i)
			ware(t, filepath.Join(dir, name), uint64(n), 1-0.1*float64(i))
			lines = append(lines, fmt.Sprintf("%s\tP%d\t%s", name, n, map[bool]string{true: "gallery", false: "query"}[i == 0]))
		}
	}
	manifest := filepath.Join(dir, "set.tsv")
	if err := os.WriteFile(manifest, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := runCommand(t, nil, "", "eval", "search", "--json", "--plain", "--manifest", manifest, "--root", dir)
	var r searchmeasure.Result
	if err != nil || json.Unmarshal([]byte(out), &r) != nil || r.Queries != 18 || r.Recall1 < 0.9 || r.Recall5 < r.Recall1 || len(r.Order) != 2 {
		t.Fatalf("%s, %v", out, err)
	}
	path := builtinCard(t, dir)
	if out, err = runCommand(t, nil, "", "eval", "search", "--plain", "--manifest", manifest, "--root", dir, "--calibrate", path, "--on", "drawn wares"); err != nil {
		t.Fatalf("%s, %v", out, err)
	}
	c, err := card.Read(path)
	if err != nil || !strings.Contains(c.CalibratedOn, "18 photos: drawn wares") || !search.WeightsOf(c).Calibrated {
		t.Errorf("%+v, %v", c, err)
	}
	var usage usageError
	if _, err := runCommand(t, nil, "", "eval", "search"); !errors.As(err, &usage) {
		t.Errorf("without a manifest: %v", err)
	}
}

func TestModelsVisionTakesACardOrAFolderOfCards(t *testing.T) {
	dir := t.TempDir()
	path := builtinCard(t, dir)
	for _, name := range []string{dir, path} {
		cfg := config.Default()
		cfg.Models.Vision = name
		cards, err := visionCards(cfg)
		if err != nil || len(cards) != 1 || cards[card.Embedding] != path {
			t.Errorf("%s: %v, %v", name, cards, err)
		}
	}
	cfg := config.Default()
	if cards, err := visionCards(cfg); cards != nil || err != nil {
		t.Errorf("builtin: %v, %v", cards, err)
	}
}
