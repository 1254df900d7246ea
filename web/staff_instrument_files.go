package web

import (
	"bytes"
	"errors"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/instrument/exchange"
)

// instrumentFilesPage offers a version of a questionnaire as files, and says what
// each of them leaves out.
type instrumentFilesPage struct {
	Page
	Shelf survey.LibraryShelf
	Item  survey.LibraryItem
	Files []instrumentFile
}

// instrumentFile is a version in one format.
type instrumentFile struct {
	Name, Label, Hint string
	Path              string
	Lost              []exchange.Loss
	kind              string
	write             func(*instrument.Definition) ([]byte, []exchange.Loss, error)
}

// instrumentFiles are the formats, by the end of the file's name.
func instrumentFiles() []instrumentFile {
	own := func(write func(*instrument.Definition) ([]byte, error)) func(*instrument.Definition) ([]byte, []exchange.Loss, error) {
		return func(d *instrument.Definition) ([]byte, []exchange.Loss, error) {
			data, err := write(d)
			return data, nil, err
		}
	}
	return []instrumentFile{
		{
			Name: "yaml", Label: "This program’s own form, YAML", Hint: "To read and edit by hand.",
			kind: "application/yaml; charset=utf-8", write: own(exchange.WriteYAML),
		},
		{
			Name: "json", Label: "This program’s own form, JSON", Hint: "For programs.",
			kind: "application/json", write: own(exchange.WriteOwn),
		},
		{
			Name: "redcap.csv", Label: "REDCap data dictionary", Hint: "To import into a REDCap project.",
			kind: "text/csv; charset=utf-8", write: func(d *instrument.Definition) ([]byte, []exchange.Loss, error) {
				var b bytes.Buffer
				lost, err := exchange.WriteREDCap(&b, d)
				return b.Bytes(), lost, err
			},
		},
		{
			Name: "fhir.json", Label: "FHIR R4 Questionnaire", Hint: "For clinical systems.",
			kind: "application/fhir+json", write: exchange.WriteFHIR,
		},
	}
}

// numbered finds the version of a number, of the questionnaire of a page's address.
// Without a number it is the newest.
func (s *Server) numbered(c *gin.Context, a survey.Actor, number string) (survey.LibraryItem, survey.LibraryShelf, error) {
	shelf, err := s.use.Library.Show(c.Request.Context(), a, c.Param("key"))
	if err != nil {
		return survey.LibraryItem{}, shelf, err
	}
	for _, item := range shelf.Items {
		if number == "" || item.Version.Definition.Version == number {
			return item, shelf, nil
		}
	}
	return survey.LibraryItem{}, shelf, survey.ErrNotFound
}

// showInstrumentFiles says in which forms a questionnaire can be taken along.
func (s *Server) showInstrumentFiles(c *gin.Context, a survey.Actor) error {
	item, shelf, err := s.numbered(c, a, c.Query("version"))
	if err != nil {
		return err
	}
	d := item.Version.Definition
	p := instrumentFilesPage{
		Page:  s.staffPage(c, a, survey.Study{}, sectionLibrary, "Files of "+d.Title),
		Shelf: shelf, Item: item, Files: instrumentFiles(),
	}
	for i := range p.Files {
		f := &p.Files[i]
		if _, f.Lost, err = f.write(d); err != nil {
			return err
		}
		f.Path = "/instruments/" + d.Key + "/files/" + d.Version + "." + f.Name
	}
	return s.render(c, http.StatusOK, "staff_instrument_files", p)
}

// downloadInstrument answers with a version in one form. The wording is nobody's
// data, so nothing is noted; who may see it may take it, under its terms.
func (s *Server) downloadInstrument(c *gin.Context, a survey.Actor) error {
	for _, f := range instrumentFiles() {
		number, ok := strings.CutSuffix(c.Param("file"), "."+f.Name)
		if !ok || number == "" {
			continue
		}
		item, _, err := s.numbered(c, a, number)
		if errors.Is(err, survey.ErrNotFound) { // such as 1.0.0.fhir of 1.0.0.fhir.json
			continue
		}
		if err != nil {
			return err
		}
		data, _, err := f.write(item.Version.Definition)
		if err != nil {
			return err
		}
		return s.attach(c, f.kind, item.Version.Definition.Key+"-"+c.Param("file"), bytes.NewBuffer(data))
	}
	if _, err := s.use.Library.List(c.Request.Context(), a); err != nil {
		return err
	}
	return survey.ErrNotFound
}
