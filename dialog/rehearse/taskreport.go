package rehearse

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"waggle/dialog/flow"
	"waggle/shop/demo"
)

// Tally counts the tasks of one kind.
type Tally struct {
	Tasks  int `json:"tasks"`
	Passed int `json:"passed"`
}

// TaskReport is how tasks ended. A task that is known to fail counts as
// failed.
type TaskReport struct {
	Tally
	// State counts those whose final records are right, whatever was said.
	State      int              `json:"state_right"`
	Violations int              `json:"violations"`
	Broken     map[Rule]int     `json:"violations_by_rule,omitempty"`
	Known      int              `json:"known_failing"`
	Kinds      map[string]Tally `json:"kinds"`
}

// MeasureTasks plays each task once on a fresh demo shop.
func MeasureTasks(ctx context.Context, tasks []Task, o TaskOptions) (TaskReport, []Result, error) {
	report := TaskReport{Kinds: make(map[string]Tally), Broken: make(map[Rule]int)}
	var results []Result
	if err := o.prepare(ctx); err != nil {
		return TaskReport{}, nil, fmt.Errorf("rehearse: %w", err)
	}
	for _, t := range tasks {
		r, err := t.Play(ctx, o)
		if err != nil {
			return TaskReport{}, nil, err
		}
		report.count(r)
		results = append(results, r)
	}
	return report, results, nil
}

// prepare reads the question base and the flows once for all tasks.
func (o *TaskOptions) prepare(ctx context.Context) error {
	house, err := demo.Open(demo.Options{Now: o.Now})
	if err != nil {
		return err
	}
	if o.Library == nil {
		if o.Library, err = openLibrary(ctx, house, o.Understander); err != nil {
			return err
		}
	}
	if o.Flows != nil {
		return nil
	}
	o.site = &site{house}
	o.Flows, err = flow.Standard(ctx, o.site, o.Library, nil)
	return err
}

func (t *TaskReport) count(r Result) {
	kind := t.Kinds[r.Kind]
	t.Tasks++
	kind.Tasks++
	if r.Passed() {
		t.Passed++
		kind.Passed++
	}
	if r.State {
		t.State++
	}
	if r.Known != "" {
		t.Known++
	}
	for _, v := range r.Violations {
		t.Violations++
		t.Broken[v.Rule]++
	}
	t.Kinds[r.Kind] = kind
}

// Share is the part of tasks that passed, 0 to 1.
func (t Tally) Share() float64 {
	if t.Tasks == 0 {
		return 0
	}
	return float64(t.Passed) / float64(t.Tasks)
}

// Print writes the report for people.
func (t TaskReport) Print(w io.Writer) error {
	_, err := fmt.Fprintf(w, "%d of %d tasks passed (%.1f %%); final records right in %d; %d violations of the rules\n",
		t.Passed, t.Tasks, 100*t.Share(), t.State, t.Violations)
	for _, rule := range slices.Sorted(maps.Keys(t.Broken)) {
		if err == nil {
			_, err = fmt.Fprintf(w, "  violations of %s: %d\n", rule, t.Broken[rule])
		}
	}
	for _, kind := range slices.Sorted(maps.Keys(t.Kinds)) {
		if err == nil {
			_, err = fmt.Fprintf(w, "  %-16s %2d of %2d\n", kind, t.Kinds[kind].Passed, t.Kinds[kind].Tasks)
		}
	}
	return err
}
