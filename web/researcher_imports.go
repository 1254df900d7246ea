package web

import (
	"errors"
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/datafile"
)

const (
	importsRoute = "/studies/:study/imports"
	// maxImport is what a file of past answers may weigh with the form around it.
	maxImport = 32<<20 + 64<<10
	// maxMapping is what a form that says what thousands of columns are may weigh.
	maxMapping = 4 << 20
)

// importsPage lists what was brought in, and takes files.
type importsPage struct {
	Page
	Study   survey.Study
	Path    string
	Batches []survey.ImportBatch
	Form    staffForm
	Problem string // what a file cannot be read for
}

func importsPath(study survey.Study) string { return studyPath(study) + "/imports" }

func importID(c *gin.Context) survey.ImportID { return survey.ImportID(c.Param("import")) }

func (s *Server) showImports(c *gin.Context, a survey.Actor) error {
	return s.importsForm(c, a, http.StatusOK, given("once", newOnce()), "")
}

func (s *Server) importsForm(c *gin.Context, a survey.Actor, status int, f staffForm, problem string) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	batches, err := s.use.Imports.List(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	p := importsPage{
		Page: s.staffPage(c, a, study, sectionData, "Bring past answers in"), Study: study, Path: importsPath(study), Batches: batches, Form: f, Problem: problem,
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "researcher_imports", p)
}

// uploadImport takes a file and goes on to what its columns are.
func (s *Server) uploadImport(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	if _, err := s.use.Imports.List(c.Request.Context(), a, study.ID); err != nil { // who may not is told before anything
		return err
	}
	name, data, err := readUpload(c)
	if err != nil {
		return err
	}
	refuse := func(key, problem string) error {
		f := given("once", newOnce())
		f.Faults = survey.FieldErrors{"file": key}
		return s.importsForm(c, a, http.StatusUnprocessableEntity, f, problem)
	}
	if len(data) == 0 {
		return refuse("import.file_needed", "")
	}
	done, err := s.takeDownload(c.Request.Context())
	if err != nil {
		return err
	}
	defer done()
	b, err := s.use.Imports.Upload(c.Request.Context(), a, study.ID, survey.NewImport{FileName: name, Data: data})
	if unreadable, ok := errors.AsType[*datafile.Error](err); ok {
		return refuse("import.file_unreadable", unreadable.Text)
	}
	if err != nil {
		return err
	}
	return redirect(c, importsPath(study)+"/"+string(b.ID))
}

// importPage is a batch that was written.
type importPage struct {
	Page
	Study   survey.Study
	Path    string
	Batch   survey.ImportBatch
	Once    string
	Blocked *survey.UndoBlockedError
}

// showImport shows what became of a batch; a draft is asked what its columns are.
func (s *Server) showImport(c *gin.Context, a survey.Actor) error {
	study, b, err := s.importOf(c, a)
	if err != nil {
		return err
	}
	if b.State == survey.ImportDraft {
		return s.mappingForm(c, a, study, http.StatusOK, staffForm{})
	}
	return s.importResult(c, a, study, b, http.StatusOK, nil)
}

// importOf is the batch of an address.
func (s *Server) importOf(c *gin.Context, a survey.Actor) (survey.Study, survey.ImportBatch, error) {
	study, err := s.study(c, a)
	if err != nil {
		return study, survey.ImportBatch{}, err
	}
	batches, err := s.use.Imports.List(c.Request.Context(), a, study.ID)
	if err != nil {
		return study, survey.ImportBatch{}, err
	}
	for _, b := range batches {
		if b.ID == importID(c) {
			return study, b, nil
		}
	}
	return study, survey.ImportBatch{}, survey.ErrNotFound
}

func (s *Server) importResult(c *gin.Context, a survey.Actor, study survey.Study, b survey.ImportBatch, status int, blocked *survey.UndoBlockedError) error {
	p := importPage{
		Page: s.staffPage(c, a, study, sectionData, "Import"), Study: study, Path: importsPath(study), Batch: b, Once: newOnce(), Blocked: blocked,
	}
	if blocked != nil {
		erring(&p.Page)
	}
	return s.render(c, status, "researcher_import", p)
}

// applyImport writes a draft.
func (s *Server) applyImport(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	done, err := s.takeDownload(c.Request.Context())
	if err != nil {
		return err
	}
	_, err = s.use.Imports.Apply(c.Request.Context(), a, study.ID, importID(c), survey.ApplyImport{
		Reason: values.Get("reason"), Agreed: values.Get("agreed") != "", Once: survey.Once(values.Get("once")),
	})
	done()
	path := importsPath(study) + "/" + string(importID(c))
	switch {
	case err == nil, errors.Is(err, survey.ErrRepeated):
		return redirect(c, path)
	case errors.Is(err, survey.ErrConflict): // it has been written, or has faults by now: the page says which
		return redirect(c, path+"/preview")
	}
	f, status, err := again(values, err, "")
	if err != nil {
		return err
	}
	return s.previewForm(c, a, study, status, f)
}

// discardImport removes a draft.
func (s *Server) discardImport(c *gin.Context, a survey.Actor) error {
	study, _, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	if err := s.use.Imports.Discard(c.Request.Context(), a, study.ID, importID(c)); err != nil {
		return err
	}
	return redirect(c, importsPath(study))
}

// undoImport takes a batch back.
func (s *Server) undoImport(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	_, err = s.use.Imports.Undo(c.Request.Context(), a, study.ID, importID(c), survey.Once(values.Get("once")))
	if blocked, ok := errors.AsType[*survey.UndoBlockedError](err); ok {
		_, b, err := s.importOf(c, a)
		if err != nil {
			return err
		}
		return s.importResult(c, a, study, b, http.StatusConflict, blocked)
	}
	if err != nil && !errors.Is(err, survey.ErrRepeated) {
		return err
	}
	return redirect(c, importsPath(study)+"/"+string(importID(c)))
}

// broughtIn counts the questionnaires of a wave with answers that were brought in.
type broughtIn struct {
	Wave            string
	Imported, Paper int
}

func (s *Server) broughtIn(c *gin.Context, a survey.Actor, study survey.Study, waves []survey.WaveCompleteness) ([]broughtIn, error) {
	counts, err := s.use.Imports.Sources(c.Request.Context(), a, study.ID)
	if err != nil {
		return nil, err
	}
	var all []broughtIn
	for _, w := range waves {
		if n := counts[w.Wave.ID]; len(n) > 0 {
			all = append(all, broughtIn{w.Wave.Name, n[survey.SourceImport], n[survey.SourcePaper]})
		}
	}
	return all, nil
}

// broughtInAt is broughtIn of some waves, by key.
func (s *Server) broughtInAt(c *gin.Context, a survey.Actor, study survey.Study, keys ...string) ([]broughtIn, error) {
	design, err := s.use.Studies.Design(c.Request.Context(), a, study.ID)
	if err != nil {
		return nil, err
	}
	var waves []survey.WaveCompleteness
	for _, w := range design.Waves {
		if slices.Contains(keys, w.Key) {
			waves = append(waves, survey.WaveCompleteness{Wave: w})
		}
	}
	return s.broughtIn(c, a, study, waves)
}
