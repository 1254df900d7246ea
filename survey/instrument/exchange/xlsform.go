package exchange

import (
	"bytes"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"tidemark/survey/instrument"
)

// ReadXLSForm reads an XLSForm workbook (https://xlsform.org), as ODK, Kobo and
// others use it. Groups become pages, further languages become translations. Answers
// are kept by their names where all are numbers, else they count from 1.
func ReadXLSForm(r io.Reader) (*instrument.Definition, []Loss, error) {
	data, err := io.ReadAll(io.LimitReader(r, MaxBytes+1))
	if err != nil {
		return nil, nil, err
	}
	if len(data) > MaxBytes {
		return nil, nil, unreadable("The file is larger than %d MB. A questionnaire is smaller; is it the right file?", MaxBytes>>20)
	}
	book, err := openBook(data)
	if err != nil {
		return nil, nil, err
	}
	f := &xlsReader{draft: newDraft(&losses{}), book: book}
	if err := f.read(); err != nil {
		return nil, f.lost.grouped(), err
	}
	d, err := f.finish("the form")
	return d, f.lost.grouped(), err
}

// workbook is the rows of its sheets as text, by name in lower case.
type workbook map[string][][]string

// maxUnzipped bounds what a workbook may unpack to: a small file can claim more.
const maxUnzipped = 32 << 20

func openBook(data []byte) (workbook, error) {
	file, err := excelize.OpenReader(bytes.NewReader(data), excelize.Options{UnzipSizeLimit: maxUnzipped, UnzipXMLSizeLimit: maxUnzipped, RawCellValue: true})
	if err != nil {
		return nil, unreadable("The file is not a workbook in .xlsx. Save it as “Excel workbook (.xlsx)”.")
	}
	defer file.Close() //nolint:errcheck // was only read
	book := workbook{}
	for _, name := range file.GetSheetList() {
		rows, err := sheetRows(file, name)
		if err != nil {
			return nil, err
		}
		book[strings.ToLower(strings.TrimSpace(name))] = rows
	}
	return book, nil
}

func sheetRows(file *excelize.File, name string) ([][]string, error) {
	reader, err := file.Rows(name)
	if err != nil {
		return nil, unreadable("The sheet %q cannot be read.", shorten(name))
	}
	defer reader.Close() //nolint:errcheck // was only read
	var rows [][]string
	for reader.Next() {
		if len(rows) > maxRows {
			return nil, unreadable("The sheet %q has more than %d rows.", shorten(name), maxRows)
		}
		row, err := reader.Columns()
		if err != nil {
			return nil, unreadable("The sheet %q cannot be read.", shorten(name))
		}
		// A copy: a row that claims its last column would hold memory for all.
		rows = append(rows, slices.Clone(row[:min(len(row), maxColumns)]))
	}
	return rows, nil
}

const maxColumns = 300

// xlsRow is one row by the name of its column.
type xlsRow struct {
	place string
	cells map[string]string
}

// rows gives a sheet's rows by column name, in lower case and without blanks.
func (b workbook) rows(sheet string) []xlsRow {
	lines := b[sheet]
	if len(lines) == 0 {
		return nil
	}
	names := make([]string, len(lines[0]))
	for i, n := range lines[0] {
		names[i] = strings.Join(strings.Fields(strings.ToLower(n)), " ")
	}
	var rows []xlsRow
	for i, line := range lines[1:] {
		row := xlsRow{place: sheet + " row " + numberText(float64(i+2)), cells: map[string]string{}}
		for j, cell := range line {
			if j < len(names) && names[j] != "" && strings.TrimSpace(cell) != "" {
				row.cells[names[j]] = strings.TrimSpace(cell)
			}
		}
		if len(row.cells) > 0 {
			rows = append(rows, row)
		}
	}
	return rows
}

