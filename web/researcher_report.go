package web

import (
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/report"
	"tidemark/survey/report/document"
	"tidemark/survey/report/paper"
)

// reportPage is the whole report on a study, the answer first.
type reportPage struct {
	Page
	Study survey.Study
	Paper *paper.Paper
	// Texts is the language of the texts, which need not be that of the page.
	Texts    string
	Answer   report.Sentence
	Support  report.Sentence
	Status   []report.Sentence
	Sections []reportSection
	Data     []choiceOption // empty: there are no snapshots
	Outcomes []choiceOption
	Language []choiceOption
	Query    string // of the choice, for the addresses of downloads
	Files    []resultsFile
}

// reportSection is a section with the addresses of its tables and figures.
type reportSection struct {
	document.Section
	Path, Query string
	Texts       string // language
}

// reportChoice is what a reader has chosen.
type reportChoice struct {
	snapshot int // 0: live
	outcome  string
	language string
}

func (r reportChoice) query() string {
	v := url.Values{}
	if r.snapshot > 0 {
		v.Set("snapshot", strconv.Itoa(r.snapshot))
	}
	if r.outcome != "" {
		v.Set("outcome", r.outcome)
	}
	if r.language != languages()[0].Value {
		v.Set("texts", r.language)
	}
	if len(v) == 0 {
		return ""
	}
	return "?" + v.Encode()
}

// languages are those of a report's texts, the first by default.
func languages() []choiceOption {
	return []choiceOption{{Value: "en", Label: "English"}, {Value: "de", Label: "Deutsch"}}
}

// showReport is the page of the whole report.
func (s *Server) showReport(c *gin.Context, a survey.Actor) error {
	study, d, choice, err := s.report(c, a)
	if err != nil {
		return err
	}
	snapshots, err := s.use.Snapshots.List(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	p := reportPage{
		Page: s.staffPage(c, a, study, sectionReport, "Report"), Study: study, Paper: d.Paper, Texts: d.Language,
		Answer: d.Answer(), Support: d.Support(), Status: d.Status(), Data: dataChoice(snapshots, choice.snapshot), Query: choice.query(),
		Files: reportFiles(d),
	}
	for _, l := range languages() {
		l.On = l.Value == d.Language
		p.Language = append(p.Language, l)
	}
	front, _ := d.InFront()
	for i := range d.Paper.Outcomes {
		o := &d.Paper.Outcomes[i]
		p.Outcomes = append(p.Outcomes, choiceOption{o.Key, o.Name() + " (" + o.Who() + ")", o == front})
	}
	for _, section := range d.Sections() {
		p.Sections = append(p.Sections, reportSection{section, studyPath(study) + "/report/", p.Query, d.Language})
	}
	if err := s.noteReport(c, a, study, choice.snapshot, "report"); err != nil {
		return err
	}
	return s.render(c, http.StatusOK, "report", p)
}

// dataChoice is the choice between live and frozen data; none without snapshots.
func dataChoice(snapshots []survey.Snapshot, used int) []choiceOption {
	var out []choiceOption
	for _, taken := range snapshots {
		if taken.Removed == nil {
			out = append(out, choiceOption{strconv.Itoa(taken.Number), fmt.Sprintf("Snapshot %d: %s", taken.Number, taken.Name), taken.Number == used})
		}
	}
	if len(out) == 0 {
		return nil
	}
	return append([]choiceOption{{"", "Live, as of now", used == 0}}, out...)
}

// report makes the document that a request asks for. What the address names and
// the study does not have is not found.
func (s *Server) report(c *gin.Context, a survey.Actor) (survey.Study, *document.Document, reportChoice, error) {
	choice := reportChoice{outcome: c.Query("outcome"), language: c.DefaultQuery("texts", languages()[0].Value)}
	study, err := s.study(c, a)
	if err != nil {
		return study, nil, choice, err
	}
	known := false
	for _, l := range languages() {
		known = known || l.Value == choice.language
	}
	if !known {
		return study, nil, choice, survey.ErrNotFound
	}
	var p *paper.Paper
	var data *paper.Dataset
	if p, data, choice.snapshot, err = s.paper(c, a, study.ID); err != nil {
		return study, nil, choice, err
	}
	d := &document.Document{Paper: p, Data: data, Language: choice.language, Outcome: choice.outcome}
	if _, ok := d.InFront(); !ok && choice.outcome != "" {
		return study, nil, choice, survey.ErrNotFound
	}
	return study, d, choice, nil
}

// noteReport puts into the audit trail that a part of a report was opened. A plan
// that is locked later says so.
func (s *Server) noteReport(c *gin.Context, a survey.Actor, study survey.Study, snapshot int, what string) error {
	if c.Request.Method == http.MethodHead {
		return nil
	}
	detail := what + ", live data"
	if snapshot > 0 {
		detail = fmt.Sprintf("%s, snapshot %d", what, snapshot)
	}
	return s.use.Studies.NoteUse(c.Request.Context(), a, study.ID, survey.ActionReportViewed, detail)
}

// cellText keeps what stands in brackets on one line.
func cellText(text string) template.HTML { return document.Cell(text) }

// reportFigure is a picture with the addresses it can be had at.
type reportFigure struct {
	document.Picture
	Path, Query string // Path is empty when it is not offered as a file
}

func newReportFigure(p document.Picture, path, query string) reportFigure {
	return reportFigure{p, path, query}
}

// Formats are those a figure can be had in.
func (reportFigure) Formats() []string { return []string{"svg", "png", "pdf"} }
