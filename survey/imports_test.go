package survey_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tidemark/internal/kinds"
	"tidemark/survey"
	"tidemark/survey/datafile"
	"tidemark/survey/export"
	"tidemark/survey/instrument"
	"tidemark/survey/schedule"
	"tidemark/survey/store"
)

// askKinds asks a question of every kind of everybody who comes into a study.
func (s *stage) askKinds(t *testing.T, study survey.StudyID) {
	t.Helper()
	d, err := kinds.Definition()
	noError(t, err)
	if _, err := s.store.InstrumentVersionByKey(t.Context(), d.Key, d.Version); err != nil {
		noError(t, kinds.AddTo(t.Context(), s.store, study, d))
		return
	}
	noError(t, s.store.InTx(t.Context(), func(tx survey.Tx) error {
		return tx.CreateWave(t.Context(), survey.Wave{
			ID: survey.WaveID(string(study) + "-kinds"), StudyID: study, Key: "kinds", Name: "Every kind", ShortName: "Kinds",
			Kind: survey.WavePre, Rule: schedule.Rule{OpensDay: -28, ClosesDay: 28}, Sets: []survey.InstrumentID{"every_kind-1.0.0"},
		})
	}))
}

// awkwardAnswers have a bit of everything that files lose.
func awkwardAnswers() instrument.Answers {
	return instrument.Answers{
		"k_single": instrument.NumberValue(5), "k_yes": instrument.NumberValue(0), "k_several": instrument.ChoicesValue(3, 1),
		"k_weight": instrument.NumberValue(0.1), "k_scale": instrument.NumberValue(0), "k_day": instrument.TextValue("1950-12-31"),
		"k_line": instrument.TextValue("=1+1 Ümläut; \"quoted\""), "k_long": instrument.TextValue("שורה ראשונה\nзweite, line 🙂"),
	}
}

// copyOf is an empty study like the first, with a run like its run.
func (s *stage) copyOf(t *testing.T, key string) survey.Study {
	t.Helper()
	study := s.newStudy(t, key)
	_, err := s.cases.Runs.Create(t.Context(), system(), study.ID, newRun())
	noError(t, err)
	s.askKinds(t, study.ID)
	return study
}

// file is an export of a study.
func (s *stage) file(t *testing.T, study survey.StudyID, what, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	if f, known := export.FormatOf(what, format); known {
		_, err := export.In(t.Context(), f, what, s.store, system(), study, &b)
		noError(t, err)
		return b.Bytes()
	}
	write := map[string]func(context.Context, survey.DataReader, survey.Actor, survey.StudyID, *bytes.Buffer) error{
		"long": func(ctx context.Context, r survey.DataReader, a survey.Actor, id survey.StudyID, b *bytes.Buffer) error {
			return export.Long(ctx, r, a, id, b)
		},
		"wide": func(ctx context.Context, r survey.DataReader, a survey.Actor, id survey.StudyID, b *bytes.Buffer) error {
			return export.Wide(ctx, r, a, id, b)
		},
		"scores": func(ctx context.Context, r survey.DataReader, a survey.Actor, id survey.StudyID, b *bytes.Buffer) error {
			return export.Scores(ctx, r, a, id, b)
		},
		"texts": func(ctx context.Context, r survey.DataReader, a survey.Actor, id survey.StudyID, b *bytes.Buffer) error {
			return export.Texts(ctx, r, a, id, b)
		},
	}[what]
	noError(t, write(t.Context(), s.store, system(), study, &b))
	return b.Bytes()
}

// content is an export without the columns in which two studies, or an answer given
// here and the same one brought in, must differ.
func (s *stage) content(t *testing.T, study survey.StudyID, what string) []string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(s.file(t, study, what, "csv"))).ReadAll()
	noError(t, err)
	var lines []string
	for _, r := range rows {
		var cells []string
		for i, c := range r {
			name := rows[0][i]
			if name != "study" && name != "source" && !strings.Contains(name, "_source_") && !strings.HasSuffix(name, "_consent") {
				cells = append(cells, c)
			}
		}
		lines = append(lines, strings.Join(cells, "|"))
	}
	return lines
}

