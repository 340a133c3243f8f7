package segment

import (
	"fmt"
	"sync"
	"time"
)

// runs limits how many runs of a model go on at once and lets utterances that
// wait share one. No goroutine is started: whoever finds a free place runs, for
// itself and for those who wait behind it with about as much sound.
type runs struct {
	model Model

	mu    sync.Mutex
	free  int
	queue []*job
	// pace is the smoothed time that one second of sound takes.
	pace time.Duration
}

// job is an utterance that waits for its reading.
type job struct {
	utterance Utterance
	reading   Reading
	err       error
	// turn receives true when the job may run, false when it was run along.
	turn chan bool
}

func newRuns(m Model, places int) *runs { return &runs{model: m, free: places} }

// do returns the reading of one utterance, after waiting for a place.
func (r *runs) do(u Utterance) (Reading, error) {
	j := &job{utterance: u, turn: make(chan bool, 1)}
	r.mu.Lock()
	if r.free > 0 {
		r.free--
	} else {
		r.queue = append(r.queue, j)
		r.mu.Unlock()
		if lead := <-j.turn; !lead {
			return j.reading, j.err
		}
		r.mu.Lock()
	}
	batch := r.along(j)
	r.mu.Unlock()
	r.run(batch)
	r.pass()
	for _, mate := range batch[1:] {
		mate.turn <- false
	}
	return j.reading, j.err
}

// tryDo is do where nobody has to wait: false when all places are taken.
func (r *runs) tryDo(u Utterance) (Reading, bool, error) {
	r.mu.Lock()
	if r.free == 0 {
		r.mu.Unlock()
		return Reading{}, false, nil
	}
	r.free--
	r.mu.Unlock()
	j := &job{utterance: u}
	r.run([]*job{j})
	r.pass()
	return j.reading, true, j.err
}

// along takes from the queue the jobs that may share j's run.
func (r *runs) along(j *job) []*job {
	batch := []*job{j}
	rest := r.queue[:0]
	for _, other := range r.queue {
		if len(batch) < r.model.Batch() && alike(len(j.utterance.PCM), len(other.utterance.PCM)) {
			batch = append(batch, other)
		} else {
			rest = append(rest, other)
		}
	}
	clear(r.queue[len(rest):])
	r.queue = rest
	return batch
}

// alike reports whether padding the shorter to the longer wastes little: a run
// costs what its longest utterance costs, times the utterances.
func alike(a, b int) bool { return 2*max(a, b) <= 3*min(a, b) }

// pass hands the place to the next in the queue, or frees it.
func (r *runs) pass() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.queue) == 0 {
		r.free++
		return
	}
	next := r.queue[0]
	r.queue = append(r.queue[:0], r.queue[1:]...)
	next.turn <- true
}

// run fills in the batch. A shared run that fails is repeated one by one, so
// that nobody suffers for another's sound.
func (r *runs) run(batch []*job) {
	begin, samples := time.Now(), 0
	utterances := make([]Utterance, len(batch))
	for i, j := range batch {
		utterances[i] = j.utterance
		samples += len(j.utterance.PCM)
	}
	readings, err := r.model.Recognise(utterances)
	if err == nil && len(readings) != len(batch) {
		err = fmt.Errorf("asr: %d readings of %d utterances", len(readings), len(batch))
	}
	switch {
	case err == nil:
		for i, j := range batch {
			j.reading = readings[i]
		}
		r.note(time.Since(begin), samples)
	case len(batch) > 1:
		for _, j := range batch {
			r.run([]*job{j})
		}
	default:
		batch[0].err = err
	}
}

// note learns the model's pace from a run.
func (r *runs) note(took time.Duration, samples int) {
	if samples < Rate/10 {
		return // overhead only
	}
	now := took * Rate / time.Duration(samples)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.pace == 0 {
		r.pace = now
	}
	r.pace += (now - r.pace) / 4
}

// cost estimates how long a run over that much sound takes.
func (r *runs) cost(sound time.Duration) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	return time.Duration(r.pace.Seconds() * float64(sound))
}
