package audio

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"time"
)

// Verdicts on WAV files.
var (
	ErrNotWAV    = errors.New("audio: not a WAV file")
	ErrWAVFormat = errors.New("audio: this kind of WAV is not supported (PCM, float, A-law and µ-law are)")
	ErrEmpty     = errors.New("audio: the file holds no sound")
	ErrTooLong   = errors.New("audio: the recording is too long")
)

// Format tags of WAV (RFC 2361).
const (
	wavPCM        = 1
	wavFloat      = 3
	wavALaw       = 6
	wavMuLaw      = 7
	wavExtensible = 0xFFFE
)

// maxChannels bounds what a header may claim.
const maxChannels = 8

// WAV is a recording in memory.
type WAV struct {
	Rate     int
	Channels [][]int16 // all of one length
}

// Mono is the mean of the channels.
func (w WAV) Mono() []int16 {
	if len(w.Channels) == 1 {
		return w.Channels[0]
	}
	mono := make([]int16, len(w.Channels[0]))
	for i := range mono {
		var sum int
		for _, c := range w.Channels {
			sum += int(c[i])
		}
		mono[i] = int16(sum / len(w.Channels))
	}
	return mono
}

// Duration is the length in time.
func (w WAV) Duration() time.Duration {
	return Frame{PCM: w.Channels[0], Rate: w.Rate}.Duration()
}

// ReadWAV reads a file of at most the given length. It is meant for strangers'
// files: sizes in headers are never believed, so what it allocates is bounded
// by what really arrives. A data chunk cut short by a crash yields what is
// there.
func ReadWAV(r io.Reader, longest time.Duration) (WAV, error) {
	var riff [12]byte
	if _, err := io.ReadFull(r, riff[:]); err != nil || string(riff[:4]) != "RIFF" || string(riff[8:]) != "WAVE" {
		return WAV{}, ErrNotWAV
	}
	var format wavFormat
	for {
		id, size, err := nextChunk(r)
		if err != nil {
			return WAV{}, fmt.Errorf("%w: no samples in it", ErrEmpty)
		}
		switch id {
		case "fmt ":
			if format, err = readFormat(r, size); err != nil {
				return WAV{}, err
			}
		case "data":
			if format.channels == 0 {
				return WAV{}, fmt.Errorf("%w: samples before their format", ErrNotWAV)
			}
			return format.read(r, size, longest)
		default:
			if _, err := io.CopyN(io.Discard, r, size+size%2); err != nil {
				return WAV{}, fmt.Errorf("%w: it ends within its header", ErrNotWAV)
			}
		}
	}
}

func nextChunk(r io.Reader) (id string, size int64, err error) {
	var header [8]byte
	if _, err := io.ReadFull(r, header[:]); err != nil {
		return "", 0, err
	}
	return string(header[:4]), int64(binary.LittleEndian.Uint32(header[4:])), nil
}

// wavFormat is a validated fmt chunk.
type wavFormat struct {
	tag, channels, rate, bytes int // bytes per sample of one channel
}

func readFormat(r io.Reader, size int64) (wavFormat, error) {
	if size < 16 || size > 1024 {
		return wavFormat{}, fmt.Errorf("%w: a format of %d bytes", ErrNotWAV, size)
	}
	chunk := make([]byte, size+size%2)
	if _, err := io.ReadFull(r, chunk); err != nil {
		return wavFormat{}, fmt.Errorf("%w: it ends within its header", ErrNotWAV)
	}
	word := func(at int) int { return int(binary.LittleEndian.Uint16(chunk[at:])) }
	f := wavFormat{tag: word(0), channels: word(2), rate: int(binary.LittleEndian.Uint32(chunk[4:])), bytes: word(14) / 8}
	if f.tag == wavExtensible && size >= 26 {
		f.tag = word(24) // the first bytes of the sub-format are the old tag
	}
	if f.channels < 1 || f.channels > maxChannels {
		return wavFormat{}, fmt.Errorf("%w: %d channels", ErrWAVFormat, f.channels)
	}
	if f.rate < 1000 || f.rate > 192000 {
		return wavFormat{}, fmt.Errorf("%w, got %d", ErrRate, f.rate)
	}
	if f.sample() == nil || word(14)%8 != 0 {
		return wavFormat{}, fmt.Errorf("%w: tag %d with %d bits", ErrWAVFormat, f.tag, word(14))
	}
	return f, nil
}

// sample is how one sample is decoded, nil if the format is unknown.
func (f wavFormat) sample() func([]byte) int16 {
	le := binary.LittleEndian
	switch [2]int{f.tag, f.bytes} {
	case [2]int{wavPCM, 1}:
		return func(b []byte) int16 { return (int16(b[0]) - 128) << 8 }
	case [2]int{wavPCM, 2}:
		return func(b []byte) int16 { return int16(le.Uint16(b)) }
	case [2]int{wavPCM, 3}:
		return func(b []byte) int16 { return int16(le.Uint16(b[1:])) }
	case [2]int{wavPCM, 4}:
		return func(b []byte) int16 { return int16(le.Uint16(b[2:])) }
	case [2]int{wavFloat, 4}:
		return func(b []byte) int16 { return fromFloat(float64(math.Float32frombits(le.Uint32(b)))) }
	case [2]int{wavFloat, 8}:
		return func(b []byte) int16 { return fromFloat(math.Float64frombits(le.Uint64(b))) }
	case [2]int{wavALaw, 1}:
		return func(b []byte) int16 { return DecodeALaw(b[0]) }
	case [2]int{wavMuLaw, 1}:
		return func(b []byte) int16 { return DecodeMuLaw(b[0]) }
	}
	return nil
}

// fromFloat maps [-1, 1] to 16 bits; what is not a number is silence.
func fromFloat(x float64) int16 {
	if math.IsNaN(x) {
		return 0
	}
	return toInt16(float32(x * 32768))
}

// read decodes the data chunk. A size of zero or 2^32-1 is what writers leave
// that never came back to fill it in: then everything up to the end is sound.
func (f wavFormat) read(r io.Reader, size int64, longest time.Duration) (WAV, error) {
	if size == 0 || size >= 1<<32-1 {
		size = math.MaxInt64
	}
	block := int64(f.channels * f.bytes)
	limit := int64(longest.Seconds()*float64(f.rate)) * block
	var data bytes.Buffer
	n, err := io.Copy(&data, io.LimitReader(r, min(size, limit+1)))
	switch {
	case err != nil:
		return WAV{}, fmt.Errorf("audio: read wav: %w", err)
	case n > limit:
		return WAV{}, fmt.Errorf("%w: the limit is %v", ErrTooLong, longest)
	case n < block:
		return WAV{}, ErrEmpty
	}
	return f.split(data.Bytes()), nil
}

// split decodes the samples and deals them out to their channels.
func (f wavFormat) split(data []byte) WAV {
	frames := len(data) / (f.channels * f.bytes)
	w := WAV{Rate: f.rate, Channels: make([][]int16, f.channels)}
	decode := f.sample()
	for c := range w.Channels {
		pcm := make([]int16, frames)
		for i := range pcm {
			at := (i*f.channels + c) * f.bytes
			pcm[i] = decode(data[at : at+f.bytes])
		}
		w.Channels[c] = pcm
	}
	return w
}
