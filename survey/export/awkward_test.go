package export_test

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/schedule"
)

// Texts that files stumble over.
const (
	awkwardWave  = "Vor dem Kurs, \"ganz\" früh – לפני"
	awkwardTitle = "=Übungen; \"Fragen\", 'so' – שאלון 🙂"
)

var awkwardLong = "„Wie oft“, \"genau\" – " + strings.Repeat("Übermut tut selten gut; ", 11) + "=SUMME(A1) 🙂 שלום"

// awkward is a questionnaire whose every text is one. Its answers are -99, 0 and a
// half among others.
func awkward(t *testing.T) *instrument.Definition {
	t.Helper()
	option := func(v float64, label string) map[string]any { return map[string]any{"value": v, "label": label} }
	d, err := json.Marshal(map[string]any{
		"key": "awkward", "version": "1.0.0", "title": awkwardTitle, "heading": "Fragen", "intro": "+Bitte <b>alles</b> & 'mehr' – יותר.", "language": "de",
		"status": "for tests", "terms": "=Frei, \"ganz\".", "citation": "Tidemark; Müller & Söhne, 'Fragen'.", "minutes": 1, "page_size": 20,
		"items": []any{
			map[string]any{"code": "a_long", "text": awkwardLong, "options": []any{
				option(-99, "=\"nie\", nie; 🙂"), option(0, "Übermäßig selten, 'so' – "+strings.Repeat("ganz selten, ", 10)+"nie"), option(0.5, "לפעמים"), option(3, "@immer | <oft> & öfter"),
			}},
			map[string]any{"code": "a_span", "type": "number", "text": "-Von −99 bis 99?", "range": map[string]any{"min": -99, "max": 99, "step": 0.5, "unit": "µg/l, \"so\""}},
			map[string]any{"code": "a_nobody", "type": "number", "text": "Nobody answers this", "range": map[string]any{"min": 0, "max": 10, "step": 1}},
			map[string]any{"code": "a_several", "type": "multiple", "text": "Mehrere, \"und\"; מה", "options": []any{
				option(-1, "=A1"), option(0, "Nichts, 'gar' nichts"), option(2, "ערב 🙂"),
			}},
			map[string]any{"code": "a_day", "type": "date", "text": "Geboren am …?"},
			map[string]any{"code": "a_agree", "type": "yes_no", "text": "„Ja“?"},
			map[string]any{"code": "a_why", "type": "number", "text": "Warum?\n„Ganz“ genau.", "range": map[string]any{"min": 0, "max": 5, "step": 1}, "show_if": "a_agree == 1"},
		},
		"scales": []any{map[string]any{
			"key": "a_total", "name": "=Summe, \"alles\" – סך הכל", "label": "Summe", "items": []string{"a_span", "a_nobody"}, "method": "sum", "min_answered": 2,
			"direction": "neutral", "primary": true,
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := instrument.Parse(d)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// awkwardWaves are the two occasions at which it is asked.
var awkwardWaves = []string{"odd_1", "odd_2"}

// addAwkward asks it of everybody who is enrolled from now on, twice.
func (l *little) addAwkward() {
	d := awkward(l.t)
	v := survey.InstrumentVersion{ID: "awkward-1", Hash: d.Hash(), Definition: d, CreatedAt: l.now}
	l.must(l.store.InTx(l.t.Context(), func(tx survey.Tx) error {
		if err := tx.CreateInstrumentVersion(l.t.Context(), v); err != nil {
			return err
		}
		for i, key := range awkwardWaves {
			err := tx.CreateWave(l.t.Context(), survey.Wave{
				ID: survey.WaveID(string(l.study.ID) + "-" + key), StudyID: l.study.ID, Key: key, Name: awkwardWave + key, ShortName: key,
				Kind: survey.WavePre, Position: 90 + i, Rule: schedule.Rule{OpensDay: -28, ClosesDay: 28}, Sets: []survey.InstrumentID{v.ID},
			})
			if err != nil {
				return err
			}
		}
		return nil
	}))
}

// awkwardExpected are what the people of playAwkward have answered, in the order of
// people: the one table that all formats are held to. A value in parentheses is why
// there is none.
var awkwardExpected = []map[string]string{
	{
		"a_long_odd_1": "-99", "a_span_odd_1": "0", "a_nobody_odd_1": "(skipped)", "a_several___m1_odd_1": "1", "a_several___0_odd_1": "0", "a_several___2_odd_1": "1",
		"a_day_odd_1": "1899-12-30", "a_agree_odd_1": "0", "a_why_odd_1": "(not_shown)", "a_total_odd_1": "(too_few_answered)",
		"a_long_odd_2": "0", "a_span_odd_2": "-99", "a_nobody_odd_2": "(skipped)", "a_several___m1_odd_2": "0", "a_several___0_odd_2": "1", "a_several___2_odd_2": "0",
		"a_day_odd_2": "1969-12-31", "a_agree_odd_2": "1", "a_why_odd_2": "0", "a_total_odd_2": "(too_few_answered)",
	},
	{ // saved, never submitted, and gone
		"a_long_odd_1": "0.5", "a_span_odd_1": "-0.5",
	},
	{}, // declined
}

// playAwkward enrols three people who answer, and gives their codes.
func (l *little) playAwkward(run survey.RunID) []string {
	ctx := l.t.Context()
	before := map[survey.EnrolmentID]bool{}
	for _, p := range l.links {
		before[p.Enrolment.ID] = true
	}
	_, err := l.cases.Runs.AddPeople(ctx, system(), l.study.ID, run, []survey.Person{{}, {}, {}}, "")
	l.must(err)
	_, l.links, err = l.cases.Enrolments.Links(ctx, system(), l.study.ID, run)
	l.must(err)
	var codes []string
	for n, p := range l.links {
		if before[p.Enrolment.ID] {
			continue
		}
		l.now = l.now.Add(time.Minute)
		codes = append(codes, p.Enrolment.Code)
		if len(codes) == 3 {
			_, there, err := l.cases.SignIns.ByPersonalLink(ctx, p.Token)
			l.must(err)
			l.must(l.cases.Enrolments.Decline(ctx, survey.ParticipantActor(there)))
			continue
		}
		a := l.actor(n)
		due, err := l.cases.Assessments.Due(ctx, a)
		l.must(err)
		due = slices.DeleteFunc(due, func(i survey.DueItem) bool { return i.Definition.Key != "awkward" })
		if len(due) != 2 {
			l.t.Fatalf("%d awkward questionnaires are due", len(due))
		}
		if len(codes) == 2 {
			_, err := l.cases.Assessments.Save(ctx, a, due[0].Assessment.ID, instrument.Answers{
				"a_long": instrument.NumberValue(0.5), "a_span": instrument.NumberValue(-0.5),
			})
			l.must(err)
			l.must(l.cases.Enrolments.Withdraw(ctx, a))
			continue
		}
		l.must(l.cases.Assessments.Submit(ctx, a, due[0].Assessment.ID, instrument.Answers{
			"a_long": instrument.NumberValue(-99), "a_span": instrument.NumberValue(0), "a_several": instrument.ChoicesValue(-1, 2),
			"a_day": instrument.TextValue("1899-12-30"), "a_agree": instrument.NumberValue(0),
		}))
		l.must(l.cases.Assessments.Submit(ctx, a, due[1].Assessment.ID, instrument.Answers{
			"a_long": instrument.NumberValue(0), "a_span": instrument.NumberValue(-99), "a_several": instrument.ChoicesValue(0),
			"a_day": instrument.TextValue("1969-12-31"), "a_agree": instrument.NumberValue(1), "a_why": instrument.NumberValue(0),
		}))
	}
	return codes
}

// JSON Lines hold what was answered, by the table; other formats are compared with
// JSON Lines or CSV, cell by cell, in the tests of each, on the same study.
func TestAwkwardAnswersAreInTheFilesAsTheyWereGiven(t *testing.T) {
	t.Parallel()
	l, _ := everyKind(t)
	rows := inJSON(t, l, "wide")
	for n, code := range l.awkward {
		i := slices.IndexFunc(rows, func(r jsonRow) bool { return r.values["participant"] == code })
		if i < 0 {
			t.Fatalf("%s is not in the file", code)
		}
		got := map[string]string{}
		for name, value := range rows[i].values {
			if why := rows[i].missing[name]; why != "" {
				value = "(" + why + ")"
			}
			if strings.HasPrefix(name, "a_") && value != "" {
				got[name] = value
			}
		}
		if n < 2 || len(got) > 0 {
			sameAll(t, "answer", got, awkwardExpected[n])
		}
		if v := rows[i].values; (v["withdrawn_at"] != "") != (n == 1) || (v["declined_at"] != "") != (n == 2) || !strings.HasPrefix(v["run"], "=1+1") {
			t.Errorf("person %d of run %q left at %q and declined at %q", n+1, v["run"], v["withdrawn_at"], v["declined_at"])
		}
	}
}

// labelled are the labels of the awkward variables and of their values, from the
// definition.
func labelled(t *testing.T) map[string]struct {
	label  string
	values map[float64]string
} {
	t.Helper()
	all := map[string]struct {
		label  string
		values map[float64]string
	}{}
	d := awkward(t)
	for _, wave := range awkwardWaves {
		for _, item := range d.Items {
			if item.Type == instrument.TypeMultiple {
				continue
			}
			values := map[float64]string{}
			options, _ := d.ItemOptions(item.Code)
			for _, o := range options {
				values[o.Value] = o.Label
			}
			label := item.Text + " (" + awkwardWave + wave + ")"
			if item.Range != nil && item.Range.Unit != "" {
				label += ", " + item.Range.Unit
			}
			all[item.Code+"_"+wave] = struct {
				label  string
				values map[float64]string
			}{label, values}
		}
	}
	return all
}

// given are the rows of CSV without the apostrophes that disarm them.
func given(t *testing.T, records [][]string) []map[string]string {
	t.Helper()
	rows := table(t, records)
	for _, row := range rows {
		for name, value := range row {
			if len(value) > 1 && value[0] == '\'' && strings.ContainsAny(value[1:2], "=+-@") {
				row[name] = value[1:]
			}
		}
	}
	return rows
}

// several are the choices of each item that takes several.
func several(t *testing.T, l *little) map[string][]float64 {
	t.Helper()
	design, err := l.store.Design(t.Context(), l.study.ID)
	l.must(err)
	all := map[string][]float64{}
	for _, v := range design.Instruments {
		for _, item := range v.Definition.Items {
			if options, _ := v.Definition.ItemOptions(item.Code); item.Type == instrument.TypeMultiple {
				for _, o := range options {
					all[item.Code] = append(all[item.Code], o.Value)
				}
			}
		}
	}
	return all
}

// choice is a choice within the name of a column, and whether it was made.
func choice(v float64, text, minus string) (name, chosen string) {
	written := strconv.FormatFloat(v, 'f', -1, 64)
	chosen = "0"
	if slices.Contains(strings.Split(text, ","), written) {
		chosen = "1"
	}
	return strings.Replace(written, "-", minus, 1), chosen
}
