package survey_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
)

// prepare is a file that the researcher asked for.
func (s *stage) prepare(t *testing.T, name string) survey.PreparedFile {
	t.Helper()
	f, err := s.cases.Files.Ask(t.Context(), s.researcher, survey.PreparedFile{
		StudyID: s.study.ID, What: "long", Format: "csv", Profile: "internal", LeaveOut: []string{"a", "b"}, Name: name, Media: "text/csv",
	}, "")
	noError(t, err)
	return f
}

func (s *stage) stored(t *testing.T, id survey.FileID) survey.PreparedFile {
	t.Helper()
	f, err := s.cases.Files.Get(t.Context(), s.researcher, s.study.ID, id)
	noError(t, err)
	return f
}

// content is more than two pieces.
var content = []byte(strings.Repeat("0123456789abcdef\n", survey.FilePiece/8))

func makes(_ context.Context, _ survey.PreparedFile, w io.Writer) (int, error) {
	for from := 0; from < len(content); from += 100_000 {
		if _, err := w.Write(content[from:min(from+100_000, len(content))]); err != nil {
			return 0, err
		}
	}
	return 7, nil
}

func (s *stage) work(t *testing.T, want bool, make survey.MakeFile) {
	t.Helper()
	made, err := s.cases.Files.Work(t.Context(), system(), make)
	noError(t, err)
	same(t, made, want)
}

func TestAFileIsPreparedAndReadFromAnywhere(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		s.work(t, false, makes)
		f := s.prepare(t, "long.csv")
		same(t, s.stored(t, f.ID), f)
		same(t, f.State(s.clock()), survey.FileWaiting)
		s.work(t, true, makes)
		s.work(t, false, makes)
		got := s.stored(t, f.ID)
		sum := sha256.Sum256(content)
		same(t, []any{got.State(s.clock()), got.Bytes, got.Rows, got.SHA256}, []any{survey.FileReady, int64(len(content)), 7, hex.EncodeToString(sum[:])})
		_, r, err := s.cases.Files.Open(t.Context(), s.researcher, s.study.ID, f.ID, true)
		noError(t, err)
		all, err := io.ReadAll(r)
		noError(t, err)
		same(t, bytes.Equal(all, content), true)
		for _, from := range []int{0, 1, survey.FilePiece - 1, survey.FilePiece, survey.FilePiece + 5, len(content) - 1, len(content)} {
			_, err := r.Seek(int64(from), io.SeekStart)
			noError(t, err)
			rest, err := io.ReadAll(r)
			noError(t, err)
			same(t, bytes.Equal(rest, content[from:]), true)
		}
		n, err := s.store.CountAudit(t.Context(), s.study.ID, survey.ActionExported)
		noError(t, err)
		same(t, n, 1)
		noError(t, s.cases.Files.Remove(t.Context(), s.researcher, s.study.ID, f.ID))
		same(t, s.stored(t, f.ID).Reason, survey.FileGoneRemoved)
		_, _, err = s.cases.Files.Open(t.Context(), s.researcher, s.study.ID, f.ID, true)
		wantError(t, err, survey.ErrRemoved)
		wantError(t, s.cases.Files.Remove(t.Context(), s.researcher, s.study.ID, "none"), survey.ErrNotFound)
	})
}

// A server that dies in the midst leaves pieces behind; another makes the file anew,
// and what the first still writes is refused.
func TestAFileOfADeadServerIsMadeAnew(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		f := s.prepare(t, "long.csv")
		_, err := s.cases.Files.Work(t.Context(), system(), func(ctx context.Context, _ survey.PreparedFile, w io.Writer) (int, error) {
			if _, err := w.Write(bytes.Repeat([]byte("x"), survey.FilePiece)); err != nil {
				return 0, err
			}
			same(t, s.stored(t, f.ID).State(s.clock()), survey.FileMaking)
			same(t, s.stored(t, f.ID).Bytes, int64(survey.FilePiece))
			s.work(t, false, makes) // it is held
			s.at(s.clock().Add(5 * time.Minute))
			s.work(t, true, makes) // by now it is taken for dead
			if _, err := w.Write(bytes.Repeat([]byte("y"), survey.FilePiece)); err == nil {
				t.Error("whoever was overtaken could write on")
			}
			return 1, nil // and does not even notice
		})
		noError(t, err)
		got := s.stored(t, f.ID)
		same(t, []any{got.State(s.clock()), got.Rows, got.Tries}, []any{survey.FileReady, 7, 2})
		_, r, err := s.cases.Files.Open(t.Context(), s.researcher, s.study.ID, f.ID, false)
		noError(t, err)
		all, err := io.ReadAll(r)
		noError(t, err)
		same(t, bytes.Equal(all, content), true)
	})
}

