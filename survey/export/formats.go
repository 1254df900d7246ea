package export

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"tidemark/survey"
	"tidemark/survey/export/dataset"
	"tidemark/survey/export/excel"
	"tidemark/survey/export/jamovi"
	"tidemark/survey/export/jsonlines"
	"tidemark/survey/export/parquet"
	"tidemark/survey/export/spss"
	"tidemark/survey/export/stata"
)

// Format is a kind of file that something can be written as.
type Format struct {
	Key    string // and the ending of a file's name, where Ending does not say
	Name   string
	Media  string // media type
	Ending string
	// Counts is what the number that In gives counts.
	Counts string
	of     []string
	open   func(io.Writer, dataset.Table) (dataset.Writer, error)                               // of a table
	write  func(context.Context, survey.DataReader, *frame, io.Writer) (written int, err error) // of anything else
}

// FileEnding is the ending of a file's name, without the point.
func (f Format) FileEnding() string {
	if f.Ending != "" {
		return f.Ending
	}
	return f.Key
}

// WholeStudy is what the formats that hold design and data together are of.
const WholeStudy = "study"

// codebookName is what the codebook's formats are of.
const codebookName = "codebook"

// Formats are those of tables, beside CSV, which has functions of its own.
func Formats() []Format {
	table := func(key, name, media string, open func(io.Writer, dataset.Table) (dataset.Writer, error)) Format {
		return Format{Key: key, Name: name, Media: media, Counts: "rows", of: Tables(), open: open}
	}
	return []Format{
		table("sav", "SPSS", "application/x-spss-sav", func(w io.Writer, t dataset.Table) (dataset.Writer, error) { return spss.New(w, t) }),
		table("dta", "Stata", "application/x-stata-dta", func(w io.Writer, t dataset.Table) (dataset.Writer, error) { return stata.New(w, t) }),
		table("omv", "jamovi", "application/zip", func(w io.Writer, t dataset.Table) (dataset.Writer, error) { return jamovi.New(w, t) }),
		table("xlsx", "Excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", func(w io.Writer, t dataset.Table) (dataset.Writer, error) {
			return excel.New(w, t)
		}),
		table("parquet", "Parquet", "application/vnd.apache.parquet", func(w io.Writer, t dataset.Table) (dataset.Writer, error) {
			return parquet.New(w, t)
		}),
		table("jsonl", "JSON Lines", "application/jsonl", func(w io.Writer, t dataset.Table) (dataset.Writer, error) { return jsonlines.New(w, t) }),
	}
}

// documents are the formats of what is no table.
func documents() []Format {
	return []Format{
		{Key: "fhir", Name: "FHIR R4", Media: "application/fhir+json", Ending: "fhir.json", Counts: "resources", of: []string{WholeStudy}, write: writeFHIR},
		{Key: "odm", Name: "CDISC ODM", Media: "application/xml", Ending: "odm.xml", Counts: "people", of: []string{WholeStudy}, write: writeODM},
		{Key: "redcap", Name: "REDCap project", Media: "application/zip", Ending: "redcap.zip", Counts: "people", of: []string{WholeStudy}, write: writeREDCap},
		{Key: "csv", Name: "CSV, a file each", Media: "application/zip", Ending: "csv.zip", Counts: "rows", of: []string{Questionnaires}, write: writeQuestionnaires},
		{Key: "html", Name: "Web page", Media: "text/html; charset=utf-8", Counts: "variables", of: []string{codebookName}, write: writeBookHTML},
		{Key: "ddi", Name: "DDI", Media: "application/xml", Ending: "ddi.xml", Counts: "variables", of: []string{codebookName}, write: writeDDI},
	}
}

// FormatsOf are the formats that something can be had in, beside CSV.
func FormatsOf(what string) []Format {
	var all []Format
	for _, f := range append(Formats(), documents()...) {
		if slices.Contains(f.of, what) {
			all = append(all, f)
		}
	}
	return all
}

// FormatOf finds the format of something by its key.
func FormatOf(what, key string) (Format, bool) {
	for _, f := range FormatsOf(what) {
		if f.Key == key {
			return f, true
		}
	}
	return Format{}, false
}

// Tables are the names of the tables that there are in every format.
func Tables() []string { return []string{"long", "wide", "scores"} }

var errNoTable = errors.New("there is no such table")

// In writes a table of a study, or something else, in a format, and gives the number
// of rows, or of what [Format.Counts] says. The
// tables, their variables and rows are those of [Long], [Wide] and [Scores]; here
// they know their labels, their levels of measurement, and why a value is missing.
func In(ctx context.Context, f Format, what string, r survey.DataReader, a survey.Actor, study survey.StudyID, w io.Writer) (rows int, err error) {
	err = survey.OneState(ctx, r, func(r survey.DataReader) error {
		rows, err = inFormat(ctx, f, what, r, a, study, w)
		return err
	})
	return rows, wrap(err, what+" as "+f.Name)
}

func inFormat(ctx context.Context, f Format, what string, r survey.DataReader, a survey.Actor, study survey.StudyID, w io.Writer) (int, error) {
	fr, err := load(ctx, r, a, study)
	if err != nil {
		return 0, err
	}
	if f.write != nil && slices.Contains(f.of, what) {
		return f.write(ctx, r, fr, w)
	}
	if f.open == nil {
		return 0, fmt.Errorf("%w: %q", errNoTable, what)
	}
	var source tableSource
	switch what {
	case "wide":
		source, err = fr.wideTable(ctx, r)
	case "long":
		source, err = fr.longTable(ctx, r)
	case "scores":
		source, err = fr.scoresTable(ctx, r)
	default:
		err = fmt.Errorf("%w: %q", errNoTable, what)
	}
	if err != nil {
		return 0, err
	}
	out, err := f.open(w, source.table)
	if err != nil {
		return 0, err
	}
	if err := source.rows(out.Row); err != nil {
		return 0, errors.Join(err, out.Close())
	}
	return source.table.Rows, out.Close()
}

// tableSource is a table with its rows.
type tableSource struct {
	table dataset.Table
	rows  func(write func([]dataset.Cell) error) error
}