func bring(create bool) survey.ImportSettings {
	return survey.ImportSettings{Create: create, Existing: survey.ExistingFill, Date: "2026-02-23"}
}

func agreed(reason string) survey.ApplyImport {
	return survey.ApplyImport{Agreed: true, Reason: reason}
}

// What we hand out comes back without a hand's turn: exported again, it is the same.
func TestOurOwnFilesComeBack(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		s.askKinds(t, s.study.ID)
		people := append(s.consenting(t, 2), s.enrol(t, "waitlist", 1)...)
		for i, a := range people[:2] {
			d := s.due(t, a, "pre", "self_compassion")
			noError(t, s.cases.Assessments.Submit(ctx, a, d.Assessment.ID, answers(d.Definition, 12-i*7, 1)))
			k := s.due(t, a, "kinds", "every_kind")
			if i == 0 {
				noError(t, s.cases.Assessments.Submit(ctx, a, k.Assessment.ID, awkwardAnswers()))
				continue
			}
			_, err := s.cases.Assessments.Save(ctx, a, k.Assessment.ID, instrument.Answers{"k_single": instrument.NumberValue(2)})
			noError(t, err)
		}
		for _, c := range []struct{ what, format string }{{"wide", "csv"}, {"long", "csv"}, {"wide", "sav"}, {"long", "sav"}} {
			study := s.copyOf(t, c.what+"-"+c.format)
			if c.what == "long" { // has no row of somebody without an answer
				_, err := s.cases.Imports.Bring(ctx, system(), study.ID, survey.NewImport{FileName: "people", Data: s.file(t, s.study.ID, "wide", "csv")},
					survey.ImportSettings{Create: true, Existing: survey.ExistingFill, Date: "2026-02-23"}, agreed(""))
				noError(t, err)
				list, err := s.cases.Imports.List(ctx, system(), study.ID)
				noError(t, err)
				_, err = s.cases.Imports.Bring(ctx, system(), study.ID, survey.NewImport{Data: s.file(t, s.study.ID, "long", c.format)}, bring(false), agreed(""))
				wantError(t, err, survey.ErrConflict) // nothing new in it
				same(t, len(list), 1)
			}
			f := survey.NewImport{FileName: c.what + "." + c.format, Data: s.file(t, s.study.ID, c.what, c.format)}
			if c.what == "wide" {
				look, err := s.cases.Imports.Look(ctx, system(), study.ID, f, bring(true))
				noError(t, err)
				same(t, len(look.Result.Faults), 0)
				b, err := s.cases.Imports.Bring(ctx, system(), study.ID, f, bring(true), agreed(""))
				noError(t, err)
				same(t, b.Counts.People, 3)
			}
			_, err := s.cases.Imports.Bring(ctx, system(), study.ID, survey.NewImport{Data: s.file(t, s.study.ID, "texts", "csv")}, bring(false), agreed(""))
			noError(t, err)
			for _, what := range []string{"wide", "long", "scores", "texts"} {
				same(t, s.content(t, study.ID, what), s.content(t, s.study.ID, what))
			}
		}
	})
}

// awkwardFile is a file as a spreadsheet in German might write it.
func awkwardFile(codes ...string) []byte {
	rows := []string{
		"Code;Datum;k_single_kinds;k_yes_kinds;k_weight_kinds;k_scale_kinds;k_several_kinds;k_day_kinds;k_line_kinds;k_long_kinds;Notiz",
		"%s;20.07.1969;manchmal;nein;3,5;0;Möwen|Muscheln;31.12.1950;\"'=1+1 \"\"a\"\" שלום\";\"erste\nzweite 🙂\";x",
		"%s;1.2.2026;Always;1;0;99;0;-99;Straße;;y",
	}
	rows[0] += "\n"
	for i, code := range codes {
		rows[i+1] = fmt.Sprintf(rows[i+1], code) + "\n"
	}
	return []byte(strings.Join(rows[:len(codes)+1], ""))
}

