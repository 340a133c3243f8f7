package api

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"waggle/dialog/handoff"
)

// Status is how busy the gateway is just now.
type Status struct {
	// Role of who asks.
	Role Role `json:"role"`
	// Calls in progress, and how many are admitted at most.
	Calls int `json:"calls"`
	Seats int `json:"seats"`
	// Waiting conversations were handed over and nobody has taken them; Taken
	// ones have an operator.
	Waiting int             `json:"waiting"`
	Taken   int             `json:"taken"`
	Desk    *handoff.Status `json:"desk,omitempty"`
}

// getStatus tells what the head of the console shows.
func (s *Server) getStatus(c *gin.Context) {
	now := Status{Role: c.MustGet(ctxRole).(Role)}
	if s.Load != nil {
		now.Calls, now.Seats = s.Load()
	}
	for _, w := range s.Conversations.WithPeople() {
		if w.Operator == "" {
			now.Waiting++
		} else {
			now.Taken++
		}
	}
	if s.Desk != nil {
		d := s.Desk.Status(time.Now())
		now.Desk = &d
	}
	c.JSON(http.StatusOK, now)
}
