package pull

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// shelf serves one file, as often as a test changes it.
type shelf struct {
	*httptest.Server
	content []byte
	etag    string
	cut     int // bytes after which the connection breaks, 0 for never
	asked   []string
}

func newShelf(t *testing.T, content []byte) *shelf {
	s := &shelf{content: content, etag: `"one"`}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.asked = append(s.asked, r.Header.Get("Range"))
		w.Header().Set("ETag", s.etag)
		if s.cut > 0 {
			w.Header().Set("Content-Length", "100000")
			_, _ = w.Write(s.content[:s.cut])
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(s.content))
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *shelf) entry(name string) Entry {
	return Entry{Name: "m", Kind: "vad", Parts: []Part{{URL: s.URL + "/" + name}}}
}

func sum(b []byte) string {
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestCatalogueIsSound(t *testing.T) {
	list, err := Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, e := range list {
		if seen[e.Name] || e.Family == "" || e.About == "" || e.Licence == "" || len(e.Parts) == 0 {
			t.Errorf("%+v: a name twice, or something missing", e)
		}
		seen[e.Name] = true
		switch e.Kind {
		case "asr", "vad", "tts", "punct":
		default:
			t.Errorf("%s: kind %q", e.Name, e.Kind)
		}
		for _, p := range e.Parts {
			if !strings.HasPrefix(p.URL, "https://") {
				t.Errorf("%s: %s", e.Name, p.URL)
			}
			if raw, err := hex.DecodeString(p.SHA256); err != nil || (len(raw) != 0 && len(raw) != sha256.Size) {
				t.Errorf("%s: sha256 %q", e.Name, p.SHA256)
			}
		}
	}
	if _, err := Find("no-such"); !errors.Is(err, ErrUnknown) || !strings.Contains(err.Error(), "sensevoice") {
		t.Error(err)
	}
}

func TestFetchesOnceAndHoldsLaterFetchesToTheFirst(t *testing.T) {
	root := t.TempDir()
	s := newShelf(t, []byte("graph one"))
	e := s.entry("vad.onnx")
	got, err := Model(t.Context(), e, root, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Files["vad.onnx"] != sum(s.content) {
		t.Errorf("locked %v", got.Files)
	}
	folder, err := Folder(root, "m")
	if err != nil || string(read(t, filepath.Join(folder, "vad.onnx"))) != "graph one" {
		t.Fatal(folder, err)
	}
	if _, err := Model(t.Context(), e, root, Options{}); err != nil || len(s.asked) != 1 {
		t.Fatalf("asked %d times, %v", len(s.asked), err)
	}
	// The file is damaged here: it is fetched again and must be the same.
	if err := os.WriteFile(filepath.Join(folder, "vad.onnx"), []byte("graph 0ne"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Folder(root, "m"); !errors.Is(err, ErrChanged) {
		t.Fatal(err)
	}
	s.content, s.etag = []byte("graph two"), `"two"`
	if _, err := Model(t.Context(), e, root, Options{}); !errors.Is(err, ErrChanged) {
		t.Fatalf("another file under the same address was taken: %v", err)
	}
	s.content = []byte("graph one")
	if _, err := Model(t.Context(), e, root, Options{}); err != nil {
		t.Fatal(err)
	}
	if string(read(t, filepath.Join(folder, "vad.onnx"))) != "graph one" {
		t.Error("not mended")
	}
	if err := Remove(root, "m"); err != nil {
		t.Fatal(err)
	}
	if _, err := Folder(root, "m"); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestGoesOnWhereItBroke(t *testing.T) {
	content := bytes.Repeat([]byte("0123456789"), 9000)
	for _, tc := range []struct {
		name, etag, wantRange string
	}{
		{"the same file", `"one"`, "bytes=70000-"},
		{"another version", `"two"`, "bytes=70000-"}, // refused by If-Range: sent whole
	} {
		t.Run(tc.name, func(t *testing.T) {
			root := t.TempDir()
			s := newShelf(t, content)
			e := s.entry("vad.onnx")
			e.Parts[0].Bytes, e.Parts[0].SHA256 = int64(len(content)), sum(content)
			s.cut = 70000
			var told int64
			o := Options{Progress: func(p Progress) { told = p.Done }}
			if _, err := Model(t.Context(), e, root, o); !errors.Is(err, ErrNetwork) {
				t.Fatal(err)
			}
			if told != 70000 {
				t.Errorf("told %d", told)
			}
			s.cut, s.etag = 0, tc.etag
			if _, err := Model(t.Context(), e, root, o); err != nil {
				t.Fatal(err)
			}
			if s.asked[1] != tc.wantRange || told != int64(len(content)) {
				t.Errorf("asked %q, told %d", s.asked, told)
			}
			if !bytes.Equal(read(t, filepath.Join(root, "m", "vad.onnx")), content) {
				t.Error("pieced together wrongly")
			}
		})
	}
}

func TestRefusesWhatIsNotExpected(t *testing.T) {
	content := []byte("graph")
	for name, change := range map[string]func(*Part){
		"sha256":    func(p *Part) { p.SHA256 = sum([]byte("other")) },
		"too long":  func(p *Part) { p.Bytes = 4 },
		"too short": func(p *Part) { p.Bytes = 6 },
		"ftp":       func(p *Part) { p.URL = "ftp://example.net/vad.onnx" },
		"http":      func(p *Part) { p.URL = "http://example.net/vad.onnx" },
		"missing":   func(p *Part) { p.URL = strings.Replace(p.URL, "127.0.0.1", "127.0.0.1:1/x@", 1) },
	} {
		t.Run(name, func(t *testing.T) {
			root := t.TempDir()
			s := newShelf(t, content)
			e := s.entry("vad.onnx")
			change(&e.Parts[0])
			if _, err := Model(t.Context(), e, root, Options{}); !errors.Is(err, ErrChanged) && !errors.Is(err, ErrNetwork) {
				t.Fatal(err)
			}
			if _, err := os.Stat(filepath.Join(root, "m")); !errors.Is(err, fs.ErrNotExist) {
				t.Error("something was installed")
			}
		})
	}
}

func TestWithoutNetworkItSaysWhatToDo(t *testing.T) {
	s := newShelf(t, nil)
	e := s.entry("vad.onnx")
	s.Close()
	_, err := Model(t.Context(), e, t.TempDir(), Options{})
	if !errors.Is(err, ErrNetwork) || !strings.Contains(err.Error(), "--from") || strings.Contains(err.Error(), "\n") {
		t.Fatal(err)
	}
}

func TestTakesFilesFromAFolder(t *testing.T) {
	shelf := t.TempDir()
	if err := os.WriteFile(filepath.Join(shelf, "vad.onnx"), []byte("graph"), 0o644); err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	e := Entry{Name: "m", Parts: []Part{{URL: "https://example.net/vad.onnx", SHA256: sum([]byte("graph"))}}}
	if _, err := Model(t.Context(), e, root, Options{From: shelf}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(shelf, "vad.onnx")); err != nil {
		t.Error("the file given was taken away")
	}
	if _, err := Model(t.Context(), e, t.TempDir(), Options{From: t.TempDir()}); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestInterruptionKeepsWhatCame(t *testing.T) {
	root := t.TempDir()
	s := newShelf(t, bytes.Repeat([]byte("x"), 50000))
	s.cut = 40000
	e := s.entry("vad.onnx")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Model(ctx, e, root, Options{}); !errors.Is(err, ErrNetwork) {
		t.Fatal(err)
	}
	if _, err := Model(t.Context(), e, root, Options{}); !errors.Is(err, ErrNetwork) {
		t.Fatal(err)
	}
	if got := size(filepath.Join(root, ".fetched", "vad.onnx.part")); got != 40000 {
		t.Errorf("%d bytes kept", got)
	}
}
