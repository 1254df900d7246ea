package exchange_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"tidemark/survey/instrument"
	"tidemark/survey/instrument/exchange"
)

// workbook makes a workbook of rows by sheet.
func workbook(t testing.TB, sheets map[string][][]any) []byte {
	t.Helper()
	file := excelize.NewFile()
	defer file.Close() //nolint:errcheck // in memory
	for name, rows := range sheets {
		if _, err := file.NewSheet(name); err != nil {
			t.Fatal(err)
		}
		for i, row := range rows {
			cell, err := excelize.CoordinatesToCellName(1, i+1)
			if err != nil {
				t.Fatal(err)
			}
			if err := file.SetSheetRow(name, cell, &row); err != nil {
				t.Fatal(err)
			}
		}
	}
	var b bytes.Buffer
	if err := file.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func fieldForm(t testing.TB) []byte {
	t.Helper()
	return workbook(t, map[string][][]any{
		"survey": {
			{"type", "name", "label::English (en)", "label::Deutsch (de)", "hint::English (en)", "relevant", "required", "constraint", "appearance", "parameters", "calculation"},
			{"start", "start"},
			{"select_one freq", "calm", "Calm today?", "Heute ruhig?", "Think of the whole day", "", "yes"},
			{"begin group", "out", "Outside", "Draußen", "", "${calm} = 'often'"},
			{"select_multiple who", "met", "Whom did you meet?"},
			{"integer", "steps", "How many kilometres?", "", "", "selected(${met}, '2') and not(${calm} != 'often')", "", ". >= 0 and . <= 50"},
			{"range", "mood", "Mood", "", "", "", "", "", "", "start=0 end=100 step=10"},
			{"end group"},
			{"text", "more", "More?", "", "", "", "", "", "multiline"},
			{"begin repeat", "rep", "Again"},
			{"text", "each", "Each"},
			{"end repeat"},
			{"calculate", "sum", "", "", "", "", "", "", "", "", "1 + 1"},
			{"geopoint", "place", "Where?"},
			{"date", "day", "Which day?", "", "", "", "", ". <= today()"},
		},
		"choices": {
			{"list_name", "name", "label::English (en)", "label::Deutsch (de)"},
			{"freq", "never", "Never", "Nie"}, {"freq", "often", "Often", "Oft"},
			{"who", 1, "Friends"}, {"who", 2, "Family"},
		},
		"settings": {{"form_title", "form_id", "version", "default_language", "style"}, {"Evening", "evening", "20260101", "English (en)", "pages"}},
	})
}

func TestAnXLSFormBecomesAQuestionnaire(t *testing.T) {
	t.Parallel()
	d, lost, err := exchange.ReadXLSForm(bytes.NewReader(fieldForm(t)))
	if err != nil {
		t.Fatal(err)
	}
	want := asked{
		Items: []instrument.Item{
			{Code: "calm", Text: "Calm today?", Note: "Think of the whole day", RequiredIf: "true", Options: []instrument.Option{{Value: 1, Label: "Never"}, {Value: 2, Label: "Often"}}},
			{Code: "met", Type: "multiple", Text: "Whom did you meet?", Options: []instrument.Option{{Value: 1, Label: "Friends"}, {Value: 2, Label: "Family"}}},
			{Code: "steps", Type: "number", Text: "How many kilometres?", ShowIf: "selected(met, 2) and calm == 2", Range: &instrument.Range{Max: 50, Step: 1}},
			{Code: "mood", Type: "slider", Text: "Mood", Range: &instrument.Range{Max: 100, Step: 10}},
			{Code: "more", Type: "long_text", Text: "More?"},
			{Code: "day", Type: "date", Text: "Which day?"},
		},
		Layout: []instrument.PagePlan{
			{Items: []string{"calm"}},
			{Heading: "Outside", Items: []string{"met", "steps", "mood"}, ShowIf: "calm == 2"},
			{Items: []string{"more", "day"}},
		},
	}
	if diff := cmp.Diff(essence(d), want); diff != "" {
		t.Errorf("got -, want +:\n%s", diff)
	}
	german := d.Translations["de"]
	if german.Items["calm"].Text != "Heute ruhig?" || cmp.Diff(german.Items["calm"].Options, []string{"Nie", "Oft"}) != "" {
		t.Errorf("German: %+v", german)
	}
	for _, says := range []string{
		`"start"`, "never = 1, often = 2", "repeat", `"calculate"`, `"geopoint"`, "today()", "how it is scored", "version", "style",
	} {
		if !told(lost, says) {
			t.Errorf("%q is not told in:\n%v", says, lost)
		}
	}
}

func TestAWorkbookThatIsNoFormSaysSo(t *testing.T) {
	t.Parallel()
	for name, file := range map[string][]byte{
		"empty": nil, "text": []byte("type,name\n"), "no survey": workbook(t, map[string][][]any{"data": {{"a"}, {1}}}),
		"no questions": workbook(t, map[string][][]any{"survey": {{"type", "name"}, {"start", "s"}}}),
		"too large":    make([]byte, exchange.MaxBytes+1),
	} {
		_, _, err := exchange.ReadXLSForm(bytes.NewReader(file))
		if _, ok := errors.AsType[*exchange.FileError](err); !ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzReadXLSForm(f *testing.F) {
	f.Add(fieldForm(f))
	f.Add([]byte("PK\x03\x04"))
	f.Fuzz(func(t *testing.T, data []byte) {
		d, _, err := exchange.ReadXLSForm(bytes.NewReader(data))
		sound(t, err, d)
	})
}

// The cells themselves are fuzzed too: random bytes seldom make a workbook.
func FuzzXLSFormCells(f *testing.F) {
	f.Add("select_one a", "x", "${x} = '1'", ". >= 0", "start=1")
	f.Add("begin group", "x", "not(selected(${x}, 'a'))", ". <= 3 and . >= 1", "end=9;step=0")
	f.Fuzz(func(t *testing.T, kind, name, relevant, constraint, parameters string) {
		file := workbook(t, map[string][][]any{
			"survey": {
				{"type", "name", "label", "relevant", "constraint", "parameters"},
				{kind, name, name, relevant, constraint, parameters},
				{"range", name, "label", relevant, constraint, parameters}, {"integer", "x", "label", "", constraint, ""},
			},
			"choices": {{"list_name", "name", "label"}, {"a", name, "A"}, {"a", "b", "B"}},
		})
		d, _, err := exchange.ReadXLSForm(bytes.NewReader(file))
		sound(t, err, d)
	})
}
