package api

import (
	"errors"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"waggle/asr"
	"waggle/audio/clip"
	"waggle/dialog"
	"waggle/dialog/knowledge"
	"waggle/dialog/knowledge/ingest"
	"waggle/outbound"
	"waggle/tts"
	"waggle/tts/ssml"
	"waggle/vision"
	"waggle/voice"
	"waggle/voice/webrtc"
)

// Problem is the body of every error (RFC 9457, application/problem+json).
type Problem struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail,omitempty"`
	// Chinese repeats the detail for shoppers.
	Chinese string `json:"detail_zh,omitempty"`
}

func problem(c *gin.Context, status int, title, detail string) {
	write(c, Problem{Type: "about:blank", Title: title, Status: status, Detail: detail})
}

func write(c *gin.Context, p Problem) {
	if p.Status == http.StatusServiceUnavailable || p.Status == http.StatusTooManyRequests {
		c.Header("Retry-After", strconv.Itoa(retryAfter))
	}
	c.Abort()
	if c.Writer.Written() {
		return
	}
	c.Header("Content-Type", "application/problem+json")
	c.JSON(p.Status, p)
}

// retryAfter is when a refused client should come back, in seconds.
const retryAfter = int(voice.RetryAfter / time.Second)

// verdicts maps what packages say to what HTTP says. The first match counts.
var verdicts = []struct {
	is     error
	status int
	title  string
}{
	{dialog.ErrUnknown, http.StatusNotFound, "No such conversation"},
	{dialog.ErrEnded, http.StatusConflict, "The conversation has ended"},
	{dialog.ErrTaken, http.StatusConflict, "Another operator has the conversation"},
	{dialog.ErrNotTaken, http.StatusConflict, "Take the conversation first"},
	{errNoFile, http.StatusUnprocessableEntity, "No document"},
	{ingest.ErrKind, http.StatusUnsupportedMediaType, "Not a document that can be read"},
	{ingest.ErrLimit, http.StatusRequestEntityTooLarge, "The document is too large"},
	{ingest.ErrBroken, http.StatusUnprocessableEntity, "The document cannot be read"},
	{ingest.ErrEmpty, http.StatusUnprocessableEntity, "The document is empty"},
	{errNoPicture, http.StatusNotFound, "No such picture"},
	{knowledge.ErrNotFound, http.StatusNotFound, "No such document or pin"},
	{knowledge.ErrInvalid, http.StatusUnprocessableEntity, "Not accepted"},
	{asr.ErrSaturated, http.StatusServiceUnavailable, "All lines are busy"},
	{clip.ErrKind, http.StatusUnsupportedMediaType, "Not a recording that can be read"},
	{clip.ErrEmpty, http.StatusUnprocessableEntity, "The recording is empty"},
	{clip.ErrDamaged, http.StatusUnprocessableEntity, "The recording is damaged"},
	{clip.ErrTooLong, http.StatusRequestEntityTooLarge, "The recording is too long"},
	{ssml.ErrMarkup, http.StatusUnprocessableEntity, "The SSML cannot be used"},
	{tts.ErrNothingToSay, http.StatusUnprocessableEntity, "Nothing to say"},
	{tts.ErrUnknownVoice, http.StatusUnprocessableEntity, "No such voice"},
	{tts.ErrNotText, http.StatusUnprocessableEntity, "Not a text"},
	{tts.ErrTooLong, http.StatusRequestEntityTooLarge, "Too long"},
	{tts.ErrSpeed, http.StatusUnprocessableEntity, "No such speed"},
	{tts.ErrRate, http.StatusUnprocessableEntity, "No such sample rate"},
	{outbound.ErrNotFound, http.StatusNotFound, "No such campaign"},
	{outbound.ErrState, http.StatusConflict, "The campaign cannot do that now"},
	{outbound.ErrInvalid, http.StatusUnprocessableEntity, "The list cannot be used"},
	{voice.ErrFull, http.StatusServiceUnavailable, "All lines are busy"},
	{voice.ErrDraining, http.StatusServiceUnavailable, "The gateway is stopping"},
	{webrtc.ErrUnknown, http.StatusNotFound, "No such call"},
	{webrtc.ErrStale, http.StatusPreconditionFailed, "The ICE session has changed"},
	{webrtc.ErrTooLarge, http.StatusRequestEntityTooLarge, "The session description is too large"},
	{webrtc.ErrTooMany, http.StatusUnprocessableEntity, "Too many candidates"},
	{webrtc.ErrNoCodec, http.StatusUnprocessableEntity, "No codec in common"},
	{webrtc.ErrBadOffer, http.StatusUnprocessableEntity, "The offer cannot be used"},
}

// fail answers an error: a refused photo with its own words, a known verdict
// with its status, anything else as 500 without its inner text.
func (s *Server) fail(c *gin.Context, err error) {
	var refusal *vision.Refusal
	if errors.As(err, &refusal) {
		write(c, Problem{Type: "about:blank", Title: "The photo was not taken", Status: refusal.Status(),
			Detail: refusal.English(), Chinese: refusal.Chinese()})
		return
	}
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		problem(c, http.StatusRequestEntityTooLarge, "Too large", "At most "+strconv.FormatInt(tooBig.Limit, 10)+" bytes are taken.")
		return
	}
	for _, v := range verdicts {
		if errors.Is(err, v.is) {
			problem(c, v.status, v.title, err.Error())
			return
		}
	}
	if c.Request.Context().Err() != nil {
		c.Abort() // the client is gone; nobody reads an answer
		return
	}
	s.Log.Error("request failed", "method", c.Request.Method, "route", c.FullPath(), "error", err)
	problem(c, http.StatusInternalServerError, "Something broke", "It was logged. Please try again.")
}
