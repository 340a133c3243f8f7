package audio

import (
	"encoding/binary"
	"fmt"
	"io"

	"github.com/go-audio/wav"
)

// Where the two sizes of a canonical WAV header stand, and where samples begin.
const (
	riffSizeAt = 4
	dataSizeAt = 40
	samplesAt  = 44
)

// refreshEvery is how many seconds of sound the header may lag behind: what a
// player would not see after a crash.
const refreshEvery = 2

// WAVWriter writes 16-bit PCM. It brings the sizes in the header up to date
// every two seconds of sound, so that the file opens everywhere even if the
// process dies in the middle of a call. It belongs to one goroutine.
type WAVWriter struct {
	file    io.WriteSeeker
	encoder *wav.Encoder
	refresh int // bytes between two refreshes of the header
	next    int // WrittenBytes at which to refresh
}

// NewWAVWriter writes the header for a rate in Hz and a number of channels.
func NewWAVWriter(file io.WriteSeeker, rate, channels int) (*WAVWriter, error) {
	// The constructor reserves a minute of sound per channel for a way of
	// writing that is not used here; told of zero channels it reserves none.
	encoder := wav.NewEncoder(file, rate, 16, 0, wavPCM)
	encoder.NumChans = channels
	w := &WAVWriter{file: file, encoder: encoder, refresh: refreshEvery * rate * channels * 2}
	if err := w.Write(nil); err != nil {
		return nil, err
	}
	return w, nil
}

// Write appends interleaved samples: left, right, left, right for two channels.
// After an error (a full disk) nothing of the block counts as written, and the
// next Write takes its place.
func (w *WAVWriter) Write(interleaved []int16) error {
	good := w.encoder.WrittenBytes
	if _, err := w.file.Seek(int64(good), io.SeekStart); err != nil {
		return fmt.Errorf("audio: write wav: %w", err)
	}
	// One call per block: WriteFrame encodes the block in one piece, where
	// Write would encode sample by sample with an allocation for each.
	if err := w.encoder.WriteFrame(interleaved); err != nil {
		w.encoder.WrittenBytes = good
		return fmt.Errorf("audio: write wav: %w", err)
	}
	if w.encoder.WrittenBytes < w.next {
		return nil
	}
	w.next = w.encoder.WrittenBytes + w.refresh
	return w.Refresh()
}

// Refresh brings the header up to date now.
func (w *WAVWriter) Refresh() error {
	for _, size := range [...]struct{ at, from int }{{riffSizeAt, 8}, {dataSizeAt, samplesAt}} {
		if _, err := w.file.Seek(int64(size.at), io.SeekStart); err != nil {
			return fmt.Errorf("audio: wav header: %w", err)
		}
		// Beyond 4 GiB the sizes saturate; readers then go on to the end.
		bytes := min(max(w.encoder.WrittenBytes-size.from, 0), 1<<32-1)
		if err := binary.Write(w.file, binary.LittleEndian, uint32(bytes)); err != nil {
			return fmt.Errorf("audio: wav header: %w", err)
		}
	}
	return nil
}

// Close finishes the header. The file itself stays open.
func (w *WAVWriter) Close() error { return w.Refresh() }
