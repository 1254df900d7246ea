package web

import "github.com/gin-gonic/gin"

// showFront greets whoever comes without a link.
func (s *Server) showFront(c *gin.Context) error {
	return s.render(c, 200, "front", s.page(c, "Tidemark"))
}
