package pull

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestUnpacks(t *testing.T) {
	f, err := os.Open("testdata/good.tar.bz2")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	folder := t.TempDir()
	var told int64
	sums, err := unpack(f, folder, modelLimits, func(n int64) { told = n })
	if err != nil {
		t.Fatal(err)
	}
	files := slices.Sorted(maps.Keys(sums))
	if want := []string{"dict/words.txt", "model.onnx", "tokens.txt"}; !slices.Equal(files, want) {
		t.Errorf("unpacked %v, want %v: no recordings, no links", files, want)
	}
	if got := sum([]byte("graph")); sums["model.onnx"] != got || told == 0 {
		t.Errorf("sum %s, told %d", sums["model.onnx"], told)
	}
}

func TestHostileArchivesAreRefused(t *testing.T) {
	for _, name := range []string{"outside", "absolute", "bomb", "cut", "text"} {
		t.Run(name, func(t *testing.T) {
			shelf, err := filepath.Abs("testdata")
			if err != nil {
				t.Fatal(err)
			}
			root := t.TempDir()
			e := Entry{Name: "m", Parts: []Part{{URL: "https://example.net/" + name + ".tar.bz2"}}}
			if _, err := Model(t.Context(), e, root, Options{From: shelf}); !errors.Is(err, ErrArchive) {
				t.Fatal(err)
			}
			left, err := os.ReadDir(root)
			if err != nil || len(left) != 0 {
				t.Errorf("left %v, %v", left, err)
			}
		})
	}
}

func TestUnpacksNoMoreThanTheLimits(t *testing.T) {
	for _, most := range []limits{{files: 2, bytes: 1 << 20}, {files: 10, bytes: 9}} {
		f, err := os.Open("testdata/good.tar.bz2")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := unpack(f, t.TempDir(), most, func(int64) {}); !errors.Is(err, ErrArchive) {
			t.Errorf("%+v: %v", most, err)
		}
		f.Close()
	}
}
