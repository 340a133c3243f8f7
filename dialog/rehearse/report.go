package rehearse

import (
	"context"
	"fmt"
	"slices"
	"time"

	"waggle/dialog"
	"waggle/dialog/flow"
	"waggle/shop/demo"
)

// Report is the quality and speed of the desk on scripted conversations.
type Report struct {
	Scripts int `json:"scripts"`
	Passed  int `json:"passed"`
	Turns   int `json:"turns"`
	// Products and Articles are how many the house had beside the demo shop's.
	Products int `json:"more_products,omitempty"`
	Articles int `json:"more_articles,omitempty"`
	// OpenMS is the start-up: reading weights, procedures and the question base.
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

// Setting is the house that scripts are measured in. The zero value is the
// demo shop as it is, understood by the linear classifier.
type Setting struct {
	// Products and Articles are how many more of each the house has, made up.
	Products, Articles int
	// Understander reads the turns; nil opens the built-in one. One that embeds
	// texts has the question base searched by meaning as well.
	Understander dialog.Understander
	Now          func() time.Time
}

// Measure plays each script on a fresh demo shop, the given number of rounds.
func Measure(ctx context.Context, scripts []Script, rounds int, set Setting) (Report, []Verdict, error) {
	begin := time.Now()
	h, err := set.open(ctx)
	if err != nil {
		return Report{}, nil, err
	}
	r := Report{Scripts: len(scripts), OpenMS: ms(time.Since(begin)), Products: set.Products, Articles: set.Articles}
	var (
		took     []time.Duration
		verdicts []Verdict
	)
	for round := range rounds {
		for _, s := range scripts {
			stage, err := h.stage()
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
