package sip

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"

	"waggle/voice"
)

// minSession is the shortest time between two refreshes that a caller may ask
// for (RFC 4028, 4).
const minSession = 90 * time.Second

// longestSession keeps a header from overflowing a clock.
const longestSession = 24 * time.Hour

// sessionTimer is what was agreed on about refreshing the session (RFC 4028):
// a call whose peer has vanished without a BYE then ends although media, on
// hold, says nothing about it. The zero value is a session without one.
type sessionTimer struct {
	every time.Duration
	ours  bool // we refresh
}

// requestedTimer reads what a caller wants. A caller who wants us to refresh
// but takes no UPDATE gets no timer, as from an agent that knows none.
func requestedTimer(req *sip.Request) sessionTimer {
	value, params, _ := strings.Cut(headerValue(req, "Session-Expires", "x"), ";")
	seconds, err := strconv.ParseUint(strings.TrimSpace(value), 10, 31)
	if err != nil || !lists(headerValue(req, "Supported", "k"), "timer") {
		return sessionTimer{}
	}
	t := sessionTimer{every: min(time.Duration(seconds)*time.Second, longestSession)}
	t.ours = strings.Contains(strings.ToLower(strings.ReplaceAll(params, " ", "")), "refresher=uas")
	if t.ours && !lists(headerValue(req, "Allow", ""), string(sip.UPDATE)) {
		return sessionTimer{}
	}
	return t
}

func headerValue(req *sip.Request, name, compact string) string {
	h := req.GetHeader(name)
	if h == nil && compact != "" {
		h = req.GetHeader(compact)
	}
	if h == nil {
		return ""
	}
	return h.Value()
}

// lists reports whether a comma-separated header holds a token.
func lists(value, token string) bool {
	for part := range strings.SplitSeq(value, ",") {
		if strings.EqualFold(strings.TrimSpace(part), token) {
			return true
		}
	}
	return false
}

// tooBrief refuses a timer that would keep both sides busy refreshing.
func tooBrief(req *sip.Request) *refusal {
	if t := requestedTimer(req); t.every == 0 || t.every >= minSession {
		return nil
	}
	return &refusal{status: 422, reason: "Session Interval Too Small", headers: []header{{"Min-SE", seconds(minSession)}}}
}

func seconds(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }

// headers confirm the timer in a 200.
func (t sessionTimer) headers() []header {
	switch {
	case t.every == 0:
		return nil
	case t.ours:
		return []header{{"Session-Expires", seconds(t.every) + ";refresher=uas"}}
	}
	return []header{{"Require", "timer"}, {"Session-Expires", seconds(t.every) + ";refresher=uac"}}
}

// due is when something must have happened: half of the time for a refresh of
// ours, and a little before the end for one of theirs (RFC 4028, 10).
func (t sessionTimer) due() time.Duration {
	if t.ours {
		return t.every / 2
	}
	return t.every - min(32*time.Second, t.every/3)
}

// refreshed starts the timer anew, with what the latest request agreed on.
func (c *call) refreshed(t sessionTimer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.timer = t
	if t.every == 0 {
		c.expiry.Stop()
		return
	}
	c.expiry.Reset(t.due())
}

// expire refreshes the session, or ends a call that its peer did not refresh.
func (c *call) expire() {
	c.mu.Lock()
	t := c.timer
	c.mu.Unlock()
	if t.ours && c.refresh(t) {
		c.refreshed(t)
		return
	}
	c.door.log.Info("the session was not refreshed", "call", c.id)
	c.end(voice.CauseHangUp, false)
}

// refresh tells the peer that the call is alive (RFC 3311). Only an answer
// that knows no such call, or none at all, ends it.
func (c *call) refresh(t sessionTimer) bool {
	ctx, cancel := context.WithTimeout(c.door.life, byeTime)
	defer cancel()
	req := c.request(sip.UPDATE, c.nextSeq())
	req.AppendHeader(sip.NewHeader("Contact", c.contact()))
	req.AppendHeader(sip.NewHeader("Supported", "timer"))
	req.AppendHeader(sip.NewHeader("Session-Expires", seconds(t.every)+";refresher=uac"))
	res, err := c.door.transact(ctx, req)
	return err == nil && res.StatusCode != 408 && res.StatusCode != 481
}
