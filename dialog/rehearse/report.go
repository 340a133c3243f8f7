package rehearse

import (
	"context"
	"fmt"
	"slices"
	"time"

	"waggle/dialog"
	"waggle/dialog/flow"
	"waggle/dialog/nlu"
	"waggle/shop/demo"
)

// Report is the quality and speed of the desk on scripted conversations.
type Report struct {
	Scripts int `json:"scripts"`
	Passed  int `json:"passed"`
	Turns   int `json:"turns"`
	// OpenMS is the start-up: training the understander and indexing.
	OpenMS float64 `json:"open_ms"`
	P50MS  float64 `json:"turn_p50_ms"`
	P99MS  float64 `json:"turn_p99_ms"`
	MaxMS  float64 `json:"turn_max_ms"`
}

// Verdict is the result of one script.
type Verdict struct {
	Name string `json:"name"`
	Err  string `json:"error,omitempty"`
}

// Measure plays each script on a fresh demo shop, the given number of rounds.
func Measure(ctx context.Context, scripts []Script, rounds int, now func() time.Time) (Report, []Verdict, error) {
	begin := time.Now()
	understander, err := nlu.Open()
	if err != nil {
		return Report{}, nil, err
	}
	r := Report{Scripts: len(scripts), OpenMS: ms(time.Since(begin))}
	var (
		took     []time.Duration
		verdicts []Verdict
	)
	for round := range rounds {
		for _, s := range scripts {
			stage, err := NewStage(ctx, understander, now)
			if err != nil {
				return Report{}, nil, err
			}
			stage.Took = func(d time.Duration) { took = append(took, d) }
			err = s.Play(ctx, stage)
			if round > 0 {
				continue
			}
			v := Verdict{Name: s.Name}
			if err != nil {
				v.Err = err.Error()
			} else {
				r.Passed++
			}
			verdicts = append(verdicts, v)
		}
	}
	r.times(took)
	return r, verdicts, nil
}

// NewStage opens a fresh demo shop and an engine over it.
func NewStage(ctx context.Context, u dialog.Understander, now func() time.Time) (Stage, error) {
	shop, err := demo.Open(demo.Options{Now: now})
	if err != nil {
		return Stage{}, fmt.Errorf("rehearse: %w", err)
	}
	engine, err := flow.Open(ctx, dialog.Options{Shop: shop, Understander: u, Now: now, Recording: true})
	return Stage{Shop: shop, Engine: engine}, err
}

func (r *Report) times(took []time.Duration) {
	if len(took) == 0 {
		return
	}
	slices.Sort(took)
	at := func(q float64) float64 { return ms(took[int(q*float64(len(took)-1))]) }
	r.Turns, r.P50MS, r.P99MS, r.MaxMS = len(took), at(0.5), at(0.99), at(1)
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
