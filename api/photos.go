package api

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"waggle/dialog"
	"waggle/vision"
)

// Shown is what came of an upload.
type Shown struct {
	// Photo names the photo, Photos all of them where several were taken.
	Photo  string   `json:"photo"`
	Photos []string `json:"photos,omitempty"`
	// Findings are what the photos say together.
	Findings []vision.Finding `json:"findings"`
	// Refused tells of those of several that were not taken.
	Refused []RefusedPhoto `json:"refused,omitempty"`
	Reply   dialog.Reply   `json:"reply"`
}

// RefusedPhoto says why one of several photos was not taken.
type RefusedPhoto struct {
	Number  int    `json:"number"` // in the order of the upload, from 1
	Detail  string `json:"detail"`
	Chinese string `json:"detail_zh"`
}

// maxUpload leaves room for the multipart frame around a photo of 10 MB; the
// photo itself is counted by vision while it streams.
const maxUpload = 11 << 20

// uploadTime is how long a photo may take to arrive: 10 MB over a slow phone.
const uploadTime = time.Minute

// maxParts is how many parts are looked at to find the photos.
const maxParts = 8 + mostPhotos

func (s *Server) postPhoto(c *gin.Context) {
	shown, err := s.receivePhoto(c, c.Param("id"))
	if err != nil {
		s.fail(c, err)
		return
	}
	shown.Reply = replyTo(c, shown.Reply)
	c.JSON(http.StatusOK, shown)
}

// receivePhoto streams the parts named photo into the eyes; nothing of the
// upload is kept in memory or on disk here.
func (s *Server) receivePhoto(c *gin.Context, conversation string) (Shown, error) {
	if _, err := s.Conversations.Entries(c.Request.Context(), conversation); err != nil {
		return Shown{}, err
	}
	shown, err := s.Eyes.Show(c.Request.Context(), conversation, photoParts(c, mostPhotos))
	return shown, uploadError(err)
}

// photoPart finds the part named photo and stops at it.
func photoPart(c *gin.Context) (part io.Reader, err error) {
	photoParts(c, 1)(func(p io.Reader, e error) bool {
		part, err = p, e
		return false
	})
	return part, err
}

// photoParts yields the parts named photo as they arrive, at least one and at
// most most, or an error.
func photoParts(c *gin.Context, most int) Photos {
	// A recorder in a test has no deadline; a connection has. Every photo gets
	// its own minute.
	deadline := func() {
		_ = http.NewResponseController(c.Writer).SetReadDeadline(time.Now().Add(uploadTime))
	}
	return func(yield func(io.Reader, error) bool) {
		deadline()
		c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, int64(most)*maxUpload)
		parts, err := c.Request.MultipartReader()
		if err != nil {
			yield(nil, refusal(vision.ErrUnsupported, "send multipart/form-data with a part named photo"))
			return
		}
		n := 0
		for range maxParts {
			part, err := parts.NextPart()
			switch {
			case n > 0 && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)):
				return // a form without its end is no reason to refuse what came whole
			case err != nil:
				yield(nil, err)
				return
			case part.FormName() != "photo":
				continue
			case n == most && most > 1:
				yield(nil, refusal(vision.ErrTooMany, fmt.Sprintf("at most %d", most)))
				return
			}
			if n++; !yield(part, nil) {
				return
			}
			deadline()
		}
		if n == 0 {
			yield(nil, refusal(vision.ErrUnsupported, "no part named photo"))
		}
	}
}

func refusal(verdict error, detail string) error {
	return &vision.Refusal{Verdict: verdict, Detail: detail}
}

// uploadError gives a broken or overlong upload the verdict of a photo.
func uploadError(err error) error {
	var tooBig *http.MaxBytesError
	switch {
	case errors.As(err, &tooBig):
		return refusal(vision.ErrTooBig, "upload")
	case errors.Is(err, io.EOF), errors.Is(err, multipart.ErrMessageTooLarge):
		return refusal(vision.ErrUnsupported, "no part named photo")
	case errors.Is(err, io.ErrUnexpectedEOF):
		return refusal(vision.ErrIncomplete, "upload")
	default:
		return err
	}
}

func (s *Server) getPhoto(c *gin.Context) {
	f, err := s.Eyes.Picture(c.Request.Context(), c.Param("photo"))
	if err != nil {
		problem(c, http.StatusNotFound, "No such photo", "It may have been deleted after its retention time.")
		return
	}
	defer f.Close()
	c.Header("Content-Type", "image/jpeg")
	c.Header("Cache-Control", "private, no-store")
	_, _ = io.Copy(c.Writer, f)
}
