package index

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func opened(t *testing.T, dir string, o Options) *Index {
	t.Helper()
	x, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Close() })
	return x
}

func closed(t *testing.T, x *Index) {
	t.Helper()
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
}

// content is what an index holds: stamps by key.
func content(x *Index) map[string]uint64 {
	out := map[string]uint64{}
	for _, k := range x.Keys() {
		out[k], _ = x.Stamp(k)
	}
	return out
}

var small = Options{Dim: 8, Network: "test", ExactLimit: 50, Build: 16}

func TestItemsSurviveARestart(t *testing.T) {
	dir, c := t.TempDir(), newCloud(8, 4)
	x := opened(t, dir, small)
	items := c.items(120)
	fill(t, x, items[:80])
	if err := x.Maintain(t.Context()); err != nil { // snapshot with graph
		t.Fatal(err)
	}
	fill(t, x, items[80:]) // log only
	if err := x.Remove("k5", "k100"); err != nil {
		t.Fatal(err)
	}
	want, before := content(x), x.Stats()
	hits, _ := x.Search(items[11].Vector, 10, nil)
	closed(t, x)
	y := opened(t, dir, small)
	if got := content(y); !maps.Equal(got, want) {
		t.Errorf("%d items, want %d", len(got), len(want))
	}
	if s := y.Stats(); s.Graphed != before.Graphed || s.Graphed == 0 || s.Width != before.Width {
		t.Errorf("the graph was not read again: %+v, was %+v", s, before)
	}
	if again, _ := y.Search(items[11].Vector, 10, nil); !slices.Equal(hits, again) {
		t.Errorf("answers\n%v, before\n%v", again, hits)
	}
}

// A crash leaves a prefix of the log: whatever its length, the index opens
// with the items whose records are whole, and takes new ones.
func TestACrashInTheMiddleOfTheLogLosesOnlyWhatWasNotAcknowledged(t *testing.T) {
	dir, c := t.TempDir(), newCloud(8, 4)
	x := opened(t, dir, small)
	items := c.items(6)
	var sizes []int64 // of the log after each acknowledged addition
	for _, it := range items {
		sizes = append(sizes, x.disk.size)
		fill(t, x, []Item{it})
	}
	closed(t, x)
	whole, err := os.ReadFile(filepath.Join(dir, logFile))
	if err != nil {
		t.Fatal(err)
	}
	for cut := range len(whole) + 1 {
		for _, junk := range [][]byte{nil, {0xff, 0, 0, 0, 1, 2, 3}} {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, logFile), append(slices.Clone(whole[:cut]), junk...), 0o600); err != nil {
				t.Fatal(err)
			}
			want := 0
			for _, s := range append(sizes[1:], int64(len(whole))) {
				if int64(cut) >= s {
					want++
				}
			}
			y, err := Open(dir, small)
			if err != nil {
				if cut < int(sizes[0]) && junk != nil && errors.Is(err, ErrDamaged) {
					continue // half a header with junk behind it is not what a crash leaves
				}
				t.Fatalf("cut at %d: %v", cut, err)
			}
			if y.Len() != want {
				t.Fatalf("cut at %d: %d items, want %d", cut, y.Len(), want)
			}
			fill(t, y, items[5:])
			closed(t, y)
			z := opened(t, dir, small)
			if _, ok := z.Stamp("k5"); !ok {
				t.Fatalf("cut at %d: what was added after the crash is lost", cut)
			}
			closed(t, z)
		}
	}
}

