package web

import (
	"html/template"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/schedule"
	"tidemark/web/locale"
)

// entryDeskPage is where a facilitator lets people enrol themselves, and sees who waits.
type entryDeskPage struct {
	Page
	Study survey.Study
	Path  string
	Desk  survey.EntryDesk
	Link  string // empty until something was said
	Mail  bool
	Form  staffForm
	Did   string
	// posters are the languages that there are.
	posters map[string]string
}

func (s *Server) showEntryDesk(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.entryDesk(c, a, study, http.StatusOK, staffForm{})
}

func (s *Server) entryDesk(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm) error {
	d, err := s.use.Entries.Desk(c.Request.Context(), a, study.ID, runID(c))
	if err != nil {
		return err
	}
	if f.Values == nil {
		f = deskValues(d.Entry)
	}
	p := entryDeskPage{
		Page: s.staffPage(c, a, study, sectionRuns, "Self-enrolment"), Study: study, Path: runPath(study, d.Run.ID), Desk: d,
		Mail: s.cfg.Mail, Form: f, Did: c.Query("did"),
	}
	p.posters = map[string]string{}
	for _, l := range s.texts.Languages() {
		p.posters[l.Tag] = locale.EnglishName(l.Tag)
	}
	if d.Entry.Key != "" {
		p.Link = s.link("/join/" + d.Entry.Key)
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "facilitator_entry", p)
}

func deskValues(e survey.RunEntry) staffForm {
	v := url.Values{"ask_email": {string(e.AskEmail)}}
	if e.Allowed {
		v.Set("allowed", "1")
	}
	if e.Capacity > 0 {
		v.Set("capacity", strconv.Itoa(e.Capacity))
	}
	for field, d := range map[string]schedule.Date{"opens_on": e.OpensOn, "closes_on": e.ClosesOn} {
		if d != (schedule.Date{}) {
			v.Set(field, d.String())
		}
	}
	return staffForm{Values: v}
}

// Posters are the languages of posters, by code.
func (p entryDeskPage) Posters() map[string]string { return p.posters }

// setEntry says whether and how people may enrol themselves.
func (s *Server) setEntry(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	err = s.use.Entries.Set(c.Request.Context(), a, study.ID, runID(c), survey.EntrySettings{
		Allowed: values.Get("allowed") != "", Capacity: values.Get("capacity"), OpensOn: values.Get("opens_on"),
		ClosesOn: values.Get("closes_on"), AskEmail: values.Get("ask_email"),
	})
	if err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.entryDesk(c, a, study, status, f)
	}
	return redirect(c, runPath(study, runID(c))+"/entry?did=set")
}

// decideWaiting gives somebody who waits a place, or takes them off the list.
func (s *Server) decideWaiting(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	did := "invited"
	if values.Get("step") == "remove" {
		did = "removed"
		err = s.use.Entries.Remove(c.Request.Context(), a, study.ID, runID(c), c.Param("ticket"))
	} else {
		err = s.use.Entries.Invite(c.Request.Context(), a, study.ID, runID(c), c.Param("ticket"))
	}
	if err != nil {
		return err
	}
	return redirect(c, runPath(study, runID(c))+"/entry?did="+did)
}

type posterPage struct {
	Page
	Run  survey.CourseRun
	Link string
	QR   template.HTML
	// OwnCode: people come in by codes that they make themselves.
	OwnCode bool
}

// showPoster is a page to print and hang up, in a language of the people it is for.
func (s *Server) showPoster(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	d, err := s.use.Entries.Desk(c.Request.Context(), a, study.ID, runID(c))
	if err != nil {
		return err
	}
	if d.Entry.Key == "" {
		return redirect(c, runPath(study, d.Run.ID)+"/entry")
	}
	texts, err := s.use.Languages.Texts(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	l, ok := s.texts.Find(c.Query("language"))
	if !ok {
		l = s.texts.In(study.Language)
	}
	c.Set(languageKey, l)
	c.Set(studyTextsKey, texts)
	link := s.link("/join/" + d.Entry.Key)
	p := posterPage{Page: s.entryPage(c, study, d.Run.Name), Run: d.Run, Link: link, QR: qrPicture(link, link), OwnCode: d.OwnCodes}
	p.Languages = nil
	return s.render(c, http.StatusOK, "join_poster", p)
}
