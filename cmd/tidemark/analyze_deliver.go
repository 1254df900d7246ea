package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"tidemark/survey/report"
	"tidemark/survey/report/document"
	"tidemark/survey/report/figure"
	"tidemark/survey/report/figure/render"
	"tidemark/survey/report/filedata"
	"tidemark/survey/report/paper"
)

// wholeReport is the whole report on a file.
type wholeReport struct {
	Schema   string             `json:"schema"`
	File     string             `json:"file"`
	Warnings []filedata.Warning `json:"warnings"`
	Notes    []string           `json:"notes"`
	Details  *filedata.Details  `json:"details"`
	Paper    *paper.Paper       `json:"report"`

	data     *paper.Dataset
	language string
}

// deliver writes the report, and the folders asked for.
func (r *wholeReport) deliver(ctx context.Context, p *program, c *analyzeCmd) error {
	if c.Tables != "" {
		if err := r.writeTables(p, c.Tables); err != nil {
			return err
		}
	}
	if c.Figures != "" {
		if err := r.writeFigures(ctx, p, c.Figures); err != nil {
			return err
		}
	}
	if err := p.into(c.Out, func(w io.Writer) error { return r.write(w, c.Format) }); err != nil {
		return fmt.Errorf("write the report on %s: %w", c.source(), err)
	}
	return nil
}

func (r *wholeReport) write(w io.Writer, format string) error {
	switch format {
	case "json":
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(r)
	case "html":
		return document.WriteHTML(w, r.document())
	}
	return r.writeText(w)
}

// document is the report as a page, with the file's own sections.
func (r *wholeReport) document() *document.Document {
	d := &document.Document{Paper: r.Paper, Data: r.data, Language: r.language}
	words := map[bool][2]string{false: {"The file", "Scales and items"}, true: {"Die Datei", "Skalen und Items"}}[r.language == "de"]
	file := document.Section{ID: "file", Title: words[0]}
	if r.Paper.Plan.Hash != "" {
		file.Paragraphs = append(file.Paragraphs, report.Words(r.Paper.Plan.Standing))
	}
	for _, w := range r.Warnings {
		file.Paragraphs = append(file.Paragraphs, report.Words("⚠ "+w.String()))
	}
	for _, n := range r.Notes {
		file.Paragraphs = append(file.Paragraphs, report.Words(n))
	}
	d.Added = []document.Section{file, {ID: "scales", Title: words[1], Tables: r.Details.Tables()}}
	return d
}

func (r *wholeReport) writeText(w io.Writer) error {
	var b strings.Builder
	d := r.document()
	b.WriteString(r.Paper.Source.Title + "\n" + r.Paper.Summary() + "\n\n")
	if len(r.Paper.Outcomes) > 0 {
		b.WriteString(d.Answer().String() + "\n")
	}
	if r.Paper.Plan.Hash != "" {
		b.WriteString(r.Paper.Plan.Standing + "\n")
	}
	for _, s := range d.Status() {
		b.WriteString(s.String() + "\n")
	}
	for _, warning := range r.Warnings {
		b.WriteString("Warning: " + warning.String() + "\n")
	}
	for _, n := range r.Notes {
		b.WriteString("Note: " + n + "\n")
	}
	for _, t := range append(r.Paper.Tables(), r.Details.Tables()...) {
		b.WriteString("\n" + t.String())
	}
	for _, s := range d.Sections() {
		if slices.Contains([]string{"methods", "results", "references"}, s.ID) {
			writeWords(&b, s)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// writeWords writes a section's paragraphs.
func writeWords(b *strings.Builder, s document.Section) {
	b.WriteString("\n" + s.Title + "\n")
	for _, part := range append([]document.Part{{Paragraphs: s.Paragraphs}}, s.Parts...) {
		if part.Title != "" {
			b.WriteString("\n" + part.Title + "\n")
		}
		for _, paragraph := range part.Paragraphs {
			b.WriteString(paragraph.String() + "\n")
		}
	}
}

// writeTables writes each table with all digits.
func (r *wholeReport) writeTables(p *program, dir string) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	for _, f := range append(r.Paper.Frames(), r.Details.Frames()...) {
		if err := p.writeTo(filepath.Join(dir, f.Name+".csv"), f.WriteCSV); err != nil {
			return err
		}
	}
	return nil
}

// writeFigures draws each figure three times: for pages, slides and print.
func (r *wholeReport) writeFigures(ctx context.Context, p *program, dir string) error {
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return err
	}
	draw := func(name string, o *paper.Outcome) error {
		if ctx.Err() != nil {
			return errors.New("stopped; some figures were not written")
		}
		f, ok := r.Paper.Figure(r.data, name, o)
		if !ok {
			return nil
		}
		if o != nil {
			name = fileName(o.Key) + "-" + name
		}
		return r.writeFigure(p, filepath.Join(dir, name), f.Draw(figure.SizeStandard))
	}
	for _, name := range r.Paper.StudyFigures() {
		if err := draw(name, nil); err != nil {
			return err
		}
	}
	for i := range r.Paper.Outcomes {
		for _, name := range paper.OutcomeFigures() {
			if err := draw(name, &r.Paper.Outcomes[i]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r *wholeReport) writeFigure(p *program, path string, d figure.Drawing) error {
	for _, form := range []struct {
		end  string
		make func(figure.Drawing) ([]byte, error)
	}{
		{".svg", func(d figure.Drawing) ([]byte, error) { return []byte(figure.SVG(d)), nil }}, {".png", render.PNG}, {".pdf", render.PDF},
	} {
		data, err := form.make(d)
		if err != nil {
			return fmt.Errorf("draw %s: %w", path+form.end, err)
		}
		if err := p.writeTo(path+form.end, func(w io.Writer) error { _, err := w.Write(data); return err }); err != nil {
			return err
		}
	}
	return nil
}

// fileName leaves of a name what every file system takes.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_', r == '.':
			return r
		}
		return '_'
	}, name)
}
