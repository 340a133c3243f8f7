package api

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/gin-gonic/gin"
)

// Role is what a key may do; each includes the ones before it.
type Role string

// The roles.
const (
	// Nobody needs no key: pages, health, and what a capability opens.
	Nobody Role = ""
	// Viewer reads conversations, campaigns and figures.
	Viewer Role = "viewer"
	// Operator talks, uploads, starts and stops.
	Operator Role = "operator"
	// Admin does everything.
	Admin Role = "admin"
)

var ranks = []Role{Nobody, Viewer, Operator, Admin}

// includes reports whether a holder of r may do what needs the other role.
func (r Role) includes(need Role) bool {
	return slices.Index(ranks, r) >= slices.Index(ranks, need)
}

// Keys finds the role of an API key. An unknown key is Nobody.
type Keys interface {
	Role(ctx context.Context, key string) (Role, error)
}

// who says who may use a route.
type who struct {
	role Role
	// owner lets a visitor in who holds the conversation's token.
	owner bool
	// public needs nothing at all.
	public bool
}

// cookie carries a console login: the key itself, unreadable for scripts.
const cookie = "waggle_key"

const (
	ctxRole  = "role"
	ctxOwner = "owner"
)

// allow is the one gate in front of every route.
func (s *Server) allow(w who) gin.HandlerFunc {
	return func(c *gin.Context) {
		role, err := s.role(c)
		if err != nil {
			s.fail(c, err)
			return
		}
		c.Set(ctxRole, role)
		switch {
		case w.public, w.role != Nobody && role.includes(w.role):
		case w.owner && s.owns(c):
			c.Set(ctxOwner, true)
		case role == Nobody:
			c.Header("WWW-Authenticate", `Bearer realm="waggle"`)
			problem(c, http.StatusUnauthorized, "A key is needed", "Send Authorization: Bearer KEY. The first start of waggle serve printed one.")
		default:
			problem(c, http.StatusForbidden, "Not allowed", "This key is a "+string(role)+"'s; the address needs "+string(w.role)+".")
		}
	}
}

// role reads the key from the header or the console's cookie. A cookie only
// counts for requests of our own pages, so that no other site can use it.
func (s *Server) role(c *gin.Context) (Role, error) {
	key := bearer(c)
	if key == "" && sameSite(c.Request) {
		key, _ = c.Cookie(cookie)
	}
	if key == "" {
		return Nobody, nil
	}
	return s.Keys.Role(c.Request.Context(), key)
}

func bearer(c *gin.Context) string {
	scheme, value, ok := strings.Cut(c.GetHeader("Authorization"), " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(value)
}

// sameSite reports whether a browser says that our own page asks (Fetch
// Metadata, https://www.w3.org/TR/fetch-metadata/). Clients without the header
// are no browsers and have no cookies worth stealing.
func sameSite(r *http.Request) bool {
	site := r.Header.Get("Sec-Fetch-Site")
	return site == "" || site == "same-origin" || site == "none"
}

// Token is the capability of a visitor for one conversation.
func (s *Server) token(conversation string) string {
	mac := hmac.New(sha256.New, s.Secret)
	mac.Write([]byte("conversation\x00" + conversation))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// owns checks the token of the conversation that the request is about.
func (s *Server) owns(c *gin.Context) bool {
	id := c.Param("id")
	if id == "" {
		id = c.Query("conversation")
	}
	got := bearer(c)
	return id != "" && got != "" && hmac.Equal([]byte(got), []byte(s.token(id)))
}

// cookieAge is how long a console login lasts.
const cookieAge = 12 * time.Hour

// login sets the console's cookie after checking a key.
func (s *Server) login(c *gin.Context) {
	var body struct {
		Key string `json:"key"`
	}
	if !s.decode(c, &body) {
		return
	}
	if !s.visitors.attempt(clientIP(c)) {
		problem(c, http.StatusTooManyRequests, "Too many attempts", "Wait a minute and try again.")
		return
	}
	role, err := s.Keys.Role(c.Request.Context(), body.Key)
	if err != nil {
		s.fail(c, err)
		return
	}
	if role == Nobody {
		problem(c, http.StatusUnauthorized, "Wrong key", "The first start of waggle serve printed the key.")
		return
	}
	secure := c.Request.TLS != nil || c.GetHeader("X-Forwarded-Proto") == "https"
	http.SetCookie(c.Writer, &http.Cookie{Name: cookie, Value: body.Key, Path: "/", HttpOnly: true, Secure: secure,
		SameSite: http.SameSiteStrictMode, MaxAge: int(cookieAge.Seconds())})
	c.JSON(http.StatusOK, gin.H{"role": role})
}

func (s *Server) logout(c *gin.Context) {
	http.SetCookie(c.Writer, &http.Cookie{Name: cookie, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, MaxAge: -1})
	c.Status(http.StatusNoContent)
}
