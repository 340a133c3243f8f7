// Package api serves everything that arrives by HTTP: conversations, photos,
// WHIP, the OpenAI-shaped audio endpoints, campaigns, the pages. It turns
// requests into calls of the packages it exposes and decides who may do what;
// it knows no business rule. It may import the packages it exposes.
package api

import (
	"context"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"waggle/asr"
	"waggle/audio/clip"
	"waggle/dialog"
	"waggle/dialog/knowledge"
	"waggle/outbound"
	"waggle/shop"
	"waggle/tts"
	"waggle/vision"
	"waggle/voice/webrtc"
)

// Conversations is the dialog core as a channel sees it.
type Conversations interface {
	Start(ctx context.Context, o dialog.Opening) (id string, greeting dialog.Reply, err error)
	Next(ctx context.Context, id string, t dialog.Turn) (dialog.Reply, error)
	Entries(ctx context.Context, id string) ([]dialog.Entry, error)
	Stream(ctx context.Context, id string, t dialog.Turn, emit func(dialog.Sentence)) (dialog.Reply, error)
	Subscribe(id string) (<-chan dialog.Entry, func())
	Operators
}

// Eyes look at an uploaded photo and join what they see to a conversation.
type Eyes interface {
	// Show decodes, stores and inspects the photos of one upload, and answers
	// them together in the conversation. Errors that are a *vision.Refusal are
	// the sender's.
	Show(ctx context.Context, conversation string, photos Photos) (Shown, error)
	// Picture opens a stored photo, re-encoded and free of metadata.
	Picture(ctx context.Context, id string) (io.ReadCloser, error)
	// Evidence is a PNG of what was found on a photo of a conversation: picture
	// is overlay or swatch. Words, and what is for the shop's eyes only, stand in
	// it for the shop's people.
	Evidence(ctx context.Context, conversation, photo, picture string, words vision.Captions) (io.ReadCloser, error)
}

// WHIP is the door for browsers (RFC 9725); *webrtc.Server is one.
type WHIP interface {
	Offer(ctx context.Context, r webrtc.Request) (webrtc.Answer, error)
	Patch(ctx context.Context, id, match, fragment string) (webrtc.Patched, error)
	Delete(id string) error
}

// Ear recognises a whole recording; asr.Transcriber is one.
type Ear interface {
	Transcribe(ctx context.Context, c clip.Clip, h asr.Hints) (asr.Transcript, error)
}

// Knowledge is what questions are answered from; *knowledge.Library is one.
type Knowledge interface {
	Holdings() knowledge.Holdings
	Import(ctx context.Context, name string, raw []byte) (knowledge.Stored, error)
	RemoveDocument(ctx context.Context, name string) error
	Pin(ctx context.Context, question, answer string) (knowledge.Pin, error)
	RemovePin(ctx context.Context, id string) error
	Drafts(ctx context.Context, since time.Time) ([]knowledge.Draft, error)
	Retrieve(question string, limit int) []knowledge.Hit
}

// Campaigns is the merchant's view of outbound calls.
type Campaigns interface {
	Create(ctx context.Context, c outbound.Campaign, contacts []outbound.Contact) error
	SetState(ctx context.Context, id string, to outbound.CampaignState) error
	Campaigns(ctx context.Context) ([]outbound.Campaign, error)
	Report(ctx context.Context, id string) (outbound.Report, error)
	CancelFact(ctx context.Context, fact, value, reason string) (int64, error)
	Add(ctx context.Context, number, reason string, at time.Time) error
	Listed(ctx context.Context, number string) (bool, error)
}

// Records lists the conversations that were held.
type Records interface {
	Calls(ctx context.Context, limit int) ([]dialog.Record, error)
	Ping(ctx context.Context) error
}

// Config is what a Server needs. All fields but Ready, Desk and Load are
// required.
type Config struct {
	Keys          Keys
	Conversations Conversations
	Eyes          Eyes
	WHIP          WHIP
	Ear           Ear
	Mouth         tts.Synthesizer
	Knowledge     Knowledge
	Campaigns     Campaigns
	Records       Records
	Products      shop.Products
	ProductPhotos *ProductPhotos
	// Customers is what operators are shown of the shop's records.
	Customers CustomerRecords
	// Images holds the pictures of products, by shop.Product.Image.
	Images fs.FS
	// Web holds the pages.
	Web fs.FS
	// Links are the one-time photo links that were texted to callers.
	Links *PhotoLinks
	// Secret signs capabilities of visitors; 32 random bytes.
	Secret []byte
	// Desk is told when people look at the queue; nil tells nobody.
	Desk Desk
	// Load tells how many calls are in progress and how many are admitted at
	// most; nil tells nothing.
	Load func() (calls, seats int)
	// Ready reports why the gateway should get no new work; nil means ready.
	Ready func() error
	Log   *slog.Logger
}

// Server answers HTTP. Make it with New.
type Server struct {
	Config
	visitors *visitors
	engine   *gin.Engine
}

// New builds the routes.
func New(c Config) *Server {
	s := &Server{Config: c, visitors: newVisitors(time.Now)}
	gin.SetMode(gin.ReleaseMode)
	g := gin.New()
	g.HandleMethodNotAllowed = true
	g.RedirectTrailingSlash = false
	_ = g.SetTrustedProxies(nil) // nil cannot fail: trust no X-Forwarded-For
	g.Use(s.recover, s.headers)
	g.NoRoute(func(c *gin.Context) {
		problem(c, http.StatusNotFound, "No such address", "See /openapi.yaml for what there is.")
	})
	g.NoMethod(func(c *gin.Context) {
		problem(c, http.StatusMethodNotAllowed, "Method not allowed", "See /openapi.yaml for what this address takes.")
	})
	for _, r := range s.routes() {
		g.Handle(r.method, r.path, s.allow(r.who), r.handle)
	}
	s.engine = g
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.engine.ServeHTTP(w, r) }

// recover keeps a panic inside one request.
func (s *Server) recover(c *gin.Context) {
	defer func() {
		if p := recover(); p != nil {
			s.Log.Error("request panicked", "method", c.Request.Method, "route", c.FullPath(), "panic", p)
			problem(c, http.StatusInternalServerError, "Something broke", "It was logged. Please try again.")
		}
	}()
	c.Next()
}

// headers are the browser's fences: our own scripts only, no framing, no
// guessing of types.
func (s *Server) headers(c *gin.Context) {
	h := c.Writer.Header()
	h.Set("Content-Security-Policy", "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Permissions-Policy", "microphone=(self), camera=(self)")
	c.Next()
}
