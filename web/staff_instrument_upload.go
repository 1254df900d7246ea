package web

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path"
	"strings"
	"unicode/utf8"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/instrument/exchange"
)

const (
	uploadPath = "/instruments/upload"
	importPath = "/instruments/import"
	// maxUpload is what a file of a questionnaire may weigh with the form around
	// it, and what is read of one when it is sent back to be kept.
	maxUpload = exchange.MaxBytes + 256<<10
)

// instrumentUploadPage shows what was read of a file. Nothing is kept of it: the
// page itself carries the questionnaire on to the next step.
type instrumentUploadPage struct {
	Page
	File  string
	Lost  []string
	Found []foundInstrument
	// One is the questionnaire to go on with; nil: choose among several.
	One   *foundInstrument
	Form  staffForm
	Terms bool // they must be accepted
	Today string
}

// foundInstrument is a questionnaire of a file.
type foundInstrument struct {
	*instrument.Definition
	Text string // as it is carried on
	// Taken is the questionnaire of the library with the same key; nil: none.
	Taken *survey.LibraryShelf
}

// Newest is the newest version with the same key.
func (f foundInstrument) Newest() string {
	if newest, ok := f.Taken.Newest(); ok {
		return newest.Version.Definition.Version
	}
	return ""
}

// unstated are the facts that the readers of other formats fill in for want of
// better.
func unstated(text string) bool {
	return strings.HasPrefix(text, "not stated by the source") || strings.HasPrefix(text, "imported, to be checked")
}

