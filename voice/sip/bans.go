package sip

import (
	"net/netip"
	"sync"
	"time"
)

// A source that answers challenges wrongly this often is not heard any more.
const (
	banTries  = 20
	banWindow = 10 * time.Minute
	banFor    = 15 * time.Minute
	banTable  = 4096 // sources remembered at most
)

// bans counts wrong passwords by source: an IPv4 address, or an IPv6 /64.
type bans struct {
	now func() time.Time

	mu      sync.Mutex
	sources map[netip.Prefix]*tries
}

type tries struct {
	wrong int
	until time.Time // end of the window, or of the ban once wrong reached banTries
}

func newBans(now func() time.Time) *bans {
	return &bans{now: now, sources: map[netip.Prefix]*tries{}}
}

func source(a netip.Addr) netip.Prefix {
	a = a.Unmap()
	bits := 32
	if a.Is6() {
		bits = 64
	}
	p, _ := a.WithZone("").Prefix(bits) // the width always fits
	return p
}

// wrong records one wrong answer and reports whether it began a ban.
func (b *bans) wrong(a netip.Addr) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	t := b.sources[source(a)]
	if t == nil || now.After(t.until) {
		b.makeRoom(now)
		t = &tries{until: now.Add(banWindow)}
		b.sources[source(a)] = t
	}
	t.wrong++
	if t.wrong == banTries {
		t.until = now.Add(banFor)
	}
	return t.wrong == banTries
}

// banned reports whether nothing from this source is heard.
func (b *bans) banned(a netip.Addr) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	t := b.sources[source(a)]
	return t != nil && t.wrong >= banTries && b.now().Before(t.until)
}

// makeRoom forgets what is over, and when that is not enough the source whose
// window ends first.
func (b *bans) makeRoom(now time.Time) {
	if len(b.sources) < banTable {
		return
	}
	var oldest netip.Prefix
	var end time.Time
	for p, t := range b.sources {
		if now.After(t.until) {
			delete(b.sources, p)
		} else if end.IsZero() || t.until.Before(end) {
			oldest, end = p, t.until
		}
	}
	if len(b.sources) >= banTable {
		delete(b.sources, oldest)
	}
}
