package web

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/report"
	"tidemark/survey/report/figure"
)

// resultsFile is a download of the results page.
type resultsFile struct{ Name, Text string }

// resultsFiles lists what can be downloaded of a report.
func resultsFiles(r *report.Report, o *report.Outcome) []resultsFile {
	files := []resultsFile{
		{"report.json", "The whole report for programs"},
		{"report.txt", "The whole report to read"},
	}
	for _, t := range r.Tables() {
		files = append(files, resultsFile{t.Name + ".csv", t.Caption + ", numbers in full"})
	}
	if o == nil {
		return files
	}
	for _, name := range []string{"raincloud", "change", "arms"} {
		if f, ok := figureOf(o, name); ok {
			files = append(files, resultsFile{name + ".svg", f.Draw(figure.SizeStandard).Title})
		}
	}
	return files
}

// figureOf is the figure that goes by a name in addresses; false when there is
// none, or when it may not be shown.
func figureOf(o *report.Outcome, name string) (figure.Figure, bool) {
	switch name {
	case "raincloud":
		return shown(o.Raincloud(o.Main(), name))
	case "change":
		return shown(o.ChangeBar(o.Main(), name))
	case "arms":
		return shown(o.TwoArm(name))
	}
	return nil, false
}

func shown[F figure.Figure](f F, ok bool) (figure.Figure, bool) { return f, ok }

// downloadResults answers with one table, figure or the whole of a report. It is
// written to a buffer first, so that it comes whole or not at all.
func (s *Server) downloadResults(c *gin.Context, a survey.Actor) error {
	study, r, o, err := s.results(c, a)
	if err != nil {
		return err
	}
	name := c.Param("table")
	var body bytes.Buffer
	kind, err := writeResults(&body, r, o, name)
	if err != nil {
		return err
	}
	if err := s.noteResults(c, a, study, r, name); err != nil {
		return err
	}
	return s.attach(c, kind, resultsName(study, r, o, name, s.cfg.Now()), &body)
}

// attach answers with a file to save.
func (s *Server) attach(c *gin.Context, kind, name string, body *bytes.Buffer) error {
	h := c.Writer.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name))
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	c.Status(http.StatusOK)
	if c.Request.Method == http.MethodHead {
		c.Writer.WriteHeaderNow()
		return nil
	}
	if _, err := body.WriteTo(c.Writer); err != nil {
		s.cfg.Logger.DebugContext(c.Request.Context(), "client gone", "route", c.FullPath())
	}
	return nil
}

// writeResults writes what a name stands for and returns its content type.
func writeResults(w *bytes.Buffer, r *report.Report, o *report.Outcome, name string) (kind string, err error) {
	stem, format, _ := strings.Cut(name, ".")
	switch {
	case name == "report.json":
		return "application/json; charset=utf-8", r.WriteJSON(w)
	case name == "report.txt":
		return "text/plain; charset=utf-8", r.WriteText(w)
	case format == "csv":
		if f, ok := r.Frame(stem); ok {
			return "text/csv; charset=utf-8; header=present", f.WriteCSV(w)
		}
	case format == "svg" && o != nil:
		if f, ok := figureOf(o, stem); ok {
			w.WriteString(figure.SVG(f.Draw(figure.SizeStandard)))
			return "image/svg+xml; charset=utf-8", nil
		}
	}
	return "", survey.ErrNotFound
}

// resultsName is the name a file is saved under: two reports on the same study
// must not overwrite each other.
func resultsName(study survey.Study, r *report.Report, o *report.Outcome, name string, now time.Time) string {
	stem, format, _ := strings.Cut(name, ".")
	parts := []string{study.Key, stem, r.Basis.ArmKey, r.Basis.Post.Key}
	if format == "svg" && o != nil {
		parts = append(parts, o.Scale.Key)
	}
	if study.Simulated {
		parts = append([]string{"simulated"}, parts...)
	}
	return strings.Join(append(parts, now.UTC().Format(time.DateOnly)), "_") + "." + format
}
