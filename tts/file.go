package tts

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"time"

	"waggle/audio"
)

// generated is written into every file of speech: people and machines that
// find the file must be able to see that no human said this (China: Measures
// for Labeling AI-Generated Content, 2025, article 5).
const generated = "AI-generated speech"

// WriteWAV speaks a text into a mono 16-bit WAV file and returns how long the
// sound is. The file says in its metadata that it was generated.
func WriteWAV(ctx context.Context, s Synthesizer, file io.WriteSeeker, text Text, v Voice) (time.Duration, error) {
	w, err := audio.NewWAVWriter(file, v.Rate, 1)
	if err != nil {
		return 0, err
	}
	var length time.Duration
	err = s.Speak(ctx, text, v, func(f audio.Frame) error {
		length += f.Duration()
		return w.Write(f.PCM)
	})
	if err != nil {
		return length, err
	}
	if err := w.Close(); err != nil {
		return length, err
	}
	return length, markGenerated(file)
}

// markGenerated appends a LIST INFO chunk (RIFF, 1991, chapter 2) with the
// software and a comment, and counts it in the size of the file.
func markGenerated(file io.WriteSeeker) error {
	info := []byte("INFO")
	for _, field := range []struct{ id, text string }{{"ISFT", "Waggle"}, {"ICMT", generated}} {
		text := append([]byte(field.text), 0)
		info = append(info, field.id...)
		info = binary.LittleEndian.AppendUint32(info, uint32(len(text)))
		info = append(info, text...)
		if len(text)%2 == 1 {
			info = append(info, 0)
		}
	}
	chunk := binary.LittleEndian.AppendUint32([]byte("LIST"), uint32(len(info)))
	size, err := file.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("tts: mark the file as generated: %w", err)
	}
	if _, err := file.Write(append(chunk, info...)); err != nil {
		return fmt.Errorf("tts: mark the file as generated: %w", err)
	}
	size += int64(len(chunk)+len(info)) - 8
	if _, err := file.Seek(4, io.SeekStart); err != nil {
		return fmt.Errorf("tts: mark the file as generated: %w", err)
	}
	return binary.Write(file, binary.LittleEndian, uint32(size))
}
