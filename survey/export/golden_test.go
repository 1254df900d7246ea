package export_test

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey"
	"tidemark/survey/auth"
	"tidemark/survey/export"
	"tidemark/survey/instrument"
	"tidemark/survey/rehearsal"
	"tidemark/survey/storetest"
)

var update = flag.Bool("update", false, "write the files under testdata anew")

// little is a study with three people: one has answered everything before the
// course but a question, one is in the middle, one has left.
type little struct {
	t     *testing.T
	now   time.Time
	store survey.Store
	cases *survey.UseCases
	study survey.Study
	links []survey.PrintedLink
	// awkward are the codes of the people of playAwkward.
	awkward []string
}

func newLittle(t *testing.T) *little {
	t.Helper()
	l := &little{t: t, now: time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC), store: storetest.SQLite(t)}
	random := rand.NewChaCha8([32]byte{1})
	secret, err := auth.NewSecret()
	l.must(err)
	keys, err := auth.Seeded(secret, random)
	l.must(err)
	n := 0
	l.cases = survey.NewUseCases(survey.Env{
		Store: l.store, Now: func() time.Time { return l.now }, Random: random, Keys: keys,
		NewID: func() string { n++; return fmt.Sprintf("00000000-0000-7000-8000-%012d", n) },
	})
	ctx := t.Context()
	l.study, err = l.cases.Studies.Create(ctx, system(), survey.NewStudy{
		Protocol: "learning_from_setbacks_8", Team: "The Harbour Institute", Contact: "ines@example.org", Ethics: "Board of Harbour, 12/2026",
	})
	l.must(err)
	_, err = l.cases.Safeties.Declare(ctx, system(), survey.Safety{StudyID: l.study.ID, Shape: survey.SafetyAnonymous, TimeZone: "UTC"})
	l.must(err)
	l.must(l.cases.Studies.Open(ctx, system(), l.study.ID))
	run, err := l.cases.Runs.Create(ctx, system(), l.study.ID, survey.NewRun{
		Name: "=1+1 group, evening", CourseKey: "learning_from_setbacks_8", StartsOn: "2026-11-30", MeetingTime: "18:00",
	})
	l.must(err)
	people := []survey.Person{{Name: "Ana Ruiz", Email: "ana@example.org"}, {Name: "Bo"}, {Name: "Cy"}}
	_, err = l.cases.Runs.AddPeople(ctx, system(), l.study.ID, run.ID, people, "")
	l.must(err)
	_, l.links, err = l.cases.Enrolments.Links(ctx, system(), l.study.ID, run.ID)
	l.must(err)
	l.play()
	return l
}

func (l *little) must(err error) {
	l.t.Helper()
	if err != nil {
		l.t.Fatal(err)
	}
}

// play lets the three do their part.
func (l *little) play() {
	for n := range l.links {
		a := l.actor(n)
		due, err := l.cases.Assessments.Due(l.t.Context(), a)
		l.must(err)
		for i, it := range due[:3] {
			l.now = l.now.Add(time.Minute)
			answers := instrument.Numbers{}
			for k, item := range it.Definition.Items {
				if n == 0 && i == 0 && k == 3 {
					continue // left out
				}
				answers[item.Code] = float64(1 + (n+i+k)%5)
			}
			switch {
			case n == 0:
				l.must(l.cases.Assessments.Submit(l.t.Context(), a, it.Assessment.ID, answers.Answers()))
			case n == 1 && i == 0:
				delete(answers, "sc_12")
				_, err := l.cases.Assessments.Save(l.t.Context(), a, it.Assessment.ID, answers.Answers())
				l.must(err)
			case n == 2 && i == 1:
				l.must(l.cases.Assessments.Submit(l.t.Context(), a, it.Assessment.ID, answers.Answers()))
				l.must(l.cases.Enrolments.Withdraw(l.t.Context(), a))
				return
			}
		}
	}
}

// actor is person n, who has agreed to take part.
func (l *little) actor(n int) survey.Actor {
	l.t.Helper()
	ctx := l.t.Context()
	_, p, err := l.cases.SignIns.ByPersonalLink(ctx, l.links[n].Token)
	l.must(err)
	l.must(l.cases.Enrolments.Consent(ctx, survey.ParticipantActor(p), 1))
	_, p, err = l.cases.SignIns.ByPersonalLink(ctx, l.links[n].Token)
	l.must(err)
	return survey.ParticipantActor(p)
}

