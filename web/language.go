package web

import (
	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/web/locale"
)

// languageKey is where a request's language waits in its context.
const languageKey = "language"

// language is the one a request is answered in: what was settled on the way
// (settleLanguage, inEnglish), or else what the browser asks for.
func (s *Server) language(c *gin.Context) *locale.Language {
	if l, ok := c.Get(languageKey); ok {
		return l.(*locale.Language)
	}
	l, ok := s.texts.Match(c.GetHeader("Accept-Language"))
	if !ok {
		l = s.texts.In(locale.Fallback)
	}
	c.Set(languageKey, l)
	return l
}

// settleLanguage finds the language for a participant: what the browser asks for,
// or else the study's.
func (s *Server) settleLanguage(c *gin.Context, p survey.Participation) {
	l, ok := s.texts.Match(c.GetHeader("Accept-Language"))
	if !ok {
		l = s.texts.In(p.Study.Language)
	}
	c.Set(languageKey, l)
}

// inEnglish answers a page of staff, errors included.
func (s *Server) inEnglish(h handler) handler {
	return func(c *gin.Context) error {
		c.Set(languageKey, s.texts.In(locale.Fallback))
		return h(c)
	}
}

// say is a text in the language of the request.
func (s *Server) say(c *gin.Context, key string, values ...any) string {
	return s.language(c).Say(key, values...)
}
