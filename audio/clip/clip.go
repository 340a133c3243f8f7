// Package clip opens recordings that people hand over: WAV, FLAC, MP3 and Ogg
// (Opus or Vorbis), of any rate and number of channels, as 16 kHz mono. The
// kind is told from the first bytes, never from the name. It may import audio
// and audio/opus.
package clip

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"waggle/audio"
	"waggle/audio/opus"
)

// Rate is that of every Clip, in Hz.
const Rate = 16000

// Longest is how long a recording may be where nothing else is said.
const Longest = time.Hour

// maxBytes bounds what is read of one file: an hour of 48 kHz stereo WAV fits.
const maxBytes = 800 << 20

// Verdicts on files.
var (
	ErrKind    = errors.New("not a recording that can be read: WAV, FLAC, MP3, Ogg Opus and Ogg Vorbis can")
	ErrEmpty   = errors.New("the recording holds no sound")
	ErrTooLong = errors.New("the recording is too long")
	ErrDamaged = errors.New("the recording is damaged")
)

// Clip is a recording in memory: mono at Rate.
type Clip struct{ PCM []int16 }

// Duration is the length of the clip.
func (c Clip) Duration() time.Duration {
	return audio.Frame{PCM: c.PCM, Rate: Rate}.Duration()
}

// Frames hands the clip over in frames of the given length, in order, until
// emit returns an error, which it returns.
func (c Clip) Frames(length time.Duration, emit func(audio.Frame) error) error {
	step := int(length * Rate / time.Second)
	for at := 0; at < len(c.PCM); at += step {
		end := min(at+step, len(c.PCM))
		f := audio.Frame{PCM: c.PCM[at:end], Rate: Rate, TS: time.Duration(at) * time.Second / Rate}
		if err := emit(f); err != nil {
			return err
		}
	}
	return nil
}

// Open reads a file of at most the given length. Errors name the file and wrap
// one of the verdicts or that of the file system.
func Open(path string, longest time.Duration) (Clip, error) {
	f, err := os.Open(path)
	if err != nil {
		return Clip{}, err // it names the file already
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return Clip{}, fmt.Errorf("%s is a folder, not a recording", path)
	}
	c, err := Read(f, longest)
	if err != nil {
		return Clip{}, fmt.Errorf("%s: %w", filepath.Base(path), err)
	}
	return c, nil
}

// Read decodes a recording of at most the given length.
func Read(r io.Reader, longest time.Duration) (Clip, error) {
	buffered := bufio.NewReaderSize(io.LimitReader(r, maxBytes), 4096)
	head, err := buffered.Peek(512)
	if len(head) == 0 {
		if err != nil && !errors.Is(err, io.EOF) {
			return Clip{}, fmt.Errorf("read: %w", err)
		}
		return Clip{}, fmt.Errorf("%w: the file is empty", ErrEmpty)
	}
	decode := decoderOf(head)
	if decode == nil {
		return Clip{}, ErrKind
	}
	pcm, rate, err := contained(decode, buffered, longest)
	if err != nil {
		return Clip{}, verdict(err, longest)
	}
	if len(pcm) == 0 {
		return Clip{}, ErrEmpty
	}
	pcm, err = audio.Resample(pcm, rate, Rate)
	if err != nil {
		return Clip{}, fmt.Errorf("%w: %w", ErrKind, err)
	}
	return Clip{PCM: pcm}, nil
}

// decoder reads a whole file to mono at the file's own rate.
type decoder func(r io.Reader, longest time.Duration) (pcm []int16, rate int, err error)

func decoderOf(head []byte) decoder {
	switch {
	case bytes.HasPrefix(head, []byte("RIFF")):
		return readWAV
	case bytes.HasPrefix(head, []byte("fLaC")):
		return readFLAC
	case bytes.HasPrefix(head, []byte("OggS")) && bytes.Contains(head, []byte("OpusHead")):
		return readOpus
	case bytes.HasPrefix(head, []byte("OggS")) && bytes.Contains(head, []byte("\x01vorbis")):
		return readVorbis
	case bytes.HasPrefix(head, []byte("ID3")), len(head) > 1 && head[0] == 0xFF && head[1]&0xE6 == 0xE2:
		return readMP3 // a frame header: sync, then layer III
	}
	return nil
}

// contained runs a decoder of somebody else's code on a stranger's file: a
// panic in it is a damaged file and not the end of the process.
func contained(decode decoder, r io.Reader, longest time.Duration) (pcm []int16, rate int, err error) {
	defer func() {
		if p := recover(); p != nil {
			pcm, err = nil, fmt.Errorf("%w: %v", ErrDamaged, p)
		}
	}()
	return decode(r, longest)
}

// verdict translates the errors of the packages below.
func verdict(err error, longest time.Duration) error {
	switch {
	case errors.Is(err, ErrTooLong), errors.Is(err, audio.ErrTooLong), errors.Is(err, opus.ErrTooLong):
		return fmt.Errorf("%w: the limit is %v, cut it into parts", ErrTooLong, longest)
	case errors.Is(err, audio.ErrEmpty):
		return ErrEmpty
	case errors.Is(err, ErrDamaged), errors.Is(err, ErrKind):
		return err
	case errors.Is(err, audio.ErrNotWAV), errors.Is(err, audio.ErrWAVFormat), errors.Is(err, audio.ErrRate):
		return fmt.Errorf("%w: %w", ErrKind, err)
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}
