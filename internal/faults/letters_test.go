package faults

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"tidemark/internal/postoffice"
	"tidemark/internal/program"
	"tidemark/internal/stage"
	"tidemark/internal/trials"
	"tidemark/survey"
	"tidemark/survey/storetest"
)

func TestEveryInvitationArrivesUnderOneIdentifierWhateverDiesOnSQLite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database := filepath.Join(dir, "tidemark.db")
	lettersSurvive(t, database, dir, 1)
	checkFile(t, database)
}

func TestEveryInvitationArrivesUnderOneIdentifierWhateverDiesOnTwoReplicasOnPostgreSQL(t *testing.T) {
	t.Parallel()
	lettersSurvive(t, storetest.PostgresDSN(t), t.TempDir(), 2)
}

// lettersSurvive lets people come into a study that writes to them, while servers are
// killed in the middle of planning and sending, and the mail server is away at times.
func lettersSurvive(t *testing.T, database, dir string, replicas int) {
	t.Helper()
	n, began := kills(t), time.Now()
	s, err := stage.SetWriting(t.Context(), database, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Store.Close(); err != nil {
			t.Error(err)
		}
	})
	office, err := postoffice.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = office.Close() })
	options := make([]program.Options, replicas)
	servers := make([]*program.Server, replicas)
	for i := range servers {
		options[i] = program.Options{
			Binary: binary, Database: database, SecretFile: s.SecretFile, Dir: t.TempDir(),
			Args: []string{"--mail-smtp", office.Addr, "--mail-from", "study@example.org", "--mail-tls", "none"},
		}
		servers[i] = serve(t, options[i])
		options[i].Addr = servers[i].Addr
	}
	random := rand.New(rand.NewPCG(uint64(n), 14))
	people := map[survey.EnrolmentID]string{}
	for k := range n {
		// A server that begins plans at once: the people who came meanwhile.
		maps.Copy(people, invite(t, s, k, 1+random.IntN(12)))
		i := random.IntN(replicas)
		if err := servers[i].Kill(); err != nil {
			t.Fatal(err)
		}
		office.Shut(random.IntN(5) == 0)
		servers[i] = serve(t, options[i])
		time.Sleep(time.Duration(random.IntN(250)) * time.Millisecond)
	}
	office.Shut(false)
	again := judgeLetters(t, s, office, people)
	for _, server := range servers {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	}
	posted(t, "letters", replicas, n, began, trials.Count("letters", len(people)), trials.Count("came twice, under one identifier", again))
}

// letterName is how mail programs know a message, whenever it is sent.
func letterName(s *stage.Stage, key string) string {
	return s.Keys.HashToken("letter " + string(s.Design.Study.ID) + "\x00" + key)[:32]
}

// posted writes a row about letters down.
func posted(t *testing.T, row string, replicas, n int, began time.Time, figures ...trials.Figure) {
	t.Helper()
	database := map[int]string{1: "SQLite", 2: "PostgreSQL, two replicas"}[replicas]
	r := trials.Result{Row: row, Test: t.Name(), Database: database, Trials: n, Figures: figures, Passed: !t.Failed(), Seconds: time.Since(began).Seconds()}
	t.Log(r)
	do(t, trials.Keep(r))
}

// invite enrols people by address.
func invite(t *testing.T, s *stage.Stage, lot, n int) map[survey.EnrolmentID]string {
	t.Helper()
	persons := make([]survey.Person, n)
	for i := range persons {
		persons[i] = survey.Person{Name: "Somebody", Email: fmt.Sprintf("p%d-%d@example.org", lot, i)}
	}
	enrolled, err := s.Cases.Runs.AddPeople(context.WithoutCancel(t.Context()), stage.Actor(), s.Design.Study.ID, s.Run.ID, persons, "")
	if err != nil {
		t.Fatal(err)
	}
	people := map[survey.EnrolmentID]string{}
	for i, e := range enrolled {
		people[e.ID] = persons[i].Email
	}
	return people
}

// judgeLetters waits until everybody has an invitation and compares: each under the
// identifier of its own message, to its own person, and nothing else.
func judgeLetters(t *testing.T, s *stage.Stage, office *postoffice.Office, people map[survey.EnrolmentID]string) (again int) {
	t.Helper()
	wave := survey.WaveID("")
	for _, w := range s.Design.Waves {
		if w.Key == "pre" {
			wave = w.ID
		}
	}
	for deadline := time.Now().Add(6 * time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		seen := map[string]bool{}
		for _, l := range office.Taken() {
			seen[l.ID] = true
		}
		o, err := s.Store.Outgoing(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(seen) >= len(people) && o.Waiting == 0 {
			break
		}
	}
	arrived := map[string][]postoffice.Letter{}
	for _, l := range office.Taken() {
		arrived[l.ID] = append(arrived[l.ID], l)
	}
	for id, address := range people {
		key := fmt.Sprintf("wave/%s/%s/invitation/1", id, wave)
		letters := arrived[letterName(s, key)]
		delete(arrived, letterName(s, key))
		if len(letters) == 0 {
			m, err := s.Store.Message(t.Context(), s.Design.Study.ID, key)
			t.Errorf("no invitation arrived for %s: %+v (%v)", id, m, err)
			continue
		}
		for _, l := range letters {
			if l.To != address {
				t.Errorf("the invitation of %s went to somebody else", id)
			}
		}
		again += len(letters) - 1
		m, err := s.Store.Message(t.Context(), s.Design.Study.ID, key)
		if err != nil || m.Outcome != survey.OutcomeSent {
			t.Errorf("the outbox says of %s: %+v (%v)", id, m, err)
		}
	}
	if len(arrived) > 0 {
		t.Errorf("%d letters arrived that nobody was to get", len(arrived))
	}
	return again
}
