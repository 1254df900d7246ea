package survey_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/storetest"
)

// answered fills the study: two people who answered before the course, one of
// them with an item left out and one in part, one who left, and attendance.
func (s *stage) answered(t *testing.T) {
	t.Helper()
	people := s.consenting(t, 4)
	s.enrol(t, "waitlist", 2)
	for i, a := range people[:2] {
		it := s.due(t, a, "pre", "self_compassion")
		err := s.cases.Assessments.Submit(t.Context(), a, it.Assessment.ID, answers(it.Definition, 12-i, float64(2+i)))
		noError(t, err)
	}
	it := s.due(t, people[2], "pre", "resilience")
	noError(t, second(s.cases.Assessments.Save(t.Context(), people[2], it.Assessment.ID, answers(it.Definition, 2, 1))))
	noError(t, s.cases.Enrolments.Withdraw(t.Context(), people[3]))
	s.at(day("2026-03-02").Add(20 * time.Hour))
	noError(t, s.cases.Runs.NoteAttendance(t.Context(), s.leader, s.study.ID, s.run.ID, 1,
		[]survey.EnrolmentID{people[0].Participation.Enrolment.ID}))
}

func (s *stage) freeze(t *testing.T, name string) survey.Snapshot {
	t.Helper()
	f, err := s.cases.Snapshots.Freeze(t.Context(), s.researcher, s.study.ID, survey.NewSnapshot{Name: name})
	noError(t, err)
	return f
}

func (s *stage) snapshot(t *testing.T, number int) survey.Snapshot {
	t.Helper()
	f, err := s.cases.Snapshots.Get(t.Context(), s.researcher, s.study.ID, number)
	noError(t, err)
	return f
}

// everything is all that a reader says of a study.
func everything(ctx context.Context, t *testing.T, r survey.DataReader, study survey.StudyID) string {
	t.Helper()
	var b strings.Builder
	design, err := r.Design(ctx, study)
	noError(t, err)
	fmt.Fprintf(&b, "%+v %+v %+v\n", design.Study, design.Arms, design.Waves)
	for _, w := range design.Waves {
		for _, id := range w.Sets {
			v := design.Instruments[id]
			fmt.Fprintln(&b, id, v.Hash, v.CreatedAt, v.Definition.Hash())
		}
	}
	runs, err := r.Runs(ctx, study)
	noError(t, err)
	for _, run := range runs {
		run.Run.Location, run.Run.MeetingTime = "", "" // not in a snapshot
		fmt.Fprintf(&b, "%+v\n", run)
	}
	people, err := r.Enrolments(ctx, study)
	noError(t, err)
	attendance, err := r.StudyAttendance(ctx, study)
	noError(t, err)
	progress, err := r.StudyProgress(ctx, study)
	noError(t, err)
	fmt.Fprintf(&b, "%+v\n%+v\n%+v\n", people, attendance, progress)
	var scores []string
	waves := []survey.WaveID{design.Waves[0].ID}
	noError(t, errors.Join(
		r.EachAssessment(ctx, study, func(a *survey.Assessment) error { fmt.Fprintf(&b, "%+v\n", *a); return nil }),
		r.EachResponse(ctx, study, func(a *survey.ResponseRow) error { fmt.Fprintf(&b, "%+v\n", *a); return nil }),
		r.EachScore(ctx, study, nil, func(a *survey.ScoreRow) error { scores = append(scores, fmt.Sprintf("%+v", *a)); return nil }),
		r.EachScore(ctx, study, waves, func(a *survey.ScoreRow) error { scores = append(scores, fmt.Sprintf("%+v", *a)); return nil }),
		r.EachSubmitted(ctx, study, waves, func(a *survey.ResponseRow) error { scores = append(scores, fmt.Sprintf("%+v", *a)); return nil }),
		r.EachSubmitted(ctx, study, nil, func(*survey.ResponseRow) error { return errors.New("a row of no wave") }),
	))
	slices.Sort(scores)
	return b.String() + strings.Join(scores, "\n")
}

func TestASnapshotAnswersAsTheDatabaseDidAndGoesOnDoingSo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		s.answered(t)
		before := everything(t.Context(), t, s.store, s.study.ID)
		taken := s.freeze(t, "  Primary ")
		same(t, taken.Name, "Primary")
		same(t, taken.Counts.Assessments, strings.Count(before, "SavedAt:")) // one line for each
		taken.Counts.Assessments = 0
		// Attendance of the three who had not left.
		same(t, taken.Counts, survey.SnapshotCounts{People: 6, Attendance: 3, Responses: 26, Scores: 14})
		taken = s.snapshot(t, 1)
		s.answerAfter(t, 3)
		noError(t, s.cases.Runs.Move(t.Context(), s.leader, s.study.ID, s.run.ID, "2026-03-09"))
		f, err := s.cases.Snapshots.Open(t.Context(), s.researcher, s.study.ID, taken.Number)
		noError(t, err)
		same(t, everything(t.Context(), t, f, s.study.ID), before)
		same(t, f.Snapshot(), taken)
		_, err = f.Enrolments(t.Context(), "another")
		wantError(t, err, survey.ErrNotFound)
		list, err := s.cases.Snapshots.List(t.Context(), s.researcher, s.study.ID)
		noError(t, err)
		same(t, list, []survey.Snapshot{taken})
	})
}

