package web

import (
	"cmp"
	"crypto/rand"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// staffForm is a form on a page: what was given, and what is wrong with it. The zero
// form is an empty one without faults.
type staffForm struct {
	Values url.Values
	Faults survey.FieldErrors
}

// Value is what was given in a field.
func (f staffForm) Value(field string) string { return f.Values.Get(field) }

// Is reports whether a field was given this value, as one of a list to choose
// from.
func (f staffForm) Is(field, value string) bool { return f.Values.Get(field) == value }

// Fault is what is wrong with a field, or nothing.
func (f staffForm) Fault(field string) string {
	if key, ok := f.Faults[field]; ok {
		return messageText(key)
	}
	return ""
}

// faultLine is one entry of the summary above a form.
type faultLine struct{ Field, Place, Text string }

// List gives all faults. Those that are not of a field of their own ("line 3" of
// a list) say their place.
func (f staffForm) List() []faultLine {
	var lines []faultLine
	for field, key := range f.Faults {
		l := faultLine{Field: field, Text: messageText(key)}
		if strings.ContainsAny(field, " @") {
			l.Field, l.Place = "people", field
		}
		lines = append(lines, l)
	}
	slices.SortFunc(lines, func(a, b faultLine) int {
		return cmp.Or(cmp.Compare(lineNumber(a.Place), lineNumber(b.Place)),
			cmp.Compare(a.Place, b.Place), cmp.Compare(a.Field, b.Field))
	})
	return lines
}

// lineNumber is the number in "line 3"; 0 for any other place.
func lineNumber(place string) int {
	n, err := strconv.Atoi(strings.TrimPrefix(place, "line "))
	if err != nil {
		return 0
	}
	return n
}

// again decides what a failed form answers with: the status to show the page
// again with, and its faults. A taken key becomes a fault of the field named
// unique. Any other error is returned and has a page of its own.
func again(values url.Values, err error, unique string) (staffForm, int, error) {
	f := staffForm{Values: values}
	var ok bool
	if f.Faults, ok = errors.AsType[survey.FieldErrors](err); ok {
		status, _ := statusOf(err)
		return f, status, nil
	}
	if unique != "" && errors.Is(err, survey.ErrDuplicate) {
		status, message := statusOf(err)
		f.Faults = survey.FieldErrors{unique: message}
		return f, status, nil
	}
	return f, 0, err
}

// given is an empty form with first values.
func given(pairs ...string) staffForm {
	f := staffForm{Values: url.Values{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.Values.Set(pairs[i], pairs[i+1])
	}
	return f
}

// studyForm reads a form that was sent to a page of a study.
func (s *Server) studyForm(c *gin.Context, a survey.Actor) (survey.Study, url.Values, error) {
	study, err := s.study(c, a)
	if err != nil {
		return study, nil, err
	}
	values, err := readForm(c)
	return study, values, err
}

// newOnce names the sending of a form that is shown for the first time.
func newOnce() string { return rand.Text() }

// erring marks the title of a page that shows a form again.
func erring(p *Page) { p.Title = messageText("error.prefix") + p.Title }

// runID is the course run of a page's address.
func runID(c *gin.Context) survey.RunID { return survey.RunID(c.Param("run")) }
