package web

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/export"
	"tidemark/web/rest"
)

type dataPage struct {
	Page
	Study survey.Study
	Waves []survey.WaveCompleteness
	// NotAsked: somebody joined when a wave had closed.
	NotAsked bool
	Files    []dataFile
	Dose     survey.PracticeDose
	// Erasures are those of people who may be in files handed out before.
	Erasures []survey.Erasure
	Erased   int // all of them
	Policy   survey.ErasurePolicy
	Sources  []broughtIn
	// MayCorrect: the reader may put answers right.
	MayCorrect bool
}

// dataFile is one file to download.
type dataFile struct{ What, Title, Text string }

// Formats are those the file can be had in, beside CSV.
func (f dataFile) Formats() []export.Format { return export.FormatsOf(f.What) }

// CSV reports whether the file can be had as CSV.
func (f dataFile) CSV() bool { return f.What != export.WholeStudy && f.What != export.Questionnaires }

func dataFiles() []dataFile {
	return []dataFile{
		{"long", "Long", "One row for each answer: who, when, which question, what was answered. For mixed models, item analyses and R."},
		{"wide", "Wide", "One row for each person, one column for each question and score at each wave. For SPSS, JASP and jamovi."},
		{"scores", "Scores", "One row for each score, with the number of items answered and the scoring rule."},
		{export.Questionnaires, "By questionnaire", "A file for each questionnaire: one row for each person and occasion, with the answers and scores under their plain names. For whoever works on one questionnaire at a time."},
		{"texts", "Texts", "One row for each answer in a person’s own words. Such words can say who somebody is: they are in no other file, so download them only if your analysis needs them."},
		{"practice", "Practice", "One row for each time somebody noted to have practised at home: week, day, minutes, whether time was set aside, how helpful it was."},
		{"reflections", "Reflections", "What people wrote for themselves and chose to share, under their codes. Whatever is not shared cannot be read by anybody, and what is taken back is in no later file."},
		{"codebook", "Codebook", "One row for each variable: wording, labels, ranges, what is missing and why, scoring, terms and citation."},
		{export.WholeStudy, "Whole study", "Design, people under their codes, answers and scores in one file, for the systems of clinics and trials."},
	}
}

const (
	// exportTimeout bounds one download, as long as the connection itself
	// may last.
	exportTimeout = 15 * time.Minute
	// maxDownloads bounds how many are under way at once. Each holds one of
	// the few connections to the database, for as long as the other end takes
	// to read: without a bound, a few that stall would keep everybody out.
	maxDownloads = 2
)

// showData shows how complete the data are and offers them.
func (s *Server) showData(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	waves, err := s.use.Studies.Completeness(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	dose, err := s.use.Practices.Dose(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	erased, err := s.use.Erasures.List(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	policy, err := s.use.Erasures.Policy(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	sources, err := s.broughtIn(c, a, study, waves)
	if err != nil {
		return err
	}
	var toClear []survey.Erasure
	for _, e := range erased {
		if e.Code != "" {
			toClear = append(toClear, e)
		}
	}
	return s.render(c, 200, "researcher_data", dataPage{
		Dose: dose, Erasures: toClear, Erased: len(erased), Policy: policy, Sources: sources,
		Page:  s.staffPage(c, a, study, sectionData, "Data"),
		Study: study, Waves: waves, Files: dataFiles(), MayCorrect: a.MayCorrect(study.ID),
		NotAsked: slices.ContainsFunc(waves, func(w survey.WaveCompleteness) bool { return w.NotAsked > 0 }),
	})
}

// clearErasure notes that copies handed out before no longer hold somebody.
func (s *Server) clearErasure(c *gin.Context, a survey.Actor) error {
	study, _, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	if err := s.use.Erasures.Clear(c.Request.Context(), a, study.ID, survey.EnrolmentID(c.Param("enrolment"))); err != nil {
		return err
	}
	return redirect(c, "/studies/"+study.Key+"/data")
}

type exporter func(context.Context, survey.DataReader, survey.Actor, survey.StudyID, io.Writer) error

// exportOf is the export that goes by a name in addresses.
func (s *Server) exportOf(what string) (exporter, bool) {
	switch what {
	case "practice":
		return func(ctx context.Context, _ survey.DataReader, a survey.Actor, study survey.StudyID, w io.Writer) error {
			return export.Practice(ctx, s.store, a, study, w)
		}, true
	case "reflections":
		return func(ctx context.Context, _ survey.DataReader, a survey.Actor, study survey.StudyID, w io.Writer) error {
			return export.Reflections(ctx, s.store, s.use.Notes, a, study, w)
		}, true
	case "long":
		return export.Long, true
	case "wide":
		return export.Wide, true
	case "scores":
		return export.Scores, true
	case "texts":
		return export.Texts, true
	case "codebook":
		return export.Codebook, true
	}
	return nil, false
}

// exportIn is the export of a table in a format.
func exportIn(f export.Format, what string) exporter {
	return func(ctx context.Context, r survey.DataReader, a survey.Actor, study survey.StudyID, w io.Writer) error {
		_, err := export.In(ctx, f, what, r, a, study, w)
		return err
	}
}

// named says in the audit trail what was taken, and as what.
func named(what, format string) string {
	if format == "csv" {
		return what
	}
	return what + " as " + format
}

// exportData streams a file. It is noted in the audit trail before the first
// byte. When something fails on the way the connection is broken off, so that
// half a file cannot be taken for a whole one.
func (s *Server) exportData(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	form, err := readForm(c)
	if err != nil {
		return err
	}
	what, media, ending, as := c.Param("what"), "text/csv; charset=utf-8; header=present", "csv", "csv"
	write, ok := s.exportOf(what)
	if key := form.Get("format"); key != "" {
		f, known := export.FormatOf(what, key)
		if !known && (ok || what == export.WholeStudy || what == export.Questionnaires) {
			return errBadForm
		}
		if ok = known; ok {
			write, media, ending, as = exportIn(f, what), f.Media, f.FileEnding(), f.Key
		}
	}
	if !ok {
		return survey.ErrNotFound
	}
	done, err := s.takeDownload(c.Request.Context())
	if err != nil {
		return err
	}
	defer done()
	if err := s.use.Studies.NoteUse(c.Request.Context(), a, study.ID, survey.ActionExported, named(what, as)); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(c.Request.Context()), exportTimeout)
	defer cancel()
	h := c.Writer.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", exportName(study, what, ending, s.cfg.Now())))
	checked := rest.Announce(c)
	if err := write(ctx, s.store, a, study.ID, checked); err != nil {
		h.Del("Content-Disposition")
		h.Del("Trailer")
		return err
	}
	rest.Tell(c, checked, ending == "csv")
	return nil
}

// takeDownload waits until fewer than maxDownloads are under way.
func (s *Server) takeDownload(ctx context.Context) (done func(), err error) {
	select {
	case s.downloads <- struct{}{}:
		return func() { <-s.downloads }, nil
	case <-ctx.Done(): // others take too long
		return nil, ctx.Err()
	}
}

// exportName is the name a file is saved under. A study's key holds nothing that
// would have to be escaped.
func exportName(study survey.Study, what, ending string, now time.Time) string {
	name := study.Key + "_" + what + "_" + now.UTC().Format(time.DateOnly) + "." + ending
	if study.Simulated {
		name = "simulated_" + name
	}
	return name
}
