package main

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"tidemark/survey/report"
	"tidemark/survey/report/figure"
)

// analyzed is what the command writes.
type analyzed struct {
	Schema  string         `json:"schema"`
	Version string         `json:"version"`
	At      time.Time      `json:"at"`
	File    string         `json:"file"`
	Notes   []string       `json:"notes"`
	Outcome report.Outcome `json:"outcome"`
}

func (a *analyzed) write(w io.Writer, format string) error {
	switch format {
	case "json":
		e := json.NewEncoder(w)
		e.SetIndent("", "  ")
		e.SetEscapeHTML(false)
		return e.Encode(a)
	case "html":
		return a.writeHTML(w)
	}
	return a.writeText(w)
}

func (a *analyzed) writeText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, %s → %s\n", a.Outcome.Scale.Name, a.Outcome.PreName, a.Outcome.PostName)
	fmt.Fprintln(&b, a.summary())
	for _, n := range a.Notes {
		fmt.Fprintln(&b, "Note: "+n)
	}
	b.WriteString("\n" + a.Outcome.Text())
	for _, t := range a.Outcome.Tables() {
		b.WriteString("\n" + t.String())
	}
	b.WriteString("\nMethod\n")
	for _, m := range a.Outcome.Method(a.Version) {
		fmt.Fprintln(&b, "- "+m)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// summary says what went in.
func (a *analyzed) summary() string {
	parts := []string{a.File}
	for _, c := range a.Outcome.Groups {
		parts = append(parts, fmt.Sprintf("%s: %d people, %d pairs", report.GroupName(c.Group), c.People, c.Pairs))
	}
	return strings.Join(parts, " · ")
}

//go:embed analyze.html
var analyzePage string

// page is what the template of the page is given.
type analyzePageData struct {
	*analyzed
	Summary, Headline string
	Pills             []report.Sentence
	Figures           []analyzeFigure
	Threshold         string
	Paper             []report.Sentence
	Tables            []report.Table
	Method            []string
}

// analyzeFigure is a drawing with its words.
type analyzeFigure struct {
	Title, Alt string
	SVG        template.HTML
}

func (a *analyzed) writeHTML(w io.Writer) error {
	t, err := template.New("analysis").Parse(analyzePage)
	if err != nil {
		return err
	}
	o := &a.Outcome
	d := analyzePageData{
		analyzed: a, Summary: a.summary(), Headline: o.Headline(), Pills: o.Pills(o.Main()), Tables: o.Tables(),
		Method: o.Method(a.Version), Figures: a.figures(), Threshold: o.ThresholdSentence(o.Main()),
	}
	for i := range o.Groups {
		d.Paper = append(d.Paper, o.Paper(&o.Groups[i]))
	}
	if s := o.PaperComparison(); s != nil {
		d.Paper = append(d.Paper, s)
	}
	return t.Execute(w, d)
}

func (a *analyzed) figures() []analyzeFigure {
	o := &a.Outcome
	var figures []analyzeFigure
	add := func(title string, f figure.Figure) {
		drawing := figure.SVG(f.Draw(figure.SizeStandard))
		figures = append(figures, analyzeFigure{title, f.Alt(), template.HTML(drawing)}) //nolint:gosec // drawn and escaped by package figure
	}
	for i := range o.Groups {
		c := &o.Groups[i]
		title := "Everyone’s change"
		if c.Group != "" {
			title += ": " + c.Group
		}
		if f, ok := o.Raincloud(c, fmt.Sprintf("cloud-%d", i)); ok {
			add(title, f)
		}
		if f, ok := o.ChangeBar(c, fmt.Sprintf("bar-%d", i)); ok {
			add(strings.Replace(title, "Everyone’s change", "Who changed by more than measurement error", 1), f)
		}
	}
	if f, ok := o.TwoArm("arms"); ok {
		add("Both groups", f)
	}
	return figures
}
