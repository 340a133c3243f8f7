package modeldir

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// folder makes empty files.
func folder(t *testing.T, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, n := range names {
		if err := os.WriteFile(filepath.Join(dir, n), nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestFilesFindTheirRoles(t *testing.T) {
	transducer := []string{"encoder-epoch-99.onnx", "encoder-epoch-99.int8.onnx", "decoder-epoch-99.onnx", "joiner-epoch-99.int8.onnx", "tokens.txt", "README.md"}
	for _, c := range []struct {
		name  string
		files []string
		open  string // file in the folder, "" for the folder
		prec  Precision
		want  string // roles, or what the error says
	}{
		{"int8 where there is one", transducer, "", Int8, "decoder decoder-epoch-99.onnx, encoder encoder-epoch-99.int8.onnx, joiner joiner-epoch-99.int8.onnx"},
		{"full where there is one", transducer, "", Float32, "decoder decoder-epoch-99.onnx, encoder encoder-epoch-99.onnx, joiner joiner-epoch-99.int8.onnx"},
		{"a file asked for", transducer, "encoder-epoch-99.onnx", Int8, "decoder decoder-epoch-99.onnx, encoder encoder-epoch-99.onnx, joiner joiner-epoch-99.int8.onnx"},
		{"whole model", []string{"model.onnx", "model.int8.onnx", "model.fp16.onnx"}, "", Int8, "model model.int8.onnx"},
		{"only a rare form", []string{"model.fp16.onnx"}, "", Int8, "model model.fp16.onnx"},
		{"a file beside others", []string{"a.onnx", "b.onnx", "encoder.onnx"}, "b.onnx", Int8, "model b.onnx"},
		{"whisper", []string{"tiny-encoder.onnx", "tiny-decoder.onnx", "tiny-tokens.txt"}, "", Int8, "decoder tiny-decoder.onnx, encoder tiny-encoder.onnx"},
		{"two of a kind", []string{"a.onnx", "b.onnx"}, "", Int8, "a.onnx, b.onnx; name one"},
		{"nothing", []string{"tokens.txt"}, "", Int8, "no .onnx file"},
		{"no graph", []string{"tokens.txt"}, "tokens.txt", Int8, "neither a folder nor an .onnx file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := Open(filepath.Join(folder(t, c.files...), c.open), c.prec)
			if err != nil {
				if !errors.Is(err, ErrFiles) || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%v, want %q", err, c.want)
				}
				return
			}
			if got := strings.Join(d.Roles(), ", "); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

func TestRolesAreExact(t *testing.T) {
	d, err := Open(folder(t, "encoder.onnx", "decoder.onnx"), Int8)
	if err != nil {
		t.Fatal(err)
	}
	if !d.Has(Encoder, Decoder) || d.Has(Encoder) || d.Has(Encoder, Decoder, Joiner) {
		t.Error("Has")
	}
	if _, err := d.Graph(Joiner); !errors.Is(err, ErrFiles) {
		t.Errorf("an absent graph: %v", err)
	}
	if _, err := d.Tokens(); !errors.Is(err, ErrFiles) || !strings.Contains(err.Error(), "tokens.txt is missing") {
		t.Errorf("absent tokens: %v", err)
	}
}

func TestFilesAreMeasuredBeforeTheyAreRead(t *testing.T) {
	dir := folder(t, "model.onnx")
	f, err := os.OpenFile(filepath.Join(dir, "tokens.txt"), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Truncate(1<<40), f.Close()); err != nil { // a hole, no bytes
		t.Skipf("no sparse files here: %v", err)
	}
	d, err := Open(dir, Int8)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Tokens(); !errors.Is(err, ErrFiles) {
		t.Errorf("a terabyte of tokens: %v", err)
	}
}

func TestMetadataIsBounded(t *testing.T) {
	m := Meta{"n": " 12 ", "word": "x", "list": "1, 2,3", "floats": "0.5,-1e3,2", "nan": "1,NaN,2", "empty": "", "comma": "4,5,", "many": strings.Repeat("1,", 99)}
	if n, err := m.Int("n", 1, 12); n != 12 || err != nil {
		t.Errorf("Int: %d, %v", n, err)
	}
	if l, err := m.Ints("list", 3, 1, 3); err != nil || !slices.Equal(l, []int{1, 2, 3}) {
		t.Errorf("Ints: %v, %v", l, err)
	}
	if l, err := m.Ints("comma", 3, 1, 9); err != nil || !slices.Equal(l, []int{4, 5}) {
		t.Errorf("a comma at the end: %v, %v", l, err)
	}
	if l, err := m.Floats("floats", 3); err != nil || !slices.Equal(l, []float32{0.5, -1000, 2}) {
		t.Errorf("Floats: %v, %v", l, err)
	}
	if n, err := m.IntOr("absent", 1, 2, 7); n != 7 || err != nil {
		t.Errorf("IntOr: %d, %v", n, err)
	}
	for name, err := range map[string]error{
		"absent":       last(m.Text("absent")),
		"too large":    last(m.Int("n", 1, 11)),
		"too small":    last(m.Int("n", 13, 99)),
		"word":         last(m.Int("word", 0, 9)),
		"wrong or":     last(m.IntOr("word", 0, 9, 1)),
		"longer":       last(m.Ints("list", 2, 1, 3)),
		"out of range": last(m.Ints("list", 3, 1, 2)),
		"not a number": last(m.Floats("nan", 3)),
		"other length": last(m.Floats("floats", 4)),
		"empty":        last(m.Ints("empty", 3, 1, 3)),
		"many":         last(m.Ints("many", 50, 1, 1)),
		"words":        last(m.Floats("word", 1)),
	} {
		if !errors.Is(err, ErrMetadata) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func last[T any](_ T, err error) error { return err }

func FuzzMeta(f *testing.F) {
	f.Add("1,2,3", 3)
	f.Add("1e40,NaN", 2)
	f.Add(",,,", 1)
	f.Fuzz(func(t *testing.T, value string, n int) {
		m := Meta{"k": value}
		if v, err := m.Int("k", -5, 5); err == nil && (v < -5 || v > 5) {
			t.Errorf("Int = %d", v)
		}
		if l, err := m.Ints("k", n, 0, 9); err == nil && (len(l) > n || slices.Max(l) > 9) {
			t.Errorf("Ints = %v", l)
		}
		if l, err := m.Floats("k", n); err == nil && len(l) != n {
			t.Errorf("Floats = %v", l)
		}
	})
}
