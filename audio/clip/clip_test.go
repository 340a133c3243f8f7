package clip

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"waggle/audio"
)

// The files of testdata are 0.5 s of a 440 Hz tone at half of full scale, made
// by testdata/make.sh in every kind and several rates and channel counts.
func TestEveryKindIsReadTo16kMono(t *testing.T) {
	paths, err := filepath.Glob("testdata/tone-*")
	if err != nil || len(paths) < 6 {
		t.Fatalf("%d files, %v", len(paths), err)
	}
	for _, path := range paths {
		c, err := Open(path, Longest)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if d := c.Duration(); d < 480*time.Millisecond || d > 620*time.Millisecond {
			t.Errorf("%s lasts %v", path, d)
		}
		middle := c.PCM[len(c.PCM)/4 : 3*len(c.PCM)/4]
		if f := frequency(middle); math.Abs(f-440) > 8 {
			t.Errorf("%s sounds at %.0f Hz", path, f)
		}
		if p := peak(middle); p < 12000 || p > 20000 {
			t.Errorf("%s peaks at %d", path, p)
		}
	}
}

// frequency counts rising zero crossings.
func frequency(pcm []int16) float64 {
	n := 0
	for i := 1; i < len(pcm); i++ {
		if pcm[i-1] < 0 && pcm[i] >= 0 {
			n++
		}
	}
	return float64(n) * Rate / float64(len(pcm))
}

func peak(pcm []int16) (p int16) {
	for _, v := range pcm {
		p = max(p, v)
	}
	return p
}

func TestBadFilesGetTheirVerdict(t *testing.T) {
	tone, err := os.ReadFile("testdata/tone-16k.wav")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		file []byte
		want error
	}{
		"empty":                {nil, ErrEmpty},
		"text":                 {[]byte("this is not sound"), ErrKind},
		"wav without samples":  {tone[:44], ErrEmpty},
		"wav of a strange tag": {append(append([]byte{}, tone[:20]...), 0x99, 0x99, 1, 0), ErrKind},
		"flac that ends":       {[]byte("fLaC\x00\x00"), ErrDamaged},
		"ogg of nothing":       {[]byte("OggS\x00\x02........"), ErrKind},
		"mp3 of nothing":       {append([]byte("ID3"), make([]byte, 200)...), ErrDamaged},
	}
	for name, test := range tests {
		_, err := Read(bytes.NewReader(test.file), Longest)
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
		if err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: the message has several lines", name)
		}
	}
}

func TestTooLongIsRefusedForEveryKind(t *testing.T) {
	paths, _ := filepath.Glob("testdata/tone-*")
	for _, path := range paths {
		if _, err := Open(path, 100*time.Millisecond); !errors.Is(err, ErrTooLong) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestAFolderAndAMissingFileAreNamed(t *testing.T) {
	for _, path := range []string{t.TempDir(), "testdata/nothing.wav"} {
		if _, err := Open(path, Longest); err == nil || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestFramesCoverTheClip(t *testing.T) {
	c := Clip{PCM: make([]int16, Rate+5)}
	n, next := 0, time.Duration(0)
	err := c.Frames(20*time.Millisecond, func(f audio.Frame) error {
		if f.TS != next {
			t.Fatalf("frame at %v, want %v", f.TS, next)
		}
		n, next = n+len(f.PCM), next+20*time.Millisecond
		return nil
	})
	if err != nil || n != len(c.PCM) {
		t.Errorf("%d samples of %d, %v", n, len(c.PCM), err)
	}
}

func FuzzRead(f *testing.F) {
	paths, _ := filepath.Glob("testdata/tone-*")
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	wav := append([]byte("RIFF\x00\x00\x00\x00WAVEfmt "), 16, 0, 0, 0, 1, 0, 2, 0)
	wav = binary.LittleEndian.AppendUint32(wav, 8000)
	f.Add(append(wav, 0, 0, 0, 0, 4, 0, 16, 0, 'd', 'a', 't', 'a', 8, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8))
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := Read(bytes.NewReader(raw), 3*time.Second)
		if err == nil && (len(c.PCM) == 0 || c.Duration() > 3500*time.Millisecond) {
			t.Errorf("a clip of %v", c.Duration())
		}
	})
}
