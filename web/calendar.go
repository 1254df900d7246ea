package web

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/calendar"
	"tidemark/web/locale"
)

// followCalendar gives a calendar to a program that asks again and again, by an address
// that nobody else knows. It changes nothing.
func (s *Server) followCalendar(c *gin.Context) error {
	token, ok := strings.CutSuffix(c.Param("file"), ".ics")
	if !ok {
		return survey.ErrNotFound
	}
	if wait := s.pace.wait(token, s.cfg.Now()); wait > 0 {
		return &survey.TooManyError{After: wait}
	}
	ag, err := s.use.Calendars.Follow(c.Request.Context(), token)
	if err != nil {
		return err
	}
	body := s.agenda(ag).Bytes()
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	c.Header("ETag", tag)
	c.Header("Cache-Control", "private, max-age=900")
	c.Header("X-Robots-Tag", "noindex")
	if c.GetHeader("If-None-Match") == tag {
		c.Status(http.StatusNotModified)
		return nil
	}
	c.Data(http.StatusOK, calendar.MediaType, body)
	return nil
}

// sendCalendar hands out a calendar once.
func (s *Server) sendCalendar(c *gin.Context, ag survey.Agenda) error {
	c.Header("Content-Disposition", `attachment; filename="meetings.ics"`)
	c.Data(http.StatusOK, calendar.MediaType, s.agenda(ag).Bytes())
	return nil
}

// agenda says an agenda in words. Without titles there is nothing in them that tells
// what the appointments are for; the study is named in none.
func (s *Server) agenda(ag survey.Agenda) calendar.Calendar {
	words := s.texts.In(ag.Language)
	out := calendar.Calendar{Name: words.Say("calendar.name")}
	for _, m := range ag.Meetings {
		e := calendar.Event{
			UID: m.Key + "@tidemark", Sequence: m.Changes, Changed: m.ChangedAt, Starts: m.Starts, Ends: m.Ends,
			Title: words.Say("calendar.meeting"),
		}
		if ag.Choice.Titles {
			view := m.Course.In(words.Tag)
			week, _ := view.Week(m.Number)
			e.Title, e.Place = words.Say("calendar.meeting_of", "Course", view.Title, "Number", m.Number), m.Run.Location
			if ag.Staff {
				e.Title = words.Say("calendar.meeting_of", "Course", m.Run.Name, "Number", m.Number)
			}
			e.Text = week.Title
		}
		out.Events = append(out.Events, e)
	}
	for _, v := range ag.Surveys {
		out.Events = append(out.Events, calendar.Event{
			UID: v.Key + "@tidemark", Sequence: v.Changes, Changed: v.ChangedAt, Day: v.Day, Title: surveyTitle(words, ag.Choice),
		})
	}
	return out
}

func surveyTitle(words *locale.Language, choice survey.CalendarChoice) string {
	if choice.Titles {
		return words.Say("calendar.survey_last")
	}
	return words.Say("calendar.survey")
}

// pace bounds how often one address is asked for by each server: a program that asks
// without a pause is told to wait. It guards nothing but work.
type pace struct {
	mu    sync.Mutex
	since time.Time
	asked map[[sha256.Size]byte]int
}

const (
	paceWindow   = time.Minute
	pacePerOne   = 20    // of one address in a window
	paceTogether = 3_000 // of all
)

// wait counts one more, and says how long to wait when there were too many.
func (p *pace) wait(token string, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	if age := now.Sub(p.since); age >= paceWindow || age < 0 || p.asked == nil {
		p.since, p.asked = now, map[[sha256.Size]byte]int{}
	}
	key := sha256.Sum256([]byte(token))
	if p.asked[key] >= pacePerOne || len(p.asked) >= paceTogether {
		return p.since.Add(paceWindow).Sub(now)
	}
	p.asked[key]++
	return 0
}

// calendarAddress is where a calendar is followed.
func (s *Server) calendarAddress(token string) string {
	return fmt.Sprintf("%s/calendar/%s.ics", s.cfg.BaseURL, token)
}