func TestTheFilesOfALittleStudy(t *testing.T) {
	t.Parallel()
	l := newLittle(t)
	for name, write := range files() {
		var b bytes.Buffer
		l.must(write(t.Context(), l.store, system(), l.study.ID, &b))
		path := filepath.Join("testdata", name+".csv")
		got := b.Bytes()
		if name == "codebook" { // its beginning; the rest is of the same kind
			got = bytes.Join(bytes.SplitAfter(got, []byte("\n"))[:49], nil)
		}
		if *update {
			l.must(os.WriteFile(path, got, 0o644))
		}
		want, err := os.ReadFile(path)
		l.must(err)
		if d := cmp.Diff(string(got), string(want)); d != "" {
			t.Errorf("%s (-got +want):\n%s", name, d)
		}
		for _, contact := range []string{"Ana", "Ruiz", "example.org", "Bo,", "Cy,"} {
			if bytes.Contains(b.Bytes(), []byte(contact)) {
				t.Errorf("%s holds contact data: %q", name, contact)
			}
		}
	}
}

func TestTheFilesOfARehearsalAgree(t *testing.T) {
	t.Parallel()
	store := storetest.SQLite(t)
	secret, err := auth.NewSecret()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := auth.New(secret)
	if err != nil {
		t.Fatal(err)
	}
	r, err := rehearsal.Play(t.Context(), rehearsal.Options{
		Store: store, Keys: keys, Seed: 3, People: 30, Now: time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC),
	})
	if err != nil {
		t.Fatal(err)
	}
	study := r.Study.ID
	long, wide := table(t, read(t, export.Long, store, study)), table(t, read(t, export.Wide, store, study))
	scores, codebook := table(t, read(t, export.Scores, store, study)), table(t, read(t, export.Codebook, store, study))
	if len(wide) != r.People || len(long) < 1000 || len(scores) < 100 {
		t.Fatalf("%d people, %d answers, %d scores", len(wide), len(long), len(scores))
	}
	people := map[string]map[string]string{}
	for _, row := range wide {
		people[row["participant"]] = row
		if row["simulated"] != "1" {
			t.Fatal("simulated people are not marked")
		}
	}
	// Everything in the long and the scores file stands in the wide one.
	given := map[string]bool{}
	for _, row := range long {
		key := row["participant"] + " " + row["item"] + "_" + row["wave"]
		if given[key] {
			t.Errorf("%s stands twice", key)
		}
		given[key] = true
		if got := people[row["participant"]][row["item"]+"_"+row["wave"]]; got != row["value"] {
			t.Errorf("%s: %q in the wide file, %q in the long one", key, got, row["value"])
		}
		if (row["value"] == "") != (row["missing"] != "") {
			t.Errorf("%s: value %q, missing %q", key, row["value"], row["missing"])
		}
		if got := people[row["participant"]][row["instrument"]+"_submitted_"+row["wave"]]; got != row["submitted_at"] {
			t.Errorf("%s: submitted %q in the wide file, %q in the long one", key, got, row["submitted_at"])
		}
	}
	for _, row := range scores {
		key := row["participant"] + " " + row["scale"] + "_" + row["wave"]
		if given[key] {
			t.Errorf("%s stands twice", key)
		}
		given[key] = true
		if got := people[row["participant"]][row["scale"]+"_"+row["wave"]]; got != row["value"] {
			t.Errorf("%s: %q in the wide file, %q among the scores", key, got, row["value"])
		}
	}
	// And the other way round; the codebook describes every column.
	described := map[string]map[string]string{}
	for _, e := range codebook {
		described[e["variable"]] = e
	}
	for code, row := range people {
		for name, value := range row {
			e, ok := described[name]
			if !ok {
				t.Fatalf("the codebook lacks %s", name)
			}
			if e["item_or_scale"] == "" || value == "" {
				continue
			}
			if !given[code+" "+name] {
				t.Errorf("%s of %s stands in the wide file alone", name, code)
			}
			v, low, high := number(t, value), number(t, e["min"]), number(t, e["max"])
			if v < low || v > high {
				t.Errorf("%s = %s is outside of the codebook's %s to %s", name, value, e["min"], e["max"])
			}
		}
	}
}

func number(t *testing.T, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// The study is large enough to see whether time is lost in reading it.
func BenchmarkLongFromSQLite(b *testing.B) {
	store := storetest.SQLite(b)
	secret, err := auth.NewSecret()
	if err != nil {
		b.Fatal(err)
	}
	keys, err := auth.New(secret)
	if err != nil {
		b.Fatal(err)
	}
	r, err := rehearsal.Play(b.Context(), rehearsal.Options{Store: store, Keys: keys, Seed: 1, People: 1000, Now: time.Now()})
	if err != nil {
		b.Fatal(err)
	}
	n := 0
	if err := store.EachResponse(b.Context(), r.Study.ID, func(*survey.ResponseRow) error { n++; return nil }); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := export.Long(b.Context(), store, system(), r.Study.ID, io.Discard); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "answers/s")
}
