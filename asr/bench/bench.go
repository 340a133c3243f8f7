// Package bench measures how fast the recogniser is on this machine. It may
// import asr and audio.
package bench

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sys/unix"

	"waggle/asr"
	"waggle/audio"
)

// Report holds the figures. Times are milliseconds; a real-time factor is
// seconds of work per second of sound.
type Report struct {
	// RTF is that of one stream by the clock, CPURTF by processor time.
	RTF    float64 `json:"rtf"`
	CPURTF float64 `json:"cpu_rtf"`
	// StreamsPerCore is how many streams one core would just keep up with, all
	// cores busy; by processor time, so that other programs do not count.
	StreamsPerCore float64 `json:"streams_per_core"`
	// FinalP50 and FinalP95 are from the end of an utterance to its transcript.
	FinalP50 float64 `json:"final_ms_p50"`
	FinalP95 float64 `json:"final_ms_p95"`
	// Utterances and Cores say what was run.
	Utterances int     `json:"utterances"`
	AudioS     float64 `json:"audio_s"`
	Cores      int     `json:"cores"`
}

// Utterance is the length of one utterance of the measurement.
const Utterance = 4 * time.Second

// Run hears the sound utterance by utterance: first one stream alone, then one
// on every core at once. The sound is cut into utterances and repeated.
func Run(ctx context.Context, r asr.Recognizer, pcm []int16, utterances int) (Report, error) {
	rep := Report{Utterances: utterances, Cores: runtime.GOMAXPROCS(0)}
	cpu, begin := processor(), time.Now()
	finals, err := hear(ctx, r, pcm, utterances)
	if err != nil {
		return Report{}, err
	}
	sound := time.Duration(utterances) * (Utterance + endpoint)
	rep.AudioS = sound.Seconds()
	rep.RTF = time.Since(begin).Seconds() / sound.Seconds()
	rep.CPURTF = (processor() - cpu).Seconds() / sound.Seconds()
	slices.Sort(finals)
	rep.FinalP50, rep.FinalP95 = percentile(finals, 0.50), percentile(finals, 0.95)

	cpu = processor()
	group, ctx := errgroup.WithContext(ctx)
	for range rep.Cores {
		group.Go(func() error {
			_, err := hear(ctx, r, pcm, utterances)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return Report{}, err
	}
	rep.StreamsPerCore = float64(rep.Cores) * sound.Seconds() / (processor() - cpu).Seconds()
	return rep, nil
}

// hear runs one stream and returns how long each Finish took.
func hear(ctx context.Context, r asr.Recognizer, pcm []int16, utterances int) ([]time.Duration, error) {
	s, err := r.NewStream(ctx)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	u, ok := s.(asr.Utterances)
	if !ok {
		return nil, fmt.Errorf("bench: %T does not hear single utterances", s)
	}
	var finals []time.Duration
	pause := quiet()
	at := 0
	for range utterances {
		if err := u.Begin(asr.Hints{}); err != nil {
			return nil, err
		}
		for range Utterance / frame {
			if at+frameSamples > len(pcm) {
				at = 0
			}
			if err := s.Write(audio.Frame{PCM: pcm[at : at+frameSamples], Rate: rate}); err != nil {
				return nil, err
			}
			at += frameSamples
		}
		for range endpoint / frame {
			if err := s.Write(audio.Frame{PCM: pause, Rate: rate}); err != nil {
				return nil, err
			}
		}
		begin := time.Now()
		if _, err := u.Finish(); err != nil {
			return nil, err
		}
		finals = append(finals, time.Since(begin))
	}
	return finals, ctx.Err()
}

const (
	rate         = 16000
	frame        = 20 * time.Millisecond
	frameSamples = int(rate * frame / time.Second)
)

// endpoint is the shortest pause after which a transcript is asked for.
var endpoint = asr.DefaultEndpointSettings().Short

// quiet is a frame of faint noise.
func quiet() []int16 {
	pcm := make([]int16, frameSamples)
	for i := range pcm {
		pcm[i] = int16(i*7919%5) - 2
	}
	return pcm
}

func percentile(sorted []time.Duration, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	at := sorted[int(math.Round(q*float64(len(sorted)-1)))]
	return float64(at.Microseconds()) / 1000
}

// processor is the time that this process has computed so far.
func processor() time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// Voice makes sound that moves like speech, for measuring speed where no
// recording is at hand: a buzz through two wandering formants, in syllables of
// 250 ms. It fits no words, so the search has more to do than on real speech.
func Voice(length time.Duration) []int16 {
	pcm := make([]int16, int(length*rate/time.Second))
	var phase float64
	var low, high resonator
	for i := range pcm {
		t := float64(i) / rate
		syllable := math.Mod(t, 0.25) / 0.25
		pitch := 130 + 30*math.Sin(2*math.Pi*0.7*t)
		phase += pitch / rate
		pulse := 0.0
		if phase >= 1 {
			phase--
			pulse = 1
		}
		k := math.Floor(t / 0.25)
		low.tune(350+250*math.Mod(k*0.37, 1)+100*syllable, 80)
		high.tune(1000+1200*math.Mod(k*0.61, 1), 120)
		v := high.pass(low.pass(pulse)) * math.Sin(math.Pi*syllable)
		pcm[i] = int16(min(max(v*60000, -30000), 30000))
	}
	return pcm
}

// resonator is a digital formant (Klatt, JASA 67, 1980).
type resonator struct{ a, b, c, y1, y2 float64 }

func (r *resonator) tune(hz, width float64) {
	r.c = -math.Exp(-2 * math.Pi * width / rate)
	r.b = 2 * math.Exp(-math.Pi*width/rate) * math.Cos(2*math.Pi*hz/rate)
	r.a = 1 - r.b - r.c
}

func (r *resonator) pass(x float64) float64 {
	y := r.a*x + r.b*r.y1 + r.c*r.y2
	r.y2, r.y1 = r.y1, y
	return y
}
