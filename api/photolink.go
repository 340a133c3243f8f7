package api

import (
	"context"
	"crypto/rand"
	"io/fs"
	"net/http"
	"sync"
	"time"

	"github.com/gin-gonic/gin"
)

// PhotoLinks are one-time pages through which a phone caller puts a photo into
// the running call: the robot texts the link, the upload closes it.
type PhotoLinks struct {
	now func() time.Time
	mu  sync.Mutex
	// open maps tokens to conversations.
	open map[string]photoLink
}

type photoLink struct {
	conversation string
	until        time.Time
}

// linkLife is how long a caller has to find the text message and a camera.
const linkLife = 15 * time.Minute

// maxLinks bounds memory; no shop has that many callers at once.
const maxLinks = 10_000

// NewPhotoLinks makes an empty set.
func NewPhotoLinks(now func() time.Time) *PhotoLinks {
	return &PhotoLinks{now: now, open: map[string]photoLink{}}
}

// New opens a link for a conversation and returns its path, /p/TOKEN.
func (l *PhotoLinks) New(_ context.Context, conversation string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	for t, k := range l.open {
		if k.conversation == conversation || l.now().After(k.until) || len(l.open) >= maxLinks {
			delete(l.open, t)
		}
	}
	token := rand.Text()
	l.open[token] = photoLink{conversation: conversation, until: l.now().Add(linkLife)}
	return "/p/" + token
}

// find returns the conversation of a link that is still open.
func (l *PhotoLinks) find(token string) (string, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k, ok := l.open[token]
	return k.conversation, ok && l.now().Before(k.until)
}

// take closes the link for good and reports whether it was open.
func (l *PhotoLinks) take(token string) (string, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	k, ok := l.open[token]
	delete(l.open, token)
	return k.conversation, ok && l.now().Before(k.until)
}

// giveBack reopens a link whose photo was refused, so that the caller can try
// again with another one.
func (l *PhotoLinks) giveBack(token, conversation string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.open[token] = photoLink{conversation: conversation, until: l.now().Add(linkLife)}
}

func (s *Server) photoPage(c *gin.Context) {
	if _, ok := s.Links.find(c.Param("token")); !ok {
		c.Status(http.StatusGone)
		s.servePage(c, "gone.html")
		return
	}
	s.servePage(c, "photo.html")
}

func (s *Server) photoUpload(c *gin.Context) {
	token := c.Param("token")
	conversation, ok := s.Links.take(token)
	if !ok {
		write(c, Problem{Type: "about:blank", Title: "The link is used up", Status: http.StatusGone,
			Detail: "Ask on the phone for a new one.", Chinese: "这个链接已经失效，请在电话里再要一个。"})
		return
	}
	shown, err := s.receivePhoto(c, conversation)
	if err != nil {
		s.Links.giveBack(token, conversation)
		s.fail(c, err)
		return
	}
	c.JSON(http.StatusOK, gin.H{"photo": shown.Photo, "reply": shown.Reply.Text()})
}

// page serves a file of the embedded pages.
func (s *Server) page(name string) gin.HandlerFunc {
	return func(c *gin.Context) { s.servePage(c, name) }
}

func (s *Server) servePage(c *gin.Context, name string) {
	body, err := fs.ReadFile(s.Web, name)
	if err != nil {
		problem(c, http.StatusNotFound, "No such page", "")
		return
	}
	c.Header("Cache-Control", "no-cache")
	c.Data(c.Writer.Status(), "text/html; charset=utf-8", body)
}

func (s *Server) static(c *gin.Context) {
	c.Header("Cache-Control", "no-cache")
	http.StripPrefix("/static/", http.FileServerFS(noFolders{s.Web})).ServeHTTP(c.Writer, c.Request)
}

// noFolders hides folder listings.
type noFolders struct{ fs.FS }

func (n noFolders) Open(name string) (fs.File, error) {
	f, err := n.FS.Open(name)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || info.IsDir() {
		_ = f.Close()
		return nil, fs.ErrNotExist
	}
	return f, nil
}
