package blobs

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func opened(t *testing.T, path, tag string) *File {
	t.Helper()
	f, err := Open(path, tag)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	return f
}

func blob(n, size int) []byte { return bytes.Repeat([]byte{byte(n), byte(n >> 8), 7}, size) }

func put(t *testing.T, f *File, from, to, size int, stamp uint64) {
	t.Helper()
	var items []Item
	for n := from; n < to; n++ {
		items = append(items, Item{fmt.Sprint("key ", n), stamp, blob(n+int(stamp), size)})
	}
	if err := f.Put(items...); err != nil {
		t.Fatal(err)
	}
}

func want(t *testing.T, f *File, from, to, size int, stamp uint64) {
	t.Helper()
	for n := from; n < to; n++ {
		b, err := f.Get(fmt.Sprint("key ", n))
		if err != nil || !bytes.Equal(b, blob(n+int(stamp), size)) || !f.Has(fmt.Sprint("key ", n), stamp) {
			t.Fatalf("key %d: %d bytes, %v", n, len(b), err)
		}
	}
}

func TestBlobsAreThereAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "b")
	f := opened(t, path, "net")
	put(t, f, 0, 50, 100, 1)
	put(t, f, 20, 30, 40, 2) // replaced
	check := func(f *File) {
		want(t, f, 0, 20, 100, 1)
		want(t, f, 20, 30, 40, 2)
		want(t, f, 30, 50, 100, 1)
		if _, err := f.Get("other"); !errors.Is(err, ErrMissing) || f.Has("key 3", 9) {
			t.Errorf("a key that is not there: %v", err)
		}
	}
	check(f)
	if _, err := Open(path, "net"); err == nil {
		t.Error("two have the file at once")
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	f = opened(t, path, "net")
	check(f)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if f = opened(t, path, "other net"); len(f.places) != 0 {
		t.Errorf("%d blobs of another network", len(f.places))
	}
}

func TestACutFileKeepsWhatIsWhole(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "b")
	f := opened(t, path, "net")
	put(t, f, 0, 4, 5, 1)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head := len(f.header())
	each := (len(raw) - head) / 4
	for n := range raw {
		cut := filepath.Join(dir, fmt.Sprint("cut ", n))
		if err := os.WriteFile(cut, raw[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		f := opened(t, cut, "net")
		whole := max(0, n-head) / each
		if len(f.places) != whole {
			t.Fatalf("cut at %d: %d of %d", n, len(f.places), whole)
		}
		want(t, f, 0, whole, 5, 1)
		put(t, f, whole, 4, 5, 1) // goes on behind the last whole one
		want(t, f, 0, 4, 5, 1)
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAChangedBlobIsKnown(t *testing.T) {
	path := filepath.Join(t.TempDir(), "b")
	f := opened(t, path, "net")
	put(t, f, 0, 3, 50, 1)
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := file.WriteAt([]byte{99}, f.places["key 1"].at+10); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Get("key 1"); !errors.Is(err, ErrDamaged) {
		t.Errorf("%v", err)
	}
	want(t, f, 2, 3, 50, 1)
	for _, it := range []Item{{Key: string(make([]byte, maxKey+1))}, {Key: "k", Blob: make([]byte, maxBlob+1)}} {
		if err := f.Put(it); !errors.Is(err, ErrTooLong) {
			t.Errorf("%v", err)
		}
	}
}

func TestForgottenBlobsMakeRoom(t *testing.T) {
	dir := t.TempDir()
	for _, path := range []string{filepath.Join(dir, "b"), ""} {
		f := opened(t, path, "net")
		put(t, f, 0, 100, 10_000, 1)
		full := f.size
		var gone []string
		for n := 10; n < 90; n++ {
			gone = append(gone, fmt.Sprint("key ", n))
		}
		if err := f.Forget(gone...); err != nil {
			t.Fatal(err)
		}
		if f.size > full/4 {
			t.Errorf("%q: %d bytes of %d are left", path, f.size, full)
		}
		put(t, f, 200, 210, 30, 1)
		check := func() {
			want(t, f, 0, 10, 10_000, 1)
			want(t, f, 90, 100, 10_000, 1)
			want(t, f, 200, 210, 30, 1)
		}
		check()
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if path != "" {
			f = opened(t, path, "net")
			check()
		}
	}
}
