package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"waggle/dialog"
	"waggle/dialog/handoff"
)

// Desk notes that people work at it and tells how it stands; *handoff.Desk is
// one.
type Desk interface {
	Seen(now time.Time)
	Status(now time.Time) handoff.Status
}

// maxOperator is the most characters that the name of an operator may have.
const maxOperator = 40

// listHandOffs is the queue of operators: what waits for them and what they
// have. Who looks at it is there.
func (s *Server) listHandOffs(c *gin.Context) {
	s.present()
	c.JSON(http.StatusOK, s.queue())
}

// queue is what operators see of what waits for them.
func (s *Server) queue() gin.H {
	q := gin.H{"conversations": s.Conversations.WithPeople()}
	if s.Desk != nil {
		q["desk"] = s.Desk.Status(time.Now())
	}
	return q
}

// queuePause joins changes that come together into one event.
const queuePause = 100 * time.Millisecond

// streamHandOffs sends the queue, and again whenever it changes. A page that
// is merely open does not prove that somebody is there: looking does, by
// GET /v1/hand-offs.
func (s *Server) streamHandOffs(c *gin.Context) {
	changed, cancel := s.Conversations.WatchPeople()
	defer cancel()
	stream := events(c)
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for stream.send("queue", s.queue()) {
		select {
		case <-c.Request.Context().Done():
			return
		case <-changed:
			if !pause(c.Request.Context(), queuePause) {
				return
			}
		case <-beat.C: // hours begin and end without anybody's doing
		}
	}
}

// pause waits; it is false when the context ended first.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}

func (s *Server) present() {
	if s.Desk != nil {
		s.Desk.Seen(time.Now())
	}
}

// operatorWords is what an operator sends.
type operatorWords struct {
	Operator string `json:"operator"`
	Text     string `json:"text"`
}

// operator reads who acts, and with words what they say; on a mistake it
// answers 4xx.
func (s *Server) operator(c *gin.Context, words bool) (o operatorWords, ok bool) {
	if !s.decode(c, &o) {
		return o, false
	}
	o.Operator, o.Text = strings.TrimSpace(o.Operator), strings.TrimSpace(o.Text)
	if n := utf8.RuneCountInString(o.Operator); n == 0 || n > maxOperator {
		problem(c, http.StatusUnprocessableEntity, "Who are you?", fmt.Sprintf("operator must hold your name, %d characters at most.", maxOperator))
		return o, false
	}
	switch n := utf8.RuneCountInString(o.Text); {
	case words && n == 0:
		problem(c, http.StatusUnprocessableEntity, "Nothing was said", "text must hold words.")
		return o, false
	case !words && n > 0:
		problem(c, http.StatusUnprocessableEntity, "No words here", "Send what you want to say to .../messages.")
		return o, false
	case n > maxText:
		problem(c, http.StatusRequestEntityTooLarge, "Too long", fmt.Sprintf("text may have %d characters, it has %d.", maxText, n))
		return o, false
	}
	s.present()
	return o, true
}

// take gives the conversation to an operator: the robot is silent from now on.
func (s *Server) take(c *gin.Context) {
	if o, ok := s.operator(c, false); ok {
		s.done(c, s.Conversations.Take(c.Request.Context(), c.Param("id"), o.Operator))
	}
}

// say lets the operator who has the conversation speak in it.
func (s *Server) say(c *gin.Context) {
	if o, ok := s.operator(c, true); ok {
		s.done(c, s.Conversations.Say(c.Request.Context(), c.Param("id"), o.Operator, o.Text))
	}
}

// close ends a conversation that the operator has.
func (s *Server) close(c *gin.Context) {
	if o, ok := s.operator(c, false); ok {
		s.done(c, s.Conversations.Close(c.Request.Context(), c.Param("id"), o.Operator))
	}
}

// giveBack lets the robot answer again.
func (s *Server) giveBack(c *gin.Context) {
	s.present()
	s.done(c, s.Conversations.GiveBack(c.Request.Context(), c.Param("id")))
}

// Operators is what people may do in a conversation.
type Operators interface {
	WithPeople() []dialog.Waiting
	WatchPeople() (changed <-chan struct{}, cancel func())
	Take(ctx context.Context, id, operator string) error
	Say(ctx context.Context, id, operator, text string) error
	Close(ctx context.Context, id, operator string) error
	GiveBack(ctx context.Context, id string) error
}
