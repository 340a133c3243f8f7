package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"waggle/vision"
)

// inspectRun runs one command line and returns its code, what it printed and
// the error.
func inspectRun(t *testing.T, args ...string) (int, string, error) {
	t.Helper()
	root := rootCommand()
	var out bytes.Buffer
	root.SetOut(&out)
	root.SetArgs(args)
	err := root.ExecuteContext(context.Background())
	code := exitOK
	if err != nil {
		code = exitFailed
	}
	return code, out.String(), err
}

// photoFile draws a plain picture into a JPEG.
func photoFile(t *testing.T) string {
	t.Helper()
	m := vision.Image{Pix: make([]uint8, 3*320*240), W: 320, H: 240}
	for i := range m.Pix {
		x, y := i/3%320, i/960
		m.Pix[i] = uint8(90 + (x*7+y*13)%60)
		if x > 80 && x < 240 && y > 60 && y < 180 {
			m.Pix[i] = uint8(150 + (x/8+y/8)%2*50)
		}
	}
	path := filepath.Join(t.TempDir(), "photo.jpg")
	var b bytes.Buffer
	if err := m.JPEG(&b); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestInspectPrintsOneObjectPerPhoto(t *testing.T) {
	photo, overlay := photoFile(t), filepath.Join(t.TempDir(), "o.png")
	code, out, err := inspectRun(t, "inspect", "--json", "--listing", photo, "--overlay", overlay, photo)
	if code != exitOK {
		t.Fatal(err)
	}
	var got seen
	if err := json.Unmarshal([]byte(out), &got); err != nil {
		t.Fatalf("%v: %q", err, out)
	}
	if got.File != photo || got.Quality.Label == "" || len(got.Findings) < 2 || got.Colour == nil {
		t.Errorf("%+v", got)
	}
	if b, err := os.ReadFile(overlay); err != nil || !bytes.HasPrefix(b, []byte("\x89PNG")) {
		t.Errorf("overlay: %v", err)
	}
}

// With --together a last object tells what the photos show as one, each finding
// with its photo, in any order of the photos.
func TestInspectJoinsPhotosOfOneItem(t *testing.T) {
	a, b := photoFile(t), photoFile(t)
	var joined [2][]vision.Finding
	for i, order := range [][]string{{a, b}, {b, a}} {
		code, out, err := inspectRun(t, append([]string{"inspect", "--json", "--together"}, order...)...)
		if code != exitOK {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(out), "\n")
		var got struct {
			Files    []string
			Findings []vision.Finding
		}
		if err := json.Unmarshal([]byte(lines[len(lines)-1]), &got); err != nil || len(lines) != 3 || len(got.Files) != 2 {
			t.Fatalf("%v: %q", err, out)
		}
		joined[i] = got.Findings
	}
	if len(joined[0]) == 0 || joined[0][0].Photo == "" || !slices.Equal(joined[0], joined[1]) {
		t.Errorf("%+v\n%+v", joined[0], joined[1])
	}
	_, out, err := inspectRun(t, "inspect", "--together", a, b)
	if err != nil || !strings.Contains(out, "together, 2 photos") {
		t.Errorf("%v %q", err, out)
	}
}

func TestInspectAndItsMeasuresSayWhatIsWrong(t *testing.T) {
	text := filepath.Join(t.TempDir(), "note.jpg")
	if err := os.WriteFile(text, []byte("hello, this is no photo"), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		args []string
		want string
	}{
		{[]string{"inspect", text}, "not a JPEG, PNG or WebP photo"},
		{[]string{"inspect", filepath.Join(t.TempDir(), "none.jpg")}, "no such file"},
		{[]string{"inspect", "--overlay", "o.png", "a.jpg", "b.jpg"}, "--overlay draws over one photo"},
		{[]string{"eval", "vision"}, "needs --manifest"},
		{[]string{"eval", "colour", "--manifest", text}, "column \"photo\" is missing"},
		{[]string{"bench", "vision", "--rounds", "0"}, "at least 1"},
	}
	for _, c := range cases {
		code, out, err := inspectRun(t, c.args...)
		if code == exitOK || !strings.Contains(err.Error(), c.want) || out != "" {
			t.Errorf("%v: %v, %q", c.args, err, out)
		}
	}
}