func TestTheSameDataAtTheSameInstantGiveTheSameHash(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		s.answered(t)
		s.locked(t, survey.DraftPlan{Content: s.book(t).Default})
		a, b := s.freeze(t, "a"), s.freeze(t, "b")
		same(t, a.Hash, b.Hash)
		same(t, []int{a.Number, b.Number}, []int{1, 2})
		same(t, a.PlanVersion, 1)
		s.at(s.clock().Add(time.Millisecond))
		if c := s.freeze(t, "c"); c.Hash == a.Hash {
			t.Error("another instant has the same hash")
		}
	})
}

func TestADownloadedSnapshotHasTheHashThatIsShownAndNoNames(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		s.answered(t)
		taken := s.freeze(t, "a")
		var file bytes.Buffer
		noError(t, s.cases.Snapshots.Download(t.Context(), s.researcher, s.study.ID, 1, &file))
		same(t, int64(file.Len()), taken.Packed)
		zip, err := gzip.NewReader(&file)
		noError(t, err)
		text, err := io.ReadAll(zip)
		noError(t, err)
		sum := sha256.Sum256(text)
		same(t, hex.EncodeToString(sum[:]), taken.Hash)
		same(t, int64(len(text)), taken.Bytes)
		for _, private := range []string{"Person 1", "Room 4", "@"} {
			if bytes.Contains(text, []byte(private)) {
				t.Errorf("the file holds %q", private)
			}
		}
		n, err := s.store.CountAudit(t.Context(), s.study.ID, survey.ActionExported)
		noError(t, err)
		same(t, n, 1)
	})
}

func TestASnapshotGoesWithAReasonAndLeavesItsTrace(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		s.answered(t)
		taken := s.freeze(t, "a")
		remove := func(reason string) error {
			return s.cases.Snapshots.Remove(t.Context(), s.researcher, s.study.ID, 1, reason)
		}
		wantFaults(t, remove(" "), survey.FieldErrors{"reason": "snapshot.reason_missing"})
		noError(t, remove("P-1 asked for erasure"))
		wantError(t, remove("again"), survey.ErrRemoved)
		_, err := s.cases.Snapshots.Open(t.Context(), s.researcher, s.study.ID, 1)
		wantError(t, err, survey.ErrRemoved)
		wantError(t, s.cases.Snapshots.Download(t.Context(), s.researcher, s.study.ID, 1, io.Discard), survey.ErrRemoved)
		got, err := s.cases.Snapshots.Get(t.Context(), s.researcher, s.study.ID, 1)
		noError(t, err)
		same(t, got.Removed.Reason, "P-1 asked for erasure")
		got.Removed = nil
		same(t, got, taken)
	})
}

func TestASnapshotIsTakenOncePerSending(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		n := survey.NewSnapshot{Name: "a", Once: "0123456789abcdef0123"}
		_, err := s.cases.Snapshots.Freeze(t.Context(), s.researcher, s.study.ID, n)
		noError(t, err)
		_, err = s.cases.Snapshots.Freeze(t.Context(), s.researcher, s.study.ID, n)
		wantError(t, err, survey.ErrRepeated)
		list, err := s.cases.Snapshots.List(t.Context(), s.researcher, s.study.ID)
		noError(t, err)
		same(t, len(list), 1)
		_, err = s.cases.Snapshots.Freeze(t.Context(), s.researcher, s.study.ID, survey.NewSnapshot{Name: " "})
		wantFaults(t, err, survey.FieldErrors{"name": "snapshot.name_missing"})
	})
}

func TestASnapshotThatWasTamperedWithIsNotOpened(t *testing.T) {
	t.Parallel()
	s := newStage(t, storetest.SQLite)
	s.answered(t)
	taken := s.freeze(t, "a")
	other := survey.Snapshot{
		ID: "forged", StudyID: s.study.ID, Name: "forged", TakenAt: taken.TakenAt, TakenBy: taken.TakenBy, Schema: taken.Schema,
	}
	var original bytes.Buffer
	noError(t, s.store.EachSnapshotChunk(t.Context(), s.study.ID, taken.ID, func(b []byte) error { original.Write(b); return nil }))
	zip, err := gzip.NewReader(&original)
	noError(t, err)
	text, err := io.ReadAll(zip)
	noError(t, err)
	forge := func(from, to string) []byte {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if !bytes.Contains(text, []byte(from)) {
			t.Fatalf("there is no %s to replace", from)
		}
		_, err := w.Write(bytes.Replace(text, []byte(from), []byte(to), 1))
		noError(t, errors.Join(err, w.Close()))
		return b.Bytes()
	}
	for i, content := range [][]byte{
		forge(`"values":[2,`, `"values":[5,`), forge(`"end":`, `"and":`), forge(`"people":6`, `"people":7`),
		forge(`"missing":{`, `"mizzing":{`), forge(survey.SnapshotSchema, "tidemark.snapshot/9"),
		forge(`"person":5`, `"person":6`), text, {},
	} {
		f := other
		f.ID, f.Hash, f.Counts = survey.SnapshotID(fmt.Sprint("forged", i)), taken.Hash, taken.Counts
		noError(t, s.store.InTx(t.Context(), func(tx survey.Tx) error {
			var err error
			if f.Number, err = tx.BeginSnapshot(t.Context(), f); err != nil {
				return err
			}
			if len(content) > 0 {
				if err := tx.AddSnapshotChunk(t.Context(), s.study.ID, f.ID, 0, content); err != nil {
					return err
				}
			}
			_, err = tx.SealSnapshot(t.Context(), f)
			return err
		}))
		_, err := s.cases.Snapshots.Open(t.Context(), s.researcher, s.study.ID, f.Number)
		if !errors.Is(err, survey.ErrBroken) {
			t.Errorf("forgery %d: got %v, want ErrBroken", i, err)
		}
	}
}
