package web

import (
	"errors"
	"math"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/course"
	"tidemark/survey/schedule"
)

// ownForm is a form on a participant's page: what was given, and what is wrong
// with it, as message keys.
type ownForm struct {
	Values url.Values
	Faults survey.FieldErrors
	Once   string // names the sending; empty: sending twice is no matter
}

// Value is what was given in a field.
func (f ownForm) Value(field string) string { return f.Values.Get(field) }

// Is reports whether a field was given this value, as one of a list to choose from.
func (f ownForm) Is(field, value string) bool { return f.Values.Get(field) == value }

// Given reports whether a field was given anything.
func (f ownForm) Given(field string) bool { return f.Values.Get(field) != "" }

// Faulty are the faults in the order of the fields on the page.
func (f ownForm) Faulty() []faultyField {
	order := []string{"again", "minutes", "formal", "helpful", "day", "practice", "text", "text_1", "text_2", "text_3"}
	var list []faultyField
	for _, field := range order {
		if fault := f.Faults[field]; fault != "" {
			list = append(list, faultyField{field, fault})
		}
	}
	return list
}

type faultyField struct{ Field, Fault string }

// refused decides what a form that was not taken is shown again with: its faults,
// or, when it was sent before with something else in it, a name for a sending of its
// own. Any other error has a page of its own.
func refused(values url.Values, err error) (ownForm, int, error) {
	f := ownForm{Values: values, Once: values.Get("once")}
	if faults, ok := errors.AsType[survey.FieldErrors](err); ok {
		f.Faults = faults
		return f, http.StatusUnprocessableEntity, nil
	}
	if errors.Is(err, survey.ErrConflict) {
		f.Faults, f.Once = survey.FieldErrors{"again": "practice.sent_before"}, newOnce()
		return f, http.StatusConflict, nil
	}
	return f, 0, err
}

// Fault is what is wrong with a field, as a message key, or nothing.
func (f ownForm) Fault(field string) string { return f.Faults[field] }

// practicePage is this week's practice, the form to note that it was done, and what
// was noted so far.
type practicePage struct {
	Page
	Book   survey.PracticeBook
	Course *course.Course // in the person's language, or its own
	Now    *course.Meeting
	Before []course.Meeting // of earlier weeks, the latest first
	Weeks  []practiceWeek   // with entries
	Asked  int              // week asked for
	Form   practiceForm
	Done   string // message key of what was just done; empty: nothing
}

// practiceWeek is a week with entries. They are shown for the latest one and for the
// one that is asked for, so that the page stays light to the end of the course.
type practiceWeek struct {
	survey.PracticeWeek
	Open bool
	Rows []practiceRow
}

type practiceRow struct {
	survey.PracticeEntry
	Title string // of the practice
}

// practiceForm is the form of an entry, new or not.
type practiceForm struct {
	ownForm
	Entry     survey.PracticeID // empty: a new one
	Days      []schedule.Date
	Today     schedule.Date
	Practices []course.Meeting
	Language  string // of the practices
	Minutes   []int
	Scale     []int
}

// quickMinutes are the numbers that can be tapped.
func quickMinutes() []int { return []int{5, 10, 15, 20, 30} }

func helpfulScale() []int {
	scale := make([]int, survey.MaxHelpful+1)
	for i := range scale {
		scale[i] = i
	}
	return scale
}

// Other is the number of minutes that was typed, or that none of the choices is.
func (f practiceForm) Other() string {
	if typed := f.Value("minutes_other"); typed != "" {
		return typed
	}
	given := f.Value("minutes")
	for _, n := range f.Minutes {
		if given == strconv.Itoa(n) {
			return ""
		}
	}
	return given
}

// needsCourse sends whoever has no course away from its pages, kindly.
func (s *Server) needsCourse(c *gin.Context, err error) error {
	switch {
	case errors.Is(err, survey.ErrConsentRequired):
		return redirect(c, "/me/consent")
	case errors.Is(err, survey.ErrNotFound):
		return redirect(c, "/me")
	}
	return err
}

func (s *Server) showPractice(c *gin.Context, a survey.Actor) error {
	form := ownForm{Values: url.Values{}, Once: newOnce()}
	return s.practice(c, a, http.StatusOK, form)
}

func (s *Server) practice(c *gin.Context, a survey.Actor, status int, f ownForm) error {
	book, err := s.use.Practices.Log(c.Request.Context(), a)
	if err != nil {
		return s.needsCourse(c, err)
	}
	p := practicePage{
		Page: s.participantPage(c, a, s.say(c, "practice.title")), Book: book,
		Course: book.Course.In(s.language(c).Tag), Done: doneKey(c.Query("done"), "noted", "corrected", "removed"),
	}
	p.Asked = wholeOr(c.Query("week"), math.MinInt)
	for _, w := range book.Weeks {
		m, ok := p.Course.Week(w.Number)
		switch {
		case !ok:
		case w.Number == book.Week:
			p.Now = &m
		default:
			p.Before = append(p.Before, m)
		}
		if len(w.Entries) > 0 {
			open := len(p.Weeks) == 0 || w.Number == p.Asked
			p.Weeks = append(p.Weeks, practiceWeekOf(p.Course, w, open))
		}
	}
	p.Form = newPracticeForm(f, book, p.Course)
	if book.CanNote() {
		s.keepTyping(c, &p.Page, "own")
	}
	if len(f.Faults) > 0 {
		p.Title = s.say(c, "error.prefix") + p.Title
	}
	return s.render(c, status, "practice", p)
}

