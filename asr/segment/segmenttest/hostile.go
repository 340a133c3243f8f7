package segmenttest

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"waggle/asr/modeldir"
)

// Loader opens a model and closes it again.
type Loader func(*modeldir.Dir) error

// RefusesDamage checks that a folder loads, and that it does not with a graph
// cut short or with the tokens.txt of another model.
func RefusesDamage(t *testing.T, folder string, load Loader) {
	t.Helper()
	try := func(dir string) error {
		d, err := modeldir.Open(dir, modeldir.Int8)
		if err != nil {
			return err
		}
		return load(d)
	}
	if err := try(copied(t, folder)); err != nil {
		t.Fatalf("undamaged: %v", err)
	}
	for _, name := range names(t, folder) {
		raw := read(t, filepath.Join(folder, name))
		var forms map[string][]byte
		if strings.HasSuffix(name, ".onnx") {
			forms = map[string][]byte{"empty": nil, "a quarter": raw[:len(raw)/4], "all but the end": raw[:len(raw)-9], "text": []byte("<html>not found</html>")}
		} else {
			forms = map[string][]byte{
				"empty": nil, "binary": raw[:1], "another model's": []byte("一 0\n二 1\n"), "numbers too large": append(slices.Clone(raw), "\nx 199999\n"...),
			}
		}
		for form, bytes := range forms {
			dir := copied(t, folder)
			write(t, filepath.Join(dir, name), bytes)
			if err := try(dir); err == nil {
				t.Errorf("%s, %s, was taken", name, form)
			} else if strings.Contains(err.Error(), "\n") {
				t.Errorf("%s, %s: more than one line: %v", name, form, err)
			}
		}
	}
}

func names(t *testing.T, folder string) []string {
	t.Helper()
	graphs, err := filepath.Glob(filepath.Join(folder, "*.onnx"))
	if err != nil || len(graphs) == 0 {
		t.Fatalf("no graphs in %s: %v", folder, err)
	}
	list := []string{"tokens.txt"}
	for _, g := range graphs {
		list = append(list, filepath.Base(g))
	}
	return list
}

func copied(t *testing.T, folder string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names(t, folder) {
		write(t, filepath.Join(dir, name), read(t, filepath.Join(folder, name)))
	}
	return dir
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func write(t *testing.T, path string, raw []byte) {
	t.Helper()
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}

// Meta reads the metadata of a graph in a test folder.
func Meta(t testing.TB, folder string, r modeldir.Role) modeldir.Meta {
	t.Helper()
	d, err := modeldir.Open(folder, modeldir.Int8)
	if err != nil {
		t.Fatal(err)
	}
	g, err := d.Graph(r)
	if err != nil {
		t.Fatal(err)
	}
	return g.Meta
}

// RefusesMeta checks that the metadata are taken as they are, that every key
// of bad with its value is refused by an error that names the key, and so is
// each of those keys when it is missing.
func RefusesMeta(t *testing.T, good modeldir.Meta, bad map[string][]string, read func(modeldir.Meta) error) {
	t.Helper()
	if err := read(good); err != nil {
		t.Fatalf("as they are: %v", err)
	}
	for key, values := range bad {
		without := maps.Clone(good)
		delete(without, key)
		if err := read(without); !errors.Is(err, modeldir.ErrMetadata) || !strings.Contains(err.Error(), key) {
			t.Errorf("without %s: %v", key, err)
		}
		for _, v := range values {
			with := maps.Clone(good)
			with[key] = v
			if err := read(with); !errors.Is(err, modeldir.ErrMetadata) || !strings.Contains(err.Error(), key) {
				t.Errorf("%s = %.30q: %v", key, v, err)
			}
		}
	}
}

// FuzzMeta replaces one value of the metadata after the other. read must not
// panic, and its errors must be one of these.
func FuzzMeta(f *testing.F, good modeldir.Meta, read func(modeldir.Meta) error, verdicts ...error) {
	keys := slices.Sorted(maps.Keys(good))
	for i, v := range []string{"", "-1", "0", "99999999999999999999", "1e9", "NaN", "1,2,3", ",,,,", "\xff"} {
		f.Add(uint8(i), v)
	}
	f.Fuzz(func(t *testing.T, which uint8, value string) {
		m := maps.Clone(good)
		key := keys[int(which)%len(keys)]
		m[key] = value
		err := read(m)
		if err != nil && !slices.ContainsFunc(verdicts, func(v error) bool { return errors.Is(err, v) }) {
			t.Errorf("%s = %q: %v", key, value, err)
		}
	})
}
