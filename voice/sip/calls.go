package sip

import "sync"

// calls is the table of live calls by Call-ID. The gate asks it whether a
// message belongs to anything; in-dialog requests find their call in it.
type calls struct {
	mu   sync.Mutex
	byID map[string]*held
}

// held counts what still needs the Call-ID to be known: the call itself and
// the transactions that wait for an ACK.
type held struct {
	call  *call
	holds int
}

func newCalls() *calls { return &calls{byID: map[string]*held{}} }

// claim takes a Call-ID for a new call; it fails when it is taken.
func (t *calls) claim(id string) (release func(), ok bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.byID[id] != nil {
		return nil, false
	}
	t.byID[id] = &held{holds: 1}
	return sync.OnceFunc(func() { t.release(id) }), true
}

// hold keeps a claimed Call-ID known until release.
func (t *calls) hold(id string) (release func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	h := t.byID[id]
	if h == nil {
		return func() {}
	}
	h.holds++
	return sync.OnceFunc(func() { t.release(id) })
}

func (t *calls) release(id string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	h := t.byID[id]
	if h.holds--; h.holds == 0 {
		delete(t.byID, id)
	}
}

// attach makes in-dialog requests find the call; nil detaches it.
func (t *calls) attach(id string, c *call) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if h := t.byID[id]; h != nil {
		h.call = c
	}
}

func (t *calls) known(id string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.byID[id] != nil
}

// find returns the call that a request with these tags belongs to, or nil.
func (t *calls) find(id, localTag, remoteTag string) *call {
	t.mu.Lock()
	defer t.mu.Unlock()
	h := t.byID[id]
	if h == nil || h.call == nil || h.call.localTag != localTag || h.call.remoteTag != remoteTag {
		return nil
	}
	return h.call
}

// live returns the calls with a dialog.
func (t *calls) live() []*call {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []*call
	for _, h := range t.byID {
		if h.call != nil {
			out = append(out, h.call)
		}
	}
	return out
}
