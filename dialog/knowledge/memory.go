package knowledge

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Memory is a Keeper that forgets everything at the end: for a chat on the
// terminal and for tests.
type Memory struct {
	mu        sync.Mutex
	version   int64
	documents []Stored
	pins      []Pin
	missed    map[string]Question
}

// NewMemory makes an empty one.
func NewMemory() *Memory { return &Memory{missed: make(map[string]Question)} }

var _ Keeper = (*Memory)(nil)

// change runs f under the lock and counts the change.
func (m *Memory) change(f func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	f()
	m.version++
}

// Version counts changes.
func (m *Memory) Version(context.Context) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.version, nil
}

// Documents lists the newest first.
func (m *Memory) Documents(context.Context) ([]Stored, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.documents), nil
}

// SaveDocument replaces one of the same name.
func (m *Memory) SaveDocument(_ context.Context, d Stored) error {
	m.change(func() {
		m.documents = append([]Stored{d}, without(m.documents, func(o Stored) bool { return o.Name == d.Name })...)
	})
	return nil
}

// RemoveDocument reports whether there was one.
func (m *Memory) RemoveDocument(_ context.Context, name string) (found bool, _ error) {
	m.change(func() {
		before := len(m.documents)
		m.documents = without(m.documents, func(o Stored) bool { return o.Name == name })
		found = len(m.documents) < before
	})
	return found, nil
}

// Pins lists the newest first.
func (m *Memory) Pins(context.Context) ([]Pin, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.pins), nil
}

// SavePin replaces one of the same id.
func (m *Memory) SavePin(_ context.Context, p Pin) error {
	m.change(func() { m.pins = append([]Pin{p}, without(m.pins, func(o Pin) bool { return o.ID == p.ID })...) })
	return nil
}

// RemovePin reports whether there was one.
func (m *Memory) RemovePin(_ context.Context, id string) (found bool, _ error) {
	m.change(func() {
		before := len(m.pins)
		m.pins = without(m.pins, func(o Pin) bool { return o.ID == id })
		found = len(m.pins) < before
	})
	return found, nil
}

// Missed counts a question.
func (m *Memory) Missed(_ context.Context, question string, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	q := m.missed[question]
	m.missed[question] = Question{Text: question, Times: q.Times + 1, Last: at}
	return nil
}

// MissedSince lists the most asked first.
func (m *Memory) MissedSince(_ context.Context, since time.Time, limit int) ([]Question, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []Question
	for _, q := range m.missed {
		if !q.Last.Before(since) {
			all = append(all, q)
		}
	}
	slices.SortFunc(all, func(a, b Question) int {
		if a.Times != b.Times {
			return b.Times - a.Times
		}
		return slices.Compare([]byte(a.Text), []byte(b.Text))
	})
	return all[:min(len(all), limit)], nil
}
