package storetest

import (
	"context"
	"slices"
	"testing"
	"time"

	"tidemark/survey"
)

func event(study survey.StudyID, at time.Time) survey.AuditEvent {
	return survey.AuditEvent{
		ID: newID[survey.AuditID](), StudyID: study, At: at, ActorKind: survey.ActorUser, ActorID: "u",
		Action: survey.ActionExported, ObjectKind: "study", ObjectID: string(study), Detail: "long, 3 files",
	}
}

func testAudit(t *testing.T, s survey.Store) {
	appendAll := func(t *testing.T, events ...survey.AuditEvent) error {
		t.Helper()
		return do(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.AppendAudit(ctx, events...) })
	}
	t.Run("a study's events are listed newest first, at most so many", func(t *testing.T) {
		t.Parallel()
		study := newID[survey.StudyID]() // the trail refers to nothing
		old, young := event(study, noon), event(study, noon.Add(time.Second))
		twin := event(study, noon.Add(time.Second)) // later by its identifier
		noError(t, appendAll(t, young, old, event(newID[survey.StudyID](), noon), twin))
		got, err := s.AuditEvents(t.Context(), study, 10)
		noError(t, err)
		same(t, got, []survey.AuditEvent{twin, young, old})
		got, err = s.AuditEvents(t.Context(), study, 2)
		noError(t, err)
		same(t, got, []survey.AuditEvent{twin, young})
		for _, limit := range []int{0, -1} {
			got, err = s.AuditEvents(t.Context(), study, limit)
			noError(t, err)
			same(t, len(got), 0)
		}
	})
	t.Run("the installation's trail holds everything", func(t *testing.T) {
		t.Parallel()
		future := noon.AddDate(5, 0, 0)
		own, studys := event("", future), event(newID[survey.StudyID](), future.Add(time.Second))
		noError(t, appendAll(t, own, studys))
		got, err := s.AuditEvents(t.Context(), "", 1000)
		noError(t, err)
		if a, b := slices.Index(got, studys), slices.Index(got, own); a < 0 || b < 0 || a > b {
			t.Errorf("the later event is at %d and the earlier at %d", a, b)
		}
	})
	t.Run("a line is written once", func(t *testing.T) {
		t.Parallel()
		e := event(newID[survey.StudyID](), noon)
		noError(t, appendAll(t, e))
		wantError(t, appendAll(t, event(e.StudyID, noon), e), survey.ErrDuplicate)
		got, err := s.AuditEvents(t.Context(), e.StudyID, 10)
		noError(t, err)
		same(t, got, []survey.AuditEvent{e})
	})
	t.Run("thousands of lines, and none, are written at once", func(t *testing.T) {
		t.Parallel()
		study := newID[survey.StudyID]()
		events := make([]survey.AuditEvent, 2345)
		for i := range events {
			events[i] = event(study, noon)
		}
		noError(t, appendAll(t, events...))
		noError(t, appendAll(t))
		got, err := s.AuditEvents(t.Context(), study, 5000)
		noError(t, err)
		slices.Reverse(got)
		same(t, got, events)
	})
}