type xlsReader struct {
	*draft
	book    workbook
	lists   map[string][]xlsRow // answers by list
	main    string              // the column of texts in the first language is label::main
	groups  []xlsGroup
	listOf  map[string]string // list by item code
	columns map[string]bool   // of the survey and choices sheets
}

// xlsGroup is a group that is open.
type xlsGroup struct {
	repeat bool
	page   bool // became a page
}

func (f *xlsReader) read() error {
	survey := f.book.rows("survey")
	if len(survey) == 0 {
		return unreadable("The workbook has no sheet “survey” with questions, so it is not an XLSForm.")
	}
	f.lists, f.listOf, f.columns = map[string][]xlsRow{}, map[string]string{}, map[string]bool{}
	for _, row := range f.book.rows("choices") {
		list := orDefault(row.cells["list_name"], row.cells["list name"])
		f.lists[list] = append(f.lists[list], row)
		f.note(row)
	}
	for _, row := range survey {
		f.note(row)
	}
	f.settings()
	for _, row := range survey {
		if err := f.row(row); err != nil {
			return err
		}
	}
	if len(f.groups) > 0 {
		f.lost.add("survey", "a group is not closed; it ends with the form")
	}
	f.Layout = slices.DeleteFunc(f.Layout, func(p instrument.PagePlan) bool { return len(p.Items) == 0 })
	f.lost.add("", "an XLSForm does not say how it is scored; add the scales")
	f.share()
	f.translate()
	return nil
}

func (f *xlsReader) note(row xlsRow) {
	for name := range row.cells {
		f.columns[name] = true
	}
}

var languageOf = regexp.MustCompile(`^(?:label|hint)\s*::?\s*(.+)$`)

// settings reads title, name, version and first language.
func (f *xlsReader) settings() {
	var s xlsRow
	if rows := f.book.rows("settings"); len(rows) > 0 {
		s = rows[0]
	}
	f.Title = f.words("settings", s.cells["form_title"])
	f.Key = asCode(orDefault(s.cells["form_id"], orDefault(s.cells["id_string"], f.Title)), "form")
	if v := s.cells["version"]; v != "" && strings.Count(v, ".") == 2 {
		f.Version = v
	} else if v != "" {
		f.lost.add("settings", "the version %q became 1.0.0", shorten(v))
	}
	f.main = strings.Join(strings.Fields(strings.ToLower(s.cells["default_language"])), " ")
	if f.main == "" && !f.columns["label"] {
		for _, name := range slices.Sorted(maps.Keys(f.columns)) {
			if m := languageOf.FindStringSubmatch(name); m != nil {
				f.main = m[1]
				break
			}
		}
	}
	if tag, ok := languageTag(f.main); ok {
		f.Language = tag
	} else if f.main != "" {
		f.lost.add("settings", "the language %q has no tag in brackets such as (en); English is assumed", shorten(f.main))
	}
	for _, name := range slices.Sorted(maps.Keys(s.cells)) {
		switch name {
		case "form_title", "form_id", "id_string", "version", "default_language":
		default:
			f.lost.add("settings", "the setting %s was not carried over", shorten(name))
		}
	}
}

var bracketed = regexp.MustCompile(`\(([a-zA-Z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\)\s*$`)

// languageTag finds the tag in "deutsch (de)".
func languageTag(name string) (string, bool) {
	if m := bracketed.FindStringSubmatch(name); m != nil {
		return m[1], true
	}
	known := map[string]string{"english": "en", "german": "de", "deutsch": "de", "spanish": "es", "español": "es", "french": "fr", "français": "fr"}
	if tag, ok := known[name]; ok {
		return tag, true
	}
	return name, regexp.MustCompile(`^[a-z]{2,3}$`).MatchString(name)
}

// text is the label or hint of a row in the first language.
func (f *xlsReader) text(row xlsRow, column string) string {
	for _, name := range []string{column + "::" + f.main, column + ":: " + f.main, column + ":" + f.main, column} {
		if s := row.cells[name]; s != "" {
			return f.words(row.place, s)
		}
	}
	return ""
}
