package dialog

import (
	"container/list"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"time"
)

// ErrUnknown says that no such conversation exists.
var ErrUnknown = errors.New("dialog: no such conversation")

// ErrEnded says that the conversation is over.
var ErrEnded = errors.New("dialog: the conversation has ended")

// keepLive is how many conversations stay in memory when nobody uses them;
// the others are read from the log again when they go on.
const keepLive = 256

// Conversations runs all conversations of all channels. Turns of one
// conversation come one after the other; different ones run at the same time.
type Conversations struct {
	engine *Engine
	log    Log
	now    func() time.Time

	mu   sync.Mutex
	live map[string]*list.Element // of *conversation
	used *list.List               // the one used last is in front
	// people are the conversations in the hands of people.
	people map[string]Waiting
	// watching are told when it changes.
	watching map[chan struct{}]struct{}
}

// conversation is one that is in memory.
type conversation struct {
	id    string
	users int // those who hold it, by Conversations.mu

	turn  sync.Mutex // held for a whole turn
	state *State
	seq   int

	listening sync.Mutex
	listeners map[chan Entry]struct{}
}

// NewConversations keeps what is said in the log.
func NewConversations(e *Engine, log Log) *Conversations {
	return &Conversations{engine: e, log: log, now: e.now, live: make(map[string]*list.Element), used: list.New(), people: make(map[string]Waiting), watching: make(map[chan struct{}]struct{})}
}

// Start opens a conversation and greets.
func (c *Conversations) Start(ctx context.Context, o Opening) (id string, greeting Reply, err error) {
	if o.Channel == "" {
		o.Channel = ChannelText
	}
	id = rand.Text()
	conv := c.add(id)
	defer c.release(conv)
	conv.turn.Lock()
	defer conv.turn.Unlock()
	st := &State{Conversation: id, Channel: o.Channel, Script: o.Script}
	if err := c.engine.recognise(ctx, st, o); err != nil {
		return "", Reply{}, err
	}
	conv.state = st
	if err := c.append(ctx, conv, Entry{Opening: &o, State: st}); err != nil {
		return "", Reply{}, err
	}
	greeting, err = c.next(ctx, conv, Turn{Channel: o.Channel, Event: EventStart}, nil)
	return id, greeting, err
}

// Next answers a turn. It waits for an earlier turn of the same conversation.
func (c *Conversations) Next(ctx context.Context, id string, t Turn) (Reply, error) {
	return c.Stream(ctx, id, t, nil)
}

// Stream is Next that tells emit, if it is not nil, of sentences as soon as they
// are certain, before the reply is whole; the reply holds them again.
func (c *Conversations) Stream(ctx context.Context, id string, t Turn, emit func(Sentence)) (Reply, error) {
	var r Reply
	err := c.with(ctx, id, func(conv *conversation) error {
		if conv.state.Ended {
			return ErrEnded
		}
		var err error
		r, err = c.next(ctx, conv, t, emit)
		return err
	})
	return r, err
}

// Heard notes what the caller really heard of the last reply.
func (c *Conversations) Heard(ctx context.Context, id, text string) error {
	return c.with(ctx, id, func(conv *conversation) error {
		conv.state.Heard = &text
		return c.append(ctx, conv, Entry{Heard: &text})
	})
}

// End closes the conversation; closing it twice is fine.
func (c *Conversations) End(ctx context.Context, id, why string) error {
	return c.with(ctx, id, func(conv *conversation) error {
		entries, err := c.log.Read(ctx, id)
		if err != nil {
			return err
		}
		if n := len(entries); n > 0 && entries[n-1].Ended != "" {
			return nil
		}
		conv.state.Ended = true
		err = c.append(ctx, conv, Entry{Ended: why})
		conv.hangUp()
		return err
	})
}

// Entries reads the log of a conversation.
func (c *Conversations) Entries(ctx context.Context, id string) ([]Entry, error) {
	entries, err := c.log.Read(ctx, id)
	if err == nil && len(entries) == 0 {
		return nil, fmt.Errorf("%w: %s", ErrUnknown, id)
	}
	return entries, err
}

// next runs one turn and logs it: the turn before anything is done, the reply
// with the new state after. The caller holds the turn.
func (c *Conversations) next(ctx context.Context, conv *conversation, t Turn, emit func(Sentence)) (Reply, error) {
	if t.At.IsZero() {
		t.At = c.now()
	}
	if t.Heard == nil {
		t.Heard = conv.state.Heard
	}
	if err := c.append(ctx, conv, Entry{Turn: &t}); err != nil {
		return Reply{}, err
	}
	// A fault is logged by the engine and its reply apologises: the
	// conversation goes on.
	r, fault := c.engine.Stream(ctx, conv.state, t, emit)
	if err := ctx.Err(); err != nil && fault != nil {
		return Reply{}, fmt.Errorf("dialog: turn given up: %w", err)
	}
	err := c.append(ctx, conv, Entry{Reply: &r, State: conv.state})
	if r.HandOff != nil {
		c.said(conv.id, t)
	}
	return r, err
}

// append writes an entry and tells those who listen.
func (c *Conversations) append(ctx context.Context, conv *conversation, e Entry) error {
	e.Conversation, e.Seq, e.At = conv.id, conv.seq+1, c.now()
	if e.State != nil {
		e.State = e.State.clone()
	}
	if err := c.log.Append(ctx, e); err != nil {
		return fmt.Errorf("dialog: keep the conversation: %w", err)
	}
	conv.seq++
	if e.State != nil || e.Ended != "" {
		c.list(conv.id, conv.state)
	}
	if e.Turn != nil {
		c.said(conv.id, *e.Turn)
	}
	conv.tell(e)
	return nil
}
