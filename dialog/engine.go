package dialog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"waggle/dialog/guard"
	"waggle/dialog/nlu"
	"waggle/shop"
)

// Understander reads a turn; nlu has one.
type Understander interface {
	Understand(text string, alternatives ...string) nlu.Understanding
}

// Options of an Engine. Shop, Flows and Understander are needed.
type Options struct {
	Shop         shop.Shop
	Flows        []Flow
	Understander Understander
	// Now is the clock; nil means time.Now. Dates are spoken in Zone, nil
	// for China's.
	Now  func() time.Time
	Zone *time.Location
	Log  *slog.Logger
	// Recording makes the greeting on voice channels announce it.
	Recording bool
	// Guard checks every sentence; the zero value knows no catalogue.
	Guard guard.Guard
	// Desk says whether people are there; nil means always.
	Desk Desk
	// Remember keeps what was said last in the state, for a language model.
	Remember bool
}

// Engine answers turns. It holds no conversation itself and is safe for
// concurrent use; a State must be used by one turn at a time.
type Engine struct {
	shop      shop.Shop
	policy    shop.Policy
	guard     guard.Guard
	flows     map[string]Flow
	names     map[string][]string // of the steps of a flow
	byIntent  map[nlu.Intent]string
	byEvent   map[string]string // an event of the shop -> flow
	byFinding map[string]string // a kind of finding -> flow
	fallbacks []string
	wanting   []string // flows with Wants
	nlu       Understander
	now       func() time.Time
	zone      *time.Location
	log       *slog.Logger
	recording bool
	remember  bool
	desk      Desk
}

// NewEngine checks the options and reads the shop's policy.
func NewEngine(ctx context.Context, o Options) (*Engine, error) {
	if o.Shop == nil || o.Understander == nil || len(o.Flows) == 0 {
		return nil, errors.New("dialog: an engine needs a shop, an understander and flows")
	}
	e := &Engine{shop: o.Shop, nlu: o.Understander, now: o.Now, zone: o.Zone, log: o.Log, recording: o.Recording, guard: o.Guard, remember: o.Remember, desk: o.Desk,
		flows: make(map[string]Flow), names: make(map[string][]string), byIntent: make(map[nlu.Intent]string),
		byEvent: make(map[string]string), byFinding: make(map[string]string)}
	if e.now == nil {
		e.now = time.Now
	}
	if e.zone == nil {
		e.zone = time.FixedZone("CST", 8*3600)
	}
	if e.log == nil {
		e.log = slog.New(slog.DiscardHandler)
	}
	for _, f := range o.Flows {
		if err := e.add(f); err != nil {
			return nil, err
		}
	}
	var err error
	if e.policy, err = o.Shop.Policy(ctx); err != nil {
		return nil, fmt.Errorf("dialog: read the shop's policy: %w", err)
	}
	return e, nil
}

func (e *Engine) add(f Flow) error {
	if _, twice := e.flows[f.Name]; twice || f.Name == "" || len(f.Steps) == 0 {
		return fmt.Errorf("dialog: flow %q is double, nameless or empty", f.Name)
	}
	e.flows[f.Name] = f
	e.names[f.Name] = stepNames(f)
	for _, i := range f.Intents {
		if other, taken := e.byIntent[i]; taken {
			return fmt.Errorf("dialog: flows %s and %s both want intent %s", other, f.Name, i)
		}
		e.byIntent[i] = f.Name
	}
	for _, x := range f.Events {
		e.byEvent[x] = f.Name
	}
	for _, x := range f.Findings {
		e.byFinding[x] = f.Name
	}
	if f.Wants != nil {
		e.wanting = append(e.wanting, f.Name)
	}
	if f.Fallback {
		e.fallbacks = append(e.fallbacks, f.Name)
	}
	return nil
}

// Next answers one turn and moves the state on. An error is a fault of the
// gateway, not of the caller; the state is then as it was after the turn was
// read, and the reply apologises. A shop that does not answer is no error: the
// reply says so, and nothing is forgotten.
func (e *Engine) Next(ctx context.Context, st *State, t Turn) (Reply, error) {
	return e.Stream(ctx, st, t, nil)
}