func TestAFileIsLookedThroughAppliedAsAWholeAndTakenBack(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		s.askKinds(t, s.study.ID)
		a := s.consenting(t, 1)[0]
		code := a.Participation.Enrolment.Code
		u := s.cases.Imports
		before := s.content(t, s.study.ID, "long")

		b, err := u.Upload(ctx, s.researcher, s.study.ID, survey.NewImport{FileName: "Übung.csv", Data: awkwardFile(code, "Ä-7"), Once: "a-sending-of-a-form"})
		noError(t, err)
		_, err = u.Upload(ctx, s.researcher, s.study.ID, survey.NewImport{FileName: "Übung.csv", Data: awkwardFile(code, "Ä-7"), Once: "a-sending-of-a-form"})
		wantError(t, err, survey.ErrRepeated)
		p, err := u.Preview(ctx, s.researcher, s.study.ID, b.ID)
		noError(t, err)
		same(t, len(p.Result.Faults), 1) // Ä-7 is unknown
		same(t, s.content(t, s.study.ID, "long"), before)
		_, err = u.Apply(ctx, s.researcher, s.study.ID, b.ID, agreed(""))
		wantError(t, err, survey.ErrConflict)

		settings := b.Settings
		settings.Create, settings.Arm, settings.Run, settings.Missing = true, "waitlist", s.run.ID, []float64{-99}
		noError(t, u.Set(ctx, s.researcher, s.study.ID, b.ID, settings))
		p, err = u.Preview(ctx, s.researcher, s.study.ID, b.ID)
		noError(t, err)
		want := survey.ImportCounts{Rows: 2, People: 1, Questionnaires: 2, Added: 14, Missing: 1}
		same(t, p.Counts, want)
		same(t, s.content(t, s.study.ID, "long"), before)
		_, err = u.Apply(ctx, s.researcher, s.study.ID, b.ID, survey.ApplyImport{})
		wantFaults(t, err, survey.FieldErrors{"agreed": "import.not_agreed"})
		b, err = u.Apply(ctx, s.researcher, s.study.ID, b.ID, survey.ApplyImport{Agreed: true, Once: "another-sending-of-a-form"})
		noError(t, err)
		same(t, b.Counts, want)
		_, err = u.Apply(ctx, s.researcher, s.study.ID, b.ID, survey.ApplyImport{Agreed: true, Once: "another-sending-of-a-form"})
		wantError(t, err, survey.ErrConflict)

		var got []string
		noError(t, s.store.EachResponse(ctx, s.study.ID, func(r *survey.ResponseRow) error {
			if r.Missing == survey.NotMissing {
				got = append(got, fmt.Sprintf("%s=%v%s %s %s", r.Item, r.Value, r.Text, r.SubmittedAt.Format(time.DateOnly), r.Source))
			}
			return nil
		}))
		slices.Sort(got)
		same(t, got, []string{
			"k_day=01950-12-31 1969-07-20 import", "k_line=0=1+1 \"a\" שלום 1969-07-20 import", "k_line=0Straße 2026-02-01 import",
			"k_long=0erste\nzweite 🙂 1969-07-20 import", "k_scale=0 1969-07-20 import", "k_scale=99 2026-02-01 import",
			"k_several=00 2026-02-01 import", "k_several=01,2 1969-07-20 import", "k_single=3 1969-07-20 import", "k_single=5 2026-02-01 import",
			"k_weight=0 2026-02-01 import", "k_weight=3.5 1969-07-20 import", "k_yes=0 1969-07-20 import", "k_yes=1 2026-02-01 import",
		})
		lines, err := s.store.CountAudit(ctx, s.study.ID, survey.ActionAnswersImported)
		noError(t, err)
		same(t, lines, 2)
		counts, err := u.Sources(ctx, s.researcher, s.study.ID)
		noError(t, err)
		same(t, counts, map[survey.WaveID]map[survey.Source]int{survey.WaveID(string(s.study.ID) + "-kinds"): {survey.SourceImport: 2}})

		wide := string(s.file(t, s.study.ID, "wide", "csv"))
		if !strings.Contains(wide, "every_kind_source_kinds") || strings.Count(wide, ",import,") != 2 {
			t.Errorf("the wide file does not say where answers come from:\n%s", wide)
		}
		// A snapshot knows it as well.
		taken, err := s.cases.Snapshots.Freeze(ctx, s.researcher, s.study.ID, survey.NewSnapshot{Name: "with imports"})
		noError(t, err)
		frozen, err := s.cases.Snapshots.Open(ctx, s.researcher, s.study.ID, taken.Number)
		noError(t, err)
		var long bytes.Buffer
		noError(t, export.Long(ctx, frozen, system(), s.study.ID, &long))
		same(t, long.String(), string(s.file(t, s.study.ID, "long", "csv")))

		// The person finds it submitted.
		wantError(t, s.cases.Assessments.Submit(ctx, a, s.due(t, a, "kinds", "every_kind").Assessment.ID, nil), survey.ErrSubmitted)

		b, err = u.Undo(ctx, s.researcher, s.study.ID, b.ID, "undo-sending-of-a-form")
		noError(t, err)
		same(t, b.State, survey.ImportUndone)
		same(t, s.content(t, s.study.ID, "long"), before)
		codes, err := s.store.Codes(ctx, s.study.ID)
		noError(t, err)
		same(t, codes, []string{code})
		_, err = u.Undo(ctx, s.researcher, s.study.ID, b.ID, "")
		wantError(t, err, survey.ErrConflict)
		_, err = s.cases.Assessments.Save(ctx, a, s.due(t, a, "kinds", "every_kind").Assessment.ID, instrument.Answers{"k_single": instrument.NumberValue(1)})
		noError(t, err)
	})
}

