// Package audio holds what every part that touches sound shares: the Frame,
// G.711, resampling and WAV files. It is a leaf made of pure functions and
// imports nothing else of Waggle.
package audio

import "time"

// Frame is a stretch of mono PCM. Most frames are 20 ms long, but no consumer
// may rely on that.
type Frame struct {
	// PCM holds signed 16-bit samples.
	PCM []int16
	// Rate is the sample rate in Hz (8000, 16000 or 48000).
	Rate int
	// TS is the media time of the first sample since the stream began.
	TS time.Duration
	// Lost marks a frame made by concealment because its packet never came.
	Lost bool
}

// Duration is the length of the frame in media time; zero if Rate is unset.
func (f Frame) Duration() time.Duration {
	if f.Rate <= 0 {
		return 0
	}
	return time.Duration(len(f.PCM)) * time.Second / time.Duration(f.Rate)
}
