package outbound

import (
	"golang.org/x/time/rate"
)

// Pacer spaces calls out so that a campaign does not arrive at a trunk all at
// once. It is safe for concurrent use.
type Pacer struct{ limiter *rate.Limiter }

// NewPacer allows perSecond calls on average and burst at once.
func NewPacer(perSecond float64, burst int) *Pacer {
	return &Pacer{limiter: rate.NewLimiter(rate.Limit(perSecond), burst)}
}

// Allow reports whether a call may leave now, and counts it if so.
func (p *Pacer) Allow() bool { return p.limiter.Allow() }
