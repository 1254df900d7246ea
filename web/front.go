package web

import "github.com/gin-gonic/gin"

// showFront greets whoever comes without a link.
func (s *Server) showFront(c *gin.Context) error {
	return s.render(c, 200, "front", s.page(c, "Tidemark"))
}

// showHelp says where to find someone to talk to. It needs no sign-in and no
// database.
func (s *Server) showHelp(c *gin.Context) error {
	return s.render(c, 200, "help", s.page(c, s.say(c, "help.title")))
}
