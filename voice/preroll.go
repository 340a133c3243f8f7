package voice

import (
	"time"

	"waggle/audio"
)

// preRollFrames covers more than the longest lead that a recogniser wants to
// hear before the instant at which speech was noticed: 1.3 s of 20 ms frames.
const preRollFrames = 64

// preRoll remembers the last moments of the line, so that an utterance can be
// recognised from before it was noticed. Its buffers are reused.
type preRoll struct {
	ring [preRollFrames]kept
	next int
}

// kept is a copy of a frame and the media time at its end.
type kept struct {
	frame audio.Frame
	end   time.Duration
}

// push keeps a copy of the frame in place of the oldest one.
func (p *preRoll) push(f audio.Frame, end time.Duration) {
	k := &p.ring[p.next]
	pcm := append(k.frame.PCM[:0], f.PCM...)
	k.frame, k.end = f, end
	k.frame.PCM = pcm
	p.next = (p.next + 1) % preRollFrames
}

// since hands out, oldest first, the frames that end after from.
func (p *preRoll) since(from time.Duration, write func(audio.Frame) error) error {
	for i := range preRollFrames {
		k := &p.ring[(p.next+i)%preRollFrames]
		if len(k.frame.PCM) == 0 || k.end <= from {
			continue
		}
		if err := write(k.frame); err != nil {
			return err
		}
	}
	return nil
}
