package web

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// serveHealth says that the process answers and can reach its database.
func (s *Server) serveHealth(c *gin.Context) {
	if _, err := s.store.Studies(c.Request.Context()); err != nil {
		s.cfg.Logger.Error("health check", "error", err)
		c.String(http.StatusServiceUnavailable, "database unreachable\n")
		return
	}
	c.String(http.StatusOK, "ok\n")
}

// serveLive says that the process answers. It asks no database: one that is away is no
// reason to start a server anew.
func (s *Server) serveLive(c *gin.Context) { c.String(http.StatusOK, "ok\n") }

// serveReady says whether this server should be sent requests, as JSON.
func (s *Server) serveReady(c *gin.Context) {
	if s.cfg.Ready == nil {
		s.serveHealth(c)
		return
	}
	s.cfg.Ready.ServeHTTP(c.Writer, c.Request)
}
