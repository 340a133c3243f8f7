package voice

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"waggle/dialog"
	"waggle/tts"
)

// Exchange is the way to people by phone. Whom it calls is the shop's setting:
// nothing that a caller says or sends gets there.
type Exchange interface {
	// Refer asks the caller's own line to call the desk in our place, and waits
	// for how that went. nil: the caller talks to a person, our leg is over.
	// ErrNoRefer: the line does not do it, and nothing has changed.
	Refer(ctx context.Context, caller Leg) error
	// Dial calls the desk and returns its leg once somebody answers. When ctx
	// ends first the desk stops ringing.
	Dial(ctx context.Context) (Leg, error)
}

// Why nobody at the desk took a call. Other errors of an Exchange are faults.
var (
	ErrNoRefer      = errors.New("voice: the line does not transfer calls")
	ErrDeskBusy     = errors.New("voice: the desk is busy")
	ErrDeskNoAnswer = errors.New("voice: nobody at the desk answers")
)

// errRecalled ends an attempt that is not wanted any more.
var errRecalled = errors.New("voice: the transfer was called back")

// transfer connects one caller with the desk: it calls it, tells who is coming,
// and carries the sound between the two until one of them has enough. It is one
// goroutine; the ear gives it what the caller says.
type transfer struct {
	exchange    Exchange
	caller      Leg
	synthesizer tts.Synthesizer
	voice       tts.Voice
	recording   *Recording
	log         *slog.Logger

	orders chan string // who is coming, in words for the person at the desk
	news   chan connection

	operator atomic.Pointer[Leg] // of the person who has the caller, else nil
	referred atomic.Bool         // the caller's line has taken the caller away

	mu     sync.Mutex
	recall context.CancelCauseFunc // of the attempt under way
}

// connection is what becomes of an order: calling, then answered, joined and
// left; or referred; or failed.
type connection struct {
	state dialog.TransferState
	way   dialog.TransferWay
	err   error // of a state that means failure
}

// newTransfer is nil for a gateway without a desk; a nil transfer does nothing.
func newTransfer(c Config) *transfer {
	if c.Exchange == nil {
		return nil
	}
	return &transfer{exchange: c.Exchange, caller: c.Leg, synthesizer: c.Mouth, voice: c.Voice, recording: c.Recording, log: c.Log,
		orders: make(chan string, 1), news: make(chan connection, 8)}
}

// run takes orders until ctx ends.
func (x *transfer) run(ctx context.Context) error {
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case who := <-x.orders:
			attempt, recall := context.WithCancelCause(ctx)
			x.mu.Lock()
			x.recall = recall
			x.mu.Unlock()
			x.connect(ctx, attempt, who)
			recall(nil)
		}
	}
}

// order has the caller connected; news tells how it goes.
func (x *transfer) order(who string) {
	select {
	case x.orders <- who:
	default: // one is under way
	}
}

// cancel calls the attempt back that is under way: somebody else has the
// caller, or the robot has again.
func (x *transfer) cancel() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.recall != nil {
		x.recall(errRecalled)
	}
}

// connect carries one order out.
func (x *transfer) connect(ctx, attempt context.Context, who string) {
	announcement := x.announce(attempt, who)
	way := dialog.TransferRefer
	err := x.exchange.Refer(attempt, x.caller)
	if err == nil {
		x.referred.Store(true)
		x.tell(ctx, connection{state: dialog.TransferReferred, way: way})
		return
	}
	if errors.Is(err, ErrNoRefer) {
		way = dialog.TransferBridge
		err = x.bridge(ctx, attempt, announcement)
	}
	if err != nil {
		x.tell(ctx, connection{state: failure(attempt, err), way: way, err: err})
	}
}

// failure says in one word why nobody took the caller.
func failure(attempt context.Context, err error) dialog.TransferState {
	switch {
	case errors.Is(context.Cause(attempt), errRecalled):
		return dialog.TransferRecalled
	case errors.Is(err, ErrDeskBusy):
		return dialog.TransferBusy
	case errors.Is(err, ErrDeskNoAnswer):
		return dialog.TransferNoAnswer
	}
	return dialog.TransferFailed
}

// person is the line of who has the caller, or nil.
func (x *transfer) person() Leg {
	if x == nil {
		return nil
	}
	if l := x.operator.Load(); l != nil {
		return *l
	}
	return nil
}

// joined reports whether the caller talks to a person.
func (x *transfer) joined() bool { return x.person() != nil }

// gone reports whether the caller's line has taken the caller away.
func (x *transfer) gone() bool { return x != nil && x.referred.Load() }

// heard is where news comes from; nil without a desk.
func (x *transfer) heard() <-chan connection {
	if x == nil {
		return nil
	}
	return x.news
}

func (x *transfer) tell(ctx context.Context, c connection) {
	select {
	case x.news <- c:
	case <-ctx.Done():
	}
}

func (x *transfer) samples(d time.Duration) int {
	return int(d * time.Duration(x.voice.Rate) / time.Second)
}
