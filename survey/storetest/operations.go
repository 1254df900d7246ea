package storetest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"tidemark/survey"
)

func testOperations(t *testing.T, s survey.Store) {
	t.Run("what was said about changes is replaced", func(t *testing.T) {
		t.Parallel()
		mode, err := s.ReadOnlyMode(t.Context())
		noError(t, err)
		same(t, mode, survey.ReadOnly{})
		for _, m := range []survey.ReadOnly{
			{On: true, At: noon, By: survey.Author{Kind: survey.ActorUser, ID: newKey(), Name: "Ada"}},
			{At: noon.Add(time.Hour), By: survey.Author{Kind: survey.ActorSystem, ID: "command line", Name: "command line"}},
		} {
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.SetReadOnlyMode(ctx, m) })
			mode, err = s.ReadOnlyMode(t.Context())
			noError(t, err)
			same(t, mode, m)
		}
	})
	t.Run("servers come, tell again and go", func(t *testing.T) {
		t.Parallel()
		one := survey.Replica{
			ID: newKey(), Host: "one", Version: "1.2", StartedAt: noon, SeenAt: noon.Add(time.Minute),
			Faults: map[string]survey.FaultCount{"request failed": {Count: 3, LastAt: noon}},
		}
		two := survey.Replica{ID: newKey(), Host: "two", StartedAt: noon.Add(time.Second), SeenAt: noon.Add(time.Hour), Draining: true}
		put := func(r survey.Replica) {
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.PutReplica(ctx, r) })
		}
		put(two)
		put(survey.Replica{ID: one.ID, StartedAt: noon, SeenAt: noon})
		put(one)
		listed := func() []survey.Replica {
			all, err := s.Replicas(t.Context())
			noError(t, err)
			return slices.DeleteFunc(all, func(r survey.Replica) bool { return r.ID != one.ID && r.ID != two.ID })
		}
		same(t, listed(), []survey.Replica{one, two})
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.RemoveReplicasBefore(ctx, noon.Add(30*time.Minute))
		})
		same(t, listed(), []survey.Replica{two})
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return errors.Join(tx.RemoveReplica(ctx, two.ID), tx.RemoveReplica(ctx, newKey()))
		})
		same(t, listed(), []survey.Replica{})
	})
	t.Run("what waits is counted", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		before, err := s.Backlog(t.Context())
		noError(t, err)
		must(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.AppendAudit(ctx, event(w.study.ID, noon.AddDate(-90, 0, 0)))
		})
		after, err := s.Backlog(t.Context())
		noError(t, err)
		if after.Audit <= 0 || !after.AuditFrom.Equal(noon.AddDate(-90, 0, 0)) {
			t.Errorf("%d lines wait since %v after one was added to %d", after.Audit, after.AuditFrom, before.Audit)
		}
	})
	t.Run("a database tells of itself and is sound", func(t *testing.T) {
		t.Parallel()
		d, err := s.Database(t.Context())
		noError(t, err)
		if d.Engine == "" || d.Version == "" || d.Size < 1<<12 || d.Schema != d.Wanted || d.Schema < 36 || d.ReadOnly || len(d.Settings) < 6 {
			t.Errorf("tells %+v", d)
		}
		faults, err := s.Unsound(t.Context())
		noError(t, err)
		same(t, faults, []string{})
	})
}
