package web

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/web/redcap"
	"tidemark/web/rest"
)

// smallBody is what is read before a request takes a place, so that one that comes in
// slowly, or never whole, keeps nobody from working. A page of questions is under
// 1 kB.
const smallBody = 64 << 10

// takeOn lets a request to work, or says when to come back.
func (s *Server) takeOn(c *gin.Context) {
	r := rankOf(c.Request.Method, c.FullPath())
	if r != rankFree {
		readAhead(c.Request)
	}
	leave, err := s.gate.enter(c.Request.Context(), r)
	if err != nil {
		s.turnAway(c, err)
		return
	}
	defer leave()
	c.Next()
}

// turnAway refuses in the words of whoever asks.
func (s *Server) turnAway(c *gin.Context, err error) {
	if errors.Is(err, errCrowded) {
		c.Header("Retry-After", strconv.Itoa(s.gate.comeBack()))
	}
	switch path := c.Request.URL.Path; {
	case rest.Owns(path):
		s.api.Refuse(c, err)
	case path == redcap.Path:
		s.redcap.Refuse(c, err)
	default:
		s.showError(c, err)
	}
}

// readAhead reads a small body, or the beginning of a large one, into memory.
func readAhead(r *http.Request) {
	if r.Body == nil || r.Body == http.NoBody {
		return
	}
	start, err := io.ReadAll(io.LimitReader(r.Body, smallBody))
	rest := io.Reader(r.Body)
	if err != nil {
		rest = broken{err} // told to whoever reads the form
	}
	r.Body = struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(start), rest), r.Body}
}

// broken is a body whose end did not come.
type broken struct{ err error }

// Read says why.
func (b broken) Read([]byte) (int, error) { return 0, b.err }

// rankOf is how urgent a request to a route is.
func rankOf(method, route string) rank {
	switch route {
	case "/healthz", "/livez", "/readyz", "/help", offlinePath, "/service-worker.js", "/static/:version/:file":
		return rankFree // they cost little, and help must always be there
	case "/studies/:study/runs/:run/events":
		return rankFree // open for hours, and idle
	case "/me/a/:assessment/help":
		return rankSave
	}
	switch {
	case strings.HasPrefix(route, "/me/") && method == http.MethodPost:
		return rankSave
	case strings.HasPrefix(route, "/me"):
		return rankAnswer
	case ofStaff(route):
		if ofWholeStudy(route) {
			return rankHeavy
		}
		return rankStaff
	case strings.HasPrefix(route, "/api/"):
		return rankHeavy
	}
	return rankEnter
}

// ofStaff reports whether a route is for members of staff.
func ofStaff(route string) bool {
	for _, begins := range []string{"/studies", "/admin", "/account", "/sign-", "/instruments", "/drafts", "/courses"} {
		if strings.HasPrefix(route, begins) {
			return true
		}
	}
	return false
}

// ofWholeStudy reports whether a route of staff reads or writes a whole study.
func ofWholeStudy(route string) bool {
	for _, within := range []string{
		"/results", "/report", "/power", "/data/", "/snapshots/", "/content", "/download", "/bundle",
		"/imports", "/rehearsal", "/audit/",
	} {
		if strings.Contains(route, within) {
			return true
		}
	}
	return false
}