func TestWhatIsThereIsKeptFilledInOrReplaced(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		a := s.consenting(t, 1)[0]
		d := s.due(t, a, "pre", "self_compassion")
		given := answers(d.Definition, 11, 1)
		noError(t, s.cases.Assessments.Submit(ctx, a, d.Assessment.ID, given))
		code := a.Participation.Enrolment.Code
		f := survey.NewImport{FileName: "a.csv", Data: []byte("code,date,sc_01_pre,sc_02_pre,sc_12_pre\n" + code + ",2026-02-01,1,5,4\n")}
		score := func() string {
			var all []string
			noError(t, s.store.EachScore(ctx, s.study.ID, nil, func(r *survey.ScoreRow) error {
				if r.Scale == "sc_total" {
					all = append(all, fmt.Sprintf("%.4f of %d", r.Value, r.Answered))
				}
				return nil
			}))
			return strings.Join(all, " ")
		}
		stored := func() string {
			rows, err := s.store.Responses(ctx, s.study.ID, d.Assessment.ID)
			noError(t, err)
			return fmt.Sprintf("%v%s %v%s %s%v%s", rows[0].Value, rows[0].Source, rows[1].Value, rows[1].Source, rows[11].Missing, rows[11].Value, rows[11].Source)
		}
		first := score()
		look := func(e survey.Existing) survey.ImportCounts {
			p, err := s.cases.Imports.Look(ctx, s.researcher, s.study.ID, f, survey.ImportSettings{Existing: e})
			noError(t, err)
			return p.Counts
		}
		same(t, look(survey.ExistingKeep), survey.ImportCounts{Rows: 1, Same: 1, Kept: 2})
		same(t, look(survey.ExistingFill), survey.ImportCounts{Rows: 1, Questionnaires: 1, Same: 1, Kept: 1, Added: 1})
		same(t, look(survey.ExistingReplace), survey.ImportCounts{Rows: 1, Questionnaires: 1, Same: 1, Replaced: 1, Added: 1})
		same(t, stored(), "1 1 skipped0")

		_, err := s.cases.Imports.Bring(ctx, s.researcher, s.study.ID, f, survey.ImportSettings{Existing: survey.ExistingReplace}, agreed(" "))
		wantFaults(t, err, survey.FieldErrors{"reason": "import.reason_missing"})
		b, err := s.cases.Imports.Bring(ctx, s.researcher, s.study.ID, f, survey.ImportSettings{Existing: survey.ExistingReplace}, agreed("typing error"))
		noError(t, err)
		same(t, stored(), "1 5import 4import")
		if wide := string(s.file(t, s.study.ID, "wide", "csv")); strings.Count(wide, ",mixed,") != 1 {
			t.Errorf("the wide file does not say that answers come from several places:\n%s", wide)
		}
		if score() == first {
			t.Errorf("the score is still %s", first)
		}
		var history []string
		noError(t, s.store.EachReplaced(ctx, s.study.ID, func(r *survey.ResponseRow) error {
			history = append(history, fmt.Sprint(r.Item, r.Value, r.Missing))
			return nil
		}))
		same(t, history, []string{"sc_021", "sc_120skipped"})

		// A later batch stands in the way of taking the first one back.
		g := survey.NewImport{Data: []byte("code,date,sc_03_pre\n" + code + ",2026-02-01,5\n")}
		later, err := s.cases.Imports.Bring(ctx, s.researcher, s.study.ID, g, survey.ImportSettings{Existing: survey.ExistingReplace}, agreed("again"))
		noError(t, err)
		_, err = s.cases.Imports.Undo(ctx, s.researcher, s.study.ID, b.ID, "")
		blocked, ok := errors.AsType[*survey.UndoBlockedError](err)
		if !ok || blocked.All != 1 || !strings.HasPrefix(blocked.What[0], code+", ") {
			t.Fatalf("undone under a later batch: %v", err)
		}
		_, err = s.cases.Imports.Undo(ctx, s.researcher, s.study.ID, later.ID, "")
		noError(t, err)
		_, err = s.cases.Imports.Undo(ctx, s.researcher, s.study.ID, b.ID, "")
		noError(t, err)
		same(t, stored(), "1 1 skipped0")
		same(t, score(), first)
	})
}

