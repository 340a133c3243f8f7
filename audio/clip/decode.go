package clip

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/hajimehoshi/go-mp3"
	"github.com/jfreymuth/oggvorbis"
	"github.com/mewkiz/flac"

	"waggle/audio"
	"waggle/audio/opus"
)

func readWAV(r io.Reader, longest time.Duration) ([]int16, int, error) {
	w, err := audio.ReadWAV(r, longest)
	if err != nil {
		return nil, 0, err
	}
	return w.Mono(), w.Rate, nil
}

func readOpus(r io.Reader, longest time.Duration) ([]int16, int, error) {
	pcm, err := opus.ReadOgg(r, longest)
	return pcm, opus.Rate, err
}

// limit is how many samples of one channel a recording may have.
func limit(longest time.Duration, rate int) int { return int(longest.Seconds() * float64(rate)) }

func readFLAC(r io.Reader, longest time.Duration) ([]int16, int, error) {
	stream, err := flac.New(r)
	if err != nil {
		return nil, 0, err
	}
	rate, bits := int(stream.Info.SampleRate), int(stream.Info.BitsPerSample)
	if bits < 4 || bits > 32 {
		return nil, 0, fmt.Errorf("%w: FLAC with %d bits", ErrKind, bits)
	}
	var mono []int16
	for {
		f, err := stream.ParseNext()
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) && len(mono) > 0 {
			return mono, rate, nil // a file cut short yields what is there
		}
		if err != nil {
			return nil, 0, err
		}
		n := int(f.BlockSize)
		if len(mono)+n > limit(longest, rate) {
			return nil, 0, ErrTooLong
		}
		for i := range n {
			sum := int64(0)
			for _, channel := range f.Subframes {
				sum += int64(channel.Samples[i])
			}
			mono = append(mono, to16(sum/int64(len(f.Subframes)), bits))
		}
	}
}

// to16 scales a sample of the given width.
func to16(v int64, bits int) int16 {
	if bits > 16 {
		v >>= bits - 16
	} else {
		v <<= 16 - bits
	}
	return int16(min(max(v, -32768), 32767))
}

func readMP3(r io.Reader, longest time.Duration) ([]int16, int, error) {
	d, err := mp3.NewDecoder(r)
	if err != nil {
		return nil, 0, err
	}
	rate := d.SampleRate()
	var mono []int16
	block := make([]byte, 4*4096) // 16-bit stereo, whatever the file has
	for {
		n, err := io.ReadFull(d, block)
		if len(mono)+n/4 > limit(longest, rate) {
			return nil, 0, ErrTooLong
		}
		for at := 0; at+4 <= n; at += 4 {
			left := int16(binary.LittleEndian.Uint16(block[at:]))
			right := int16(binary.LittleEndian.Uint16(block[at+2:]))
			mono = append(mono, int16((int(left)+int(right))/2))
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return mono, rate, nil
		}
		if err != nil {
			return nil, 0, err
		}
	}
}

func readVorbis(r io.Reader, longest time.Duration) ([]int16, int, error) {
	d, err := oggvorbis.NewReader(r)
	if err != nil {
		return nil, 0, err
	}
	rate, channels := d.SampleRate(), d.Channels()
	if channels < 1 {
		return nil, 0, fmt.Errorf("%w: no channels", ErrDamaged)
	}
	var mono []int16
	block := make([]float32, 4096*channels)
	for {
		n, err := d.Read(block)
		n -= n % channels
		if len(mono)+n/channels > limit(longest, rate) {
			return nil, 0, ErrTooLong
		}
		for at := 0; at < n; at += channels {
			sum := float32(0)
			for _, v := range block[at : at+channels] {
				sum += v
			}
			mono = append(mono, int16(min(max(sum/float32(channels)*32768, -32768), 32767)))
		}
		if errors.Is(err, io.EOF) {
			return mono, rate, nil
		}
		if err != nil {
			return nil, 0, err
		}
	}
}