// The steps of Save are: snapshot, graph, log. A crash may stop between any
// two, or leave a half-written file beside.
func TestACrashDuringSaveLosesNothing(t *testing.T) {
	dir, c := t.TempDir(), newCloud(8, 4)
	x := opened(t, dir, small)
	items := c.items(160)
	fill(t, x, items[:70])
	if err := x.Maintain(t.Context()); err != nil {
		t.Fatal(err)
	}
	fill(t, x, items[70:])
	fill(t, x, items[3:5]) // replaced by themselves
	if err := x.Remove("k1", "k150"); err != nil {
		t.Fatal(err)
	}
	old := files(t, dir)
	want := content(x)
	if err := x.Maintain(t.Context()); err != nil {
		t.Fatal(err)
	}
	closed(t, x)
	fresh := files(t, dir)
	for name, state := range map[string]map[string][]byte{
		"before":                 old,
		"after the snapshot":     {snapshotFile: fresh[snapshotFile], graphFile: old[graphFile], logFile: old[logFile]},
		"after the graph":        {snapshotFile: fresh[snapshotFile], graphFile: fresh[graphFile], logFile: old[logFile]},
		"after the log":          fresh,
		"half a snapshot beside": {snapshotFile: old[snapshotFile], graphFile: old[graphFile], logFile: old[logFile], "snapshot.idx-1.tmp": fresh[snapshotFile][:99]},
		"no graph":               {snapshotFile: fresh[snapshotFile], logFile: fresh[logFile]},
		"half a graph":           {snapshotFile: fresh[snapshotFile], graphFile: fresh[graphFile][:len(fresh[graphFile])/2], logFile: fresh[logFile]},
		"log cut to nothing":     {snapshotFile: fresh[snapshotFile], graphFile: fresh[graphFile], logFile: {}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for f, raw := range state {
				if err := os.WriteFile(filepath.Join(dir, f), raw, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			y := opened(t, dir, small)
			if got := content(y); !maps.Equal(got, want) {
				t.Errorf("%d items, want %d", len(got), len(want))
			}
			if err := y.Maintain(t.Context()); err != nil {
				t.Fatal(err)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "*.tmp")); len(left) > 0 {
				t.Errorf("left lying about: %v", left)
			}
			if hits, err := y.Search(items[20].Vector, 1, nil); err != nil || hits[0].Key != "k20" {
				t.Errorf("%v, %v", hits, err)
			}
		})
	}
}

func files(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, f := range []string{snapshotFile, graphFile, logFile} {
		raw, err := os.ReadFile(filepath.Join(dir, f))
		if err != nil {
			t.Fatal(err)
		}
		out[f] = raw
	}
	return out
}

func TestADamagedSnapshotIsToldAndCanBeDiscarded(t *testing.T) {
	dir, c := t.TempDir(), newCloud(8, 4)
	x := opened(t, dir, small)
	fill(t, x, c.items(60))
	if err := x.Maintain(t.Context()); err != nil {
		t.Fatal(err)
	}
	closed(t, x)
	good := files(t, dir)
	for name, file := range map[string]string{"snapshot": snapshotFile, "graph": graphFile} {
		for at := 0; at < len(good[file]); at += 19 {
			raw := slices.Clone(good[file])
			raw[at] ^= 0x40
			if err := os.WriteFile(filepath.Join(dir, file), raw, 0o600); err != nil {
				t.Fatal(err)
			}
			y, err := Open(dir, small)
			switch {
			case err == nil && file == snapshotFile:
				t.Fatalf("%s changed at %d: nobody noticed", name, at)
			case err == nil:
				if y.Len() != 60 || y.Stats().Graphed != 0 {
					t.Fatalf("%s changed at %d: %+v", name, at, y.Stats())
				}
				closed(t, y)
			case !errors.Is(err, ErrDamaged) && !errors.Is(err, ErrOther):
				t.Fatalf("%s changed at %d: %v", name, at, err)
			}
		}
		if err := os.WriteFile(filepath.Join(dir, file), good[file], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	other := small
	other.Network = "another"
	if _, err := Open(dir, other); !errors.Is(err, ErrOther) {
		t.Errorf("another network: %v", err)
	}
	if err := Discard(dir); err != nil {
		t.Fatal(err)
	}
	if y := opened(t, dir, other); y.Len() != 0 {
		t.Errorf("%d items after Discard", y.Len())
	}
}

func TestOneProcessAtATime(t *testing.T) {
	dir := t.TempDir()
	x := opened(t, dir, small)
	if _, err := Open(dir, small); err == nil {
		t.Error("the same folder was opened twice")
	}
	closed(t, x)
	opened(t, dir, small)
}

func FuzzOpen(f *testing.F) {
	f.Add([]byte("waggle-index-v1\n"), []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, snapshot, graph, log []byte) {
		dir := t.TempDir()
		for name, raw := range map[string][]byte{snapshotFile: snapshot, graphFile: graph, logFile: log} {
			if err := os.WriteFile(filepath.Join(dir, name), raw, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		x, err := Open(dir, small)
		if err != nil {
			return
		}
		defer x.Close()
		if _, err := x.Search([]float32{1, 2, 3, 4, 5, 6, 7, 8}, 3, nil); err != nil {
			t.Fatal(err)
		}
	})
}
