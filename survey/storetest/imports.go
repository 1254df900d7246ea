package storetest

import (
	"context"
	"testing"
	"time"

	"tidemark/survey"
)

func testImports(t *testing.T, s survey.Store) {
	batch := func(w *world) survey.ImportBatch {
		return survey.ImportBatch{
			StudyID: w.study.ID, ID: newID[survey.ImportID](), Source: survey.SourceImport, State: survey.ImportDraft, FileName: "Übung.sav",
			FileHash: "abc", Settings: survey.ImportSettings{Columns: []string{"code", ""}, Missing: []float64{-99}, Existing: survey.ExistingKeep},
			MadeAt: noon, MadeBy: survey.Author{Kind: survey.ActorUser, ID: "u", Name: "Ines"}, KeyID: "k",
		}
	}
	create := func(t *testing.T, b *survey.ImportBatch) {
		t.Helper()
		must(t, s, func(ctx context.Context, tx survey.Tx) (err error) {
			b.Number, err = tx.CreateImport(ctx, *b)
			return err
		})
	}
	t.Run("batches are numbered within their study, and changed in their state alone", func(t *testing.T) {
		t.Parallel()
		w, other := newWorld(t, s, 0), newWorld(t, s, 0)
		a, b, c := batch(w), batch(w), batch(other)
		create(t, &a)
		create(t, &b)
		create(t, &c)
		same(t, []int{a.Number, b.Number, c.Number}, []int{1, 2, 1})
		a.State, a.AppliedAt, a.Counts, a.Reason = survey.ImportApplied, noon.Add(time.Hour), survey.ImportCounts{Rows: 3, Added: 12}, "misread"
		for _, want := range []bool{true, false} { // then it is a draft no more
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				changed, err := tx.ChangeImport(ctx, a, survey.ImportDraft)
				same(t, changed, want)
				return err
			})
		}
		got, err := s.Imports(t.Context(), w.study.ID)
		noError(t, err)
		same(t, got, []survey.ImportBatch{b, a})
		for id, want := range map[survey.ImportID]bool{a.ID: false, b.ID: true} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				removed, err := tx.DeleteImport(ctx, w.study.ID, id)
				same(t, removed, want)
				return err
			})
		}
		_, err = s.Import(t.Context(), w.study.ID, b.ID)
		wantError(t, err, survey.ErrNotFound)
		_, err = s.Import(t.Context(), w.study.ID, c.ID)
		wantError(t, err, survey.ErrNotFound)
	})
	t.Run("the content of a draft goes with it, and with anybody who is erased", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		b := batch(w)
		create(t, &b)
		put := func(n int, text string) {
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				return tx.AddImportPiece(ctx, w.study.ID, b.ID, n, []byte(text))
			})
		}
		read := func() (all string) {
			noError(t, s.EachImportPiece(t.Context(), w.study.ID, b.ID, func(piece []byte) error { all += string(piece); return nil }))
			return all
		}
		put(1, "b")
		put(0, "a")
		same(t, read(), "ab")
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.DropImportContent(ctx, w.study.ID, b.ID) })
		same(t, read(), "")
		put(0, "c")
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			e := w.people[0].Enrolment
			erased, err := tx.Erase(ctx, survey.Erasure{StudyID: w.study.ID, EnrolmentID: e.ID, RunID: e.RunID, ArmID: e.ArmID, At: noon, By: survey.ActorSystem, ReceiptHash: newKey()})
			same(t, erased, true)
			return err
		})
		same(t, read(), "")
	})
	t.Run("sheets are written and taken back to the letter", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		b := batch(w)
		create(t, &b)
		id, long := w.people[0].Assessments[0].ID, time.Date(1969, 7, 20, 20, 17, 40, 123e6, time.UTC)
		given := survey.Response{Item: "a", Value: 1, AnsweredAt: noon, Language: "de", Layout: "across@1"}
		before := survey.AnswerSheet{StartedAt: noon, SavedAt: noon, Responses: []survey.Response{given}}
		after := survey.AnswerSheet{StartedAt: noon, SavedAt: noon, SubmittedAt: long, Responses: []survey.Response{
			{Item: "a", Value: 0, AnsweredAt: long, Source: survey.SourceImport},
			{Item: "b", Text: "שלום\n🙂", AnsweredAt: long, Source: survey.SourcePaper},
			{Item: "c", Missing: survey.MissingSkipped, AnsweredAt: long, Source: survey.SourceImport},
		}}
		change := survey.ImportChange{AssessmentID: id, Line: 7, Before: before, After: after}
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			if err := tx.HoldAssessments(ctx, w.study.ID); err != nil {
				return err
			}
			if err := tx.PutSheets(ctx, w.study.ID, []survey.ImportedSheet{{AssessmentID: id, AnswerSheet: before}}); err != nil {
				return err
			}
			if err := tx.PutSheets(ctx, w.study.ID, []survey.ImportedSheet{{AssessmentID: id, AnswerSheet: after}}); err != nil {
				return err
			}
			return tx.AddImportChanges(ctx, w.study.ID, b.ID, []survey.ImportChange{change})
		})
		stored := func() survey.AnswerSheet {
			as, _, err := s.Assessment(t.Context(), w.study.ID, id)
			noError(t, err)
			sheet := survey.AnswerSheet{StartedAt: as.StartedAt, SavedAt: as.SavedAt, SubmittedAt: as.SubmittedAt}
			noError(t, s.EachStored(t.Context(), w.study.ID, func(_ survey.AssessmentID, r *survey.Response) error {
				sheet.Responses = append(sheet.Responses, *r)
				return nil
			}))
			return sheet
		}
		same(t, stored(), after)
		changes, err := s.ImportChanges(t.Context(), w.study.ID, b.ID)
		noError(t, err)
		same(t, changes, []survey.ImportChange{change})
		counts, err := s.CountSources(t.Context(), w.study.ID)
		noError(t, err)
		same(t, counts, map[survey.WaveID]map[survey.Source]int{w.people[0].Assessments[0].WaveID: {survey.SourceImport: 1, survey.SourcePaper: 1}})
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.PutSheets(ctx, w.study.ID, []survey.ImportedSheet{{AssessmentID: id, AnswerSheet: before, Removed: []string{"b", "c"}}})
		})
		same(t, stored(), before)
	})
	t.Run("an answer that its person changes is its person's again", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		id := w.people[0].Assessments[0].ID
		for _, source := range []survey.Source{survey.SourceImport, survey.SourcePerson} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				return tx.PutResponses(ctx, w.study.ID, id, []survey.Response{{Item: "a", Value: 2, AnsweredAt: noon, Source: source}})
			})
			got, err := s.Responses(t.Context(), w.study.ID, id)
			noError(t, err)
			same(t, got[0].Source, source)
		}
	})
	t.Run("people who came in with a batch go with it, unless something else is theirs", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		b := batch(w)
		create(t, &b)
		people := []survey.NewPerson{w.person(w.run, w.course.ID), w.person(w.run, w.waiting.ID)}
		people[0].Contact = nil
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			if err := tx.Enrol(ctx, people); err != nil {
				return err
			}
			return tx.AddImportPeople(ctx, w.study.ID, b.ID, []survey.EnrolmentID{people[0].Enrolment.ID, people[1].Enrolment.ID})
		})
		settled, err := s.Settled(t.Context(), w.study.ID, b.ID)
		noError(t, err)
		same(t, settled, []survey.EnrolmentID{people[1].Enrolment.ID}) // who has an address
		remove := func() error {
			return do(t, s, func(ctx context.Context, tx survey.Tx) error {
				if err := tx.RemoveImportPeople(ctx, w.study.ID, b.ID); err != nil {
					return err
				}
				return tx.Settle(ctx)
			})
		}
		wantError(t, remove(), survey.ErrReference)
		got, err := s.ImportPeople(t.Context(), w.study.ID, b.ID)
		noError(t, err)
		same(t, len(got), 2)
		alone := batch(w)
		create(t, &alone)
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			one := []survey.NewPerson{w.person(w.run, w.course.ID)}
			one[0].Contact = nil
			if err := tx.Enrol(ctx, one); err != nil {
				return err
			}
			if err := tx.AddImportPeople(ctx, w.study.ID, alone.ID, []survey.EnrolmentID{one[0].Enrolment.ID}); err != nil {
				return err
			}
			return tx.RemoveImportPeople(ctx, w.study.ID, alone.ID)
		})
		codes, err := s.Codes(t.Context(), w.study.ID)
		noError(t, err)
		same(t, len(codes), 2)
	})
}
