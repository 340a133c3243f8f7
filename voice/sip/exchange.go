package sip

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"

	"waggle/voice"
)

// Desk is where people answer calls that the robot hands over. It is the shop's
// setting: nothing that a caller says or sends gets into it.
type Desk struct {
	URI    string // "sip:600@pbx:5060"
	Trunk  string // name of a trunk, with Number, in place of URI
	Number string
	Lines  int           // most calls with it at once; 0 = 2
	Ring   time.Duration // how long it may ring; 0 = 40 s
	Bridge bool          // never asks the caller's line to transfer
}

const (
	deskLines = 2
	deskRing  = 40 * time.Second
	// tellTime is what a line that transfers may take beyond the ringing.
	tellTime = 10 * time.Second
)

// exchange connects callers with the desk.
type exchange struct {
	door  *Door
	desk  Desk
	refer string        // the desk for a peer that transfers, or ""
	lines chan struct{} // one for each call with the desk
}

var _ voice.Exchange = (*exchange)(nil)

var errDesk = errors.New(`a desk needs a SIP address ("sip:600@pbx") or a number that a trunk with an address allows`)

// Exchange is the way to the desk of the configuration; nil without one.
func (d *Door) Exchange() voice.Exchange {
	if d.desk == nil {
		return nil
	}
	return d.desk
}

// newExchange checks the desk before anybody is promised it.
func newExchange(d *Door, desk Desk) (*exchange, error) {
	if desk.Lines == 0 {
		desk.Lines = deskLines
	}
	if desk.Ring == 0 {
		desk.Ring = deskRing
	}
	x := &exchange{door: d, desk: desk, lines: make(chan struct{}, desk.Lines)}
	if desk.Trunk == "" {
		dest, err := parseTarget(desk.URI)
		if err != nil {
			return nil, fmt.Errorf("sip: %w: %w", errDesk, err)
		}
		x.refer = dest.uri.String()
		return x, nil
	}
	t, ok := d.trunk(desk.Trunk)
	if !ok || t.Address == "" || !t.allows(desk.Number) {
		return nil, fmt.Errorf("sip: %w: %q over %q", errDesk, desk.Number, desk.Trunk)
	}
	dest, err := parseTarget(t.Address)
	if err != nil {
		return nil, fmt.Errorf("sip: %w: %w", errDesk, err)
	}
	x.refer = (&sip.Uri{Scheme: "sip", User: desk.Number, Host: dest.uri.Host, Port: dest.uri.Port}).String()
	return x, nil
}

// Refer implements voice.Exchange for callers whose line says that it takes
// REFER. A number of a trunk is only asked of that trunk's own calls.
func (x *exchange) Refer(ctx context.Context, caller voice.Leg) error {
	l, ok := caller.(*leg)
	if !ok || x.desk.Bridge || x.desk.Trunk != "" && !x.sameTrunk(l.call) {
		return voice.ErrNoRefer
	}
	ctx, stop := context.WithTimeoutCause(ctx, x.desk.Ring+tellTime, ErrNoAnswer)
	defer stop()
	return forDesk(l.call.refer(ctx, x.refer))
}

func (x *exchange) sameTrunk(c *call) bool {
	if c.trunk != "" {
		return c.trunk == x.desk.Trunk
	}
	t, _ := x.door.trunk(x.desk.Trunk)
	return policy{trunks: t.From}.trusts(c.hop.remote.Addr())
}

// Dial implements voice.Exchange: it calls the desk, on one of its lines.
func (x *exchange) Dial(ctx context.Context) (voice.Leg, error) {
	select {
	case x.lines <- struct{}{}:
	default:
		return nil, fmt.Errorf("sip: all lines to the desk are taken: %w", voice.ErrDeskBusy)
	}
	l, err := x.door.Dial(ctx, Target{URI: x.desk.URI, Trunk: x.desk.Trunk, Number: x.desk.Number, Ring: x.desk.Ring})
	if err != nil {
		<-x.lines
		return nil, forDesk(err)
	}
	return &deskLeg{leg: l.(*leg), leave: sync.OnceFunc(func() { <-x.lines })}, nil //nolint:forcetypeassert // Dial makes no other
}

// deskLeg gives its line back when it is closed.
type deskLeg struct {
	*leg
	leave func()
}

// Close implements voice.Leg.
func (l *deskLeg) Close(cause voice.Cause) error {
	defer l.leave()
	return l.leg.Close(cause)
}

// forDesk puts a verdict of this door into the words of the session.
func forDesk(err error) error {
	switch {
	case errors.Is(err, ErrBusy):
		return fmt.Errorf("%w: %w", voice.ErrDeskBusy, err)
	case errors.Is(err, ErrNoAnswer):
		return fmt.Errorf("%w: %w", voice.ErrDeskNoAnswer, err)
	}
	return err
}
