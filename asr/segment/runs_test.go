package segment

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// busy makes every run last a second of the test's clock and notes how many
// went on at once and what was run together.
type busy struct {
	counting
	mu      sync.Mutex
	most    atomic.Int32
	now     atomic.Int32
	batches [][]int
	fail    func(n int) bool
}

func (b *busy) Recognise(utterances []Utterance) ([]Reading, error) {
	b.most.Store(max(b.most.Load(), b.now.Add(1)))
	defer b.now.Add(-1)
	time.Sleep(time.Second)
	b.mu.Lock()
	defer b.mu.Unlock()
	var lengths []int
	for _, u := range utterances {
		lengths = append(lengths, len(u.PCM))
	}
	b.batches = append(b.batches, lengths)
	if b.fail != nil && b.fail(len(utterances)) {
		return nil, errModel
	}
	return b.counting.Recognise(utterances)
}

// together lets utterances of these lengths arrive one by one while the first
// is still running, and checks that each gets its own reading.
func together(t *testing.T, b *busy, places int, lengths ...time.Duration) {
	t.Helper()
	r := newRuns(b, places)
	var wg sync.WaitGroup
	for _, d := range lengths {
		wg.Go(func() {
			got, err := r.do(Utterance{PCM: make([]int16, samples(d))})
			if err != nil || got.Text != d.String() {
				t.Errorf("%v was read as %q, %v", d, got.Text, err)
			}
		})
		synctest.Wait()
	}
	wg.Wait()
	if r.free != places || len(r.queue) != 0 {
		t.Errorf("%d of %d places free, %d in the queue", r.free, places, len(r.queue))
	}
}

func TestRunsAreLimitedAndWaitersShareOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &busy{counting: counting{batch: 4}}
		together(t, b, 1, time.Second, 2*time.Second, 10*time.Second, 2500*time.Millisecond, 11*time.Second)
		if got, want := fmt.Sprint(b.batches), "[[16000] [32000 40000] [160000 176000]]"; got != want || b.most.Load() != 1 {
			t.Errorf("runs %s, %d at once, want %s", got, b.most.Load(), want)
		}
	})
}

func TestPlacesAreUsedAtTheSameTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &busy{}
		begin := time.Now()
		together(t, b, 2, time.Second, time.Second, time.Second, time.Second)
		if took := time.Since(begin); took != 2*time.Second || b.most.Load() != 2 {
			t.Errorf("four runs on two places took %v, %d at once", took, b.most.Load())
		}
	})
}

func TestASharedRunThatFailsIsRepeatedOneByOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := &busy{counting: counting{batch: 4}, fail: func(n int) bool { return n > 1 }}
		together(t, b, 1, time.Second, 2*time.Second, 2*time.Second)
		sizes := []int{}
		for _, lengths := range b.batches {
			sizes = append(sizes, len(lengths))
		}
		if !slices.Equal(sizes, []int{1, 2, 1, 1}) {
			t.Errorf("sizes of the runs: %v", sizes)
		}
	})
}

func TestInterimRunsDoNotWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRuns(&busy{}, 1)
		var wg sync.WaitGroup
		wg.Go(func() { _, _ = r.do(Utterance{PCM: make([]int16, Rate)}) })
		synctest.Wait()
		if _, ran, err := r.tryDo(Utterance{PCM: make([]int16, Rate)}); ran || err != nil {
			t.Errorf("ran %v, %v while the only place was taken", ran, err)
		}
		wg.Wait()
		if got, ran, err := r.tryDo(Utterance{PCM: make([]int16, Rate)}); !ran || err != nil || got.Text != "1s" {
			t.Errorf("%+v, %v, %v on a free place", got, ran, err)
		}
		if got := r.cost(2 * time.Second); got != 2*time.Second {
			t.Errorf("two seconds cost %v, a second took a second", got)
		}
	})
}
