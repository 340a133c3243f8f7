package api

import (
	"net"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/time/rate"
)

// What one address may do without a key. A family behind one router never
// notices; a script does.
const (
	visitorStarts = 30 // conversations a minute
	visitorLogins = 10 // wrong or right keys a minute
	visitorTurns  = 20 // turns a second, over all conversations
	visitorMemory = 10_000
	// shopStarts a minute are as many conversations as all visitors together may
	// start: many addresses are no way around visitorStarts.
	shopStarts = 600
	// talkTurns a minute are as many as anybody types in one conversation.
	talkTurns = 60
)

// visitors counts what addresses do. It forgets everything when it knows too
// many: an attacker with many addresses gains a fresh allowance, not memory.
type visitors struct {
	now func() time.Time
	mu  sync.Mutex
	ips map[string]*allowance
	// starts counts all of them together.
	starts *rate.Limiter
	// talks counts the turns of conversations.
	talks map[string]*rate.Limiter
}

type allowance struct{ starts, logins, turns *rate.Limiter }

func newVisitors(now func() time.Time) *visitors {
	return &visitors{now: now, ips: map[string]*allowance{}, talks: map[string]*rate.Limiter{},
		starts: rate.NewLimiter(rate.Every(time.Minute/shopStarts), shopStarts)}
}

func (v *visitors) of(ip string) *allowance {
	if a, ok := v.ips[ip]; ok {
		return a
	}
	if len(v.ips) >= visitorMemory {
		clear(v.ips)
	}
	a := &allowance{
		starts: rate.NewLimiter(rate.Every(time.Minute/visitorStarts), visitorStarts),
		logins: rate.NewLimiter(rate.Every(time.Minute/visitorLogins), visitorLogins),
		turns:  rate.NewLimiter(visitorTurns, 2*visitorTurns),
	}
	v.ips[ip] = a
	return a
}

func (v *visitors) start(ip string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.of(ip).starts.AllowN(v.now(), 1) && v.starts.AllowN(v.now(), 1)
}

func (v *visitors) attempt(ip string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.of(ip).logins.AllowN(v.now(), 1)
}

func (v *visitors) turn(ip string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	return v.of(ip).turns.AllowN(v.now(), 1)
}

// talk counts a turn of a conversation.
func (v *visitors) talk(conversation string) bool {
	v.mu.Lock()
	defer v.mu.Unlock()
	l, ok := v.talks[conversation]
	if !ok {
		if len(v.talks) >= visitorMemory {
			clear(v.talks)
		}
		l = rate.NewLimiter(rate.Every(time.Minute/talkTurns), talkTurns/2)
		v.talks[conversation] = l
	}
	return l.AllowN(v.now(), 1)
}

// clientIP is the peer of the connection; no header is believed.
func clientIP(c *gin.Context) string {
	host, _, err := net.SplitHostPort(c.Request.RemoteAddr)
	if err != nil {
		return c.Request.RemoteAddr
	}
	return host
}
