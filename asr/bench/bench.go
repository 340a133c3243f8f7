// Package bench measures how fast a recogniser is on this machine, alone and
// with many streams at once, and runs sherpa-onnx beside it on the same model
// and sound. It may import asr and audio.
//
// What sharing runs is worth, processor time of the built-in graph for 160 ms
// of one stream by how many share a run (AMD EPYC, Zen 5, one thread, ONNX
// Runtime 1.24, copies of states included, least of a second's runs):
//
//	streams in a run              1     2     4     8    16    32
//	as convolutions, float32   1.96  1.69  1.57  1.47  1.34  1.28 ms
//	as products, float32       1.14  0.84  0.66  0.48  0.40  0.35 ms
//	as products, 8 bits        0.19  0.15  0.12  0.11  0.12  0.12 ms
//
// So eight to sixteen are enough, and from there on features and search are
// most of the cost of a stream.
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
	// Together is what a core carries when that many streams are heard at
	// once and share runs.
	Together []Density `json:"together"`
	// StreamsPerCore is the best of Together.
	StreamsPerCore float64 `json:"streams_per_core"`
	// FinalP50 and FinalP95 are from the end of an utterance to its transcript.
	FinalP50 float64 `json:"final_ms_p50"`
	FinalP95 float64 `json:"final_ms_p95"`
	// AllocsPerFrame is how many objects one stream allocates per 20 ms frame
	// inside an utterance.
	AllocsPerFrame float64 `json:"allocs_per_frame"`
	// Utterances and Cores say what was run.
	Utterances int     `json:"utterances"`
	AudioS     float64 `json:"audio_s"`
	Cores      int     `json:"cores"`
}

// Density is how much a core does with streams heard at once.
type Density struct {
	Streams int `json:"streams"`
	// PerCore is streams served in real time per core: seconds of sound heard
	// to the transcript by second of processor time, so that other programs do
	// not count.
	PerCore float64 `json:"per_core"`
	// Batch is how many of them shared a run on average; 0 when the recogniser
	// does not tell.
	Batch float64 `json:"batch,omitempty"`
}

// Utterance is the length of one utterance of the measurement.
const Utterance = 4 * time.Second

// Run hears the sound utterance by utterance: first one stream alone, then as
// many at once as `together` lists. The sound is cut into utterances and
// repeated.
func Run(ctx context.Context, r asr.Recognizer, pcm []int16, utterances int, together []int) (Report, error) {
	rep := Report{Utterances: utterances, Cores: runtime.GOMAXPROCS(0)}
	if _, err := hear(ctx, r, pcm, 1); err != nil { // what is made once is not measured
		return Report{}, err
	}
	cpu, begin := processor(), time.Now()
	alone, err := hear(ctx, r, pcm, utterances)
	if err != nil {
		return Report{}, err
	}
	sound := time.Duration(utterances) * (Utterance + endpoint)
	rep.AudioS = sound.Seconds()
	rep.RTF = time.Since(begin).Seconds() / sound.Seconds()
	rep.CPURTF = (processor() - cpu).Seconds() / sound.Seconds()
	slices.Sort(alone.finals)
	rep.FinalP50, rep.FinalP95 = percentile(alone.finals, 0.50), percentile(alone.finals, 0.95)
	rep.AllocsPerFrame = float64(alone.allocs) / float64(alone.frames)
	for _, n := range together {
		d, err := density(ctx, r, pcm, n, max(1, utterances/n))
		if err != nil {
			return Report{}, err
		}
		rep.Together = append(rep.Together, d)
		rep.StreamsPerCore = max(rep.StreamsPerCore, d.PerCore)
	}
	return rep, nil
}

// sharing is implemented by recognisers whose streams share runs.
type sharing interface {
	Shared() (runs, steps int64)
}

// density hears n streams at once, each that many utterances.
func density(ctx context.Context, r asr.Recognizer, pcm []int16, n, utterances int) (Density, error) {
	d := Density{Streams: n}
	shared, tells := r.(sharing)
	var runs, steps int64
	if tells {
		runs, steps = shared.Shared()
	}
	cpu := processor()
	group, ctx := errgroup.WithContext(ctx)
	for range n {
		group.Go(func() error {
			_, err := hear(ctx, r, pcm, utterances)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return d, err
	}
	sound := time.Duration(n*utterances) * (Utterance + endpoint)
	d.PerCore = sound.Seconds() / (processor() - cpu).Seconds()
	if tells {
		moreRuns, moreSteps := shared.Shared()
		d.Batch = float64(moreSteps-steps) / float64(max(moreRuns-runs, 1))
	}
	return d, nil
}

// heard is what one stream measured.
type heard struct {
	finals []time.Duration // how long each Finish took
	frames int             // written inside utterances
	allocs uint64          // objects made meanwhile, by the whole program
}

// hear runs one stream.
func hear(ctx context.Context, r asr.Recognizer, pcm []int16, utterances int) (heard, error) {
	s, err := r.NewStream(ctx)
	if err != nil {
		return heard{}, err
	}
	defer s.Close()
	u, ok := s.(asr.Utterances)
	if !ok {
		return heard{}, fmt.Errorf("bench: %T does not hear single utterances", s)
	}
	var h heard
	sound, pause := loop{pcm: pcm}, quiet()
	for range utterances {
		if err := u.Begin(asr.Hints{}); err != nil {
			return h, err
		}
		before := allocated()
		for range Utterance / frame {
			if err := s.Write(audio.Frame{PCM: sound.next(), Rate: rate}); err != nil {
				return h, err
			}
		}
		for range endpoint / frame {
			if err := s.Write(audio.Frame{PCM: pause, Rate: rate}); err != nil {
				return h, err
			}
		}
		h.allocs += allocated() - before
		h.frames += int((Utterance + endpoint) / frame)
		begin := time.Now()
		if _, err := u.Finish(); err != nil {
			return h, err
		}
		h.finals = append(h.finals, time.Since(begin))
	}
	return h, ctx.Err()
}

// loop repeats a sound frame by frame.
type loop struct {
	pcm []int16
	at  int
}

func (l *loop) next() []int16 {
	if l.at+frameSamples > len(l.pcm) {
		l.at = 0
	}
	l.at += frameSamples
	return l.pcm[l.at-frameSamples : l.at]
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

// allocated is how many objects this process has made so far.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Mallocs
}
