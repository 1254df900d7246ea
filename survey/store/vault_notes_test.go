package store_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/store"
	"tidemark/survey/storetest"
)

// TestWhatStaffNoteOfAPersonIsSealedAndInTheirCopyInWords writes one note of each
// kind, and one as former versions wrote it.
func TestWhatStaffNoteOfAPersonIsSealedAndInTheirCopyInWords(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open storetest.Opener) {
		ctx := t.Context()
		w := newWriters(t, open(t))
		e := w.pair[0].Participation.Enrolment
		due, err := w.store.Due(ctx, w.study, e.ID)
		must(t, err)
		user := survey.User{ID: "u", Email: "u@example.org", CreatedAt: time.Unix(1, 0)}
		alert := survey.Alert{StudyID: w.study, ID: "alert", AssessmentID: due[0].Assessment.ID, Item: "i", OpenedAt: time.Unix(1, 0), DueAt: time.Unix(2, 0)}
		must(t, w.store.InTx(ctx, func(tx survey.Tx) error {
			_, flagged := tx.PutRiskFlag(ctx, survey.RiskFlag{StudyID: w.study, AssessmentID: alert.AssessmentID, Item: "i", EnrolmentID: e.ID, FlaggedAt: time.Unix(1, 0)})
			err := errors.Join(flagged, tx.CreateUser(ctx, user), tx.CreateAlert(ctx, alert))
			alert.AcknowledgedAt, alert.AcknowledgedBy, alert.Note = time.Unix(3, 0), user.ID, "Cnry was called"
			_, taken := tx.AcknowledgeAlert(ctx, alert)
			step := survey.AlertStep{StudyID: w.study, AlertID: alert.ID, ID: "step", Kind: "noted", At: time.Unix(4, 0), By: survey.Author{Kind: survey.ActorUser, ID: "u"}, Note: "Cnry is well"}
			return errors.Join(err, taken, tx.AddAlertStep(ctx, step),
				tx.AddPersonNote(ctx, w.study, e.ID, survey.PersonNote{ID: "note", RunID: e.RunID, AuthorID: "u", WrittenAt: time.Unix(5, 0), Text: "Cnry needs a chair"}))
		}))
		sealed := func(want bool) {
			t.Helper()
			if got := found([]byte(dump(t, w.store))); want != (len(got) == 0) {
				t.Errorf("the dump holds %q", got)
			}
			if err := w.store.CheckVault(ctx); want != (err == nil) || !want && !errors.Is(err, store.ErrUnsealed) {
				t.Errorf("the vault: %v", err)
			}
		}
		sealed(true)
		for _, statement := range []string{`UPDATE risk_alert SET note = 'Cnry was called'`, `UPDATE alert_step SET note = 'Cnry is well'`} {
			_, err := w.store.WritePool().ExecContext(ctx, statement)
			must(t, err)
			sealed(false)
			must(t, w.store.SealAll(ctx))
			sealed(true)
		}
		got, err := w.store.Alert(ctx, w.study, alert.ID)
		steps, stepsErr := w.store.AlertSteps(ctx, w.study)
		if err = errors.Join(err, stepsErr); err != nil || got.Note != "Cnry was called" || len(steps) != 1 || steps[0].Note != "Cnry is well" {
			t.Errorf("%+v, %+v, %v", got, steps, err)
		}
		var told []string
		must(t, w.store.EachRecord(ctx, w.study, e.ID, func(r *survey.Record) error {
			for i, v := range r.Values {
				if text := fmt.Sprint(v); strings.HasPrefix(text, "Cnry") {
					told = append(told, r.Table+"."+r.Columns[i]+": "+text)
				}
			}
			return nil
		}))
		slices.Sort(told)
		want := []string{"alert_step.note: Cnry is well", "person_note.text: Cnry needs a chair", "risk_alert.note: Cnry was called"}
		if !slices.Equal(told, want) {
			t.Errorf("the copy has %q", told)
		}
	})
}
