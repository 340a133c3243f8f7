package tts

import (
	"bytes"
	"encoding/binary"
	"os"
	"testing"
	"time"

	"waggle/audio"
)

func TestWrittenFileIsAWholeWAVMarkedAsGenerated(t *testing.T) {
	e := fixture(t, Options{})
	path := t.TempDir() + "/out.wav"
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	length, err := WriteWAV(t.Context(), e, f, "您好", Voice{Rate: 8000})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if size := binary.LittleEndian.Uint32(raw[4:]); int(size) != len(raw)-8 {
		t.Errorf("the header says %d bytes, the file has %d", size+8, len(raw))
	}
	if !bytes.Contains(raw, []byte(generated)) {
		t.Error("nothing says that this is generated")
	}
	w, err := audio.ReadWAV(bytes.NewReader(raw), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if w.Rate != 8000 || len(w.Channels) != 1 || w.Duration() != length {
		t.Errorf("read back %d Hz, %d channels, %v; wrote %v", w.Rate, len(w.Channels), w.Duration(), length)
	}
}
