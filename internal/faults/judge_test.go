package faults

import (
	"strings"
	"testing"
	"time"

	"tidemark/internal/stage"
	"tidemark/internal/trials"
	"tidemark/survey"
	"tidemark/survey/instrument"
)

// found is what a database has otherwise than the ledger.
type found struct{ lost, altered, doubled int }

func (f *found) note(fault string) {
	switch {
	case strings.Contains(fault, "lost"):
		f.lost++
	case strings.Contains(fault, "times") || strings.Contains(fault, "in the audit trail"):
		f.doubled++
	default:
		f.altered++
	}
}

// keep writes a row of the table down. The test must have passed all but what f holds.
func keep(t *testing.T, row, database string, n int, book *ledger, f found, began time.Time, figures ...trials.Figure) {
	t.Helper()
	r := trials.Result{
		Row: row, Test: t.Name(), Database: database, Trials: n, Acked: book.count() + book.submissionsAcked(), Lost: f.lost, Altered: f.altered, Doubled: f.doubled,
		Figures: figures, Passed: !t.Failed() && f == found{}, Seconds: time.Since(began).Seconds(),
	}
	t.Log(r)
	if err := trials.Keep(r); err != nil {
		t.Error(err)
	}
}

// judge holds everything in the database against the ledger.
func judge(t *testing.T, s *stage.Stage, people []stage.Person, book *ledger) (f found) {
	t.Helper()
	scores, audits := scoresByAssessment(t, s), submissionsInTrail(t, s)
	judged := 0
	for _, p := range people {
		all, err := s.Store.Due(t.Context(), s.Design.Study.ID, p.Enrolment.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, due := range all {
			as := due.Assessment
			got := readStored(t, s, as)
			got.scores, got.audits = scores[key{as.EnrolmentID, as.WaveID, as.InstrumentID}], audits[string(as.ID)]
			for _, fault := range book.faults(string(as.ID), got) {
				t.Error(fault)
				f.note(fault)
			}
			judged++
		}
	}
	if judged == 0 || book.count() == 0 {
		t.Error("there was nothing to judge")
	}
	return f
}

// key is where a score belongs.
type key struct {
	survey.EnrolmentID
	survey.WaveID
	survey.InstrumentID
}

func scoresByAssessment(t *testing.T, s *stage.Stage) map[key]map[string]int {
	t.Helper()
	scores := map[key]map[string]int{}
	err := s.Store.EachScore(t.Context(), s.Design.Study.ID, nil, func(r *survey.ScoreRow) error {
		k := key{r.EnrolmentID, r.WaveID, r.InstrumentID}
		if scores[k] == nil {
			scores[k] = map[string]int{}
		}
		scores[k][r.Scale]++
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return scores
}

func submissionsInTrail(t *testing.T, s *stage.Stage) map[string]int {
	t.Helper()
	events, err := s.Store.AuditEvents(t.Context(), s.Design.Study.ID, 1_000_000)
	if err != nil {
		t.Fatal(err)
	}
	audits := map[string]int{}
	for _, e := range events {
		if e.Action == survey.ActionSubmitted {
			audits[e.ObjectID]++
		}
	}
	return audits
}

func readStored(t *testing.T, s *stage.Stage, as survey.Assessment) stored {
	t.Helper()
	responses, err := s.Store.Responses(t.Context(), as.StudyID, as.ID)
	if err != nil {
		t.Fatal(err)
	}
	version, err := s.Store.InstrumentVersion(t.Context(), as.InstrumentID)
	if err != nil {
		t.Fatal(err)
	}
	got := stored{
		answers: map[string][]float64{}, submitted: !as.SubmittedAt.IsZero(),
		scales: len(version.Definition.Score(instrument.Numbers{})),
	}
	for _, r := range responses {
		if r.Missing == survey.MissingSkipped {
			got.skipped = append(got.skipped, r.Item)
			continue
		}
		got.answers[r.Item] = append(got.answers[r.Item], r.Value)
	}
	return got
}