func TestAFileThatCannotBeMadeSaysSo(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		f, never := s.prepare(t, "long.csv"), s.prepare(t, "never.csv")
		broken := errors.New("broken")
		tries := map[survey.FileID]int{}
		for range 40 {
			_, err := s.cases.Files.Work(t.Context(), system(), func(_ context.Context, f survey.PreparedFile, w io.Writer) (int, error) {
				tries[f.ID]++
				if f.ID == never.ID {
					return 0, survey.ErrNoFile
				}
				if _, err := w.Write(content); err != nil {
					return 0, err
				}
				return 0, broken
			})
			if err != nil && !errors.Is(err, broken) && !errors.Is(err, survey.ErrNoFile) {
				t.Fatal(err)
			}
			s.at(s.clock().Add(time.Minute))
		}
		same(t, tries, map[survey.FileID]int{f.ID: 5, never.ID: 1})
		for _, f := range []survey.PreparedFile{f, never} {
			got := s.stored(t, f.ID)
			same(t, []any{got.State(s.clock()), got.Reason, got.SHA256}, []any{survey.FileFailed, survey.FileCannotBe, ""})
			_, err := s.store.FilePiece(t.Context(), s.study.ID, f.ID, 0)
			wantError(t, err, survey.ErrNotFound)
		}
		// A server that is told to stop gives its file back at once.
		again := s.prepare(t, "again.csv")
		ctx, stop := context.WithCancel(t.Context())
		_, err := s.cases.Files.Work(ctx, system(), func(ctx context.Context, _ survey.PreparedFile, _ io.Writer) (int, error) {
			stop()
			return 0, ctx.Err()
		})
		wantError(t, err, context.Canceled)
		same(t, s.stored(t, again.ID).State(s.clock()), survey.FileWaiting)
		s.work(t, true, makes)
		same(t, s.stored(t, again.ID).State(s.clock()), survey.FileReady)
	})
}

func TestNobodyErasedIsInAFile(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		ctx := t.Context()
		s.answered(t)
		roster, err := s.store.Roster(ctx, s.study.ID, s.run.ID)
		noError(t, err)
		ready := s.prepare(t, "ready.csv")
		s.work(t, true, makes)
		making := s.prepare(t, "making.csv")
		_, err = s.cases.Files.Work(ctx, system(), func(ctx context.Context, f survey.PreparedFile, w io.Writer) (int, error) {
			s.erase(t, s.again(t, roster[0].ID))
			return makes(ctx, f, w)
		})
		noError(t, err)
		same(t, s.stored(t, ready.ID).Reason, survey.FileGoneErased)
		same(t, s.stored(t, making.ID).State(s.clock()), survey.FileWaiting)
		s.work(t, true, makes)
		same(t, s.stored(t, making.ID).State(s.clock()), survey.FileReady)
	})
}

func TestFilesExpireAndAreNotTooMany(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, s *stage) {
		first := s.prepare(t, "first.csv")
		s.work(t, true, makes)
		var last error
		for n := 0; last == nil && n < 20; n++ {
			_, last = s.cases.Files.Ask(t.Context(), s.researcher, survey.PreparedFile{StudyID: s.study.ID, What: "long", Format: "csv", Name: fmt.Sprint(n)}, "")
		}
		wantFaults(t, last, survey.FieldErrors{"file": "file.too_many"})
		s.at(s.clock().Add(survey.FileKeptFor + time.Minute))
		s.work(t, true, makes)
		same(t, s.stored(t, first.ID).Reason, survey.FileGoneExpired)
		_, err := s.store.FilePiece(t.Context(), s.study.ID, first.ID, 0)
		wantError(t, err, survey.ErrNotFound)

		taken := s.freeze(t, "a")
		f, err := s.cases.Files.Ask(t.Context(), s.researcher, survey.PreparedFile{StudyID: s.study.ID, What: "long", Format: "csv", Snapshot: taken.Number, Name: "frozen"}, "")
		noError(t, err)
		noError(t, s.cases.Snapshots.Remove(t.Context(), s.researcher, s.study.ID, taken.Number, "asked"))
		same(t, s.stored(t, f.ID).Reason, survey.FileGoneRemoved)
		_, err = s.cases.Files.Ask(t.Context(), s.researcher, survey.PreparedFile{StudyID: s.study.ID, What: "long", Format: "csv", Snapshot: taken.Number}, "")
		wantError(t, err, survey.ErrRemoved)
	})
}
