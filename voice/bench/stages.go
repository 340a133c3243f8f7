package bench

import (
	"time"

	"waggle/voice"
)

// Stage is one part of the wait for an answer, in milliseconds. Means add up
// to the mean of the whole, percentiles do not.
type Stage struct {
	Mean float64 `json:"mean"`
	P95  float64 `json:"p95"`
}

// Stages tell where the time between the end of speech and the first packet of
// the reply goes.
type Stages struct {
	// Line is what the phone waited beyond what the gateway counts: the jitter
	// buffer, the detector's delay, and the frames under way. It has no P95,
	// for the two clocks are compared on the whole only.
	Line     Stage `json:"line"`
	Endpoint Stage `json:"endpoint"`
	Final    Stage `json:"final"`
	Answer   Stage `json:"answer"`
	Voice    Stage `json:"voice"`
	Playout  Stage `json:"playout"`
}

// stagesOf splits the answers' times; heard are those of the phones.
func stagesOf(timings []voice.Timing, heard []time.Duration) Stages {
	pick := func(part func(voice.Timing) time.Duration) Stage {
		all := make([]time.Duration, len(timings))
		for i, t := range timings {
			all[i] = part(t)
		}
		return Stage{mean(all), percentile(all, 0.95)}
	}
	s := Stages{
		Endpoint: pick(func(t voice.Timing) time.Duration { return t.Endpoint }),
		Final:    pick(func(t voice.Timing) time.Duration { return t.Final }),
		Answer:   pick(func(t voice.Timing) time.Duration { return t.Answer }),
		Voice:    pick(func(t voice.Timing) time.Duration { return t.Voice }),
		Playout:  pick(func(t voice.Timing) time.Duration { return t.Playout }),
	}
	if len(timings) > 0 && len(heard) > 0 {
		s.Line.Mean = mean(heard) - pick(voice.Timing.Total).Mean
	}
	return s
}

func mean(d []time.Duration) float64 {
	if len(d) == 0 {
		return 0
	}
	var sum time.Duration
	for _, x := range d {
		sum += x
	}
	return float64(sum.Microseconds()) / 1000 / float64(len(d))
}