func TestADraftIsSealedAndGoes(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		u := s.cases.Imports
		b, err := u.Upload(ctx, s.researcher, s.study.ID, survey.NewImport{FileName: "a.csv", Data: []byte("code,name,sc_01_pre\nX,canary-name,3\n")})
		noError(t, err)
		noError(t, s.store.EachImportPiece(ctx, s.study.ID, b.ID, func(piece []byte) error {
			if bytes.Contains(piece, []byte("canary")) {
				t.Error("the file can be read in the database")
			}
			return nil
		}))
		_, err = u.Upload(ctx, s.researcher, s.study.ID, survey.NewImport{FileName: "a.csv", Data: []byte("no rows")})
		if _, is := errors.AsType[*datafile.Error](err); !is {
			t.Errorf("a file without rows: %v", err)
		}
		wantFaults(t, u.Set(ctx, s.researcher, s.study.ID, b.ID, survey.ImportSettings{Columns: []string{"x:y"}, Existing: "?", Days: "?", Date: "3.4."}), survey.FieldErrors{
			"column_1": "import.unknown_target", "existing": "import.unknown_existing", "days": "import.unknown_days", "date": "import.bad_date",
		})
		noError(t, u.Discard(ctx, s.researcher, s.study.ID, b.ID))
		wantError(t, u.Discard(ctx, s.researcher, s.study.ID, b.ID), survey.ErrNotFound)
		old, err := u.Upload(ctx, s.researcher, s.study.ID, survey.NewImport{Data: []byte("code,sc_01_pre\nX,3\n")})
		noError(t, err)
		s.at(s.clock().AddDate(0, 0, 8))
		_, err = u.Upload(ctx, s.researcher, s.study.ID, survey.NewImport{Data: []byte("code,sc_01_pre\nX,3\n")})
		noError(t, err)
		_, err = u.Preview(ctx, s.researcher, s.study.ID, old.ID)
		wantError(t, err, survey.ErrNotFound)
	})
}

// importFile is a file of somebody whom nobody knows.
func importFile() survey.NewImport {
	return survey.NewImport{FileName: "a.csv", Data: []byte("code,sc_01_pre\nX,3\n")}
}