// Stream is Next that tells emit of sentences as soon as they are certain,
// before the reply is whole; the reply holds them again.
func (e *Engine) Stream(ctx context.Context, st *State, t Turn, emit func(Sentence)) (Reply, error) {
	sc := e.scene(st, t)
	sc.emit = emit
	st.Heard = t.Heard
	if st.WithHuman || st.Ended {
		return Reply{}, nil
	}
	st.Turns++
	e.resume(sc)
	var err error
	if !e.endless(sc) {
		err = e.react(ctx, sc)
	}
	if err == nil {
		e.temper(sc)
	}
	if h := sc.draft.handOff; err == nil && h != nil {
		switch {
		case e.desk != nil && !e.desk.Open(sc.Now(), sc.Manner.Voice):
			err = e.nobody(ctx, sc)
		case sc.Manner.Voice:
			h.Announcement = e.announce(ctx, sc)
		}
	}
	if err == nil {
		st.Unreachable = 0
	}
	if errors.Is(err, shop.ErrUnavailable) {
		e.log.Warn("the shop's system does not answer", "call", st.Conversation, "flow", flowName(st), "err", err)
		sc.draft = draft{}
		e.unreachable(sc)
		return e.close(sc), nil
	}
	if err != nil {
		e.log.Error("turn failed", "call", st.Conversation, "flow", flowName(st), "err", err)
		sc.draft = draft{}
		st.Frames, st.Later = nil, nil
		e.broken(sc)
	}
	return e.close(sc), err
}

func flowName(st *State) string {
	if f := st.active(); f != nil {
		return f.Flow
	}
	return ""
}

func (e *Engine) scene(st *State, t Turn) *Scene {
	channel := t.Channel
	if channel == "" {
		channel = st.Channel
	}
	now := t.At
	if now.IsZero() {
		now = e.now()
	}
	_, hasModel := e.flows[ModelFlow]
	return &Scene{State: st, Shop: e.shop, Policy: e.policy, Turn: t, Log: e.log, guard: e.guard, hasModel: hasModel,
		Manner: Manner{Voice: st.Channel != ChannelText || channel != ChannelText, Now: now.In(e.zone)}}
}

// react brings the turn to the prompts or the flows it belongs to.
func (e *Engine) react(ctx context.Context, sc *Scene) error {
	if err := e.refer(ctx, sc); err != nil {
		return err
	}
	if sc.Turn.Event != "" {
		return e.event(ctx, sc)
	}
	sc.State.Silent = 0
	if len(sc.Turn.Pictures()) > 0 {
		sc.State.Photos, sc.State.PhotoIDs = sc.Turn.Photo, sc.Turn.PhotoIDs()
	}
	e.understand(sc)
	return e.converse(ctx, sc)
}

// refer puts what the turn is about in focus: a product, and an order of the
// caller's own.
func (e *Engine) refer(ctx context.Context, sc *Scene) error {
	st, t := sc.State, sc.Turn
	if t.Product != "" {
		st.Product = t.Product
	}
	if t.Order == "" || !st.Caller.Known {
		return nil
	}
	o, err := e.shop.Order(ctx, t.Order)
	if errors.Is(err, shop.ErrNotFound) || err == nil && o.Customer != st.Caller.Customer {
		return nil
	}
	if err == nil {
		st.Order = o.ID
	}
	return err
}

func (e *Engine) understand(sc *Scene) {
	text := sc.Turn.Text
	if sc.Turn.DTMF != "" {
		text += " " + sc.Turn.DTMF
	}
	var others []string
	if sc.Turn.Speech != nil {
		others = sc.Turn.Speech.NBest
	}
	if strings.TrimSpace(text) == "" && len(others) == 0 {
		return // a photo alone says nothing
	}
	sc.Heard = e.nlu.Understand(text, others...)
	sc.Clause = sc.Heard.Top()
}

// close finishes the reply, has it checked and remembers it.
func (e *Engine) close(sc *Scene) Reply {
	st := sc.State
	r := e.guarded(sc, sc.draft.reply(sc.Manner))
	if r.HandOff != nil {
		st.WithHuman, st.Handed = true, &Handed{HandOff: *r.HandOff, Since: sc.Now()}
		st.Frames, st.Later = nil, nil
	}
	if r.End {
		st.Ended = true
	}
	e.mark(st)
	if e.remember {
		st.note(sc.Turn, r)
	}
	st.Last = r
	st.Heard = nil
	return r
}
