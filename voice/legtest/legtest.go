// Package legtest is the conformance suite of voice.Leg: every door runs it
// over its own legs. It may import audio and voice.
package legtest

import (
	"context"
	"errors"
	"io"
	"math"
	"testing"
	"time"

	"waggle/audio"
	"waggle/voice"
)

// Pair connects two legs: what is written to one is read from the other. It is
// called once per test and cleans up after it.
type Pair func(t *testing.T) (near, far voice.Leg)

// patience is how long anything may take; a test that needs it has failed.
const patience = 10 * time.Second

// Run runs the suite. Sound passes in real time, so it takes a few seconds.
func Run(t *testing.T, pair Pair) {
	for _, c := range []struct {
		name string
		test func(*testing.T, voice.Leg, voice.Leg)
	}{
		{"frames are mono, whole and paced", paced},
		{"a tone is heard on the other side, both ways", tones},
		{"frames of any rate and length may be written", anyFrame},
		{"cancelling ends a read", cancels},
		{"closing ends everything, twice is fine", closes},
		{"keys arrive once and in order", keys},
		{"so do keys the other way", func(t *testing.T, near, far voice.Leg) { keys(t, far, near) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			near, far := pair(t)
			c.test(t, near, far)
		})
	}
}

// paced reads a second of frames.
func paced(t *testing.T, near, _ voice.Leg) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var sound, ts time.Duration
	begun := time.Now()
	for n := 0; sound < time.Second; n++ {
		f, err := near.Read(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if f.Rate != 8000 && f.Rate != 16000 && f.Rate != 48000 {
			t.Fatalf("a rate of %d Hz", f.Rate)
		}
		if f.Duration() < 5*time.Millisecond || f.Duration() > 60*time.Millisecond {
			t.Fatalf("a frame of %v", f.Duration())
		}
		if n > 0 && f.TS != ts {
			t.Fatalf("frame %d begins at %v, the one before ended at %v", n, f.TS, ts)
		}
		ts = f.TS + f.Duration()
		sound += f.Duration()
	}
	// A machine that is busy elsewhere may be late, but nothing may rush.
	if took := time.Since(begun); took < 900*time.Millisecond || took > 4*time.Second {
		t.Errorf("a second of sound took %v", took)
	}
}

// tones sends a different tone each way and listens for it.
func tones(t *testing.T, near, far voice.Leg) {
	const low, high = 500.0, 1200.0
	stop := make(chan struct{})
	talking := make(chan error, 2)
	go func() { talking <- talk(near, low, stop) }()
	go func() { talking <- talk(far, high, stop) }()
	for _, c := range []struct {
		name string
		leg  voice.Leg
		freq float64
	}{{"near", near, high}, {"far", far, low}} {
		if share := listen(t, c.leg, c.freq); share < 0.9 {
			t.Errorf("%s hears only %.2f of the power at %v Hz", c.name, share, c.freq)
		}
	}
	close(stop)
	for range 2 {
		if err := <-talking; err != nil {
			t.Error(err)
		}
	}
}

const frameTime = 20 * time.Millisecond

// talk writes a tone at 8 kHz, a frame per beat, until stopped.
func talk(l voice.Leg, freq float64, stop <-chan struct{}) error {
	beat := time.NewTicker(frameTime)
	defer beat.Stop()
	pcm := make([]int16, 160)
	for n := 0; ; n += len(pcm) {
		select {
		case <-stop:
			return nil
		case <-beat.C:
		}
		audio.Tone{Freq: []float64{freq}}.Fill(pcm, n, 8000)
		if err := l.Write(audio.Frame{PCM: pcm, Rate: 8000}); err != nil {
			return err
		}
	}
}

// listen returns the best share of the power at a frequency in any 200 ms
// that were not silent.
func listen(t *testing.T, l voice.Leg, freq float64) (best float64) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for best < 0.9 && ctx.Err() == nil {
		var window []int16
		rate := 8000
		for len(window) < rate/5 {
			f, err := l.Read(ctx)
			if err != nil {
				t.Fatal(err)
			}
			rate = f.Rate
			window = append(window, f.PCM...)
		}
		if audio.Level(window) > -40 {
			best = max(best, share(window, freq, rate))
		}
	}
	return best
}

