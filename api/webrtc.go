package api

import (
	"io"
	"mime"
	"net/http"

	"github.com/gin-gonic/gin"
)

// maxSDP is far above what a browser offers for one audio line.
const maxSDP = 64 << 10

// sdp reads a body of the given media type; on a mistake it answers.
func (s *Server) sdp(c *gin.Context, want string) ([]byte, bool) {
	if kind, _, err := mime.ParseMediaType(c.ContentType()); err != nil || kind != want {
		problem(c, http.StatusUnsupportedMediaType, "Wrong media type", "Send "+want+".")
		return nil, false
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxSDP))
	if err != nil {
		s.fail(c, err)
		return nil, false
	}
	return body, true
}

// offer begins a call (RFC 9725, section 4.2).
func (s *Server) offer(c *gin.Context) {
	conversation := c.Query("conversation")
	if _, err := s.Conversations.Entries(c.Request.Context(), conversation); err != nil {
		s.fail(c, err)
		return
	}
	body, ok := s.sdp(c, "application/sdp")
	if !ok {
		return
	}
	resource, answer, err := s.WHIP.Offer(c.Request.Context(), conversation, body)
	if err != nil {
		s.fail(c, err)
		return
	}
	c.Header("Location", "/v1/webrtc/"+resource)
	c.Header("ETag", `"`+resource+`"`)
	c.Data(http.StatusCreated, "application/sdp", answer)
}

// trickle takes candidates and ICE restarts (RFC 8840 fragments).
func (s *Server) trickle(c *gin.Context) {
	body, ok := s.sdp(c, "application/trickle-ice-sdpfrag")
	if !ok {
		return
	}
	answer, err := s.WHIP.Patch(c.Request.Context(), c.Param("resource"), body)
	switch {
	case err != nil:
		s.fail(c, err)
	case len(answer) == 0:
		c.Status(http.StatusNoContent)
	default:
		c.Data(http.StatusOK, "application/trickle-ice-sdpfrag", answer)
	}
}

func (s *Server) hangUp(c *gin.Context) {
	if err := s.WHIP.Delete(c.Request.Context(), c.Param("resource")); err != nil {
		s.fail(c, err)
		return
	}
	c.Status(http.StatusOK)
}
