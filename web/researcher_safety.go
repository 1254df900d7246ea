package web

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// emptyRows is how many lines for further places the form has; after saving there
// are as many again.
const emptyRows = 3

type safetyPage struct {
	Page
	Book     survey.SafetyBook
	Form     staffForm
	Path     string
	Rows     []helpRow
	Wordings []wordingField
	Missing  []faultLine // what is declared so far lacks
	MayOpen  bool
	Saved    bool
}

// helpRow is one place to turn to, as the form has it.
type helpRow struct {
	Number                                                   int
	Country, Language, Name, Phone, Message, Web, Hours, Bad string
}

// wordingField is what people are told, in one language.
type wordingField struct {
	Tag, Name, Text, Bad string
	Needed               bool
}

// showSafety is what a study declares about the safety of its people, to be
// changed.
func (s *Server) showSafety(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.safetyForm(c, a, study, 200, staffForm{})
}

// safetyForm shows the declaration; f brings what could not be used, or why the
// study cannot open.
func (s *Server) safetyForm(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm) error {
	book, err := s.use.Safeties.Book(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	if f.Values == nil {
		f.Values = safetyValues(book.Safety)
	}
	p := safetyPage{
		Page: s.staffPage(c, a, study, sectionSafety, "Safety"), Book: book, Form: f, Path: studyPath(study) + "/safety",
		Saved:   c.Query("saved") != "",
		MayOpen: a.MayOpen(study.ID) && book.Study.State == survey.StudyDraft && len(book.Missing) == 0,
	}
	if status == 200 { // else the faults tell
		p.Missing = staffForm{Faults: book.Missing}.List()
	}
	for n := 1; n <= max(len(book.Safety.Resources), countRows(f.Values))+emptyRows; n++ {
		p.Rows = append(p.Rows, rowOf(f, n))
	}
	for _, l := range s.texts.Languages() {
		field := "wording_" + l.Tag
		p.Wordings = append(p.Wordings, wordingField{
			Tag: l.Tag, Name: l.Name, Text: f.Value(field), Bad: f.Fault(field), Needed: l.Tag == study.Language,
		})
	}
	slices.SortStableFunc(p.Wordings, func(a, b wordingField) int {
		switch {
		case a.Needed == b.Needed:
			return 0
		case a.Needed:
			return -1
		}
		return 1
	})
	if status != 200 {
		erring(&p.Page)
	}
	return s.render(c, status, "researcher_safety", p)
}

// safetyValues are what was declared, as form fields.
func safetyValues(d survey.Safety) url.Values {
	v := url.Values{
		"shape": {string(d.Shape)}, "responder": {string(d.Responder)}, "deputy": {string(d.Deputy)},
		"office_hours": {d.OfficeHours}, "time_zone": {d.TimeZone}, "revision": {strconv.Itoa(d.Revision)},
	}
	if d.Window > 0 {
		v.Set("window", strconv.Itoa(d.Window))
	}
	for tag, text := range d.Wording {
		v.Set("wording_"+tag, text)
	}
	for i, r := range d.Resources {
		for field, value := range map[string]string{
			"country": r.Country, "language": r.Language, "name": r.Name, "phone": r.Phone,
			"message": r.Message, "web": r.Web, "hours": r.Hours,
		} {
			v.Set(rowField(i+1, field), value)
		}
	}
	return v
}

func rowField(n int, field string) string { return "place_" + strconv.Itoa(n) + "_" + field }

// countRows is the number of the last line that something was typed in.
func countRows(v url.Values) int {
	last := 0
	for n := 1; n <= survey.MaxHelpResources+emptyRows; n++ {
		if resourceOf(v, n) != (survey.HelpResource{}) {
			last = n
		}
	}
	return last
}

func resourceOf(v url.Values, n int) survey.HelpResource {
	get := func(field string) string { return strings.TrimSpace(v.Get(rowField(n, field))) }
	return survey.HelpResource{
		Country: get("country"), Language: get("language"), Name: get("name"), Phone: get("phone"),
		Message: get("message"), Web: get("web"), Hours: get("hours"),
	}
}

func rowOf(f staffForm, n int) helpRow {
	r := resourceOf(f.Values, n)
	return helpRow{
		Number: n, Country: r.Country, Language: r.Language, Name: r.Name, Phone: r.Phone, Message: r.Message,
		Web: r.Web, Hours: r.Hours, Bad: f.Fault("resource_" + strconv.Itoa(n)),
	}
}

// readSafety is a posted declaration. at are the lines of the form that the
// places came from.
func readSafety(study survey.Study, v url.Values) (d survey.Safety, at []int) {
	d = survey.Safety{
		StudyID: study.ID, Shape: survey.SafetyShape(v.Get("shape")), Responder: survey.UserID(v.Get("responder")),
		Deputy: survey.UserID(v.Get("deputy")), OfficeHours: v.Get("office_hours"), TimeZone: v.Get("time_zone"),
		Wording: map[string]string{},
	}
	d.Revision, _ = strconv.Atoi(v.Get("revision")) // what is no number fits no revision
	if given := strings.TrimSpace(v.Get("window")); given != "" {
		var err error
		if d.Window, err = strconv.Atoi(given); err != nil || d.Window < 1 {
			d.Window = -1
		}
	}
	for field, values := range v {
		if tag, ok := strings.CutPrefix(field, "wording_"); ok {
			d.Wording[tag] = values[0]
		}
	}
	for n := range countRows(v) {
		if r := resourceOf(v, n+1); r != (survey.HelpResource{}) {
			d.Resources = append(d.Resources, r)
			at = append(at, n+1)
		}
	}
	return d, at
}

// declareSafety writes what a study declares.
func (s *Server) declareSafety(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	d, at := readSafety(study, values)
	_, err = s.use.Safeties.Declare(c.Request.Context(), a, d)
	if faults, ok := errors.AsType[survey.FieldErrors](err); ok {
		return s.safetyForm(c, a, study, 422, staffForm{Values: values, Faults: atRows(faults, at)})
	}
	if err != nil {
		return err
	}
	return redirect(c, studyPath(study)+"/safety?saved=1")
}

// atRows tells faults of places by the lines of the form.
func atRows(faults survey.FieldErrors, at []int) survey.FieldErrors {
	moved := survey.FieldErrors{}
	for field, fault := range faults {
		if text, ok := strings.CutPrefix(field, "resource_"); ok {
			if n, err := strconv.Atoi(text); err == nil && n >= 1 && n <= len(at) {
				field = "resource_" + strconv.Itoa(at[n-1])
			}
		}
		moved[field] = fault
	}
	return moved
}
