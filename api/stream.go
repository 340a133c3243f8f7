package api

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
)

// eventStream writes server-sent events (HTML standard, section 9.2).
type eventStream struct {
	w http.ResponseWriter
	f *http.ResponseController
}

func events(c *gin.Context) eventStream {
	h := c.Writer.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no")
	c.Writer.WriteHeader(http.StatusOK)
	s := eventStream{w: c.Writer, f: http.NewResponseController(c.Writer)}
	_ = s.f.Flush()
	return s
}

// slowest is how long a reader may take for one event before it is dropped.
const slowest = 10 * time.Second

// send reports whether the event went out.
func (s eventStream) send(event string, v any) bool {
	body, err := json.Marshal(v)
	if err != nil {
		return false
	}
	_ = s.f.SetWriteDeadline(time.Now().Add(slowest))
	if _, err := fmt.Fprintf(s.w, "event: %s\ndata: %s\n\n", event, body); err != nil {
		return false
	}
	return s.f.Flush() == nil
}

// heartbeat keeps proxies from closing a quiet stream.
const heartbeat = 20 * time.Second

// streamConversation sends what was said so far, then what is said from now
// on, until the conversation ends or the reader leaves.
func (s *Server) streamConversation(c *gin.Context) {
	ctx, id := c.Request.Context(), c.Param("id")
	live, cancel := s.Conversations.Subscribe(id)
	defer cancel()
	past, err := s.Conversations.Entries(ctx, id)
	if err != nil {
		s.fail(c, err)
		return
	}
	stream, last := events(c), 0
	for _, e := range past {
		last = e.Seq
		if !stream.send("entry", shownTo(c, e)) || e.Ended != "" {
			return
		}
	}
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-beat.C:
			if !stream.send("beat", struct{}{}) {
				return
			}
		case e, open := <-live:
			if !open {
				return
			}
			if e.Seq <= last {
				continue
			}
			last = e.Seq
			if !stream.send("entry", shownTo(c, e)) || e.Ended != "" {
				return
			}
		}
	}
}
