package web

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/report/document"
	"tidemark/survey/report/figure"
	"tidemark/survey/report/figure/render"
	"tidemark/survey/report/paper"
)

// reportFiles lists what can be downloaded of the whole report; tables and figures
// are offered where they stand.
func reportFiles(d *document.Document) []resultsFile {
	files := []resultsFile{
		{"report.html", "This report in one file, to keep, send or print"},
		{"report.json", "The whole report for programs"},
		{"schema.json", "What report.json means, as a JSON schema"},
		{"report.txt", "All tables to read as plain text"},
	}
	for _, t := range d.Paper.Tables() {
		files = append(files, resultsFile{t.Name + ".csv", t.Caption + ", numbers in full"})
	}
	return files
}

// downloadReport answers with the report in another form, a table or a figure. It
// is written to a buffer first, so that it comes whole or not at all.
func (s *Server) downloadReport(c *gin.Context, a survey.Actor) error {
	study, d, choice, err := s.report(c, a)
	if err != nil {
		return err
	}
	name := c.Param("file")
	var body bytes.Buffer
	kind, err := writeReport(&body, d, name)
	if err != nil {
		return err
	}
	if err := s.noteReport(c, a, study, choice.snapshot, name); err != nil {
		return err
	}
	return s.attach(c, kind, reportName(study, d, choice, name, s.cfg.Now()), &body)
}

// writeReport writes what a name stands for and returns its content type.
func writeReport(w *bytes.Buffer, d *document.Document, name string) (kind string, err error) {
	switch name {
	case "report.html":
		return "text/html; charset=utf-8", document.WriteHTML(w, d)
	case "report.json":
		return "application/json; charset=utf-8", d.Paper.WriteJSON(w)
	case "schema.json":
		w.Write(paper.JSONSchema())
		return "application/schema+json", nil
	case "report.txt":
		return "text/plain; charset=utf-8", d.Paper.WriteText(w)
	}
	stem, format, _ := strings.Cut(name, ".")
	if format == "csv" {
		f, ok := d.Paper.Frame(stem)
		if !ok {
			return "", survey.ErrNotFound
		}
		return "text/csv; charset=utf-8; header=present", f.WriteCSV(w)
	}
	f, ok := d.Figure(stem)
	if !ok {
		return "", survey.ErrNotFound
	}
	return writeFigure(w, f.Draw(figure.SizeWide), format)
}

// writeFigure writes a drawing in a format of pictures.
func writeFigure(w *bytes.Buffer, drawing figure.Drawing, format string) (kind string, err error) {
	var picture []byte
	switch format {
	case "svg":
		picture, kind = []byte(figure.SVG(drawing)), "image/svg+xml; charset=utf-8"
	case "png":
		picture, err = render.PNG(drawing)
		kind = "image/png"
	case "pdf":
		picture, err = render.PDF(drawing)
		kind = "application/pdf"
	default:
		return "", survey.ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("draw %s: %w", drawing.ID, err)
	}
	w.Write(picture)
	return kind, nil
}

// reportName is the name a file is saved under: two reports on the same study must
// not overwrite each other.
func reportName(study survey.Study, d *document.Document, choice reportChoice, name string, now time.Time) string {
	stem, format, _ := strings.Cut(name, ".")
	parts := []string{study.Key, stem}
	if o, ok := d.InFront(); ok && choice.outcome != "" && format != "csv" && format != "json" && format != "txt" {
		parts = append(parts, o.Key)
	}
	if choice.snapshot > 0 {
		parts = append(parts, fmt.Sprintf("snapshot-%d", choice.snapshot))
	}
	if study.Simulated {
		parts = append([]string{"simulated"}, parts...)
	}
	return strings.Join(append(parts, now.UTC().Format(time.DateOnly)), "_") + "." + format
}