// readUpload reads the file of a form, within bounds.
func readUpload(c *gin.Context) (name string, data []byte, err error) {
	kind, parameters, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" || parameters["boundary"] == "" {
		return "", nil, errContentType
	}
	parts, err := c.Request.MultipartReader()
	if err != nil {
		return "", nil, errBadForm
	}
	for {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return "", nil, nil
		}
		if err != nil {
			return "", nil, formError(err)
		}
		if part.FormName() != "file" {
			continue
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return "", nil, formError(err)
		}
		name := path.Base(strings.ReplaceAll(strings.ToValidUTF8(part.FileName(), ""), `\`, "/"))
		if r := []rune(name); len(r) > 120 {
			name = string(r[len(r)-120:])
		}
		return strings.Map(printable, name), data, nil
	}
}

func printable(r rune) rune {
	if r < ' ' || r == utf8.RuneError {
		return -1
	}
	return r
}

// uploadInstrument reads a file and shows what is in it.
func (s *Server) uploadInstrument(c *gin.Context, a survey.Actor) error {
	if _, err := s.use.Library.List(c.Request.Context(), a); err != nil { // who may not is told before anything
		return err
	}
	name, data, err := readUpload(c)
	if err != nil {
		return err
	}
	refuse := func(key, problem string) error {
		f := given("once", newOnce())
		f.Faults = survey.FieldErrors{"upload": key}
		return s.newInstrumentForm(c, a, http.StatusUnprocessableEntity, f, problem)
	}
	if len(data) == 0 {
		return refuse("library.file_needed", "")
	}
	found, lost, err := exchange.Read(name, strings.NewReader(string(data)))
	if err != nil {
		return refuse("library.file_unreadable", err.Error())
	}
	texts := make([]string, len(lost))
	for i, l := range lost {
		texts[i] = l.String()
	}
	return s.uploadForm(c, a, http.StatusOK, name, texts, found, staffForm{})
}

// uploadForm shows what was read. With several questionnaires, one is chosen first.
func (s *Server) uploadForm(c *gin.Context, a survey.Actor, status int, file string, lost []string, found []*instrument.Definition, f staffForm) error {
	view, err := s.use.Library.List(c.Request.Context(), a)
	if err != nil {
		return err
	}
	p := instrumentUploadPage{
		Page: s.staffPage(c, a, survey.Study{}, sectionLibrary, "What was read"), File: file, Lost: lost,
		Form: f, Today: s.cfg.Now().UTC().Format("2006-01-02"),
	}
	for _, d := range found {
		text, err := d.Canonical()
		if err != nil {
			return err
		}
		one := foundInstrument{Definition: d, Text: string(text)}
		for i := range view.Shelves {
			if view.Shelves[i].Key == d.Key {
				one.Taken = &view.Shelves[i]
			}
		}
		p.Found = append(p.Found, one)
	}
	if len(p.Found) == 1 {
		p.One = &p.Found[0]
		if p.Form.Values == nil {
			d := p.One.Definition
			p.Form = given("once", newOnce(), "key", d.Key, "title", d.Title, "version", d.Version, "terms", d.Terms, "citation", d.Citation, "status", d.Status)
		}
		l := p.One.Licence
		p.Terms = l != nil && l.Kind != "free" || p.One.Taken != nil && p.One.Taken.Entry != nil ||
			p.Form.Fault("accept")+p.Form.Fault("name")+p.Form.Fault("on")+p.Form.Fault("licence") != ""
	}
	if len(p.Form.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_instrument_upload", p)
}

// Unstated reports whether a fact of the questionnaire is one that the file did not
// state.
func (p instrumentUploadPage) Unstated(field string) bool { return unstated(p.Form.Value(field)) }

// importInstrument adds what was read of a file, with its name and terms completed;
// or shows the one of several that was chosen.
func (s *Server) importInstrument(c *gin.Context, a survey.Actor) error {
	if _, err := s.use.Library.List(c.Request.Context(), a); err != nil { // who may not is told before anything
		return err
	}
	values, err := readForm(c)
	if err != nil {
		return err
	}
	d, err := instrument.Parse([]byte(values.Get("definition")))
	if err != nil { // it came from our own page
		return errBadForm
	}
	show := func(status int, f staffForm) error {
		return s.uploadForm(c, a, status, values.Get("source"), values["lost"], []*instrument.Definition{d}, f)
	}
	if values.Get("step") == "choose" {
		return show(http.StatusOK, staffForm{})
	}
	named, faults := renamed(d, values)
	if len(faults) > 0 {
		f, status, _ := again(values, faults, "")
		return show(status, f)
	}
	if values.Get("step") == "draft" {
		draft, err := s.use.Drafts.Begin(c.Request.Context(), a, survey.NewDraft{
			Definition: named, Source: values.Get("source"), Once: survey.Once(values.Get("once")),
		})
		if errors.Is(err, survey.ErrRepeated) {
			return redirect(c, "/instruments#drafts")
		}
		if err != nil {
			return err
		}
		return redirect(c, draftPath(draft.ID))
	}
	_, err = s.use.Library.AddDefinition(c.Request.Context(), a, survey.NewDefinition{
		Definition: named, Source: values.Get("source"), Note: values.Get("note"), Once: survey.Once(values.Get("once")),
		Terms: termsForm(values),
	})
	if err == nil || errors.Is(err, survey.ErrRepeated) {
		return redirect(c, "/instruments/"+named.Key)
	}
	f, status, err := again(values, err, "key")
	if err != nil {
		return err
	}
	return show(status, f)
}

// termsForm is the acceptance of terms in a form.
func termsForm(values url.Values) survey.TermsForm {
	return survey.TermsForm{
		Accept: values.Get("accept") == "1", Name: values.Get("name"), On: values.Get("on"), Licence: values.Get("licence"),
	}
}

// renamed is a definition with the name and terms of a form, or what is wrong with
// those, by field.
func renamed(d *instrument.Definition, values url.Values) (*instrument.Definition, survey.FieldErrors) {
	c := *d
	faults := survey.FieldErrors{}
	for field, target := range map[string]*string{
		"key": &c.Key, "title": &c.Title, "version": &c.Version, "terms": &c.Terms, "citation": &c.Citation, "status": &c.Status,
	} {
		*target = strings.TrimSpace(values.Get(field))
	}
	data, err := c.Canonical()
	if err != nil {
		return nil, survey.FieldErrors{"title": "library.file_has_faults"}
	}
	checked, err := instrument.Parse(data)
	found, _ := errors.AsType[instrument.Faults](err)
	for _, fault := range found {
		switch fault.Place {
		case "key":
			faults["key"] = "library.key_form"
		case "version":
			faults["version"] = "library.version_form"
		default:
			faults[fault.Place] = "library.text_needed"
		}
	}
	return checked, faults
}