// importDraft is a draft of it.
func (s *stage) importDraft(ctx context.Context) survey.ImportID {
	b, err := s.cases.Imports.Upload(ctx, s.researcher, s.study.ID, importFile())
	if err != nil {
		panic(err)
	}
	return b.ID
}

func TestPaperIsTypedInForItsPerson(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		a := s.enrol(t, "waitlist", 1)[0]
		d, err := instrument.BuiltinByKey("self_compassion")
		noError(t, err)
		n := survey.PaperEntry{Code: a.Participation.Enrolment.Code, Wave: "pre", Form: d.Key, Existing: survey.ExistingKeep, Agreed: true}
		_, err = s.cases.Imports.EnterPaper(ctx, s.researcher, s.study.ID, n)
		wantFaults(t, err, survey.FieldErrors{"answers": "import.no_answers", "date": "import.bad_date"})
		n.Answers, n.Date = instrument.Answers{"sc_01": instrument.NumberValue(9)}, "2036-01-01"
		_, err = s.cases.Imports.EnterPaper(ctx, s.researcher, s.study.ID, n)
		wantFaults(t, err, survey.FieldErrors{"sc_01": instrument.MessageNotAnOption, "date": "import.future_date"})
		n.Answers, n.Date = answers(d, 12, 2), "2026-02-20"
		first, err := s.cases.Imports.EnterPaper(ctx, s.researcher, s.study.ID, n)
		noError(t, err)
		same(t, first.Counts, survey.ImportCounts{Rows: 1, Questionnaires: 1, Added: 12})
		_, err = s.cases.Imports.EnterPaper(ctx, s.researcher, s.study.ID, n)
		wantFaults(t, err, survey.FieldErrors{"existing": "import.changes_nothing"})
		sheet, err := s.cases.Imports.Paper(ctx, s.researcher, s.study.ID, n.Code, n.Wave, n.Form)
		noError(t, err)
		same(t, sheet.Answers, n.Answers)
		scores := 0
		noError(t, s.store.EachScore(ctx, s.study.ID, nil, func(*survey.ScoreRow) error { scores++; return nil }))
		same(t, scores, len(d.Scales))
		n.Answers["sc_01"], n.Existing, n.Reason = instrument.NumberValue(3), survey.ExistingReplace, "misread"
		_, err = s.cases.Imports.EnterPaper(ctx, s.researcher, s.study.ID, n)
		noError(t, err)
		_, err = s.cases.Imports.Undo(ctx, s.researcher, s.study.ID, first.ID, "")
		wantError(t, err, survey.ErrConflict)
		for field, wrong := range map[string]survey.PaperEntry{"code": {Code: "nobody"}, "form": {Code: n.Code, Wave: "pre", Form: "none"}} {
			_, err := s.cases.Imports.EnterPaper(ctx, s.researcher, s.study.ID, wrong)
			faults, _ := errors.AsType[survey.FieldErrors](err)
			if faults[field] == "" {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}

// A file of any length costs the same reads; writes go by the hundred.
func TestAFileCostsFewStatements(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		count := func(people int) int {
			ctx, n := store.WithQueryCount(t.Context())
			settings := survey.ImportSettings{Create: true, Arm: "course", Run: s.run.ID, Existing: survey.ExistingKeep}
			_, err := s.cases.Imports.Bring(ctx, s.researcher, s.study.ID, survey.NewImport{Data: manyPeople(people, fmt.Sprint("N", people))}, settings, agreed(""))
			noError(t, err)
			return n.N()
		}
		few, many := count(2), count(200)
		if many > few+30 { // 200 people have 9 questionnaires each
			t.Errorf("%d statements for 2 people, %d for 200", few, many)
		}
	})
}

// manyPeople is a wide file with one questionnaire of each.
func manyPeople(n int, mark string) []byte {
	var b bytes.Buffer
	b.WriteString("code,date")
	for i := range 12 {
		fmt.Fprintf(&b, ",sc_%02d_pre", i+1)
	}
	for i := range n {
		fmt.Fprintf(&b, "\n%s-%d,2026-02-01,1,2,3,4,5,1,2,3,4,5,1,2", mark, i)
	}
	return b.Bytes()
}
