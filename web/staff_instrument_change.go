package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/instrument/catalogue"
)

type instrumentCorrectPage struct {
	Page
	Item survey.LibraryItem
	Form staffForm
	// Published: single letters and words may be mended, no more.
	Published bool
	Fields    []correctedField
}

// correctedField is one text of the wording.
type correctedField struct{ Name, Label, Hint, Value, Fault string }

// showCorrect is the form for mending a version's wording.
func (s *Server) showCorrect(c *gin.Context, a survey.Actor) error {
	item, shelf, err := s.version(c, a, c.Query("version"))
	if err != nil {
		return err
	}
	values := url.Values{"once": {newOnce()}}
	d := item.Version.Definition
	values.Set("heading", d.Heading)
	values.Set("intro", d.Intro)
	for i, it := range d.Items {
		values.Set("item_"+strconv.Itoa(i+1), it.Text)
	}
	for i, o := range d.Options {
		values.Set("option_"+strconv.Itoa(i+1), o.Label)
	}
	return s.correctForm(c, a, http.StatusOK, item, shelf, staffForm{Values: values})
}

// version finds a version of the questionnaire of a page's address.
func (s *Server) version(c *gin.Context, a survey.Actor, id string) (survey.LibraryItem, survey.LibraryShelf, error) {
	shelf, err := s.use.Library.Show(c.Request.Context(), a, c.Param("key"))
	if err != nil {
		return survey.LibraryItem{}, shelf, err
	}
	for _, item := range shelf.Items {
		if string(item.Version.ID) == id && id != "" {
			return item, shelf, nil
		}
	}
	return survey.LibraryItem{}, shelf, survey.ErrNotFound
}

func (s *Server) correctForm(c *gin.Context, a survey.Actor, status int, item survey.LibraryItem, shelf survey.LibraryShelf, f staffForm) error {
	d := item.Version.Definition
	p := instrumentCorrectPage{
		Page: s.staffPage(c, a, survey.Study{}, sectionLibrary, "Correct "+d.Title), Item: item, Form: f, Published: shelf.Published(item),
	}
	field := func(name, label, hint string) {
		p.Fields = append(p.Fields, correctedField{name, label, hint, f.Value(name), f.Fault(name)})
	}
	field("heading", "Heading", "As participants see it.")
	field("intro", "Instruction", "")
	for i, it := range d.Items {
		field("item_"+strconv.Itoa(i+1), "Item "+strconv.Itoa(i+1), it.Code)
	}
	for i, o := range d.Options {
		field("option_"+strconv.Itoa(i+1), "Answer "+numberText(o.Value), "")
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_instrument_correct", p)
}

// correctInstrument makes a new version with mended wording.
func (s *Server) correctInstrument(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	item, shelf, err := s.version(c, a, values.Get("version"))
	if err != nil {
		return err
	}
	n := survey.Correction{
		From: item.Version.ID, Heading: values.Get("heading"), Intro: values.Get("intro"), Note: values.Get("note"), Once: survey.Once(values.Get("once")),
	}
	for i := range item.Version.Definition.Items {
		n.Items = append(n.Items, values.Get("item_"+strconv.Itoa(i+1)))
	}
	for i := range item.Version.Definition.Options {
		n.Options = append(n.Options, values.Get("option_"+strconv.Itoa(i+1)))
	}
	_, err = s.use.Library.Correct(c.Request.Context(), a, n)
	if err == nil || errors.Is(err, survey.ErrRepeated) {
		return redirect(c, "/instruments/"+shelf.Key+"#versions")
	}
	f, status, err := again(values, err, "note")
	if err != nil {
		return err
	}
	return s.correctForm(c, a, status, item, shelf, f)
}

type instrumentNewPage struct {
	Page
	Form    staffForm
	From    *survey.LibraryItem // nil: not edited from another
	Problem string              // faults of the file, a line each
	Terms   bool                // they must be accepted
	Today   string
}

// showNewInstrument is the form for a whole questionnaire, or for one that begins as
// another.
func (s *Server) showNewInstrument(c *gin.Context, a survey.Actor) error {
	f := given("once", newOnce())
	if id := c.Query("from"); id != "" {
		item, err := s.use.Library.Item(c.Request.Context(), a, survey.InstrumentID(id))
		if err != nil {
			return err
		}
		text, err := json.MarshalIndent(item.Version.Definition, "", "  ")
		if err != nil {
			return err
		}
		f.Values.Set("from", id)
		f.Values.Set("file", string(text))
	}
	return s.newInstrumentForm(c, a, http.StatusOK, f, "")
}

func (s *Server) newInstrumentForm(c *gin.Context, a survey.Actor, status int, f staffForm, problem string) error {
	ctx := c.Request.Context()
	if _, err := s.use.Library.List(ctx, a); err != nil { // who may not is told before anything
		return err
	}
	p := instrumentNewPage{
		Page: s.staffPage(c, a, survey.Study{}, sectionLibrary, "Add a questionnaire"), Form: f, Problem: problem,
		Today: s.cfg.Now().UTC().Format("2006-01-02"),
		Terms: f.Fault("accept")+f.Fault("name")+f.Fault("on")+f.Fault("licence") != "" || f.Value("accept") != "",
	}
	if id := f.Value("from"); id != "" {
		item, err := s.use.Library.Item(ctx, a, survey.InstrumentID(id))
		if err != nil {
			return err
		}
		p.From = &item
		p.Title = "Edit " + item.Version.Definition.Title
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_instrument_new", p)
}

// addDefinition adds a whole questionnaire.
func (s *Server) addDefinition(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	d, err := instrument.ParseFile("", []byte(values.Get("file")))
	if err != nil {
		f, status, _ := again(values, survey.FieldErrors{"file": "library.file_has_faults"}, "")
		return s.newInstrumentForm(c, a, status, f, err.Error())
	}
	_, err = s.use.Library.AddDefinition(c.Request.Context(), a, survey.NewDefinition{
		Definition: d, EditedFrom: survey.InstrumentID(values.Get("from")), Note: values.Get("note"), Source: values.Get("source"),
		Once: survey.Once(values.Get("once")),
		Terms: survey.TermsForm{
			Accept: values.Get("accept") == "1", Name: values.Get("name"), On: values.Get("on"), Licence: values.Get("licence"),
		},
	})
	if err == nil || errors.Is(err, survey.ErrRepeated) {
		return redirect(c, "/instruments/"+d.Key)
	}
	f, status, err := again(values, err, "file")
	if err != nil {
		return err
	}
	return s.newInstrumentForm(c, a, status, f, "")
}

// wordingTerms says on what terms an entry's wording may be used.
func wordingTerms(e *catalogue.Entry) string {
	switch e.Terms.Kind {
	case catalogue.TermsFree:
		return "free to use, with citation"
	case catalogue.TermsConditional:
		return "free under conditions"
	case catalogue.TermsProprietary:
		return "a licence is needed"
	}
	return "ask the owner first"
}
