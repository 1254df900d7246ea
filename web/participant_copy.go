package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/schedule"
	"tidemark/web/locale"
)

// sendFile hands out a file that is in memory.
func sendFile(c *gin.Context, name, contentType string, data []byte) error {
	h := c.Writer.Header()
	h.Set("Content-Type", contentType)
	h.Set("Content-Length", strconv.Itoa(len(data)))
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	c.Writer.WriteHeader(http.StatusOK)
	_, _ = c.Writer.Write(data) // a client that is gone gets nothing, which the trail does not claim
	return nil
}

func (s *Server) sendOwnJSON(c *gin.Context, doc survey.OwnCopy) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(doc); err != nil {
		return fmt.Errorf("write a copy: %w", err)
	}
	return sendFile(c, "my-data.json", "application/json", b.Bytes())
}

// ownFile is a copy to be read: one file that stands alone.
type ownFile struct {
	Page
	Copy survey.OwnCopy
	Made string
	l    *locale.Language
	zone *time.Location
}

func (s *Server) sendOwnPage(c *gin.Context, a survey.Actor, doc survey.OwnCopy) error {
	l := s.language(c)
	f := ownFile{Page: s.page(c, l.Say("mydata.file_title", "Study", doc.Study.Title)), Copy: doc, l: l, zone: a.Participation.Run.Zone()}
	if made, err := time.Parse(time.RFC3339, doc.MadeAt); err == nil {
		at := made.In(f.zone)
		f.Made = l.Say("mydata.file_made", "Day", l.DayYear(schedule.DateOf(at)), "Time", at.Format("15:04 MST"))
	}
	t, ok := s.pages.byName[pageName{f.Lang, "files/own_copy"}]
	if !ok {
		return fmt.Errorf("no file template in %s", f.Lang)
	}
	var b bytes.Buffer
	if err := t.Execute(&b, f); err != nil {
		return fmt.Errorf("write a copy: %w", err)
	}
	return sendFile(c, "my-data.html", "text/html; charset=utf-8", b.Bytes())
}

// When is an instant of the copy as the day it fell on, where the course takes
// place.
func (f ownFile) When(at string) string {
	t, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return at
	}
	return f.l.DayYear(schedule.DateOf(t.In(f.zone)))
}

// Blocks are the paragraphs and headings of a consent text.
func (ownFile) Blocks(text string) []textBlock { return textBlocks(text) }

// On is a day of the copy.
func (f ownFile) On(day string) string {
	d, err := schedule.ParseDate(day)
	if err != nil {
		return day
	}
	return f.l.DayYear(d)
}

// Answer is an answer in words: the options chosen, a day as people write it, a
// number with its unit, or the text.
func (f ownFile) Answer(a survey.OwnAnswer) string {
	if len(a.Labels) > 0 {
		return strings.Join(a.Labels, "; ")
	}
	if number, ok := a.Value.Number(); ok {
		return strings.TrimSpace(f.l.Number(number) + " " + a.Unit)
	}
	text := a.Value.String()
	if _, err := schedule.ParseDate(text); err == nil {
		return f.On(text)
	}
	return text
}

// device is what this browser holds to be known as a person's own.
func (s *Server) device(c *gin.Context) string {
	device, err := c.Cookie(s.deviceCookie())
	if err != nil {
		return ""
	}
	return device
}

func (s *Server) deviceCookie() string {
	if s.secure() {
		return "__Host-tidemark_device"
	}
	return "tidemark_device"
}

// deviceLifetime is as long as browsers keep a cookie.
const deviceLifetime = 400 * 24 * time.Hour

// rememberDevice makes this browser one of the person's own: they agree to take
// part on it.
func (s *Server) rememberDevice(c *gin.Context, a survey.Actor) error {
	device := s.device(c)
	if device == "" {
		device = s.use.OwnData.NewDevice()
	}
	if err := s.use.OwnData.RememberDevice(c.Request.Context(), a, device); err != nil {
		return err
	}
	http.SetCookie(c.Writer, &http.Cookie{ //nolint:gosec // Secure wherever the site is
		Name: s.deviceCookie(), Value: device, Path: "/", MaxAge: int(deviceLifetime / time.Second),
		HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode,
	})
	return nil
}
