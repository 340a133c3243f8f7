package api

import (
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"github.com/gin-gonic/gin"

	"waggle/dialog/knowledge"
	"waggle/dialog/knowledge/ingest"
)

// maxDocument bounds the body of an import: the document and its form.
var maxDocument = ingest.DefaultLimits().Bytes + 1<<20

// listed is a document without its text.
type listed struct {
	Name     string    `json:"name"`
	Kind     string    `json:"kind"`
	Pages    int       `json:"pages,omitempty"`
	Runes    int       `json:"characters"`
	Passages int       `json:"passages"`
	Warnings []string  `json:"warnings,omitempty"`
	Imported time.Time `json:"imported"`
}

func list(d knowledge.Stored) listed {
	return listed{d.Name, d.Kind, d.Pages, d.Runes, len(d.Passages), d.Warnings, d.Imported}
}

// getKnowledge tells what questions are answered from; with ?q= it shows what
// would answer a question.
func (s *Server) getKnowledge(c *gin.Context) {
	h := s.Knowledge.Holdings()
	documents := make([]listed, len(h.Documents))
	for i, d := range h.Documents {
		documents[i] = list(d)
	}
	body := gin.H{"articles": h.Articles, "entries": h.Entries, "documents": documents, "pins": h.Pins}
	if q := c.Query("q"); q != "" {
		const shown = 5
		hits := []gin.H{}
		for _, hit := range s.Knowledge.Retrieve(q[:min(len(q), maxWords*3)], shown) {
			hits = append(hits, gin.H{"id": hit.Entry.ID, "kind": hit.Entry.Kind, "answer": hit.Entry.Answer, "score": hit.Score, "cover": hit.Cover})
		}
		body["hits"] = hits
	}
	c.JSON(http.StatusOK, body)
}

// importDocument reads a document and reports what was understood of it.
func (s *Server) importDocument(c *gin.Context) {
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, maxDocument)
	part, header, err := c.Request.FormFile("file")
	if err != nil {
		s.fail(c, formFault(err))
		return
	}
	defer part.Close()
	raw, err := io.ReadAll(part)
	if err != nil {
		s.fail(c, err)
		return
	}
	d, err := s.Knowledge.Import(c.Request.Context(), header.Filename, raw)
	if err != nil {
		s.fail(c, err)
		return
	}
	const sample = 5
	c.JSON(http.StatusCreated, gin.H{"document": list(d), "sample": d.Passages[:min(sample, len(d.Passages))]})
}

// errNoFile says that a form has no file.
var errNoFile = errors.New("send the document as the form field named file")

func formFault(err error) error {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return ingest.ErrLimit
	}
	return errNoFile
}

func (s *Server) removeDocument(c *gin.Context) {
	s.done(c, s.Knowledge.RemoveDocument(c.Request.Context(), c.Param("document")))
}

func (s *Server) putPin(c *gin.Context) {
	var body struct {
		Question string `json:"question"`
		Answer   string `json:"answer"`
	}
	if !s.decode(c, &body) {
		return
	}
	p, err := s.Knowledge.Pin(c.Request.Context(), body.Question, body.Answer)
	if err != nil {
		s.fail(c, err)
		return
	}
	c.JSON(http.StatusCreated, p)
}

func (s *Server) removePin(c *gin.Context) {
	s.done(c, s.Knowledge.RemovePin(c.Request.Context(), c.Param("pin")))
}

func (s *Server) done(c *gin.Context, err error) {
	if err != nil {
		s.fail(c, err)
		return
	}
	c.Status(http.StatusNoContent)
}

// listDrafts groups the questions of the last days that nothing answered.
func (s *Server) listDrafts(c *gin.Context) {
	const mostDays = 365
	days, err := strconv.Atoi(c.DefaultQuery("days", "30"))
	if err != nil || days < 1 || days > mostDays {
		problem(c, http.StatusUnprocessableEntity, "No such time", "days lies between 1 and 365.")
		return
	}
	drafts, err := s.Knowledge.Drafts(c.Request.Context(), time.Now().AddDate(0, 0, -days))
	if err != nil {
		s.fail(c, err)
		return
	}
	c.JSON(http.StatusOK, gin.H{"drafts": drafts[:min(len(drafts), maxList)]})
}
