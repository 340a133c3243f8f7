package sip

import (
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/emiago/sipgo/sip"
)

// Bounds on registrations, in seconds (RFC 3261 10.3).
const (
	shortestLease = 60
	longestLease  = 3600
)

// registrar knows where the phones of accounts are: one place per account,
// the last registration counts.
type registrar struct {
	now func() time.Time

	mu     sync.Mutex
	places map[string]place
}

// place is where a phone can be called.
type place struct {
	contact sip.Uri
	network string
	source  netip.AddrPort // where it registered from: also through a NAT
	expires time.Time
}

func newRegistrar(now func() time.Time) *registrar {
	return &registrar{now: now, places: map[string]place{}}
}

// register applies a REGISTER that the gate has authenticated.
func (r *registrar) register(req *sip.Request) *refusal {
	user := accountOf(req)
	if user == "" || req.To().Address.User != user {
		return &refusal{status: 403, reason: "Forbidden - only your own address"}
	}
	contact := req.Contact()
	if contact == nil { // a question only
		return r.granted(user)
	}
	lease, ok := leaseOf(req, contact)
	switch {
	case !ok:
		return malformed("Expires is malformed")
	case lease == 0:
		r.forget(user)
		return r.granted(user)
	case contact.Address.Wildcard:
		return malformed("* without Expires: 0")
	case lease < shortestLease:
		return &refusal{status: 423, reason: "Interval Too Brief", headers: []header{{"Min-Expires", strconv.Itoa(shortestLease)}}}
	}
	source, err := netip.ParseAddrPort(req.Source())
	if err != nil {
		return malformed("no source address")
	}
	lease = min(lease, longestLease)
	r.mu.Lock()
	r.places[user] = place{contact.Address, sip.NetworkToLower(req.Transport()), source, r.now().Add(time.Duration(lease) * time.Second)}
	r.mu.Unlock()
	return r.granted(user)
}

// accountOf is the user whose digest the gate accepted.
func accountOf(req *sip.Request) string {
	h := req.GetHeader("Authorization")
	if h == nil {
		return ""
	}
	fields, _ := parseCredentials(h.Value())
	return fields["username"]
}

// leaseOf reads the seconds asked for: of the Contact, else of Expires, else
// the longest.
func leaseOf(req *sip.Request, contact *sip.ContactHeader) (int, bool) {
	value, ok := contact.Params.Get("expires")
	if h := req.GetHeader("Expires"); !ok && h != nil {
		value, ok = h.Value(), true
	}
	if !ok {
		return longestLease, true
	}
	value = strings.TrimSpace(value)
	if !isNumber(value, 1<<32-1) {
		return 0, false
	}
	n, err := strconv.ParseInt(value, 10, 64)
	return int(min(n, longestLease)), err == nil
}

func (r *registrar) forget(user string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.places, user)
}

// granted answers with what is registered now.
func (r *registrar) granted(user string) *refusal {
	ok := &refusal{status: 200, reason: "OK"}
	if at, found := r.lookup(user); found {
		left := int(at.expires.Sub(r.now()).Seconds())
		ok.headers = []header{{"Contact", "<" + at.contact.String() + ">;expires=" + strconv.Itoa(left)}}
	}
	return ok
}

// lookup finds a phone whose registration has not run out.
func (r *registrar) lookup(user string) (place, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	at, ok := r.places[user]
	if ok && r.now().After(at.expires) {
		delete(r.places, user)
		return place{}, false
	}
	return at, ok
}
