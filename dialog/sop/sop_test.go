package sop_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"waggle/dialog"
	"waggle/dialog/sop"
)

// bench is a kit that a linter can look at.
func bench() sop.Kit {
	nothing := func(context.Context, *dialog.Scene) (dialog.Verdict, error) { return dialog.Continue, nil }
	return sop.Kit{
		Intents: []string{"cancel_order", "hurry", "parcel"}, Flows: []string{"parcel"},
		Readers: map[string]sop.Reader{"words": func(context.Context, *dialog.Scene, string) string { return "" }},
		Deeds:   map[string]dialog.Step{"tell": nothing},
		Which:   func([]string) dialog.Step { return nothing }, Caller: nothing, Product: nothing,
	}
}

// lint reads and checks one file.
func lint(raw string) error {
	flows, err := sop.Read(fstest.MapFS{"x.yaml": {Data: []byte(raw)}})
	if err != nil {
		return err
	}
	return sop.Check(flows, bench()).Err()
}

func TestASoundFlowIsSound(t *testing.T) {
	flows, err := sop.Read(os.DirFS("testdata/good"))
	if err != nil || len(flows) != 1 {
		t.Fatal(len(flows), err)
	}
	made, err := sop.Compile(flows, bench())
	if err != nil {
		t.Fatal(err)
	}
	if f := made[0]; f.Name != "cancel" || len(f.Intents) != 1 || len(f.Steps) != len(flows[0].Steps)+1 {
		t.Errorf("%s: %v, %d steps", f.Name, f.Intents, len(f.Steps))
	}
}

// Each file of testdata/bad has one mistake and says in its last line what the
// linter must say about it: the line, and the words.
func TestEveryMistakeIsFound(t *testing.T) {
	names, err := fs.Glob(os.DirFS("testdata/bad"), "*.yaml")
	if err != nil || len(names) < 40 {
		t.Fatal(len(names), err)
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(name, ".yaml"), func(t *testing.T) {
			raw, err := os.ReadFile(path.Join("testdata/bad", name))
			if err != nil {
				t.Fatal(err)
			}
			_, want, ok := strings.Cut(string(raw), "# want: ")
			if !ok {
				t.Fatal("the file does not say what is wanted")
			}
			err = lint(string(raw))
			if !errors.Is(err, sop.ErrFlow) || !strings.Contains(plain(err), strings.TrimSpace(want)) {
				t.Errorf("%v\nwant %s", err, want)
			}
		})
	}
}

// plain leaves out the file and the flow, so that what is wanted may begin
// with the line.
func plain(err error) string {
	if err == nil {
		return ""
	}
	return strings.ReplaceAll(strings.ReplaceAll(err.Error(), "x.yaml:", ""), " x: ", " ")
}

func TestFilesThatAreNoFlows(t *testing.T) {
	for name, raw := range map[string]string{
		"no YAML": "id: x\nabout: y\nsteps: [\n", "empty": "", "a list": "- a\n", "a word": "flow", "huge": strings.Repeat("# x\n", 20<<10),
		"deep": strings.Repeat("a: {", 20000), "no text": "id: x\nabout: y\nsteps:\n  - say: [1]\n", "null": "id: ~\nabout: y\nsteps: []\n",
	} {
		if err := lint(raw); !errors.Is(err, sop.ErrFlow) || !strings.Contains(err.Error(), "x.yaml:") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// One bad file among good ones, and nothing is loaded.
func TestNothingIsHalfLoaded(t *testing.T) {
	good, err := os.ReadFile("testdata/good/cancel.yaml")
	if err != nil {
		t.Fatal(err)
	}
	flows, err := sop.Read(fstest.MapFS{"a.yaml": {Data: good}, "b.yaml": {Data: []byte("id: b\n")}})
	if err == nil || len(flows) > 0 {
		t.Errorf("%d flows were taken: %v", len(flows), err)
	}
}

func TestTwoFlowsForOneIntent(t *testing.T) {
	good, err := os.ReadFile("testdata/good/cancel.yaml")
	if err != nil {
		t.Fatal(err)
	}
	other := strings.Replace(string(good), "id: cancel", "id: other", 1)
	flows, err := sop.Read(fstest.MapFS{"a.yaml": {Data: good}, "b.yaml": {Data: []byte(other)}})
	if err != nil {
		t.Fatal(err)
	}
	if err := sop.Check(flows, bench()).Err(); err == nil || !strings.Contains(err.Error(), "b.yaml:1: other: intent cancel_order is claimed by cancel (a.yaml) already") {
		t.Error(err)
	}
	// As a merchant's own it stands in front of the one that ships.
	joined := sop.Override(flows[:1], flows[1:])
	if err := sop.Check(joined, bench()).Err(); err != nil || len(joined) != 2 || len(joined[0].Intents) != 0 {
		t.Errorf("%d flows, %v: %v", len(joined), joined[0].Intents, err)
	}
}

// Whatever stands in a file is either a flow or an error.
func FuzzRead(f *testing.F) {
	names, _ := fs.Glob(os.DirFS("testdata"), "*/*.yaml")
	for _, n := range names {
		raw, err := os.ReadFile(path.Join("testdata", n))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	kit := bench()
	f.Fuzz(func(_ *testing.T, raw []byte) {
		if flows, err := sop.Read(fstest.MapFS{"x.yaml": {Data: raw}}); err == nil {
			_ = sop.Check(flows, kit)
		}
	})
}
