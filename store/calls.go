package store

import (
	"context"

	"waggle/dialog"
)

// Calls recounts the newest limit conversations, newest last.
func (s *Store) Calls(ctx context.Context, limit int) ([]dialog.Record, error) {
	list, err := s.Conversations(ctx, limit)
	if err != nil {
		return nil, err
	}
	records := make([]dialog.Record, 0, len(list))
	for _, c := range list {
		entries, err := s.Read(ctx, c.ID)
		if err != nil {
			return nil, err
		}
		records = append(records, dialog.Recount(entries))
	}
	return records, nil
}
