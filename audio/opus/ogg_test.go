package opus

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"waggle/audio"
)

func TestReadsOggFilesToMono(t *testing.T) {
	// Half a second of a 440 Hz tone at -18 dBFS peak, written by ffmpeg,
	// which mixes a mono source into two channels 3 dB lower.
	for _, name := range []string{"mono.opus", "stereo.opus"} {
		file, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		pcm, err := ReadOgg(bytes.NewReader(file), time.Minute)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(pcm) != Rate/2 {
			t.Errorf("%s: %d samples, want half a second", name, len(pcm))
		}
		if level := audio.Level(pcm[Rate/10 : Rate*4/10]); level < -25 || level > -20 {
			t.Errorf("%s: %.1f dBFS, want about -21 or -24", name, level)
		}
	}
}

func TestOddOggFilesGetTheirVerdict(t *testing.T) {
	good, err := os.ReadFile(filepath.Join("testdata", "mono.opus"))
	if err != nil {
		t.Fatal(err)
	}
	many := bytes.Clone(good)
	many[bytes.Index(many, []byte("OpusHead"))+9] = 6
	for _, c := range []struct {
		name    string
		file    []byte
		longest time.Duration
		want    error
	}{
		{"empty", nil, time.Minute, ErrNotOgg},
		{"text", bytes.Repeat([]byte("hello "), 200), time.Minute, ErrNotOgg},
		{"only the first page", good[:60], time.Minute, ErrNotOgg},
		{"six channels", many, time.Minute, ErrNotOgg},
		{"too long", good, 100 * time.Millisecond, ErrTooLong},
	} {
		if _, err := ReadOgg(bytes.NewReader(c.file), c.longest); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}
