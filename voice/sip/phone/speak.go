package phone

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"waggle/audio"
	"waggle/voice"
)

// tick is the pace of the line.
const tick = 20 * time.Millisecond

// speak sends silence, then the file while keys are pressed, then silence
// again: a phone never stops sending.
func speak(ctx context.Context, leg voice.Leg, o Options, sound audio.WAV) error {
	pace := time.NewTicker(tick)
	defer pace.Stop()
	script := newScript(o, sound)
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return nil
		case <-pace.C:
		}
		frame, key, more := script.at(time.Duration(n) * tick)
		if !more {
			return nil
		}
		if key != 0 {
			if err := press(leg, key); err != nil {
				return err
			}
		}
		if err := leg.Write(frame); err != nil && !errors.Is(err, net.ErrClosed) {
			return err
		}
	}
}

func press(leg voice.Leg, key voice.Digit) error {
	sender, ok := leg.(voice.KeySender)
	if !ok {
		return fmt.Errorf("this line cannot press keys")
	}
	return sender.SendDigit(key)
}

// script says what goes out at which moment of the call.
type script struct {
	rate  int
	pcm   []int16
	keys  string
	delay time.Duration
	end   time.Duration
}

func newScript(o Options, sound audio.WAV) script {
	s := script{rate: 8000, keys: o.Keys, delay: o.Delay}
	busy := time.Duration(len(o.Keys)) * keyPause
	if len(sound.Channels) > 0 {
		s.rate, s.pcm = sound.Rate, sound.Mono()
		busy = max(busy, sound.Duration())
	}
	s.end = o.Delay + busy + o.Stay
	return s
}

// at returns the frame and the key, if any, due at this time of the call.
func (s script) at(now time.Duration) (audio.Frame, voice.Digit, bool) {
	if now >= s.end {
		return audio.Frame{}, 0, false
	}
	frame := audio.Frame{PCM: make([]int16, s.samples(tick)), Rate: s.rate, TS: now}
	since := now - s.delay
	if since < 0 {
		return frame, 0, true
	}
	if from := s.samples(since); from < len(s.pcm) {
		copy(frame.PCM, s.pcm[from:])
	}
	if n := int(since / keyPause); since%keyPause == 0 && n < len(s.keys) {
		return frame, voice.Digit(s.keys[n]), true
	}
	return frame, 0, true
}

// samples counts those of a stretch of time at the rate of the file.
func (s script) samples(d time.Duration) int {
	return int(int64(d) * int64(s.rate) / int64(time.Second))
}
