package web

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

const (
	// heartbeat is how often a stream says that it is there, and asks whether its
	// reader may still know.
	heartbeat = 15 * time.Second
	// slowest is how long a reader may take over one event before it is dropped.
	slowest = 10 * time.Second
	// longest is how long a stream lasts; the browser then opens another.
	longest = time.Hour
)

// showEvents tells a page whenever the board of a run has changed, and nothing else
// of it: what has changed the page fetches with the rights that its reader has then.
// Whoever does not take a stream is told once how the board stands.
func (s *Server) showEvents(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	ctx, run := c.Request.Context(), runID(c)
	mark, err := s.use.Runs.Mark(ctx, a, study.ID, run, survey.BoardMark{})
	if err != nil {
		return err
	}
	if !strings.Contains(c.GetHeader("Accept"), "text/event-stream") {
		c.String(http.StatusOK, "%s\n", mark.Version())
		return nil
	}
	v, leave, err := s.live.join(ctx, a.User.ID, liveRun{study.ID, run})
	if err != nil {
		return err
	}
	defer leave()
	out := newStream(c)
	known := c.GetHeader("Last-Event-ID")
	if known == "" {
		known = c.Query("version")
	}
	if !out.open(known, mark.Version()) {
		return nil
	}
	known = mark.Version()
	beat, end := time.NewTicker(s.live.beat), time.After(longest)
	defer beat.Stop()
	for {
		alive := true
		select {
		case version := <-v.News:
			if version != known {
				alive = out.changed(version)
			}
			known = version
		case <-beat.C:
			alive = s.stillMay(c, study, run) && out.beat()
		case <-end:
			alive = false
		case <-v.Gone:
			alive = false
		case <-ctx.Done():
			alive = false
		}
		if !alive {
			return nil
		}
	}
}

// stillMay reports whether whoever opened a stream is still signed in and may manage
// the run.
func (s *Server) stillMay(c *gin.Context, study survey.Study, run survey.RunID) bool {
	cookie, err := c.Cookie(s.cookieName(survey.SignInUser))
	if err != nil {
		return false
	}
	a, err := s.use.SignIns.Staff(c.Request.Context(), cookie)
	return err == nil && a.MayRun(study.ID, run)
}

// stream writes server-sent events.
type stream struct {
	out  gin.ResponseWriter
	line *http.ResponseController
}

func newStream(c *gin.Context) stream {
	h := c.Writer.Header()
	h.Set("Content-Type", "text/event-stream; charset=utf-8")
	h.Set("X-Accel-Buffering", "no") // or a proxy would keep events back
	return stream{c.Writer, http.NewResponseController(c.Writer)}
}

// open begins the stream, with news at once when the page shows another version.
func (s stream) open(known, version string) bool {
	// The server's bound on reading a request would end the stream.
	_ = s.line.SetReadDeadline(time.Time{})
	if known != "" && known != version {
		return s.write("retry: 2000\n\n") && s.changed(version)
	}
	return s.write("retry: 2000\nid: " + version + "\n\n")
}

func (s stream) changed(version string) bool {
	return s.write(fmt.Sprintf("id: %s\nevent: changed\ndata: %s\n\n", version, version))
}

func (s stream) beat() bool { return s.write(": here\n\n") }

// write sends at once, and reports whether somebody still takes it.
func (s stream) write(text string) bool {
	_ = s.line.SetWriteDeadline(time.Now().Add(slowest))
	if _, err := s.out.WriteString(text); err != nil {
		return false
	}
	return s.line.Flush() == nil
}
