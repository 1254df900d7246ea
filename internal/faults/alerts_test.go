package faults

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"tidemark/internal/postoffice"
	"tidemark/internal/program"
	"tidemark/internal/risky"
	"tidemark/internal/stage"
	"tidemark/internal/trials"
	"tidemark/internal/visitor"
	"tidemark/survey"
	"tidemark/survey/storetest"
)

const (
	ordinaryFlags = 12
	// inTime is how long a letter may take while mail works.
	inTime = time.Minute
)

// flaggedSaves is how many people give an answer that meets a rule: half as many
// as there are kills in a long run.
func flaggedSaves(t *testing.T) int {
	t.Helper()
	if n := kills(t); n != ordinaryKills {
		return max(n/2, ordinaryFlags)
	}
	return ordinaryFlags
}

func TestEveryFlaggedSaveHasOneAlertWhateverDiesOnSQLite(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	database := filepath.Join(dir, "tidemark.db")
	alertsSurvive(t, database, dir, 1)
	checkFile(t, database)
}

func TestEveryFlaggedSaveHasOneAlertWhateverDiesOnTwoReplicasOnPostgreSQL(t *testing.T) {
	t.Parallel()
	alertsSurvive(t, storetest.PostgresDSN(t), t.TempDir(), 2)
}

// alertsSurvive lets people give an answer that meets a rule, take it back and
// give it again, while servers are killed and the mail server is away.
func alertsSurvive(t *testing.T, database, dir string, replicas int) {
	t.Helper()
	n, began := flaggedSaves(t), time.Now()
	s, err := stage.SetWatched(t.Context(), database, dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Store.Close(); err != nil {
			t.Error(err)
		}
	})
	people, err := s.Add(t.Context(), n)
	if err != nil {
		t.Fatal(err)
	}
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
	asked := make([]*sheet, n) // of each person
	for i, p := range people {
		v := visitor.New(servers[i%replicas].URL(), nil)
		t.Cleanup(v.Close)
		asked[i] = &sheet{visitor: v, id: enter(t, s, v, p)}
	}
	office.Shut(true)
	var flagged atomic.Int64
	var answering sync.WaitGroup
	for from := range 4 {
		random := rand.New(rand.NewPCG(uint64(from), 2026))
		answering.Go(func() {
			for i := from; i < n; i += 4 {
				for _, value := range []float64{1, 0, 2} {
					insist(t, asked[i], value)
				}
				flagged.Add(1)
				time.Sleep(time.Duration(random.IntN(600)) * time.Millisecond)
			}
		})
	}
	done := make(chan struct{})
	go func() { answering.Wait(); close(done) }()
	killed, back := 0, time.Time{}
	for random, going := rand.New(rand.NewPCG(uint64(n), 5)), true; going; {
		select {
		case <-done:
			going = false
		case <-time.After(time.Duration(100+random.IntN(300)) * time.Millisecond):
			i := random.IntN(replicas)
			if err := servers[i].Kill(); err != nil {
				t.Fatal(err)
			}
			servers[i] = serve(t, options[i])
			killed++
		}
		if back.IsZero() && (!going || flagged.Load() > int64(n/2)) {
			office.Shut(false)
			back = time.Now()
		}
	}
	slowest, again := judgeAlerts(t, s, asked, office, back)
	allNoted(t, s)
	for _, server := range servers {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	}
	goUp(t, s, n)
	posted(t, "alerts", replicas, n, began, trials.Count("kills", killed), trials.Seconds("the slowest letter", slowest), trials.Count("came twice, under one identifier", again))
}

// enter lets a person in and gives the questionnaire with a rule.
func enter(t *testing.T, s *stage.Stage, v *visitor.Visitor, p stage.Person) string {
	t.Helper()
	if _, err := v.Enter(t.Context(), p.Token); err != nil {
		t.Fatal(err)
	}
	if _, err := v.Consent(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, due := range dueNow(t, s, p) {
		if due.Wave.Key == "risk" {
			return string(due.Assessment.ID)
		}
	}
	t.Fatal("the questionnaire with a rule is not due")
	return ""
}

// insist saves an answer until the server says that it is safe.
func insist(t *testing.T, s *sheet, value float64) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	for deadline := time.Now().Add(3 * time.Minute); ; time.Sleep(10 * time.Millisecond) {
		err := s.visitor.Save(ctx, s.id, risky.Item, value)
		if err == nil {
			return
		}
		if refused, ok := errors.AsType[*visitor.StatusError](err); ok {
			t.Errorf("a server that is up refused: %v", refused)
			return
		}
		if time.Now().After(deadline) {
			t.Errorf("an answer is not acknowledged: %v", err)
			return
		}
	}
}

