// Package batch lets many live streams of one graph share its runs. Each stream
// keeps its own state; the steps that concurrent streams ask for within a few
// milliseconds run as one batch, whose weights are read from memory once. A
// lone stream never waits. It may import models/onnx.
package batch

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"waggle/models/onnx"
)

// Options tunes a Runner. The zero value of a field takes its default.
type Options struct {
	// Max is how many streams share a run at most; default 32, beyond which
	// graphs of products gain little (asr/bench has the curve). It is less where
	// the tensors of a run would take more than 256 MiB.
	Max int
	// Wait is how long a step may wait for company; default 8 ms, less than
	// half a telephone frame. It does not wait when every stream that stepped
	// since its Reset is already there. Those in a run are waited for as well:
	// with runs shorter than Wait one run of all costs less processor time than
	// two halves side by side, and longer ones end the wait.
	Wait time.Duration
	// Lanes is how many runs go on at the same time; default one per core.
	Lanes int
}

const (
	defaultMax  = 32
	defaultWait = 8 * time.Millisecond
	maxLanes    = 64
	// hurry is how long an urgent step waits for company while other runs go on:
	// the end of an utterance is not to run alone on a core that is needed.
	hurry  = 2 * time.Millisecond
	queued = 1024 // steps that can wait; more block in Start
)

func (o Options) orDefault() Options {
	if o.Max <= 0 {
		o.Max = defaultMax
	}
	if o.Wait <= 0 {
		o.Wait = defaultWait
	}
	if o.Lanes <= 0 {
		o.Lanes = runtime.GOMAXPROCS(0)
	}
	o.Lanes = min(o.Lanes, maxLanes)
	return o
}

// Runner gathers the steps of streams and runs them. It is safe for concurrent
// use; its Streams are not.
type Runner struct {
	session *onnx.Session
	layout  *layout
	set     Options
	queue   chan *Stream
	spare   chan *lane // for steps that run alone

	turn    sync.Mutex   // held by the lane that gathers
	waiting atomic.Int64 // steps handed over that are in no run yet
	awake   atomic.Int64 // streams that stepped since their Reset
	busy    atomic.Int64 // runs going on now
	runs    atomic.Int64
	steps   atomic.Int64

	stopping sync.Once
	stop     chan struct{} // closed when no more steps are taken
	finished chan struct{} // closed when no lane works any more
	err      error         // of closing the lanes, once finished
}

// New starts the lanes of a graph, whose Session must outlive the Runner.
// Error: ErrPlan.
func New(s *onnx.Session, p Plan, o Options) (*Runner, error) {
	l, err := newLayout(s, p)
	if err != nil {
		return nil, err
	}
	r := &Runner{
		session: s, layout: l, set: o.orDefault(), queue: make(chan *Stream, queued),
		stop: make(chan struct{}), finished: make(chan struct{}),
	}
	r.set.Max = min(r.set.Max, l.most())
	r.spare = make(chan *lane, r.set.Lanes)
	for range r.set.Lanes {
		r.spare <- r.newLane(1)
	}
	r.launch()
	return r, nil
}

func (r *Runner) newLane(streams int) *lane {
	return &lane{layout: r.layout, session: r.session, batch: make([]*Stream, 0, streams)}
}

// launch starts the lanes; Close waits for them.
func (r *Runner) launch() {
	errs := make([]error, r.set.Lanes)
	var lanes sync.WaitGroup
	for i := range errs {
		lanes.Go(func() { errs[i] = r.work() })
	}
	go func() {
		lanes.Wait()
		for range r.set.Lanes { // after the steps that still run alone
			errs = append(errs, (<-r.spare).close())
		}
		r.err = errors.Join(errs...)
		close(r.finished)
	}()
}

// work runs batches until the Runner is closed.
func (r *Runner) work() error {
	l := r.newLane(r.set.Max)
	late := time.NewTimer(time.Hour)
	defer late.Stop()
	for r.gather(l, late) {
		err := r.run(l)
		for _, s := range l.batch {
			s.done <- err
		}
	}
	return l.close()
}

// run takes a step of the lane's batch.
func (r *Runner) run(l *lane) error {
	r.busy.Add(1)
	err := l.run()
	r.busy.Add(-1)
	r.runs.Add(1)
	r.steps.Add(int64(len(l.batch)))
	return err
}

// alone runs a step at once when nobody waits to share a run with it and it
// does not wait for anybody, an urgent one only where nothing else runs; it
// reports whether it did.
func (r *Runner) alone(s *Stream, urgent bool) (ran bool, err error) {
	if r.waiting.Load() > 0 || r.isClosed() {
		return false, nil
	}
	if r.awake.Load() > 1 && (!urgent || r.busy.Load() > 0) {
		return false, nil
	}
	select {
	case l := <-r.spare:
		l.batch = append(l.batch[:0], s)
		err := r.run(l)
		r.spare <- l
		return true, err
	default:
		return false, nil
	}
}

// gather fills the lane's batch and reports whether there is one to run. One
// lane gathers at a time, so that streams that come together run together.
func (r *Runner) gather(l *lane, late *time.Timer) bool {
	r.turn.Lock()
	defer r.turn.Unlock()
	l.batch = l.batch[:0]
	select {
	case <-r.stop:
		return false
	case s := <-r.queue:
		l.batch = append(l.batch, s)
	}
	defer func() { r.waiting.Add(-int64(len(l.batch))) }()
	late.Reset(r.set.Wait)
	hurried := false
	for len(l.batch) < r.set.Max {
		if !hurried && l.batch[len(l.batch)-1].urgent {
			hurried = true
			late.Reset(min(r.set.Wait, hurry))
		}
		select {
		case s := <-r.queue:
			l.batch = append(l.batch, s)
			continue
		default:
		}
		if r.awake.Load() <= int64(len(l.batch)) {
			break
		}
		select {
		case s := <-r.queue:
			l.batch = append(l.batch, s)
			continue
		case <-late.C:
		case <-r.stop:
		}
		break
	}
	return true
}

// Stats counts since New: runs, and the steps of streams that they took.
func (r *Runner) Stats() (runs, steps int64) { return r.runs.Load(), r.steps.Load() }

func (r *Runner) isClosed() bool {
	select {
	case <-r.stop:
		return true
	default:
		return false
	}
}

// Close stops the lanes and waits for them. Steps in flight are run or end with
// ErrClosed. It is idempotent.
func (r *Runner) Close() error {
	r.stopping.Do(func() { close(r.stop) })
	<-r.finished
	return r.err
}