// doneKey is the message of what an address says was done, if it is one of these.
func doneKey(done string, known ...string) string {
	for _, k := range known {
		if done == k {
			return "practice.done_" + k
		}
	}
	return ""
}

func practiceWeekOf(c *course.Course, w survey.PracticeWeek, open bool) practiceWeek {
	week := practiceWeek{PracticeWeek: w, Open: open}
	if !open {
		return week
	}
	for _, e := range w.Entries {
		row := practiceRow{PracticeEntry: e, Title: e.Practice}
		if m, ok := c.Week(course.NumberOf(e.Practice)); ok {
			row.Title = m.Practice.Title
		}
		week.Rows = append(week.Rows, row)
	}
	return week
}

func newPracticeForm(f ownForm, book survey.PracticeBook, c *course.Course) practiceForm {
	form := practiceForm{
		ownForm: f, Days: book.Days(), Today: book.Today, Language: c.Language, Minutes: quickMinutes(), Scale: helpfulScale(),
	}
	for n := min(book.Week, len(c.Weeks)); n >= 1; n-- {
		form.Practices = append(form.Practices, c.Weeks[n-1])
	}
	return form
}

// practiceOf binds a form. What cannot be read becomes a value that the use case
// refuses, so that the person is told.
func practiceOf(form url.Values) survey.NewPractice {
	n := survey.NewPractice{Practice: form.Get("practice")}
	if day, err := schedule.ParseDate(form.Get("day")); err == nil {
		n.Day = day
	}
	minutes := strings.TrimSpace(form.Get("minutes_other"))
	if minutes == "" {
		minutes = form.Get("minutes")
	}
	n.Minutes = wholeOr(minutes, 0)
	switch form.Get("formal") {
	case "yes":
		formal := true
		n.Formal = &formal
	case "no":
		formal := false
		n.Formal = &formal
	}
	if given := form.Get("helpful"); given != "" {
		v := wholeOr(given, -1)
		n.Helpful = &v
	}
	return n
}

// wholeOr reads a whole number, or gives another for what is none.
func wholeOr(text string, otherwise int) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		return otherwise
	}
	return n
}

func (s *Server) notePractice(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	only, err := s.speaks(c, a, values)
	if err != nil {
		return err
	}
	if only {
		return s.practice(c, a, http.StatusOK, ownForm{Values: values, Once: values.Get("once")})
	}
	err = s.use.Practices.Note(c.Request.Context(), a, practiceOf(values), survey.Once(values.Get("once")))
	if err != nil && !errors.Is(err, survey.ErrRepeated) { // sent twice, noted once
		f, status, err := refused(values, err)
		if err != nil {
			return err
		}
		return s.practice(c, a, status, f)
	}
	return redirect(c, "/me/practice?done=noted")
}

// entryPage is one entry, to be changed or removed.
type entryPage struct {
	Page
	Entry survey.PracticeEntry
	Form  practiceForm
}

func (s *Server) showPracticeEntry(c *gin.Context, a survey.Actor) error {
	return s.practiceEntry(c, a, http.StatusOK, ownForm{})
}

func (s *Server) practiceEntry(c *gin.Context, a survey.Actor, status int, f ownForm) error {
	book, err := s.use.Practices.Log(c.Request.Context(), a)
	if err != nil {
		return err
	}
	e, ok := book.Entry(practiceID(c))
	if !ok {
		return survey.ErrNotFound
	}
	p := entryPage{Page: s.participantPage(c, a, s.say(c, "practice.change_title")), Entry: e}
	if f.Values == nil {
		f.Values = entryValues(e)
	}
	p.Form = newPracticeForm(f, book, book.Course.In(s.language(c).Tag))
	p.Form.Entry = e.ID
	s.keepTyping(c, &p.Page, "own")
	if len(p.Form.Days) == 0 || e.Day.DaysUntil(p.Form.Days[len(p.Form.Days)-1]) > 0 || p.Form.Days[0].DaysUntil(e.Day) > 0 {
		p.Form.Days = append(p.Form.Days, e.Day) // may stay where it is
	}
	if len(f.Faults) > 0 {
		p.Title = s.say(c, "error.prefix") + p.Title
	}
	return s.render(c, status, "practice_entry", p)
}

// entryValues are an entry as its form has it.
func entryValues(e survey.PracticeEntry) url.Values {
	v := url.Values{"day": {e.Day.String()}, "practice": {e.Practice}, "minutes": {strconv.Itoa(e.Minutes)}, "formal": {"no"}}
	if e.Formal {
		v.Set("formal", "yes")
	}
	if e.Helpful != nil {
		v.Set("helpful", strconv.Itoa(*e.Helpful))
	}
	return v
}

func practiceID(c *gin.Context) survey.PracticeID { return survey.PracticeID(c.Param("entry")) }

func (s *Server) correctPractice(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	only, err := s.speaks(c, a, values)
	if err != nil {
		return err
	}
	if only {
		return s.practiceEntry(c, a, http.StatusOK, ownForm{Values: values})
	}
	err = s.use.Practices.Correct(c.Request.Context(), a, practiceID(c), practiceOf(values))
	if faults, ok := errors.AsType[survey.FieldErrors](err); ok {
		return s.practiceEntry(c, a, http.StatusUnprocessableEntity, ownForm{Values: values, Faults: faults})
	}
	if err != nil {
		return err
	}
	return redirect(c, "/me/practice?done=corrected")
}

func (s *Server) removePractice(c *gin.Context, a survey.Actor) error {
	if err := s.use.Practices.Remove(c.Request.Context(), a, practiceID(c)); err != nil {
		return err
	}
	return redirect(c, "/me/practice?done=removed")
}
