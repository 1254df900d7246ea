package export_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"tidemark/internal/kinds"
	"tidemark/survey"
	"tidemark/survey/export"
	"tidemark/survey/instrument"
)

// everyKind is the little study with a fourth person, who was asked a question of
// every kind, and three who were asked awkward ones.
func everyKind(t *testing.T) (*little, string) {
	t.Helper()
	l := newLittle(t)
	d, err := kinds.Definition()
	l.must(err)
	l.must(kinds.AddTo(t.Context(), l.store, l.study.ID, d))
	l.addAwkward()
	runs, err := l.store.Runs(t.Context(), l.study.ID)
	l.must(err)
	_, err = l.cases.Runs.AddPeople(t.Context(), system(), l.study.ID, runs[0].Run.ID, []survey.Person{{}}, "")
	l.must(err)
	_, l.links, err = l.cases.Enrolments.Links(t.Context(), system(), l.study.ID, runs[0].Run.ID)
	l.must(err)
	a := l.actor(len(l.links) - 1)
	due, err := l.cases.Assessments.Due(t.Context(), a)
	l.must(err)
	l.must(l.cases.Assessments.Submit(t.Context(), a, due[0].Assessment.ID, instrument.Answers{
		"k_yes": instrument.NumberValue(0), "k_several": instrument.ChoicesValue(3, 1), "k_weight": instrument.NumberValue(2.5), "k_scale": instrument.NumberValue(0),
		"k_line": instrument.TextValue("=1+1"), "k_long": instrument.TextValue("Two\nlines, \"quoted\""), "k_day": instrument.TextValue("2024-02-29"),
	}))
	l.awkward = l.playAwkward(runs[0].Run.ID)
	return l, a.Participation.Enrolment.Code
}

func TestAnswersOfEveryKindAreInTheFilesInTheirPlace(t *testing.T) {
	t.Parallel()
	l, code := everyKind(t)
	files := map[string][]map[string]string{}
	for name, write := range data() {
		for _, row := range table(t, read(t, write, l.store, l.study.ID)) {
			if row["participant"] == code && (row["wave"] == "kinds" || name == "wide") {
				files[name] = append(files[name], row)
			}
		}
	}
	long := map[string]string{}
	for _, row := range files["long"] {
		long[row["item"]] = row["value"] + "|" + row["text"] + "|" + row["missing"]
	}
	if diff := cmp.Diff(long, map[string]string{
		"k_single": "||skipped", "k_yes": "0||", "k_why": "||not_shown", "k_long_labels": "||skipped", "k_several": "|1,3|", "k_days": "||skipped",
		"k_weight": "2.5||", "k_steps": "||skipped", "k_scale": "0||", "k_line": "||in_texts", "k_long": "||in_texts", "k_day": "|2024-02-29|",
		"k_must": "||not_shown", "k_last": "||skipped",
	}); diff != "" {
		t.Errorf("long (-got +want):\n%s", diff)
	}
	wide := map[string]string{}
	for name, value := range files["wide"][0] {
		if value != "" && name[:2] == "k_" {
			wide[name] = value
		}
	}
	if diff := cmp.Diff(wide, map[string]string{
		"k_yes_kinds": "0", "k_several___1_kinds": "1", "k_several___2_kinds": "0", "k_several___3_kinds": "1", "k_several___0_kinds": "0",
		"k_weight_kinds": "2.5", "k_scale_kinds": "0", "k_day_kinds": "2024-02-29",
	}); diff != "" {
		t.Errorf("wide (-got +want):\n%s", diff)
	}
	for _, absent := range []string{"k_line_kinds", "k_long_kinds", "k_why_kinds", "k_welcome_kinds", "k_several_kinds"} {
		if _, there := files["wide"][0][absent]; there {
			t.Errorf("the wide file has a column %s", absent)
		}
	}
	texts := map[string]string{}
	for _, row := range files["texts"] {
		texts[row["item"]] = row["text"]
	}
	if diff := cmp.Diff(texts, map[string]string{"k_line": "'=1+1", "k_long": "Two\nlines, \"quoted\""}); diff != "" {
		t.Errorf("texts (-got +want):\n%s", diff)
	}
}

func data() map[string]exporter {
	all := files()
	delete(all, "codebook")
	return all
}

func TestTheCodebookDescribesQuestionsOfEveryKind(t *testing.T) {
	t.Parallel()
	l, _ := everyKind(t)
	type described struct{ Kind, Values, Min, Max, Files string }
	got := map[string]described{}
	for _, row := range table(t, read(t, export.Codebook, l.store, l.study.ID)) {
		if row["instrument"] == "every_kind" {
			name := row["variable"]
			if name == "text" {
				name += " " + row["item_or_scale"]
			}
			got[name] = described{row["type"], row["values"], row["min"], row["max"], row["files"]}
		}
	}
	for name, want := range map[string]described{
		"k_yes_kinds":         {"ordinal", "1 = Yes; 0 = No", "0", "1", "wide"},
		"k_several___2_kinds": {"categorical", "0 = not chosen; 1 = chosen", "0", "1", "wide"},
		"k_days_kinds":        {"numeric", "unit: days", "0", "7", "wide"},
		"k_steps_kinds":       {"numeric", "0 = Not calm at all; 10 = As calm as can be", "0", "10", "wide"},
		"k_day_kinds":         {"date", "", "", "", "wide"},
		"text k_line":         {"text", "", "", "", "texts"},
		"text k_long":         {"text", "", "", "", "texts"},
		"k_long_labels_kinds": {"ordinal", "1 = A long walk along the beach in the early morning; 2 = An evening by the fire with a few good friends; 9 = I would rather not say", "1", "9", "wide"},
	} {
		if diff := cmp.Diff(got[name], want); diff != "" {
			t.Errorf("%s (-got +want):\n%s", name, diff)
		}
	}
	if _, there := got["k_welcome_kinds"]; there {
		t.Error("the codebook describes what is only read")
	}
}
