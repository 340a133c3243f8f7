package voice

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

func TestSeatsAreCountedAndGivenBack(t *testing.T) {
	c := NewCapacity(2)
	first, err := c.Admit()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Admit(); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Admit(); !errors.Is(err, ErrFull) {
		t.Errorf("the third of two: %v", err)
	}
	first()
	first() // giving back twice frees one seat only
	if _, err := c.Admit(); err != nil {
		t.Errorf("a seat was free: %v", err)
	}
	if _, err := c.Admit(); !errors.Is(err, ErrFull) {
		t.Errorf("giving back twice freed two seats: %v", err)
	}
}

// L02 in short: a storm never takes more seats than there are.
func TestAStormTakesNoMoreSeatsThanThereAre(t *testing.T) {
	c := NewCapacity(20)
	var admitted, refused int
	var mu sync.Mutex
	var wg sync.WaitGroup
	for range 1000 {
		wg.Go(func() {
			_, err := c.Admit()
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				admitted++
			} else if errors.Is(err, ErrFull) {
				refused++
			}
		})
	}
	wg.Wait()
	if admitted != 20 || refused != 980 {
		t.Errorf("%d admitted, %d refused", admitted, refused)
	}
}

// L04 in short: when recognition is saturated new calls are refused.
func TestASaturatedPartRefusesNewCalls(t *testing.T) {
	saturated := errors.New("no stream left")
	var now error
	c := NewCapacity(10, func() error { return now })
	if _, err := c.Admit(); err != nil {
		t.Fatal(err)
	}
	now = saturated
	if _, err := c.Admit(); !errors.Is(err, ErrFull) || !errors.Is(err, saturated) {
		t.Errorf("%v", err)
	}
	if taken, seats := c.InUse(); taken != 1 || seats != 10 {
		t.Errorf("%d of %d in use", taken, seats)
	}
}

// L07 in short: draining refuses at once, waits for calls, then says goodbye.
func TestDrain(t *testing.T) {
	for _, x := range []struct {
		name    string
		length  time.Duration // of the call, unless it is told to end
		obeys   bool          // ends when told to
		took    time.Duration
		goodbye bool
		fails   bool
	}{
		{"no call", 0, true, 0, false, false},
		{"a call that ends by itself", 50 * time.Second, true, 50 * time.Second, false, false},
		{"a call that goes on", time.Hour, true, drainTime + 3*time.Second, true, false},
		{"a call that hangs", time.Hour, false, drainTime + goodbyeTime, true, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			c := NewCapacity(1)
			var told bool
			if x.length > 0 {
				release, err := c.Admit()
				if err != nil {
					t.Fatal(err)
				}
				stop := make(chan struct{})
				defer close(stop)
				go func() {
					defer release()
					closing := c.Closing()
					if !x.obeys {
						closing = nil
					}
					select {
					case <-time.After(x.length):
					case <-closing:
						told = true
						time.Sleep(3 * time.Second) // the goodbye
					case <-stop:
					}
				}()
			}
			begun := time.Now()
			refused := time.AfterFunc(time.Second, func() {
				if _, err := c.Admit(); !errors.Is(err, ErrDraining) {
					t.Errorf("%s: a new call while draining: %v", x.name, err)
				}
			})
			defer refused.Stop()
			err := c.Drain(context.Background())
			if (err != nil) != x.fails || time.Since(begun) != x.took || told != (x.goodbye && x.obeys) {
				t.Errorf("%s: took %v, goodbye %v, error %v", x.name, time.Since(begun), told, err)
			}
			if !c.Draining() {
				t.Errorf("%s: not draining", x.name)
			}
		})
	}
}

func TestAnImpatientDrainSaysGoodbyeAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := NewCapacity(1)
		release, err := c.Admit()
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			<-c.Closing()
			release()
		}()
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		begun := time.Now()
		if err := c.Drain(ctx); err != nil || time.Since(begun) != 5*time.Second {
			t.Errorf("after %v: %v", time.Since(begun), err)
		}
		if err := c.Drain(ctx); err != nil {
			t.Error("draining twice:", err)
		}
	})
}