// share is the part of the power at one frequency (Goertzel, 1958).
func share(pcm []int16, freq float64, rate int) float64 {
	var re, im, total float64
	for i, s := range pcm {
		angle := 2 * math.Pi * freq * float64(i) / float64(rate)
		re += float64(s) * math.Cos(angle)
		im += float64(s) * math.Sin(angle)
		total += float64(s) * float64(s)
	}
	return 2 * (re*re + im*im) / float64(len(pcm)) / (total + 1)
}

func anyFrame(t *testing.T, near, _ voice.Leg) {
	for _, f := range []audio.Frame{
		{PCM: make([]int16, 80), Rate: 8000}, {PCM: make([]int16, 160), Rate: 8000}, {PCM: make([]int16, 480), Rate: 8000},
		{PCM: make([]int16, 160), Rate: 16000}, {PCM: make([]int16, 320), Rate: 16000}, {PCM: make([]int16, 960), Rate: 48000},
		{PCM: nil, Rate: 8000},
	} {
		if err := near.Write(f); err != nil {
			t.Errorf("%d samples at %d Hz: %v", len(f.PCM), f.Rate, err)
		}
	}
}

func cancels(t *testing.T, near, _ voice.Leg) {
	ctx, cancel := context.WithCancel(context.Background())
	if _, err := near.Read(ctx); err != nil {
		t.Fatal(err)
	}
	cancel()
	begun := time.Now()
	if _, err := near.Read(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("after cancelling: %v", err)
	}
	if took := time.Since(begun); took > time.Second {
		t.Errorf("cancelling took %v", took)
	}
	if _, err := near.Read(context.Background()); err != nil {
		t.Errorf("a cancelled read must not end the line: %v", err)
	}
}

func closes(t *testing.T, near, far voice.Leg) {
	ended := make(chan error, 1)
	go func() {
		for {
			if _, err := near.Read(context.Background()); err != nil {
				ended <- err
				return
			}
		}
	}()
	for range 2 {
		if err := near.Close(voice.CauseNormal); err != nil {
			t.Error(err)
		}
	}
	select {
	case err := <-ended:
		if !errors.Is(err, io.EOF) {
			t.Errorf("a read that closing interrupts: %v", err)
		}
	case <-time.After(patience):
		t.Fatal("closing did not end the read")
	}
	if _, err := near.Read(context.Background()); !errors.Is(err, io.EOF) {
		t.Errorf("a read after closing: %v", err)
	}
	if err := near.Write(audio.Frame{PCM: make([]int16, 160), Rate: 8000}); err == nil {
		t.Error("a write after closing was accepted")
	}
	if _, open := <-near.DTMF(); open {
		t.Error("the keys are still open after closing")
	}
	if err := far.Close(voice.CauseHangUp); err != nil {
		t.Error(err)
	}
}

// keys presses keys on the far side while both sides go on writing frames.
func keys(t *testing.T, near, far voice.Leg) {
	sender, ok := far.(voice.KeySender)
	if !ok {
		t.Skip("the far side has no keys")
	}
	const number = "159#"
	for _, d := range number {
		if err := sender.SendDigit(voice.Digit(d)); err != nil {
			t.Fatal(err)
		}
	}
	stop := make(chan struct{})
	talking := make(chan error, 1)
	go func() { talking <- talk(far, 500, stop) }()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	var got []byte
	after := 25 // frames to read on, in which no key may come twice
	for ctx.Err() == nil && after > 0 {
		// Keys may arrive only while the line is read.
		if _, err := near.Read(ctx); err != nil && ctx.Err() == nil {
			t.Fatal(err)
		}
		select {
		case d := <-near.DTMF():
			got = append(got, byte(d))
		default:
		}
		if len(got) >= len(number) {
			after--
		}
	}
	close(stop)
	if err := <-talking; err != nil {
		t.Error(err)
	}
	if string(got) != number {
		t.Errorf("pressed %q, arrived %q", number, got)
	}
}
