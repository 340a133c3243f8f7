package audio

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/go-audio/wav"
)

// header builds a RIFF file by hand, so that reading is not tested against
// our own writing only.
func header(tag, channels, rate, bits int, data []byte) []byte {
	var b bytes.Buffer
	le := binary.LittleEndian
	b.WriteString("RIFF")
	_ = binary.Write(&b, le, uint32(36+len(data)))
	b.WriteString("WAVEfmt ")
	_ = binary.Write(&b, le, []uint32{16})
	_ = binary.Write(&b, le, []uint16{uint16(tag), uint16(channels)})
	_ = binary.Write(&b, le, []uint32{uint32(rate), uint32(rate * channels * bits / 8)})
	_ = binary.Write(&b, le, []uint16{uint16(channels * bits / 8), uint16(bits)})
	b.WriteString("data")
	_ = binary.Write(&b, le, uint32(len(data)))
	b.Write(data)
	return b.Bytes()
}

func little(values any) []byte {
	var b bytes.Buffer
	_ = binary.Write(&b, binary.LittleEndian, values)
	return b.Bytes()
}

func TestReadsEveryKindOfSample(t *testing.T) {
	for _, c := range []struct {
		name      string
		tag, bits int
		data      []byte
		want      []int16
	}{
		{"8 bit", wavPCM, 8, []byte{0, 128, 255}, []int16{-32768, 0, 32512}},
		{"16 bit", wavPCM, 16, little([]int16{-32768, 5, 32767}), []int16{-32768, 5, 32767}},
		{"24 bit", wavPCM, 24, []byte{9, 0, 0x80, 9, 1, 0}, []int16{-32768, 1}},
		{"32 bit", wavPCM, 32, little([]int32{-1 << 31, 7 << 16}), []int16{-32768, 7}},
		{"float", wavFloat, 32, little([]float32{-1, 0.5, 2, float32(math.NaN())}), []int16{-32768, 16384, 32767, 0}},
		{"double", wavFloat, 64, little([]float64{-0.25}), []int16{-8192}},
		{"A-law", wavALaw, 8, []byte{0xD5, 0xAA}, []int16{8, 32256}},
		{"µ-law", wavMuLaw, 8, []byte{0xFF, 0x80}, []int16{0, 32124}},
	} {
		got, err := ReadWAV(bytes.NewReader(header(c.tag, 1, 8000, c.bits, c.data)), time.Minute)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if !slices.Equal(got.Channels[0], c.want) || got.Rate != 8000 {
			t.Errorf("%s: %v at %d, want %v", c.name, got.Channels[0], got.Rate, c.want)
		}
	}
}

