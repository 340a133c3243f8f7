package dialog

import (
	"context"
	"encoding/json"
	"fmt"
)

// with holds a conversation for one turn, reading it from the log if it is not
// in memory.
func (c *Conversations) with(ctx context.Context, id string, do func(*conversation) error) error {
	conv := c.add(id)
	defer c.release(conv)
	conv.turn.Lock()
	defer conv.turn.Unlock()
	if conv.state == nil {
		if err := c.rebuild(ctx, conv); err != nil {
			return err
		}
	}
	return do(conv)
}

// add finds or makes the place of a conversation and counts one more user.
func (c *Conversations) add(id string) *conversation {
	c.mu.Lock()
	defer c.mu.Unlock()
	el, ok := c.live[id]
	if !ok {
		el = c.used.PushFront(&conversation{id: id, listeners: make(map[chan Entry]struct{})})
		c.live[id] = el
	}
	c.used.MoveToFront(el)
	conv := el.Value.(*conversation)
	conv.users++
	return conv
}

// release counts one user less and forgets those that were idle longest.
func (c *Conversations) release(conv *conversation) {
	c.mu.Lock()
	defer c.mu.Unlock()
	conv.users--
	for el := c.used.Back(); el != nil && c.used.Len() > keepLive; {
		before := el.Prev()
		if old := el.Value.(*conversation); old.users == 0 {
			c.used.Remove(el)
			delete(c.live, old.id)
		}
		el = before
	}
	if el, ok := c.live[conv.id]; ok && conv.users == 0 && conv.state == nil {
		c.used.Remove(el) // it does not exist
		delete(c.live, conv.id)
	}
}

// rebuild derives the state from the log: the last checkpoint, and what was
// heard since.
func (c *Conversations) rebuild(ctx context.Context, conv *conversation) error {
	entries, err := c.log.Read(ctx, conv.id)
	if err != nil {
		return fmt.Errorf("dialog: read the conversation: %w", err)
	}
	if len(entries) == 0 {
		return fmt.Errorf("%w: %s", ErrUnknown, conv.id)
	}
	conv.state, conv.seq = Replay(entries), entries[len(entries)-1].Seq
	return nil
}

// Replay derives the state of a conversation from its log.
func Replay(entries []Entry) *State {
	st := &State{}
	for _, e := range entries {
		switch {
		case e.State != nil:
			st = e.State.clone()
		case e.Heard != nil:
			st.Heard = e.Heard
		case e.Ended != "":
			st.Ended = true
		}
	}
	return st
}

// clone copies a state through its stored form, so that a checkpoint never
// shares memory with a conversation that goes on.
func (s *State) clone() *State {
	raw, err := json.Marshal(s)
	if err != nil {
		panic("dialog: a state is plain data: " + err.Error())
	}
	out := &State{}
	if err := json.Unmarshal(raw, out); err != nil {
		panic("dialog: a state reads back: " + err.Error())
	}
	return out
}

// subscriberBuffer is how far a listener may lag behind before it is cut off;
// it can read the log and subscribe again.
const subscriberBuffer = 64

// Subscribe yields the entries that follow. The channel is closed when the
// conversation ends, when cancel is called, or when the listener is too slow.
func (c *Conversations) Subscribe(id string) (entries <-chan Entry, cancel func()) {
	conv := c.add(id) // stays in memory as long as someone listens
	ch := make(chan Entry, subscriberBuffer)
	conv.listening.Lock()
	conv.listeners[ch] = struct{}{}
	conv.listening.Unlock()
	var done bool // guarded by listening
	return ch, func() {
		conv.listening.Lock()
		again := done
		done = true
		conv.leave(ch)
		conv.listening.Unlock()
		if !again {
			c.release(conv)
		}
	}
}

// leave closes a listener's channel once; it needs the lock.
func (conv *conversation) leave(ch chan Entry) {
	if _, ok := conv.listeners[ch]; ok {
		delete(conv.listeners, ch)
		close(ch)
	}
}

func (conv *conversation) tell(e Entry) {
	conv.listening.Lock()
	defer conv.listening.Unlock()
	for ch := range conv.listeners {
		select {
		case ch <- e:
		default:
			conv.leave(ch)
		}
	}
}

func (conv *conversation) hangUp() {
	conv.listening.Lock()
	defer conv.listening.Unlock()
	for ch := range conv.listeners {
		conv.leave(ch)
	}
}
