package opus

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/hraban/opus"

	"waggle/audio"
)

// Verdicts on Ogg files.
var (
	ErrNotOgg  = errors.New("opus: not an Ogg Opus file")
	ErrTooLong = errors.New("opus: the recording is too long")
)

// headBytes is more than the first Ogg page of an Opus file with its one
// packet, OpusHead (RFC 7845, 3 and 5.1).
const headBytes = 512

// ReadOgg decodes an Ogg Opus file of at most the given length to mono at Rate.
func ReadOgg(r io.Reader, longest time.Duration) ([]int16, error) {
	buffered := bufio.NewReaderSize(r, headBytes)
	head, _ := buffered.Peek(headBytes) // shorter files say so below
	at := bytes.Index(head, []byte("OpusHead"))
	if !bytes.HasPrefix(head, []byte("OggS")) || at < 0 || at+10 > len(head) {
		return nil, ErrNotOgg
	}
	channels := int(head[at+9])
	if channels != 1 && channels != 2 {
		return nil, fmt.Errorf("%w with one or two channels: it has %d", ErrNotOgg, channels)
	}
	stream, err := opus.NewStream(onlyReader{buffered})
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNotOgg, err)
	}
	defer stream.Close()
	return readAll(stream, channels, int(longest.Seconds()*Rate))
}

// onlyReader hides Close, which the stream would otherwise call.
type onlyReader struct{ io.Reader }

func readAll(stream *opus.Stream, channels, limit int) ([]int16, error) {
	var mono []int16
	block := make([]int16, maxPacketSamples*channels)
	for {
		n, err := stream.Read(block)
		if errors.Is(err, io.EOF) {
			return mono, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrNotOgg, err)
		}
		if len(mono)+n > limit {
			return nil, ErrTooLong
		}
		w := audio.WAV{Channels: split(block[:n*channels], channels)}
		mono = append(mono, w.Mono()...)
	}
}

func split(interleaved []int16, channels int) [][]int16 {
	out := make([][]int16, channels)
	for i, s := range interleaved {
		out[i%channels] = append(out[i%channels], s)
	}
	return out
}
