package dialog

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"
)

// Verdicts on what an operator wants to do.
var (
	// ErrTaken says that another operator has the conversation.
	ErrTaken = errors.New("dialog: another operator has the conversation")
	// ErrNotTaken says that the operator has to take the conversation first.
	ErrNotTaken = errors.New("dialog: take the conversation first")
)

// Handed is a conversation in the hands of people: handed over and waiting, or
// taken by an operator. The robot is silent all the while.
type Handed struct {
	HandOff
	Since time.Time `json:"since"`
	// Operator is who has taken it; empty while it waits.
	Operator string `json:"operator,omitempty"`
}

// OperatorAct is what an operator did, as it stands in the log.
type OperatorAct struct {
	By   string `json:"by"`
	Act  Act    `json:"act"`
	Text string `json:"text,omitempty"` // of ActSay
}

// Act is a deed of an operator.
type Act string

// The acts.
const (
	ActTake     Act = "take"
	ActSay      Act = "say"
	ActGiveBack Act = "give-back"
	ActClose    Act = "close"
)

// Waiting is a conversation in the hands of people, as a queue lists it.
type Waiting struct {
	Conversation string  `json:"conversation"`
	Channel      Channel `json:"channel"`
	Customer     string  `json:"customer,omitempty"`
	Handed
	// Said is what the shopper said last, at SaidAt.
	Said   string    `json:"said,omitempty"`
	SaidAt time.Time `json:"said_at,omitzero"`
}

// WithPeople lists the conversations that the robot has handed over or that
// operators have taken, the longest first.
func (c *Conversations) WithPeople() []Waiting {
	c.mu.Lock()
	defer c.mu.Unlock()
	list := make([]Waiting, 0, len(c.people))
	for _, w := range c.people {
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b Waiting) int {
		return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.Conversation, b.Conversation))
	})
	return list
}

// Restore finds those of the conversations that were in the hands of people
// when the gateway stopped.
func (c *Conversations) Restore(ctx context.Context, ids []string) error {
	for _, id := range ids {
		entries, err := c.log.Read(ctx, id)
		if err != nil {
			return err
		}
		c.list(id, Replay(entries))
		for _, e := range slices.Backward(entries) {
			if e.Turn != nil && e.Turn.Text != "" {
				c.said(id, *e.Turn)
				break
			}
		}
	}
	return nil
}

// list keeps the queue in step with a conversation's state.
func (c *Conversations) list(id string, st *State) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before, was := c.people[id]
	if !st.WithHuman || st.Ended {
		delete(c.people, id)
		if was {
			c.ring()
		}
		return
	}
	w := Waiting{Conversation: id, Channel: st.Channel, Customer: st.Caller.Customer, Said: before.Said, SaidAt: before.SaidAt}
	if st.Handed != nil {
		w.Handed = *st.Handed
	}
	c.people[id] = w
	c.ring()
}

// said notes what the shopper of a conversation in the queue said last.
func (c *Conversations) said(id string, t Turn) {
	c.mu.Lock()
	defer c.mu.Unlock()
	w, ok := c.people[id]
	if !ok || t.Text == "" {
		return
	}
	w.Said, w.SaidAt = t.Text, t.At
	c.people[id] = w
	c.ring()
}

// ring tells those who watch the queue that it has changed; it needs the lock.
func (c *Conversations) ring() {
	for bell := range c.watching {
		select {
		case bell <- struct{}{}:
		default: // it rings already
		}
	}
}

// WatchPeople yields whenever what WithPeople lists has changed, several changes
// at once it may be. cancel ends it and may be called twice.
func (c *Conversations) WatchPeople() (changed <-chan struct{}, cancel func()) {
	bell := make(chan struct{}, 1)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.watching[bell] = struct{}{}
	return bell, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.watching, bell)
	}
}

// Take gives the conversation to an operator, whether the robot has handed it
// over or not; the robot is silent from now on. A turn under way is answered
// first. Errors: ErrTaken, ErrEnded, ErrUnknown.
func (c *Conversations) Take(ctx context.Context, id, operator string) error {
	return c.with(ctx, id, func(conv *conversation) error {
		st := conv.state
		switch {
		case st.Ended:
			return ErrEnded
		case st.Handed == nil:
			st.Handed = &Handed{HandOff: HandOff{Reason: "taken by an operator", Order: st.Order}, Since: c.now()}
		case st.Handed.Operator == operator:
			return nil
		case st.Handed.Operator != "":
			return ErrTaken
		}
		st.WithHuman, st.Handed.Operator = true, operator
		return c.append(ctx, conv, Entry{Operator: &OperatorAct{By: operator, Act: ActTake}, State: st})
	})
}

// Say lets the operator who has the conversation speak in it, on every channel
// that listens. Errors: ErrNotTaken, ErrEnded, ErrUnknown.
func (c *Conversations) Say(ctx context.Context, id, operator, text string) error {
	return c.held(ctx, id, operator, func(conv *conversation) error {
		return c.append(ctx, conv, Entry{Operator: &OperatorAct{By: operator, Act: ActSay, Text: text}})
	})
}

// Close ends a conversation that the operator has. Errors: ErrNotTaken,
// ErrEnded, ErrUnknown.
func (c *Conversations) Close(ctx context.Context, id, operator string) error {
	err := c.held(ctx, id, operator, func(conv *conversation) error {
		return c.append(ctx, conv, Entry{Operator: &OperatorAct{By: operator, Act: ActClose}})
	})
	if err != nil {
		return err
	}
	return c.End(ctx, id, "closed")
}

// held does something with a conversation that the operator has.
func (c *Conversations) held(ctx context.Context, id, operator string, do func(*conversation) error) error {
	return c.with(ctx, id, func(conv *conversation) error {
		switch h := conv.state.Handed; {
		case conv.state.Ended:
			return ErrEnded
		case h == nil || h.Operator == "":
			return ErrNotTaken
		case h.Operator != operator:
			return ErrTaken
		}
		return do(conv)
	})
}

// GiveBack makes the robot answer again after a human has taken over.
func (c *Conversations) GiveBack(ctx context.Context, id string) error {
	return c.with(ctx, id, func(conv *conversation) error {
		st := conv.state
		act := OperatorAct{Act: ActGiveBack}
		if st.Handed != nil {
			act.By = st.Handed.Operator
		}
		st.WithHuman, st.Handed = false, nil
		st.Unclear, st.Negative, st.Turns = 0, 0, 1
		return c.append(ctx, conv, Entry{Operator: &act, State: st})
	})
}
