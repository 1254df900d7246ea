package storetest

import (
	"context"
	"math"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// withoutSets is the wave as it comes with an assessment.
func withoutSets(w survey.Wave) survey.Wave {
	w.Sets = nil
	return w
}

func testAssessments(t *testing.T, s survey.Store) {
	mark := func(t *testing.T, f func(context.Context, survey.StudyID, survey.EnrolmentID, survey.AssessmentID, time.Time) (bool, error),
		ctx context.Context, study survey.StudyID, e survey.EnrolmentID, a survey.AssessmentID, at time.Time, want bool) error {
		t.Helper()
		ok, err := f(ctx, study, e, a, at)
		if ok != want {
			t.Errorf("got %v, want %v", ok, want)
		}
		return err
	}
	t.Run("an assessment comes with its wave, in its own study only", func(t *testing.T) {
		t.Parallel()
		w, elsewhere := newWorld(t, s, 1), newWorld(t, s, 0)
		want := w.people[0].Assessments[w.nth(0, w.week.ID, 1)]
		got, wave, err := s.Assessment(t.Context(), w.study.ID, want.ID)
		noError(t, err)
		same(t, got, want)
		same(t, wave, withoutSets(w.week))
		_, _, err = s.Assessment(t.Context(), elsewhere.study.ID, want.ID)
		wantError(t, err, survey.ErrNotFound)
	})
	t.Run("what is due comes in order, with the number of items answered", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		w.save(t, 0, 1, survey.Response{Item: "a", Value: 0, AnsweredAt: noon}, survey.Response{Item: "b", Value: 3, AnsweredAt: noon},
			survey.Response{Item: "c", Missing: survey.MissingSkipped, AnsweredAt: noon})
		w.save(t, 1, 1, survey.Response{Item: "a", Value: 1, AnsweredAt: noon})
		got, err := s.Due(t.Context(), w.study.ID, w.people[0].Enrolment.ID)
		noError(t, err)
		var want []survey.DueItem
		for i, wave := range []survey.Wave{w.pre, w.pre, w.week, w.post, w.post} {
			a := w.people[0].Assessments[i]
			item := survey.DueItem{Assessment: a, Wave: withoutSets(wave), Instrument: a.InstrumentID}
			if i == 1 {
				item.Answered = 2
				item.Assessment.StartedAt, item.Assessment.SavedAt = noon, noon
			}
			want = append(want, item)
		}
		same(t, got, want)
		none, err := s.Due(t.Context(), w.study.ID, "nobody")
		noError(t, err)
		same(t, len(none), 0)
	})
	t.Run("answers in words come back as they were, and can be taken back", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		put := []survey.Response{
			{Item: "a", Text: "ärgerlich, \"müde\"", AnsweredAt: noon, Language: "de", Layout: "stack"},
			{Item: "b", Text: "1,3", AnsweredAt: noon},
			{Item: "c", Missing: survey.MissingNotShown, AnsweredAt: noon},
			{Item: "d", Value: 0, AnsweredAt: noon, Language: "en"},
		}
		w.save(t, 0, 0, put...)
		id := w.people[0].Assessments[0].ID
		got, err := s.Responses(t.Context(), w.study.ID, id)
		noError(t, err)
		same(t, got, put)
		rows := responses(t, func(f func(*survey.ResponseRow) error) error { return s.EachResponse(t.Context(), w.study.ID, f) })
		for i, r := range rows {
			same(t, survey.Response{Item: r.Item, Value: r.Value, Text: r.Text, Missing: r.Missing, AnsweredAt: r.AnsweredAt},
				survey.Response{Item: put[i].Item, Value: put[i].Value, Text: put[i].Text, Missing: put[i].Missing, AnsweredAt: noon})
		}
		same(t, len(rows), len(put))
		own := func(enrolment survey.EnrolmentID) []survey.ResponseRow {
			return responses(t, func(f func(*survey.ResponseRow) error) error {
				return s.EachOwnResponse(t.Context(), w.study.ID, enrolment, f)
			})
		}
		same(t, own(w.people[0].Enrolment.ID), rows)
		same(t, len(own("somebody else")), 0)
		w.save(t, 0, 0, survey.Response{Item: "a", Value: 2, AnsweredAt: noon})
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.DeleteResponses(ctx, w.study.ID, id, []string{"b", "c", "unheard of"})
		})
		must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.DeleteResponses(ctx, w.study.ID, id, nil) })
		got, err = s.Responses(t.Context(), w.study.ID, id)
		noError(t, err)
		same(t, got, []survey.Response{{Item: "a", Value: 2, AnsweredAt: noon}, put[3]})
	})
	t.Run("what was answered before is kept, in order", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		id := w.people[0].Assessments[0].ID
		at := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Second) }
		w.save(t, 0, 0, survey.Response{Item: "a", Value: 1, AnsweredAt: at(1)}, survey.Response{Item: "b", Value: 0, AnsweredAt: at(1)})
		w.save(t, 0, 0, survey.Response{Item: "a", Value: 1, AnsweredAt: at(2)}) // the same again
		w.save(t, 0, 0, survey.Response{Item: "a", Text: "two", AnsweredAt: at(3)})
		w.save(t, 0, 0, survey.Response{Item: "a", Missing: survey.MissingNotShown, AnsweredAt: at(4)})
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.DeleteResponses(ctx, w.study.ID, id, []string{"a", "b"})
		})
		got := responses(t, func(f func(*survey.ResponseRow) error) error { return s.EachReplaced(t.Context(), w.study.ID, f) })
		same(t, got, []survey.ResponseRow{
			{AssessmentID: id, Item: "a", Value: 1, AnsweredAt: at(2)},
			{AssessmentID: id, Item: "a", Text: "two", AnsweredAt: at(3)},
			{AssessmentID: id, Item: "a", Missing: survey.MissingNotShown, AnsweredAt: at(4)},
			{AssessmentID: id, Item: "b", AnsweredAt: at(1)},
		})
		one, err := s.Replaced(t.Context(), w.study.ID, id)
		noError(t, err)
		same(t, one, []survey.Response{
			{Item: "a", Value: 1, AnsweredAt: at(2)}, {Item: "a", Text: "two", AnsweredAt: at(3)},
			{Item: "a", Missing: survey.MissingNotShown, AnsweredAt: at(4)}, {Item: "b", AnsweredAt: at(1)},
		})
		other := newWorld(t, s, 1)
		one, err = s.Replaced(t.Context(), other.study.ID, id)
		noError(t, err)
		same(t, len(one), 0)
		same(t, len(responses(t, func(f func(*survey.ResponseRow) error) error { return s.EachReplaced(t.Context(), other.study.ID, f) })), 0)
	})
	t.Run("a visit to a page keeps its first answer and its last leaving", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		id := w.people[0].Assessments[0].ID
		at := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Second) }
		for _, v := range []survey.PageVisit{
			{Page: 1, OpenedAt: at(0), AnsweredAt: at(5)}, {Page: 1, OpenedAt: at(0), AnsweredAt: at(7)}, {Page: 1, OpenedAt: at(0), LeftAt: at(9)},
			{Page: 2, OpenedAt: at(9), LeftAt: at(11)}, {Page: 1, OpenedAt: at(12)},
		} {
			v.AssessmentID = id
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.NotePageVisit(ctx, w.study.ID, v) })
		}
		var got []survey.PageVisit
		noError(t, s.EachPageVisit(t.Context(), w.study.ID, func(v *survey.PageVisit) error { got = append(got, *v); return nil }))
		same(t, got, []survey.PageVisit{
			{AssessmentID: id, Page: 1, OpenedAt: at(0), AnsweredAt: at(5), LeftAt: at(9)},
			{AssessmentID: id, Page: 1, OpenedAt: at(12)},
			{AssessmentID: id, Page: 2, OpenedAt: at(9), LeftAt: at(11)},
		})
	})
	t.Run("saving notes the first and the last time, until submission", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		a := w.people[0].Assessments[0]
		stranger := w.people[1].Enrolment.ID
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return mark(t, tx.MarkSaved, ctx, w.study.ID, a.EnrolmentID, a.ID, noon, true)
		})
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return mark(t, tx.MarkSaved, ctx, w.study.ID, a.EnrolmentID, a.ID, noon.Add(time.Minute), true)
		})
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return mark(t, tx.MarkSaved, ctx, w.study.ID, stranger, a.ID, noon.Add(time.Hour), false)
		})
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return mark(t, tx.MarkSubmitted, ctx, w.study.ID, stranger, a.ID, noon.Add(time.Hour), false)
		})
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return mark(t, tx.MarkSubmitted, ctx, w.study.ID, a.EnrolmentID, a.ID, noon.Add(2*time.Minute), true)
		})
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return mark(t, tx.MarkSubmitted, ctx, w.study.ID, a.EnrolmentID, a.ID, noon.Add(time.Hour), false)
		})
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return mark(t, tx.MarkSaved, ctx, w.study.ID, a.EnrolmentID, a.ID, noon.Add(time.Hour), false)
		})
		a.StartedAt, a.SavedAt, a.SubmittedAt = noon, noon.Add(time.Minute), noon.Add(2*time.Minute)
		got, _, err := s.Assessment(t.Context(), w.study.ID, a.ID)
		noError(t, err)
		same(t, got, a)
	})
	t.Run("the order of the items is kept once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 2)
		a := w.people[0].Assessments[0]
		for _, order := range []string{"b,a,c", "a,b,c"} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				return tx.KeepItemOrder(ctx, w.study.ID, a.ID, order)
			})
		}
		got, _, err := s.Assessment(t.Context(), w.study.ID, a.ID)
		noError(t, err)
		same(t, got.ItemOrder, "b,a,c")
		due, err := s.Due(t.Context(), w.study.ID, a.EnrolmentID)
		noError(t, err)
		same(t, due[0].Assessment.ItemOrder, "b,a,c")
		other, _, err := s.Assessment(t.Context(), w.study.ID, w.people[1].Assessments[0].ID)
		noError(t, err)
		same(t, other.ItemOrder, "")
	})
	t.Run("how a question was asked is kept with its answer", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		a := w.people[0].Assessments[0]
		asked := survey.Response{Item: "a", Value: 2, AnsweredAt: noon, Language: "de", Layout: "across@2"}
		w.save(t, 0, 0, asked)
		got, err := s.Responses(t.Context(), w.study.ID, a.ID)
		noError(t, err)
		same(t, got, []survey.Response{asked})
	})
	t.Run("scores are written once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		w.score(t, 0, w.pre.ID, valid("x", 1))
		a := w.people[0].Assessments[w.nth(0, w.pre.ID, 1)]
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.CreateScores(ctx, w.study.ID, a.ID, []instrument.Score{valid("y", 2), valid("x", 2)}, noon)
		}), survey.ErrDuplicate)
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.CreateScores(ctx, w.study.ID, "nobody", []instrument.Score{valid("x", 2)}, noon)
		}), survey.ErrReference)
		var rows []survey.ScoreRow
		noError(t, s.EachScore(t.Context(), w.study.ID, nil, func(r *survey.ScoreRow) error { rows = append(rows, *r); return nil }))
		if len(rows) != 1 || rows[0].Value != 1 {
			t.Errorf("got %+v, want the first score alone", rows)
		}
	})
}

