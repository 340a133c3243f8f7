package dialog

import (
	"context"
	"slices"
	"sync"
)

// MemoryLog is a Log that forgets with the process, for chat and tests.
type MemoryLog struct {
	mu      sync.RWMutex
	entries map[string][]Entry
}

var _ Log = (*MemoryLog)(nil)

// NewMemoryLog returns an empty log.
func NewMemoryLog() *MemoryLog { return &MemoryLog{entries: make(map[string][]Entry)} }

// Append keeps the entry.
func (l *MemoryLog) Append(_ context.Context, e Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries[e.Conversation] = append(l.entries[e.Conversation], e)
	return nil
}

// Read returns the entries of a conversation in order.
func (l *MemoryLog) Read(_ context.Context, conversation string) ([]Entry, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return slices.Clone(l.entries[conversation]), nil
}
