package api

import (
	"io"
	"mime"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"waggle/voice/webrtc"
)

// maxSDP is far above what a browser offers for one audio line.
const maxSDP = 64 << 10

// sdp reads a body of the given media type; on a mistake it answers.
func (s *Server) sdp(c *gin.Context, want string) (string, bool) {
	if kind, _, err := mime.ParseMediaType(c.ContentType()); err != nil || kind != want {
		problem(c, http.StatusUnsupportedMediaType, "Wrong media type", "Send "+want+".")
		return "", false
	}
	body, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxSDP))
	if err != nil {
		s.fail(c, err)
		return "", false
	}
	return string(body), true
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
	answer, err := s.WHIP.Offer(c.Request.Context(), webrtc.Request{SDP: body, Conversation: conversation})
	if err != nil {
		s.fail(c, err)
		return
	}
	c.Header("Location", "/v1/webrtc/"+answer.ID)
	c.Header("ETag", `"`+answer.ETag+`"`)
	c.Data(http.StatusCreated, "application/sdp", []byte(answer.SDP))
}

// trickle takes candidates and ICE restarts (RFC 8840 fragments).
func (s *Server) trickle(c *gin.Context) {
	body, ok := s.sdp(c, "application/trickle-ice-sdpfrag")
	if !ok {
		return
	}
	match := strings.Trim(c.GetHeader("If-Match"), `"`)
	done, err := s.WHIP.Patch(c.Request.Context(), c.Param("resource"), match, body)
	switch {
	case err != nil:
		s.fail(c, err)
	case done.SDP == "":
		c.Status(http.StatusNoContent)
	default:
		c.Header("ETag", `"`+done.ETag+`"`)
		c.Data(http.StatusOK, "application/trickle-ice-sdpfrag", []byte(done.SDP))
	}
}

func (s *Server) hangUp(c *gin.Context) {
	if err := s.WHIP.Delete(c.Param("resource")); err != nil {
		s.fail(c, err)
		return
	}
	c.Status(http.StatusOK)
}