func testResponses(t *testing.T, s survey.Store) {
	read := func(t *testing.T, w *world, id survey.AssessmentID) []survey.Response {
		t.Helper()
		got, err := s.Responses(t.Context(), w.study.ID, id)
		noError(t, err)
		return got
	}
	at := func(item string, value float64) survey.Response {
		return survey.Response{Item: item, Value: value, AnsweredAt: noon}
	}
	t.Run("answers come back by item, zero is not missing", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		a := w.people[0].Assessments[0]
		skipped := survey.Response{Item: "b", Missing: survey.MissingSkipped, AnsweredAt: noon}
		w.save(t, 0, 0, at("c", 0.1), skipped, at("a", 0), at("d", -3))
		same(t, read(t, w, a.ID), []survey.Response{at("a", 0), skipped, at("c", 0.1), at("d", -3)})
		same(t, len(read(t, w, "nobody")), 0)
	})
	t.Run("an answer replaces the earlier one of its item and no other", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		a := w.people[0].Assessments[0]
		w.save(t, 0, 0, at("a", 1), at("b", 2))
		later := noon.Add(time.Hour)
		w.save(t, 0, 0, survey.Response{Item: "a", Missing: survey.MissingSkipped, AnsweredAt: later})
		same(t, read(t, w, a.ID), []survey.Response{{Item: "a", Missing: survey.MissingSkipped, AnsweredAt: later}, at("b", 2)})
		w.save(t, 0, 0, survey.Response{Item: "a", Value: 0, AnsweredAt: later})
		same(t, read(t, w, a.ID), []survey.Response{{Item: "a", Value: 0, AnsweredAt: later}, at("b", 2)})
	})
	t.Run("the last of two answers to the same item counts", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		w.save(t, 0, 0, at("a", 1), at("b", 5), at("a", 2))
		same(t, read(t, w, w.people[0].Assessments[0].ID), []survey.Response{at("a", 2), at("b", 5)})
	})
	t.Run("three hundred answers are written at once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		var many []survey.Response
		for i := range 300 {
			many = append(many, at("i"+string(rune('a'+i/100))+string(rune('a'+i/10%10))+string(rune('a'+i%10)), float64(i)))
		}
		w.save(t, 0, 0, many...)
		same(t, read(t, w, w.people[0].Assessments[0].ID), many)
	})
	t.Run("every finite number comes back as it was", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		want := []survey.Response{
			at("a", math.Nextafter(1, 2)), at("b", 1e300), at("c", -1e300), at("d", math.SmallestNonzeroFloat64), at("e", 1.0/3),
		}
		w.save(t, 0, 0, want...)
		same(t, read(t, w, w.people[0].Assessments[0].ID), want)
	})
	t.Run("what is not a number is refused", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		a := w.people[0].Assessments[0]
		for _, v := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
			err := do(t, s, func(ctx context.Context, tx survey.Tx) error {
				return tx.PutResponses(ctx, w.study.ID, a.ID, []survey.Response{at("a", v)})
			})
			if err == nil {
				t.Errorf("%v was kept", v)
			}
		}
		same(t, len(read(t, w, a.ID)), 0)
	})
	t.Run("answers belong to an assessment of the same study", func(t *testing.T) {
		t.Parallel()
		w, elsewhere := newWorld(t, s, 1), newWorld(t, s, 0)
		wantError(t, do(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.PutResponses(ctx, elsewhere.study.ID, w.people[0].Assessments[0].ID, []survey.Response{at("a", 1)})
		}), survey.ErrReference)
	})
	t.Run("times are kept to the millisecond, in UTC, whatever zone they came in", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 1)
		fine := time.Date(2026, 10, 25, 2, 30, 0, 987_654_321, time.FixedZone("", 2*3600))
		w.save(t, 0, 0, survey.Response{Item: "a", Value: 1, AnsweredAt: fine})
		got := read(t, w, w.people[0].Assessments[0].ID)[0].AnsweredAt
		want := time.Date(2026, 10, 25, 0, 30, 0, 987_000_000, time.UTC)
		if !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("got %v, want %v", got, want)
		}
	})
}
