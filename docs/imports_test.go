// Package docs holds decisions, and the test that keeps the house in order.
package docs

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// allowed lists, per top-level package, which other packages of Waggle it and
// the folders below it may import. A package that is not listed fails the
// test: say what it may know before it exists.
var allowed = map[string][]string{
	"audio":    {},
	"mandarin": {},
	"models":   {},
	"config":   {},
	"asr":      {"audio", "mandarin", "models"},
	"tts":      {"audio", "mandarin", "models"},
	"vision":   {"models"},
	"shop":     {},
	"dialog":   {"shop", "vision", "mandarin", "models"},
	"llm":      {"dialog"},
	"voice":    {"audio", "asr", "tts", "dialog"},
	"outbound": {"voice", "dialog"},
	"store":    {"dialog", "outbound", "api"},
	"web":      {},
	"api":      {"audio", "asr", "tts", "vision", "dialog", "shop", "voice", "outbound", "models", "web"},
	"cmd":      {"*"},
	"e2e":      {"*"},
	"docs":     {},
	// Recipes are no part of the product: they may know what they make.
	"models/train": {"dialog", "models"},
}

// cgo lives only here.
var mayUseCgo = []string{"waggle/audio/opus", "waggle/models/onnx", "waggle/vision/opencv"}

type pkg struct {
	ImportPath string
	Imports    []string
	CgoFiles   []string
}

func packages(t *testing.T) []pkg {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,CgoFiles", "waggle/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var list []pkg
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return list
		} else if err != nil {
			t.Fatal(err)
		}
		list = append(list, p)
	}
}

func top(path string) string {
	if path == "waggle/models/train" || strings.HasPrefix(path, "waggle/models/train/") {
		return "models/train"
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(path, "waggle/"), "/")
	return name
}

func TestEveryPackageImportsOnlyWhatItMayKnow(t *testing.T) {
	for _, p := range packages(t) {
		from := top(p.ImportPath)
		rule, ok := allowed[from]
		if !ok {
			t.Errorf("%s: no rule says what %q may import", p.ImportPath, from)
			continue
		}
		for _, i := range p.Imports {
			to := top(i)
			if !strings.HasPrefix(i, "waggle/") || to == from || slices.Contains(rule, "*") {
				continue
			}
			if !slices.Contains(rule, to) {
				t.Errorf("%s imports %s; %s may know %v only", p.ImportPath, i, from, rule)
			}
		}
	}
}

func TestDialogKnowsOnlyThePlainTypesOfVision(t *testing.T) {
	for _, p := range packages(t) {
		if top(p.ImportPath) != "dialog" {
			continue
		}
		for _, i := range p.Imports {
			if strings.HasPrefix(i, "waggle/vision/") || strings.Contains(i, "net/http") || strings.HasPrefix(i, "waggle/audio") {
				t.Errorf("%s imports %s: no sound, no HTTP, no picture code in dialog", p.ImportPath, i)
			}
			if strings.HasPrefix(i, "waggle/models") && !strings.HasPrefix(p.ImportPath, "waggle/dialog/nlu") {
				t.Errorf("%s imports %s: only dialog/nlu reads weights", p.ImportPath, i)
			}
		}
	}
}

func TestCgoLivesOnlyWhereItMay(t *testing.T) {
	for _, p := range packages(t) {
		if len(p.CgoFiles) > 0 && !slices.Contains(mayUseCgo, p.ImportPath) {
			t.Errorf("%s uses cgo in %v", p.ImportPath, p.CgoFiles)
		}
	}
}
