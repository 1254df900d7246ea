package web

import (
	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// Handlers that are still to be written; this file goes when they are.

func (s *Server) showResults(c *gin.Context, a survey.Actor) error     { return survey.ErrNotFound }
func (s *Server) downloadResults(c *gin.Context, a survey.Actor) error { return survey.ErrNotFound }