func TestChannelsAreDealtOutAndMixed(t *testing.T) {
	w, err := ReadWAV(bytes.NewReader(header(wavPCM, 2, 16000, 16, little([]int16{1, 100, 3, 200}))), time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(w.Channels[0], []int16{1, 3}) || !slices.Equal(w.Channels[1], []int16{100, 200}) {
		t.Errorf("channels %v", w.Channels)
	}
	if !slices.Equal(w.Mono(), []int16{50, 101}) {
		t.Errorf("mono %v", w.Mono())
	}
	if w.Duration() != 125*time.Microsecond {
		t.Errorf("duration %v", w.Duration())
	}
}

func TestOddFilesGetTheirVerdict(t *testing.T) {
	good := header(wavPCM, 1, 8000, 16, little(make([]int16, 800)))
	bomb := slices.Clone(good)
	binary.LittleEndian.PutUint32(bomb[16:], 0xFFFFFFF0) // a format chunk of 4 GiB
	for _, c := range []struct {
		name string
		file []byte
		want error
	}{
		{"nothing", nil, ErrNotWAV},
		{"text", []byte("this is no recording at all, sorry"), ErrNotWAV},
		{"header only", good[:44], ErrEmpty},
		{"cut in the format", good[:30], ErrNotWAV},
		{"huge format", bomb, ErrNotWAV},
		{"no data", good[:36], ErrEmpty},
		{"12 bit", header(wavPCM, 1, 8000, 12, []byte{1, 2, 3, 4}), ErrWAVFormat},
		{"ADPCM", header(2, 1, 8000, 4, []byte{1, 2, 3, 4}), ErrWAVFormat},
		{"no channels", header(wavPCM, 0, 8000, 16, []byte{1, 2}), ErrWAVFormat},
		{"rate of zero", header(wavPCM, 1, 0, 16, []byte{1, 2}), ErrRate},
		{"too long", header(wavPCM, 1, 8000, 16, little(make([]int16, 8001))), ErrTooLong},
	} {
		if _, err := ReadWAV(bytes.NewReader(c.file), time.Second); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func TestAFileCutByACrashYieldsWhatIsThere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "call.wav")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := NewWAVWriter(f, 8000, 2)
	if err != nil {
		t.Fatal(err)
	}
	for range 150 { // three seconds in 20 ms blocks, and then no Close
		if err := w.Write(make([]int16, 320)); err != nil {
			t.Fatal(err)
		}
	}
	if got := decodedFrames(t, file); got < 8000 {
		t.Errorf("a strict reader finds %d frames after the crash, want at least one second", got)
	}
	if got := readFrames(t, file); got < 8000 {
		t.Errorf("our reader finds %d frames after the crash, want at least one second", got)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if got := decodedFrames(t, file); got != 3*8000 {
		t.Errorf("after Close a strict reader finds %d frames, want 24000", got)
	}
	if got := readFrames(t, file); got != 3*8000 {
		t.Errorf("after Close our reader finds %d frames, want 24000", got)
	}
}

// decodedFrames reads with go-audio's decoder, which believes the header.
func decodedFrames(t *testing.T, file string) int {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	buffer, err := wav.NewDecoder(f).FullPCMBuffer()
	if err != nil {
		t.Fatal(err)
	}
	if buffer.Format.NumChannels != 2 || buffer.Format.SampleRate != 8000 {
		t.Fatalf("format %+v", buffer.Format)
	}
	return len(buffer.Data) / 2
}

func readFrames(t *testing.T, file string) int {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w, err := ReadWAV(f, time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	return len(w.Channels[0])
}

// fullDisk accepts so many bytes and then no more.
type fullDisk struct {
	io.WriteSeeker
	room int
	half bool
}

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.half {
		n, _ := d.WriteSeeker.Write(p[:len(p)/2])
		return n, io.ErrShortWrite
	}
	if d.room < len(p) {
		return 0, io.ErrShortWrite
	}
	d.room -= len(p)
	return d.WriteSeeker.Write(p)
}

func TestAFullDiskIsReported(t *testing.T) {
	f, err := os.Create(filepath.Join(t.TempDir(), "call.wav"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := NewWAVWriter(&fullDisk{WriteSeeker: f, room: 20}, 8000, 1); err == nil {
		t.Error("a header without room was not reported")
	}
	w, err := NewWAVWriter(&fullDisk{WriteSeeker: f, room: 100}, 8000, 1)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write(make([]int16, 100)); !errors.Is(err, io.ErrShortWrite) {
		t.Errorf("no room for samples: %v", err)
	}
}

func TestWritingGoesOnAfterAFullDisk(t *testing.T) {
	file := filepath.Join(t.TempDir(), "call.wav")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	disk := &fullDisk{WriteSeeker: f, room: 1000}
	w, err := NewWAVWriter(disk, 8000, 2)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Write([]int16{1, 2, 3, 4}); err != nil {
		t.Fatal(err)
	}
	disk.half = true // half of the next block reaches the disk
	if err := w.Write([]int16{5, 6, 7, 8}); err == nil {
		t.Fatal("a half-written block was not reported")
	}
	disk.half = false
	if err := errors.Join(w.Write([]int16{9, 10}), w.Close()); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	got, err := ReadWAV(f, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Channels[0], []int16{1, 3, 9}) || !slices.Equal(got.Channels[1], []int16{2, 4, 10}) {
		t.Errorf("channels %v", got.Channels)
	}
}

func FuzzReadWAV(f *testing.F) {
	f.Add(header(wavPCM, 2, 8000, 16, little(make([]int16, 20))))
	f.Add(header(wavFloat, 1, 48000, 32, little([]float32{1, 2})))
	f.Add([]byte("RIFF\x00\x00\x00\x00WAVELIST\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, file []byte) {
		w, err := ReadWAV(bytes.NewReader(file), time.Second)
		if err != nil {
			return
		}
		if len(w.Channels) == 0 || len(w.Channels[0]) == 0 || w.Duration() > time.Second {
			t.Errorf("accepted %d channels of %v", len(w.Channels), w.Duration())
		}
		w.Mono()
	})
}

func BenchmarkWriteStereoFrame(b *testing.B) {
	f, err := os.Create(filepath.Join(b.TempDir(), "call.wav"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	w, err := NewWAVWriter(f, 8000, 2)
	if err != nil {
		b.Fatal(err)
	}
	block := make([]int16, 320)
	b.ReportAllocs()
	for b.Loop() {
		if err := w.Write(block); err != nil {
			b.Fatal(err)
		}
	}
}
