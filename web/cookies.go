package web

import (
	"net/http"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// cookieName is the cookie of one kind of sign-in. Over HTTPS the "__Host-"
// prefix makes browsers refuse a cookie set by a sibling domain or a plain
// connection; without HTTPS (a rehearsal on one's own machine) they would refuse
// it altogether.
func (s *Server) cookieName(k survey.SignInKind) string {
	name := "tidemark_" + string(k)
	if s.secure() {
		return "__Host-" + name
	}
	return name
}

func (s *Server) setCookie(c *gin.Context, k survey.SignInKind, value string, life time.Duration) {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: s.cookieName(k), Value: value, Path: "/", MaxAge: int(life / time.Second),
		HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode,
	})
}

func (s *Server) clearCookie(c *gin.Context, k survey.SignInKind) {
	http.SetCookie(c.Writer, &http.Cookie{
		Name: s.cookieName(k), Path: "/", MaxAge: -1,
		HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode,
	})
}
