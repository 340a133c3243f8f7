package api

import (
	_ "embed"
	"net/http"

	"github.com/gin-gonic/gin"
)

//go:embed openapi.yaml
var openAPI []byte

func (s *Server) openAPI(c *gin.Context) {
	c.Data(http.StatusOK, "application/yaml", openAPI)
}

// healthz says that the process lives.
func (s *Server) healthz(c *gin.Context) { c.String(http.StatusOK, "ok\n") }

// readyz says whether new work should be sent here: the store answers and the
// gateway is not draining.
func (s *Server) readyz(c *gin.Context) {
	if err := s.Records.Ping(c.Request.Context()); err != nil {
		problem(c, http.StatusServiceUnavailable, "Not ready", "The store does not answer.")
		return
	}
	if s.Ready != nil {
		if err := s.Ready(); err != nil {
			problem(c, http.StatusServiceUnavailable, "Not ready", err.Error())
			return
		}
	}
	c.String(http.StatusOK, "ready\n")
}