// judgeAlerts waits until every letter has arrived and compares: one flag, one
// alert, one message for each person, and a letter within a minute of when mail
// worked, which tells nobody what was answered.
func judgeAlerts(t *testing.T, s *stage.Stage, asked []*sheet, office *postoffice.Office, back time.Time) (slowest time.Duration, again int) {
	t.Helper()
	ctx, study := t.Context(), s.Design.Study.ID
	alerts, err := s.Store.Alerts(ctx, study, 2*len(asked))
	if err != nil {
		t.Fatal(err)
	}
	byAssessment := map[string][]survey.Alert{}
	for _, a := range alerts {
		byAssessment[string(a.AssessmentID)] = append(byAssessment[string(a.AssessmentID)], a)
	}
	for _, one := range asked {
		flags, err := s.Store.RiskFlags(ctx, study, survey.AssessmentID(one.id))
		if err != nil {
			t.Fatal(err)
		}
		if len(flags) != 1 || len(byAssessment[one.id]) != 1 {
			t.Errorf("%s: %d flags and %d alerts, want one of each", one.id, len(flags), len(byAssessment[one.id]))
		}
	}
	arrived := map[string]time.Time{}
	for deadline := time.Now().Add(5 * inTime); len(arrived) < len(alerts) && time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		for _, l := range office.Taken() {
			if _, known := arrived[l.ID]; !known {
				arrived[l.ID] = l.At
			}
		}
	}
	again = len(office.Taken()) - len(arrived)
	for _, a := range alerts {
		key := fmt.Sprintf("alert/%s/0/responder", a.ID)
		at, ok := arrived[letterName(s, key)]
		if !ok {
			m, err := s.Store.Message(ctx, study, key)
			t.Errorf("no letter about alert %s: %+v (%v)", a.ID, m, err)
			continue
		}
		slowest = max(slowest, at.Sub(slices.MaxFunc([]time.Time{a.OpenedAt, back}, time.Time.Compare)))
	}
	if slowest > atMost(inTime) {
		t.Errorf("a letter took %s while mail worked, want at most %s", slowest, atMost(inTime))
	}
	for _, l := range office.Taken() {
		for _, secret := range []string{risky.Item, "laceholder", "P-"} {
			if strings.Contains(l.Text, secret) {
				t.Errorf("a letter tells %q", secret)
			}
		}
	}
	return slowest, again
}

// allNoted waits until every letter is noted as sent. One that had arrived when its
// server was killed is known to nobody until its lease ends and it is sent again,
// under the same identifier.
func allNoted(t *testing.T, s *stage.Stage) {
	t.Helper()
	for deadline := time.Now().Add(5 * inTime); ; time.Sleep(50 * time.Millisecond) {
		due, err := s.Store.DueMessages(t.Context(), time.Now().Add(inTime), 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(due) == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("a letter that has arrived is not noted as sent: %+v", due[0])
		}
	}
}

// goUp moves the clock to half of the window: every alert goes to the deputy, once,
// though two servers look at the same time.
func goUp(t *testing.T, s *stage.Stage, n int) {
	t.Helper()
	at := func(later time.Duration) *survey.UseCases {
		return survey.NewUseCases(survey.Env{
			Store: s.Store, Keys: s.Keys, NewID: func() string { return uuid.Must(uuid.NewV7()).String() },
			Now: func() time.Time { return time.Now().Add(later) },
		})
	}
	steps := func(later time.Duration) int {
		var taken atomic.Int64
		var all sync.WaitGroup
		for range 2 {
			cases := at(later)
			all.Go(func() {
				for {
					k, err := cases.Alerts.Escalate(t.Context(), survey.SystemActor("test"))
					if err != nil {
						t.Error(err)
						return
					}
					if k == 0 {
						return
					}
					taken.Add(int64(k))
				}
			})
		}
		all.Wait()
		return int(taken.Load())
	}
	if k := steps(5 * time.Hour); k != 0 {
		t.Errorf("before half of the window %d alerts went up", k)
	}
	if k := steps(6*time.Hour + time.Minute); k != n {
		t.Errorf("at half of the window %d steps were taken, want %d", k, n)
	}
	if k := steps(7 * time.Hour); k != 0 {
		t.Errorf("after half of the window %d more went up", k)
	}
	due, err := s.Store.DueMessages(t.Context(), time.Now().Add(7*time.Hour), 10*n)
	if err != nil {
		t.Fatal(err)
	}
	deputies := 0
	for _, m := range due {
		if m.ToID == "deputy" {
			deputies++
		}
	}
	// The others remind the responder, and are dropped when their turn comes.
	if deputies != n || len(due) != 2*n {
		t.Errorf("%d messages wait, %d of them for the deputy; want %d and as many reminders", len(due), deputies, n)
	}
}
