package web

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// readOnlyRetry is after how many seconds a browser may try again what was refused.
const readOnlyRetry = "60"

// refuseChanges answers what would change something while no changes are taken, before
// anything is looked at. What a use case would still write is refused by the use case.
func (s *Server) refuseChanges(c *gin.Context) {
	if s.use.Mode.ReadOnly() && !isRead(c) && c.Request.Method != http.MethodOptions && !staysOpen(c.FullPath()) {
		s.showError(c, survey.ErrReadOnly)
		return
	}
	c.Next()
}

// staysOpen reports whether a form is taken even then: to come in and out, so that pages
// can be read; to end sign-ins, which cannot wait; and to take changes again. Programs
// read by POST too: what they would change is refused further in.
func staysOpen(route string) bool {
	if strings.HasPrefix(route, "/sign-in") || strings.HasPrefix(route, "/account/sign-ins/") || strings.HasPrefix(route, "/api/") {
		return true
	}
	return slices.Contains([]string{"", "/p/:token", codePath, "/language", "/sign-out", readOnlyPath}, route)
}

// whenTaken passes over that something small about whoever is there could not be kept
// while no changes are taken.
func whenTaken(err error) error {
	if errors.Is(err, survey.ErrReadOnly) {
		return nil
	}
	return err
}
