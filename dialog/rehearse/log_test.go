package rehearse_test

import (
	"context"
	"log/slog"
	"sync/atomic"
)

// countErrors counts what is logged as an error: a sentence without evidence,
// or a fault.
type countErrors struct {
	slog.Handler
	n atomic.Int64
}

func (c *countErrors) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelError {
		c.n.Add(1)
	}
	return c.Handler.Handle(ctx, r)
}
