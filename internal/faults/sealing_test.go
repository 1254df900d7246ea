package faults

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"tidemark/internal/program"
	"tidemark/internal/stage"
	"tidemark/internal/trials"
	"tidemark/survey"
	"tidemark/survey/export"
	"tidemark/survey/storetest"
)

func TestKillsWhileSealingAndPreparingFilesLeaveBothWholeOnSQLite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database := filepath.Join(dir, "tidemark.db")
	backgroundSurvives(t, database, dir, "SQLite")
	checkFile(t, database)
}

func TestKillsWhileSealingAndPreparingFilesLeaveBothWholeOnPostgreSQL(t *testing.T) {
	t.Parallel()
	backgroundSurvives(t, storetest.PostgresDSN(t), t.TempDir(), "PostgreSQL")
}

// backgroundSurvives kills the server while it places lines of the audit trail into
// their chain and prepares files, both of which come in all the time.
func backgroundSurvives(t *testing.T, database, dir, name string) {
	t.Helper()
	began := time.Now()
	n := often(t, 3, 100)
	s := set(t, database, dir)
	_, err := s.Add(t.Context(), 200) // something to write into files
	do(t, err)
	o := program.Options{Binary: binary, Database: database, SecretFile: s.SecretFile, Dir: dir}
	server := serve(t, o)
	o.Addr = server.Addr
	random := rand.New(rand.NewPCG(uint64(n), 17))
	study := s.Design.Study.ID
	var asked []survey.FileID
	inHand := 0 // files that were being made at the moment of a kill
	for i := range n {
		if i%max(1, n/6) == 0 && len(asked) < 6 {
			f, err := s.Cases.Files.Ask(t.Context(), stage.Actor(), survey.PreparedFile{
				StudyID: study, What: "wide", Format: "csv", Name: "wide.csv", Media: "text/csv",
			}, "")
			do(t, err)
			asked = append(asked, f.ID)
			if begun(t, s, f.ID) {
				inHand++
			}
		} else {
			time.Sleep(time.Duration(random.IntN(400)) * time.Millisecond)
		}
		do(t, server.Kill())
		_, err := s.Add(t.Context(), 3+random.IntN(20)) // each is a line of the trail
		do(t, err)
		server = serve(t, o)
	}
	if inHand == 0 {
		t.Error("no file was being made when the server was killed")
	}
	// Whoever was killed holds a file until the lease runs out: so for a server whose
	// clock is past it.
	later := survey.NewUseCases(survey.Env{
		Store: s.Store, Keys: s.Keys, NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
		Now: func() time.Time { return time.Now().Add(2 * time.Minute) },
	})
	for more := true; more; {
		var err error
		more, err = later.Files.Work(t.Context(), survey.SystemActor("test"), export.Maker(later, s.Store, "test"))
		do(t, err)
	}
	tries := 0
	for _, id := range asked {
		f, content, err := s.Cases.Files.Open(t.Context(), stage.Actor(), study, id, false)
		do(t, err)
		tries = max(tries, f.Tries)
		sum := sha256.New()
		size, err := io.Copy(sum, content)
		do(t, err)
		if hex.EncodeToString(sum.Sum(nil)) != f.SHA256 || size != f.Bytes || size == 0 {
			t.Errorf("file %s is not what was sealed: %d bytes of %d", id, size, f.Bytes)
		}
	}
	waiting := 1
	for deadline := time.Now().Add(2 * time.Minute); waiting > 0; time.Sleep(50 * time.Millisecond) {
		reports, err := s.Cases.Audits.Verify(t.Context(), stage.Actor(), survey.AuditVerification{})
		do(t, err)
		waiting = 0
		for _, r := range reports {
			waiting += r.Waiting
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d lines are still not sealed", waiting)
		}
	}
	stop(t, server)
	lines := wholeTrail(t, s)
	r := trials.Result{
		Row: "background", Test: t.Name(), Database: name, Trials: n, Passed: !t.Failed(), Seconds: time.Since(began).Seconds(),
		Figures: []trials.Figure{trials.Count("lines of the audit trail, all in their chain", lines), trials.Count("files prepared", len(asked)), trials.Count("of them in hand when killed", inHand), trials.Count("tries of one at most", tries)},
	}
	t.Log(r)
	do(t, trials.Keep(r))
}

// begun waits until a file is being made; false: it was made before that was seen.
func begun(t *testing.T, s *stage.Stage, id survey.FileID) bool {
	t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; {
		f, err := s.Cases.Files.Get(t.Context(), stage.Actor(), s.Design.Study.ID, id)
		do(t, err)
		switch {
		case !f.EndedAt.IsZero():
			return false
		case f.Tries > 0:
			return true
		case time.Now().After(deadline):
			t.Fatal("nobody makes the file")
		}
	}
}
