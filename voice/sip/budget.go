package sip

import (
	"errors"
	"sync"
	"time"
)

// ErrSpent says that a trunk has used up its minutes of the day.
var ErrSpent = errors.New("the trunk's minutes for today are used up")

// budget counts the minutes that calls over each trunk took today, so that a
// stolen account or a runaway campaign has a bounded price. It counts begun
// minutes, as providers do, and forgets with the process.
type budget struct {
	now func() time.Time

	mu   sync.Mutex
	day  string
	used map[string]int // by trunk
}

func newBudget(now func() time.Time) *budget {
	return &budget{now: now, used: map[string]int{}}
}

// left reports whether the trunk may begin another call.
func (b *budget) left(t Trunk) bool {
	if t.DailyMinutes == 0 {
		return true
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn()
	return b.used[t.Name] < t.DailyMinutes
}

// spend books a call that lasted so long.
func (b *budget) spend(trunk string, lasted time.Duration) {
	if trunk == "" {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.turn()
	b.used[trunk] += int((lasted + time.Minute - 1) / time.Minute)
}

// turn begins a new day at midnight, local time.
func (b *budget) turn() {
	if day := b.now().Format(time.DateOnly); day != b.day {
		b.day = day
		clear(b.used)
	}
}
