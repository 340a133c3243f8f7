package api

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"waggle/dialog"
	"waggle/vision"
)

// Shown is what came of an uploaded photo.
type Shown struct {
	Photo    string           `json:"photo"`
	Findings []vision.Finding `json:"findings"`
	Reply    dialog.Reply     `json:"reply"`
}

// maxUpload leaves room for the multipart frame around a photo of 10 MB; the
// photo itself is counted by vision while it streams.
const maxUpload = 11 << 20

// uploadTime is how long a photo may take to arrive: 10 MB over a slow phone.
const uploadTime = time.Minute

// maxParts is how many parts are looked at to find the photo.
const maxParts = 8

func (s *Server) postPhoto(c *gin.Context) {
	shown, err := s.receivePhoto(c, c.Param("id"))
	if err != nil {
		s.fail(c, err)
		return
	}
	c.JSON(http.StatusOK, shown)
}

// receivePhoto streams the part named photo into the eyes; nothing of the
// upload is kept in memory or on disk here.
func (s *Server) receivePhoto(c *gin.Context, conversation string) (Shown, error) {
	if _, err := s.Conversations.Entries(c.Request.Context(), conversation); err != nil {
		return Shown{}, err
	}
	part, err := photoPart(c)
	if err != nil {
		return Shown{}, uploadError(err)
	}
	shown, err := s.Eyes.Show(c.Request.Context(), conversation, part)
	return shown, uploadError(err)
}

// photoPart finds the part named photo and stops at it.
func photoPart(c *gin.Context) (io.Reader, error) {
	// A recorder in a test has no deadline; a connection has.
	_ = http.NewResponseController(c.Writer).SetReadDeadline(time.Now().Add(uploadTime))
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxUpload)
	parts, err := c.Request.MultipartReader()
	if err != nil {
		return nil, refusal(vision.ErrUnsupported, "send multipart/form-data with a part named photo")
	}
	for range maxParts {
		part, err := parts.NextPart()
		if err != nil {
			return nil, err
		}
		if part.FormName() == "photo" {
			return part, nil
		}
	}
	return nil, refusal(vision.ErrUnsupported, "no part named photo")
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
