package card

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// example is a valid card of testdata's mean.onnx.
func example() Card {
	return Card{
		Name: "mean", Kind: Embedding, Licence: "Apache-2.0",
		Model:   File{File: "mean.onnx", SHA256: strings.Repeat("0", 64)},
		Input:   Input{Name: "image", Layout: NCHW, Colour: RGB, Scale: 1.0 / 255, Std: [3]float64{1, 1, 1}, Resize: ResizeCrop, Width: 8, Height: 8},
		Outputs: map[string]string{"vector": "vector"},
	}
}

// place copies a graph of testdata into dir and writes the card beside it.
func place(t *testing.T, dir string, c Card) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", c.Model.File))
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(raw)
	c.Model.SHA256 = hex.EncodeToString(sum[:])
	if err := os.WriteFile(filepath.Join(dir, c.Model.File), raw, 0o600); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, c.Name+".json")
	if err := Write(path, c); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCardSurvivesWritingAndReading(t *testing.T) {
	c := example()
	c.Thresholds, c.CalibratedOn = map[string]float64{"accuse": 0.25}, "412 photos of the training split"
	got, err := Read(place(t, t.TempDir(), c))
	if err != nil {
		t.Fatal(err)
	}
	if v, ok := got.Threshold("accuse"); !ok || v != 0.25 || !got.Calibrated() || got.CalibratedOn != c.CalibratedOn {
		t.Errorf("read %+v", got)
	}
	if example().Calibrated() {
		t.Error("a card without thresholds counts as calibrated")
	}
}

func TestParseRefusesWhatIsNoCard(t *testing.T) {
	edit := func(change func(*Card)) string {
		c := example()
		change(&c)
		raw, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		return string(raw)
	}
	good := edit(func(*Card) {})
	if _, err := Parse([]byte(good)); err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string]string{
		"empty":               "",
		"no object":           `[]`,
		"unknown key":         strings.Replace(good, `"name"`, `"nam":1,"name"`, 1),
		"something behind":    good + "{}",
		"too large":           good + strings.Repeat(" ", maxCard),
		"unknown kind":        edit(func(c *Card) { c.Kind = "oracle" }),
		"no name":             edit(func(c *Card) { c.Name = "" }),
		"no output":           edit(func(c *Card) { c.Outputs = nil }),
		"nameless output":     edit(func(c *Card) { c.Outputs["extra"] = "" }),
		"missing dictionary":  edit(func(c *Card) { c.Kind, c.Outputs = OCRRecogniser, map[string]string{"logits": "x"} }),
		"path upwards":        edit(func(c *Card) { c.Model.File = "../mean.onnx" }),
		"absolute path":       edit(func(c *Card) { c.Model.File = "/etc/passwd" }),
		"backslash":           edit(func(c *Card) { c.Model.File = `..\mean.onnx` }),
		"hidden file":         edit(func(c *Card) { c.Model.File = ".." }),
		"path in files":       edit(func(c *Card) { c.Files = map[string]File{"memory": {File: "a/b", SHA256: c.Model.SHA256}} }),
		"short sum":           edit(func(c *Card) { c.Model.SHA256 = "00ff" }),
		"sum without digits":  edit(func(c *Card) { c.Model.SHA256 = strings.Repeat("z", 64) }),
		"label twice":         edit(func(c *Card) { c.Labels = []string{"hole", "hole"} }),
		"too many labels":     edit(func(c *Card) { c.Labels = strings.Split(strings.Repeat("a,", maxLabels+1), ",") }),
		"uncalibrated figure": edit(func(c *Card) { c.Thresholds = map[string]float64{"accuse": 0.5} }),
		"absurd figure":       edit(func(c *Card) { c.Thresholds, c.CalibratedOn = map[string]float64{"a": 1e300}, "x" }),
		"no layout":           edit(func(c *Card) { c.Input.Layout = "" }),
		"colour":              edit(func(c *Card) { c.Input.Colour = "CMYK" }),
		"std of zero":         edit(func(c *Card) { c.Input.Std[1] = 0 }),
		"scale of zero":       edit(func(c *Card) { c.Input.Scale = 0 }),
		"huge side":           edit(func(c *Card) { c.Input.Width = 1 << 30 }),
		"negative side":       edit(func(c *Card) { c.Input.Height = -8 }),
		"unknown resize":      edit(func(c *Card) { c.Input.Resize = "magic" }),
		"fit without longest": edit(func(c *Card) { c.Input.Resize = ResizeFit }),
		"odd multiple":        edit(func(c *Card) { c.Input.Resize, c.Input.Longest, c.Input.MultipleOf = ResizeFit, 100, 32 }),
		"pad":                 edit(func(c *Card) { c.Input.Pad = 256 }),
	} {
		if _, err := Parse([]byte(raw)); !errors.Is(err, ErrCard) {
			t.Errorf("%s: got %v, want ErrCard", name, err)
		}
	}
}

func TestFindListsCardsByKind(t *testing.T) {
	dir := t.TempDir()
	one := example()
	path := place(t, dir, one)
	if found, err := Find(dir); err != nil || found[Embedding] != path {
		t.Fatalf("%v, %v", found, err)
	}
	if found, err := Find(path); err != nil || len(found) != 1 {
		t.Fatalf("%v, %v", found, err)
	}
	two := example()
	two.Name = "other"
	place(t, dir, two)
	if _, err := Find(dir); !errors.Is(err, ErrCard) || !strings.Contains(err.Error(), "both") {
		t.Errorf("two of a kind: %v", err)
	}
	if _, err := Find(t.TempDir()); !errors.Is(err, ErrCard) {
		t.Errorf("empty folder: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	raw, _ := json.Marshal(example())
	f.Add(raw)
	f.Add([]byte(`{"kind":"embedding","input":{"mean":[1,2,3]}}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := Parse(raw)
		if err != nil {
			if !errors.Is(err, ErrCard) {
				t.Fatalf("%v is no ErrCard", err)
			}
			return
		}
		again, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Parse(again); err != nil {
			t.Fatalf("its own writing is refused: %v", err)
		}
	})
}
