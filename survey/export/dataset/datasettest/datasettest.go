package datasettest

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"tidemark/survey/export/dataset"
)

// Reasons of the awkward table.
const (
	Skipped  = "skipped"
	NotShown = "not_shown"
	TooFew   = "too_few_answered"
)

// LongLabel has 300 characters and some more bytes.
var LongLabel = "Wie sehr – „alles in allem“ – " + strings.Repeat("trägt Sie das, was Sie geübt haben? ", 7) + strings.Repeat("ß", 18)

// LongText is longer than a text of SPSS can be in one piece.
var LongText = "=1+1, \"quoted\"; " + strings.Repeat("Übermut tut selten gut. ", 40) + "\u200fעד כאן\u200f 🙂"

// Awkward is the table and its rows.
func Awkward() (dataset.Table, [][]dataset.Cell) {
	skipped := dataset.Reason{Key: Skipped, Text: "left out by the person"}
	hidden := dataset.Reason{Key: NotShown, Text: "not asked, because of other answers"}
	few := dataset.Reason{Key: TooFew, Text: "too few items answered"}
	t := dataset.Table{
		Name: "awkward", Label: "Learning from setbacks – Übungsdaten", Program: "Tidemark 1.0",
		MadeAt: time.Date(2026, time.March, 2, 18, 30, 0, 0, time.UTC),
		Notes:  []string{"Simulated people.", "Terms: ours; free to use. " + LongLabel},
		Variables: []dataset.Variable{
			{Name: "participant", Label: "Code of the person", Kind: dataset.Text, Measure: dataset.ID, Width: 12},
			{Name: "arm", Label: "Group", Kind: dataset.Text, Measure: dataset.Nominal, Width: 9, Categories: []dataset.Category{
				{Value: "course", Text: "Course"}, {Value: "wait_list", Text: "Waiting list"},
			}},
			{Name: "site", Label: "Site", Kind: dataset.Text, Measure: dataset.Nominal, Width: 2, Categories: []dataset.Category{
				{Value: "N", Text: "North"}, {Value: "S", Text: "South"},
			}},
			{
				Name: "sc_01_pre", Label: LongLabel, Kind: dataset.Number, Measure: dataset.Ordinal, Low: 1, High: 5, Bounded: true,
				Labels: []dataset.Label{
					{Value: 1, Text: "Almost never"}, {Value: 2, Text: "Seltener als „manchmal“ – " + strings.Repeat("ganz selten, ", 12)},
					{Value: 5, Text: "=Almost always"},
				},
				Reasons: []dataset.Reason{skipped, hidden},
			},
			{
				Name: "change_since", Label: "From −99 to 99, with a word for 0", Kind: dataset.Number, Measure: dataset.Scale, Decimals: 1,
				Low: -99, High: 99, Bounded: true, Labels: []dataset.Label{{Value: 0, Text: "no change"}}, Reasons: []dataset.Reason{skipped, few},
			},
			{Name: "nobody_answered", Label: "", Kind: dataset.Number, Measure: dataset.Scale, Decimals: 2, Reasons: []dataset.Reason{few}},
			{Name: "born_on", Label: "Day", Kind: dataset.Day, Measure: dataset.Scale},
			{Name: "submitted_at", Label: "When it was submitted, UTC", Kind: dataset.Instant, Measure: dataset.Scale},
			{Name: "own_words", Label: "In the person's own words", Kind: dataset.Text, Measure: dataset.Nominal, Width: len(LongText)},
			{Name: "a_name_of_forty_characters_and_some_more", Label: "Third", Kind: dataset.Number, Measure: dataset.Scale, Decimals: 4},
		},
	}
	day := func(y int, m time.Month, d int) dataset.Cell {
		return dataset.At(time.Date(y, m, d, 0, 0, 0, 0, time.UTC))
	}
	rows := [][]dataset.Cell{
		{
			dataset.Words("P-7KQ2"), dataset.Words("course"), dataset.Words("N"), dataset.Of(1), dataset.Of(0), dataset.Missing(TooFew),
			day(1969, time.July, 20), dataset.At(time.Date(2026, time.March, 2, 23, 59, 59, 999e6, time.UTC)), dataset.Words(LongText), dataset.Of(1.0 / 3),
		},
		{
			dataset.Words("P-M4XD"), dataset.Words("wait_list"), dataset.Words("S"), dataset.Of(5), dataset.Of(-99), {},
			day(1583, time.January, 1), dataset.At(time.Date(1969, time.December, 31, 0, 0, 0, 1e6, time.UTC)), dataset.Words("first line\nsecond, with \"quotes\"\ttab"), dataset.Of(-1e-12),
		},
		{
			dataset.Words("É-ü-ß"), dataset.Words("course"), {}, dataset.Missing(Skipped), dataset.Missing(TooFew), {},
			{}, {}, dataset.Words("=HYPERLINK(\"x\")"), dataset.Of(12345678901),
		},
		{
			dataset.Words("P-0"), dataset.Words("course"), dataset.Words("N"), dataset.Missing(NotShown), dataset.Missing(Skipped), {},
			day(2096, time.February, 29), {}, dataset.Words(""), {},
		},
		{
			dataset.Words("P-1"), dataset.Words("wait_list"), dataset.Words("S"), {}, dataset.Of(98.5), {},
			{}, {}, dataset.Words("שלום 🙂 – ok"), dataset.Of(0),
		},
	}
	t.Rows = len(rows)
	return t, rows
}

// Write gives all rows to a writer and closes it.
func Write(w dataset.Writer, rows [][]dataset.Cell) error {
	for _, r := range rows {
		if err := w.Row(r); err != nil {
			return err
		}
	}
	return w.Close()
}

// File is what a format makes of a table.
func File[W dataset.Writer](t testing.TB, begin func(io.Writer, dataset.Table) (W, error), table dataset.Table, rows [][]dataset.Cell) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := begin(&b, table)
	if err != nil {
		t.Fatal(err)
	}
	if err := Write(w, rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
