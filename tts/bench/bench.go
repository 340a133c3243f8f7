// Package bench measures how fast voices are, alone and beside sherpa-onnx on
// the same files. It may import audio and tts.
package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"syscall"
	"time"

	"waggle/audio"
	"waggle/tts"
)

// Speed is how fast sentences were spoken, one after the other.
type Speed struct {
	Sentences int     `json:"sentences"`
	AudioS    float64 `json:"audio_s"`
	WallS     float64 `json:"wall_s"`
	// CPUS is processor time of the whole process, the figure to compare while
	// others use the machine.
	CPUS float64 `json:"cpu_s"`
	// RTF is WallS / AudioS, RTFCPU is CPUS / AudioS.
	RTF    float64 `json:"rtf"`
	RTFCPU float64 `json:"rtf_cpu"`
	// FirstAudio is from the request to the first sound, in milliseconds.
	FirstAudioP50 float64 `json:"first_audio_ms_p50"`
	FirstAudioP95 float64 `json:"first_audio_ms_p95"`

	first []time.Duration
}

// add counts one sentence.
func (s *Speed) add(sound, wall, cpu, first time.Duration) {
	s.Sentences++
	s.AudioS += sound.Seconds()
	s.WallS += wall.Seconds()
	s.CPUS += cpu.Seconds()
	s.first = append(s.first, first)
}

// finish works out the ratios.
func (s *Speed) finish() error {
	if s.AudioS == 0 {
		return errors.New("bench: nothing was said")
	}
	s.RTF, s.RTFCPU = s.WallS/s.AudioS, s.CPUS/s.AudioS
	slices.Sort(s.first)
	s.FirstAudioP50, s.FirstAudioP95 = quantile(s.first, 0.50), quantile(s.first, 0.95)
	return nil
}

// quantile is that of sorted durations in milliseconds, by the nearest rank.
func quantile(sorted []time.Duration, q float64) float64 {
	rank := min(max(int(q*float64(len(sorted))+0.5), 1), len(sorted))
	return float64(sorted[rank-1]) / float64(time.Millisecond)
}

// Comparison is a voice beside its peer.
type Comparison struct {
	Speed
	Rate int `json:"rate"`
	// Peer is nil where there was none to compare with; the ratios are the
	// peer's time for the same texts over ours: above 1 we are faster. They are
	// not those of the real-time factors, since our sound has pauses in it.
	Peer       *Speed  `json:"peer,omitempty"`
	WallRatio  float64 `json:"wall_ratio,omitempty"`
	CPURatio   float64 `json:"cpu_ratio,omitempty"`
	FirstRatio float64 `json:"first_audio_ratio,omitempty"`
}

// Phonemic is a voice that needs phonemes that its peer cannot make.
type Phonemic interface {
	Phonemes(ctx context.Context, text string) ([]string, error)
}

// Former is a voice that says how it reads a text: the peer gets the same.
type Former interface{ Form(text string) string }

// Run speaks the texts rounds times, after one that is not counted; with a peer, sentence by sentence in turn,
// so that both meet the same load of the machine. Give it a synthesizer without
// a cache.
func Run(ctx context.Context, s tts.Synthesizer, p *Peer, texts []tts.Text, rounds int, v tts.Voice) (Comparison, error) {
	var warm Comparison
	if len(texts) > 0 {
		if err := warm.sentence(ctx, s, p, texts[0], v); err != nil {
			return warm, fmt.Errorf("bench: %q: %w", texts[0], err)
		}
	}
	c := Comparison{Rate: v.Rate}
	if p != nil {
		c.Peer = &Speed{}
	}
	for round := range rounds {
		for _, text := range texts {
			if err := c.sentence(ctx, s, p, text, v); err != nil {
				return c, fmt.Errorf("bench: round %d, %q: %w", round+1, text, err)
			}
		}
	}
	if err := c.finish(); err != nil || p == nil {
		return c, err
	}
	if err := c.Peer.finish(); err != nil {
		return c, err
	}
	c.WallRatio, c.CPURatio = c.Peer.WallS/c.WallS, c.Peer.CPUS/c.CPUS
	c.FirstRatio = c.Peer.FirstAudioP50 / c.FirstAudioP50
	return c, nil
}

func (c *Comparison) sentence(ctx context.Context, s tts.Synthesizer, p *Peer, text tts.Text, v tts.Voice) error {
	var first, sound time.Duration
	begin, used := time.Now(), processor()
	err := s.Speak(ctx, text, v, func(f audio.Frame) error {
		if sound == 0 {
			first = time.Since(begin)
		}
		sound += f.Duration()
		return nil
	})
	if err != nil {
		return err
	}
	c.add(sound, time.Since(begin), processor()-used, first)
	if p == nil {
		return nil
	}
	job, err := jobOf(ctx, s, string(text), v)
	if err != nil {
		return err
	}
	r, err := p.say(job)
	if err != nil {
		return err
	}
	if c.Peer == nil { // the one that is not counted
		return nil
	}
	c.Peer.add(seconds(float64(r.Samples)/float64(max(r.Rate, 1))), seconds(r.WallS), seconds(r.CPUS), seconds(r.FirstS))
	return nil
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// processor is the processor time that the process has used.
func processor() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
