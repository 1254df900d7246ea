package exchange

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"tidemark/survey/instrument"
)

// redcapColumns are the headings of a data dictionary, in order.
var redcapColumns = []string{
	"Variable / Field Name", "Form Name", "Section Header", "Field Type", "Field Label",
	"Choices, Calculations, OR Slider Labels", "Field Note", "Text Validation Type OR Show Slider Number",
	"Text Validation Min", "Text Validation Max", "Identifier?", "Branching Logic (Show field only if...)",
	"Required Field?", "Custom Alignment", "Question Number (surveys only)", "Matrix Group Name", "Matrix Ranking?",
	"Field Annotation",
}

// redcapNames are the names of the same columns in the programming interface.
var redcapNames = []string{
	"field_name", "form_name", "section_header", "field_type", "field_label", "select_choices_or_calculations",
	"field_note", "text_validation_type_or_show_slider_number", "text_validation_min", "text_validation_max", "identifier",
	"branching_logic", "required_field", "custom_alignment", "question_number", "matrix_group_name", "matrix_ranking",
	"field_annotation",
}

const (
	colName = iota
	colForm
	colSection
	colType
	colLabel
	colChoices
	colNote
	colValidation
	colMin
	colMax
	colIdentifier
	colBranching
	colRequired
	colAlignment
	colNumber
	colMatrix
	colRanking
	colAnnotation
)

// redcapRow is one field, by column.
type redcapRow struct {
	place string
	cells [18]string
}

// ReadREDCap reads a data dictionary in CSV, as REDCap exports it: one definition
// for each form, in the order of the file. Calculated fields that are means or sums
// of items, reversed ones as constant − item, become scales.
func ReadREDCap(r io.Reader) ([]*instrument.Definition, []Loss, error) {
	data, err := readAll(r)
	if err != nil {
		return nil, nil, err
	}
	rows, err := redcapRows(data)
	if err != nil {
		return nil, nil, err
	}
	lost := &losses{}
	var forms []*redcapForm
	for i, row := range rows {
		if i == 0 && isRecordID(row) {
			lost.add(row.place, "the field for the record number is not a question; participants have codes of their own")
			continue
		}
		name := row.cells[colForm]
		at := slices.IndexFunc(forms, func(f *redcapForm) bool { return f.name == name })
		if at < 0 {
			forms, at = append(forms, newRedcapForm(name, lost)), len(forms)
		}
		forms[at].add(row)
	}
	var definitions []*instrument.Definition
	for _, f := range forms {
		d, err := f.finish()
		if err != nil {
			return nil, lost.grouped(), err
		}
		if d != nil {
			definitions = append(definitions, d)
		}
	}
	if len(definitions) == 0 {
		return nil, lost.grouped(), unreadable("The dictionary has no question that can be asked.")
	}
	return definitions, lost.grouped(), nil
}

// readAll reads a file of UTF-8 text within bounds.
func readAll(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	switch {
	case err != nil:
		return nil, err
	case len(data) > MaxBytes:
		return nil, unreadable("The file is larger than %d MB. A questionnaire is smaller; is it the right file?", MaxBytes>>20)
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		return nil, unreadable("The file is not UTF-8 text. Export it again as UTF-8.")
	}
	return data, nil
}

func redcapRows(data []byte) ([]redcapRow, error) {
	reader := csv.NewReader(bytes.NewReader(data))
	reader.FieldsPerRecord, reader.LazyQuotes = -1, true
	head, err := reader.Read()
	if err != nil {
		return nil, unreadable("The file is empty or not CSV. Choose the data dictionary that REDCap exports.")
	}
	columns := make([]int, len(head)) // column of a row → ours
	found := map[int]bool{}
	for i, h := range head {
		columns[i] = slices.IndexFunc(redcapColumns, func(c string) bool { return strings.EqualFold(c, strings.TrimSpace(h)) })
		if columns[i] < 0 {
			columns[i] = slices.Index(redcapNames, strings.ToLower(strings.TrimSpace(h)))
		}
		found[columns[i]] = true
	}
	for _, needed := range []int{colName, colType, colLabel} {
		if !found[needed] {
			return nil, unreadable("The file has no column %q, so it is not a data dictionary of REDCap.", redcapColumns[needed])
		}
	}
	var rows []redcapRow
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, unreadable("The CSV cannot be read: %v", err)
		}
		row := redcapRow{}
		for i, c := range cells {
			if i < len(columns) && columns[i] >= 0 {
				row.cells[columns[i]] = strings.TrimSpace(c)
			}
		}
		if row.cells[colName] == "" && row.cells[colLabel] == "" {
			continue
		}
		line, _ := reader.FieldPos(0)
		row.place = "line " + numberText(float64(line)) + " (" + shorten(row.cells[colName]) + ")"
		rows = append(rows, row)
		if len(rows) > maxRows {
			return nil, unreadable("The dictionary has more than %d fields.", maxRows)
		}
	}
}

const maxRows = 20000

// isRecordID tells the first field of a project, which numbers the records.
func isRecordID(r redcapRow) bool {
	name := r.cells[colName]
	return r.cells[colType] == "text" && r.cells[colValidation] == "" &&
		(name == "record_id" || strings.HasSuffix(name, "_id") || strings.Contains(strings.ToLower(r.cells[colLabel]), "record id"))
}

// redcapForm is one form on its way to a definition.
type redcapForm struct {
	*draft
	name  string
	calc  []redcapRow
	pages bool // a section header was seen
}

func newRedcapForm(name string, lost *losses) *redcapForm {
	f := &redcapForm{draft: newDraft(lost), name: name}
	f.Key = asCode(orDefault(name, "form"), "form")
	f.Title = titled(orDefault(name, "Questionnaire"))
	return f
}

// titled makes a title of a form's name: "self_compassion" → "Self compassion".
func titled(name string) string {
	s := strings.TrimSpace(strings.ReplaceAll(name, "_", " "))
	if s == "" {
		return name
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func (f *redcapForm) finish() (*instrument.Definition, error) {
	if !slices.ContainsFunc(f.Items, func(it instrument.Item) bool { return it.Type.Asked() }) {
		f.lost.add("form "+f.name, "the form has no question that can be asked and was left out")
		return nil, nil
	}
	f.Layout = slices.DeleteFunc(f.Layout, func(p instrument.PagePlan) bool { return len(p.Items) == 0 })
	if !f.pages {
		f.Layout = nil
	}
	f.share()
	for _, row := range f.calc {
		f.scale(row)
	}
	return f.draft.finish("the form " + f.name)
}
