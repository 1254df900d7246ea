package storetest

import (
	"bytes"
	"context"
	"testing"
	"time"

	"tidemark/survey"
)

// frozen is a snapshot as it is begun.
func (w *world) frozen() survey.Snapshot {
	return survey.Snapshot{
		ID: newID[survey.SnapshotID](), StudyID: w.study.ID, Name: "Primary — „eins“", Note: "note", TakenAt: noon,
		TakenBy: survey.Author{Kind: survey.ActorUser, ID: "u", Name: "Ana Ruiz"}, Program: "v1", Schema: "form/1",
	}
}

// sealed is the snapshot as it is sealed.
func sealed(f survey.Snapshot, pieces ...[]byte) survey.Snapshot {
	f.Hash, f.Bytes, f.Chunks, f.PlanVersion, f.PlanHash = "abc", 1<<40, len(pieces), 2, "def"
	f.Counts = survey.SnapshotCounts{People: 1, Attendance: 2, Assessments: 3, Responses: 4, Scores: 5}
	for _, p := range pieces {
		f.Packed += int64(len(p))
	}
	return f
}

func (w *world) begin(t testing.TB, f survey.Snapshot, pieces ...[]byte) survey.Snapshot {
	t.Helper()
	must(t, w.store, func(ctx context.Context, tx survey.Tx) error {
		n, err := tx.BeginSnapshot(ctx, f)
		f.Number = n
		return err
	})
	for i, p := range pieces {
		must(t, w.store, func(ctx context.Context, tx survey.Tx) error {
			return tx.AddSnapshotChunk(ctx, w.study.ID, f.ID, i, p)
		})
	}
	return f
}

func (w *world) seal(t testing.TB, want bool, f survey.Snapshot) {
	t.Helper()
	must(t, w.store, func(ctx context.Context, tx survey.Tx) error {
		ok, err := tx.SealSnapshot(ctx, f)
		same(t, ok, want)
		return err
	})
}

// content is what is stored of a snapshot.
func (w *world) content(t testing.TB, id survey.SnapshotID) [][]byte {
	t.Helper()
	var all [][]byte
	noError(t, w.store.EachSnapshotChunk(t.Context(), w.study.ID, id, func(b []byte) error {
		all = append(all, bytes.Clone(b))
		return nil
	}))
	return all
}

func testSnapshots(t *testing.T, s survey.Store) {
	pieces := [][]byte{{0, 1, 255}, bytes.Repeat([]byte{7}, 1<<20), []byte("'; \x00")}
	t.Run("a snapshot is not there before it is sealed", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		f := w.begin(t, w.frozen(), pieces...)
		_, err := s.Snapshot(t.Context(), w.study.ID, 1)
		wantError(t, err, survey.ErrNotFound)
		same(t, len(w.content(t, f.ID)), 0)
		f = sealed(f, pieces...)
		w.seal(t, true, f)
		w.seal(t, false, f)
		got, err := s.Snapshot(t.Context(), w.study.ID, 1)
		noError(t, err)
		same(t, got, f)
		same(t, w.content(t, f.ID), pieces)
		err = s.EachSnapshotChunk(t.Context(), w.study.ID, f.ID, func([]byte) error { return errOnPurpose })
		wantError(t, err, errOnPurpose)
	})
	t.Run("a sealed snapshot takes nothing more", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		f := w.begin(t, w.frozen(), pieces[0])
		w.seal(t, true, sealed(f, pieces[0]))
		if do(t, s, func(ctx context.Context, tx survey.Tx) error {
			return tx.AddSnapshotChunk(ctx, w.study.ID, f.ID, 1, pieces[2])
		}) == nil {
			t.Error("a piece was added")
		}
		same(t, w.content(t, f.ID), pieces[:1])
	})
	t.Run("snapshots are numbered within their study and listed newest first", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		other := newWorld(t, s, 0)
		other.seal(t, true, sealed(other.begin(t, other.frozen())))
		var want []survey.Snapshot
		for n := 1; n <= 3; n++ {
			f := sealed(w.begin(t, w.frozen()))
			same(t, f.Number, n)
			w.seal(t, true, f)
			want = append([]survey.Snapshot{f}, want...)
		}
		got, err := s.Snapshots(t.Context(), w.study.ID)
		noError(t, err)
		same(t, got, want)
	})
	t.Run("content goes with a note, once, and the rest stays", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		f := sealed(w.begin(t, w.frozen(), pieces...), pieces...)
		note := survey.SnapshotRemoval{At: noon.Add(time.Hour), By: survey.Author{Kind: survey.ActorUser, ID: "u", Name: "A"}, Reason: "erasure"}
		remove := func(want bool) {
			t.Helper()
			must(t, s, func(ctx context.Context, tx survey.Tx) error {
				ok, err := tx.RemoveSnapshot(ctx, w.study.ID, f.ID, note)
				same(t, ok, want)
				return err
			})
		}
		remove(false) // not sealed
		w.seal(t, true, f)
		remove(true)
		remove(false)
		same(t, len(w.content(t, f.ID)), 0)
		got, err := s.Snapshot(t.Context(), w.study.ID, 1)
		noError(t, err)
		f.Removed = &note
		same(t, got, f)
	})
	t.Run("what was never sealed goes when it is old", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, s, 0)
		left := w.begin(t, w.frozen(), pieces[0])
		done := sealed(w.begin(t, w.frozen(), pieces[0]), pieces[0])
		w.seal(t, true, done)
		drop := func(before time.Time) {
			must(t, s, func(ctx context.Context, tx survey.Tx) error { return tx.DropUnsealed(ctx, w.study.ID, before) })
		}
		drop(noon)
		w.seal(t, true, sealed(left, pieces[0])) // too young to go
		second := w.begin(t, w.frozen(), pieces[0])
		drop(noon.Add(time.Millisecond))
		w.seal(t, false, sealed(second, pieces[0]))
		same(t, w.content(t, done.ID), pieces[:1])
	})
}
