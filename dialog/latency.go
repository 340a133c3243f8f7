package dialog

import (
	"context"
	"time"
)

// Answered notes how long the user waited for the first sound or byte of the
// last reply. It is an entry of its own, since it is known only afterwards.
func (c *Conversations) Answered(ctx context.Context, id string, latency time.Duration) error {
	return c.with(ctx, id, func(conv *conversation) error {
		return c.append(ctx, conv, Entry{Latency: latency})
	})
}
