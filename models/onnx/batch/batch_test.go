package batch

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"waggle/models/onnx"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// plan is that of testdata/counter.onnx.
var plan = Plan{
	Feeds:   []Port{{Index: 0}, {Index: 1}},
	Fetches: []Port{{Index: 0}},
	States:  []Carry{{In: 3, Out: 1}, {In: 2, Out: 2, Axis: 1}, {In: 4, Out: 3}},
}

func counter(t testing.TB) *onnx.Session {
	t.Helper()
	raw, err := os.ReadFile("testdata/counter.onnx")
	if err != nil {
		t.Fatal(err)
	}
	s, err := onnx.Open("counter", raw, onnx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func runner(t testing.TB, o Options) *Runner {
	t.Helper()
	r, err := New(counter(t), plan, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := errors.Join(r.Close(), r.Close()); err != nil {
			t.Error(err)
		}
	})
	return r
}

// caller is a stream and what its answers must be.
type caller struct {
	*Stream
	x, y  []float32
	pick  []int64
	steps []int64
	sum   [3]float32
	past  [2]float32 // first values of the last two inputs
	n     int64
}

func newCaller(t testing.TB, r *Runner) *caller {
	t.Helper()
	s, err := r.NewStream()
	if err != nil {
		t.Fatal(err)
	}
	c := &caller{Stream: s}
	var errs [4]error
	c.x, errs[0] = Feed[float32](s, 0)
	c.pick, errs[1] = Feed[int64](s, 1)
	c.y, errs[2] = Fetch[float32](s, 0)
	c.steps, errs[3] = State[int64](s, 2)
	if err := errors.Join(errs[:]...); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return c
}

// feed prepares the next input.
func (c *caller) feed() {
	for i := range c.x {
		c.x[i] = float32(rand.IntN(100))
		c.sum[i] += c.x[i]
	}
	c.n++
}

// check compares the answer to that input.
func (c *caller) check() error {
	for i, v := range c.y {
		if want := c.sum[i] + c.past[0]; v != want {
			return fmt.Errorf("step %d: y[%d] = %v, want %v", c.n, i, v, want)
		}
	}
	if c.steps[0] != c.n {
		return fmt.Errorf("the graph counts %d steps, want %d", c.steps[0], c.n)
	}
	c.past = [2]float32{c.past[1], c.x[0]}
	return nil
}

func (c *caller) turn() error {
	c.feed()
	if err := c.Step(false); err != nil {
		return err
	}
	return c.check()
}

func TestConcurrentStreamsKeepTheirOwnStates(t *testing.T) {
	for _, o := range []Options{{Max: 1}, {Max: 3, Lanes: 1}, {Max: 16, Lanes: 2}, {Max: 64, Lanes: 4, Wait: time.Microsecond}} {
		t.Run(fmt.Sprintf("max %d, %d lanes", o.Max, o.Lanes), func(t *testing.T) {
			r := runner(t, o)
			var wg sync.WaitGroup
			for range 20 {
				c := newCaller(t, r)
				wg.Go(func() {
					for range 50 {
						if err := c.turn(); err != nil {
							t.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			runs, steps := r.Stats()
			if steps != 20*50 || runs > steps || runs*int64(o.Max) < steps {
				t.Errorf("%d runs of %d steps", runs, steps)
			}
		})
	}
}

func TestStreamsThatComeTogetherRunTogether(t *testing.T) {
	r := runner(t, Options{Lanes: 1, Max: 8, Wait: time.Hour})
	callers := make([]*caller, 8)
	for i := range callers {
		callers[i] = newCaller(t, r)
		callers[i].feed()
		callers[i].wake() // as after a first step, so that nobody runs alone
	}
	for _, c := range callers {
		if err := c.Start(false); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range callers {
		if err := errors.Join(c.Wait(), c.check()); err != nil {
			t.Error(err)
		}
	}
	if runs, steps := r.Stats(); runs != 1 || steps != 8 {
		t.Errorf("%d runs of %d steps, want one of 8", runs, steps)
	}
}

// Two lanes must not split streams that a single run could take: the second
// lane waits for those that the first is running.
func TestStreamsInARunAreWaitedFor(t *testing.T) {
	r := runner(t, Options{Lanes: 2, Max: 8, Wait: time.Hour})
	callers := make([]*caller, 8)
	for i := range callers {
		callers[i] = newCaller(t, r)
		callers[i].wake() // so that nobody runs alone
	}
	var wg sync.WaitGroup
	for _, c := range callers {
		wg.Go(func() {
			for range 50 {
				if err := c.turn(); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	if runs, steps := r.Stats(); runs != 50 || steps != 8*50 {
		t.Errorf("%d runs of %d steps, want 50 of 400", runs, steps)
	}
}

func TestLargeTensorsLimitTheBatch(t *testing.T) {
	for _, c := range []struct {
		layout layout
		want   int
	}{
		{layout{feedBytes: 28 << 20, stateBytes: 50 << 20}, 2}, // a state goes in and comes out
		{layout{stateBytes: maxLane}, 1},
		{layout{fixed: true}, 1},
	} {
		if got := c.layout.most(); got != c.want {
			t.Errorf("%d bytes of state, fixed %v: %d streams a run, want %d", c.layout.stateBytes, c.layout.fixed, got, c.want)
		}
	}
}

func TestALoneStreamDoesNotWait(t *testing.T) {
	r := runner(t, Options{Wait: time.Hour})
	c, resting := newCaller(t, r), newCaller(t, r)
	if err := resting.turn(); err != nil {
		t.Fatal(err)
	}
	resting.Reset() // nobody waits for it any more
	for range 10 {
		if err := c.turn(); err != nil {
			t.Fatal(err)
		}
	}
	if err := resting.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestAnUrgentStepTakesWaitingOnesAlong(t *testing.T) {
	r := runner(t, Options{Wait: time.Hour, Lanes: 1})
	slow, patient, hasty := newCaller(t, r), newCaller(t, r), newCaller(t, r)
	if err := slow.turn(); err != nil { // and never comes again
		t.Fatal(err)
	}
	patient.feed()
	if err := patient.Start(false); err != nil {
		t.Fatal(err)
	}
	hasty.feed()
	if err := hasty.Step(true); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(hasty.check(), patient.Wait(), patient.check()); err != nil {
		t.Error(err)
	}
}

func TestASlowStreamDelaysNobodyBeyondTheWait(t *testing.T) {
	r := runner(t, Options{Wait: 5 * time.Millisecond, Lanes: 1})
	slow, c := newCaller(t, r), newCaller(t, r)
	if err := slow.turn(); err != nil { // awake, but silent from now on
		t.Fatal(err)
	}
	for range 3 { // would never return if slow were waited for
		if err := c.turn(); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAFailedRunMovesNobody(t *testing.T) {
	r := runner(t, Options{Lanes: 1})
	c, spoiler := newCaller(t, r), newCaller(t, r)
	if err := c.turn(); err != nil {
		t.Fatal(err)
	}
	spoiler.pick[0] = 99
	if err := spoiler.Step(true); err == nil {
		t.Error("a pick beyond the table succeeded")
	}
	if spoiler.steps[0] != 0 {
		t.Error("the failed step moved the state")
	}
	spoiler.pick[0] = 0
	if err := errors.Join(c.turn(), spoiler.turn()); err != nil {
		t.Errorf("after a failed run: %v", err)
	}
}

func TestForksGoOnFromTheSamePoint(t *testing.T) {
	r := runner(t, Options{})
	c, fork := newCaller(t, r), newCaller(t, r)
	for range 3 {
		if err := c.turn(); err != nil {
			t.Fatal(err)
		}
	}
	if err := fork.CopyFrom(c.Stream); err != nil {
		t.Fatal(err)
	}
	fork.sum, fork.past, fork.n = c.sum, c.past, c.n
	if err := errors.Join(fork.turn(), fork.turn(), c.turn()); err != nil {
		t.Error(err)
	}
	other := newCaller(t, runner(t, Options{}))
	if err := other.CopyFrom(c.Stream); !errors.Is(err, ErrPlan) {
		t.Errorf("copy between runners: %v", err)
	}
}

func TestResetReturnsToTheStart(t *testing.T) {
	c := newCaller(t, runner(t, Options{}))
	if err := errors.Join(c.turn(), c.turn()); err != nil {
		t.Fatal(err)
	}
	c.Reset()
	c.sum, c.past, c.n = [3]float32{}, [2]float32{}, 0
	if err := c.turn(); err != nil {
		t.Error(err)
	}
}

func TestClosingIsSafeAtAnyMoment(t *testing.T) {
	r := runner(t, Options{Wait: time.Hour, Lanes: 1})
	slow, c := newCaller(t, r), newCaller(t, r)
	if err := slow.turn(); err != nil {
		t.Fatal(err)
	}
	if err := c.Start(false); err != nil { // waits for slow, who does not come
		t.Fatal(err)
	}
	if err := c.Start(false); !errors.Is(err, ErrBusy) {
		t.Errorf("a second step at once: %v", err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil && !errors.Is(err, ErrClosed) {
		t.Errorf("Wait: %v", err)
	}
	if err := slow.Step(false); !errors.Is(err, ErrClosed) {
		t.Errorf("Step after Close: %v", err)
	}
	if _, err := r.NewStream(); !errors.Is(err, ErrClosed) {
		t.Errorf("NewStream after Close: %v", err)
	}
	if err := errors.Join(c.Close(), c.Close()); err != nil {
		t.Error(err)
	}
	if err := c.Start(false); !errors.Is(err, ErrClosed) {
		t.Errorf("Start after Close: %v", err)
	}
}

func TestPlansThatDoNotFitAreRefused(t *testing.T) {
	s := counter(t)
	for name, change := range map[string]func(*Plan){
		"input missing":    func(p *Plan) { p.Feeds = p.Feeds[:1] },
		"input twice":      func(p *Plan) { p.Feeds = append(p.Feeds[:1:1], Port{Index: 0}) },
		"output absent":    func(p *Plan) { p.Fetches = []Port{{Index: 9}} },
		"axis absent":      func(p *Plan) { p.Feeds = []Port{{Index: 0, Axis: 2}, {Index: 1}} },
		"axis fixed":       func(p *Plan) { p.Feeds = []Port{{Index: 0, Axis: 1}, {Index: 1}} },
		"state of another": func(p *Plan) { p.States = []Carry{{In: 3, Out: 3}, {In: 2, Out: 2, Axis: 1}, {In: 4, Out: 1}} },
		"other size":       func(p *Plan) { p.Feeds = []Port{{Index: 0, Dims: []int64{1, 4}}, {Index: 1}} },
		"huge":             func(p *Plan) { p.Feeds = []Port{{Index: 0, Dims: []int64{1, 1 << 40}}, {Index: 1}} },
	} {
		t.Run(name, func(t *testing.T) {
			p := plan
			change(&p)
			if r, err := New(s, p, Options{}); !errors.Is(err, ErrPlan) {
				t.Errorf("New = %v", err)
				_ = r.Close()
			}
		})
	}
}

func TestTensorsOfOtherTypesAreRefused(t *testing.T) {
	c := newCaller(t, runner(t, Options{}))
	if _, err := Feed[int64](c.Stream, 0); !errors.Is(err, ErrType) {
		t.Errorf("float32 as int64: %v", err)
	}
	if _, err := Fetch[float32](c.Stream, 1); !errors.Is(err, ErrType) {
		t.Errorf("absent tensor: %v", err)
	}
}

func TestStepsDoNotAllocate(t *testing.T) {
	c := newCaller(t, runner(t, Options{Lanes: 1}))
	step := func() {
		if err := c.turn(); err != nil {
			t.Fatal(err)
		}
	}
	for range 10 {
		step()
	}
	if n := testing.AllocsPerRun(200, step); n != 0 {
		t.Errorf("%v allocations a step", n)
	}
}

func BenchmarkStep(b *testing.B) {
	c := newCaller(b, runner(b, Options{Lanes: 1}))
	b.ReportAllocs()
	for b.Loop() {
		if err := c.Step(false); err != nil {
			b.Fatal(err)
		}
	}
}
