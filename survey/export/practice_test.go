package export_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tidemark/survey"
	"tidemark/survey/export"
	"tidemark/survey/schedule"
)

// ofOwn are the files of what people did and wrote between meetings.
func (l *little) ofOwn() map[string]func(survey.Actor, io.Writer) error {
	return map[string]func(survey.Actor, io.Writer) error{
		"practice": func(a survey.Actor, w io.Writer) error {
			return export.Practice(l.t.Context(), l.store, a, l.study.ID, w)
		},
		"reflections": func(a survey.Actor, w io.Writer) error {
			return export.Reflections(l.t.Context(), l.store, l.cases.Notes, a, l.study.ID, w)
		},
	}
}

func (l *little) own(name string) [][]string {
	l.t.Helper()
	var b bytes.Buffer
	l.must(l.ofOwn()[name](system(), &b))
	records, err := csv.NewReader(&b).ReadAll()
	l.must(err)
	return records
}

// inCourse is somebody of the arm that takes the course, in its second week.
func (l *little) inCourse() survey.Actor {
	l.t.Helper()
	l.now = time.Date(2026, 12, 9, 19, 0, 0, 0, time.UTC)
	for n := range 2 { // the third has left
		if a := l.actor(n); !a.Participation.Control {
			return a
		}
	}
	ctx := l.t.Context()
	run := l.links[0].Enrolment.RunID
	design, err := l.cases.Studies.Design(ctx, system(), l.study.ID)
	l.must(err)
	people, err := l.cases.Runs.AddPeople(ctx, system(), l.study.ID, run, []survey.Person{{Name: "Di"}}, design.Arms[0].ID)
	l.must(err)
	_, l.links, err = l.cases.Enrolments.Links(ctx, system(), l.study.ID, run)
	l.must(err)
	for n, link := range l.links {
		if link.Enrolment.ID == people[0].ID {
			return l.actor(n)
		}
	}
	l.t.Fatal("nobody takes the course")
	return survey.Actor{}
}

func TestPracticeStandsInALongFile(t *testing.T) {
	t.Parallel()
	l := newLittle(t)
	if got := l.own("practice"); len(got) != 1 {
		t.Errorf("without practice there are %d rows", len(got)-1)
	}
	a := l.inCourse()
	formal, informal, zero := true, false, 0
	for _, n := range []survey.NewPractice{
		{Day: schedule.Date{Year: 2026, Month: 12, Day: 8}, Practice: "week_02", Minutes: 20, Formal: &formal, Helpful: &zero},
		{Day: schedule.Date{Year: 2026, Month: 12, Day: 3}, Practice: "week_01", Minutes: 5, Formal: &informal},
	} {
		l.must(l.cases.Practices.Note(t.Context(), a, n, ""))
	}
	got := l.own("practice")
	code := a.Participation.Enrolment.Code
	want := [][]string{
		{"study", "simulated", "participant", "run", "arm", "week", "day", "practice", "minutes", "formal", "helpful"},
		{l.study.Key, "0", code, "'=1+1 group, evening", a.Participation.ArmKey, "1", "2026-12-03", "week_01", "5", "0", ""},
		{l.study.Key, "0", code, "'=1+1 group, evening", a.Participation.ArmKey, "2", "2026-12-08", "week_02", "20", "1", "0"},
	}
	if diff := cmp.Diff(got, want); diff != "" {
		t.Errorf("practice (-got +want):\n%s", diff)
	}
}

func TestReflectionsHoldWhatIsSharedWhileItIs(t *testing.T) {
	t.Parallel()
	l := newLittle(t)
	a, ctx := l.inCourse(), t.Context()
	const secret = "nobody reads this"
	l.must(l.cases.Notes.Write(ctx, a, survey.NoteOwnWords, []string{"=1+1"}, ""))
	l.must(l.cases.Notes.Write(ctx, a, survey.NoteReflection, []string{secret, "", ""}, ""))
	l.must(l.cases.Notes.Write(ctx, a, survey.NoteReflection, []string{"@SUM(1)", "two\nlines, and \"more\"", "-3"}, ""))
	if got := l.own("reflections"); len(got) != 1 {
		t.Errorf("nothing is shared and there are %d rows", len(got)-1)
	}
	words, err := l.cases.Notes.List(ctx, a, survey.NoteOwnWords)
	l.must(err)
	reflections, err := l.cases.Notes.List(ctx, a, survey.NoteReflection)
	l.must(err)
	l.must(l.cases.Notes.Share(ctx, a, survey.NoteOwnWords, words[0].ID, true))
	for _, n := range reflections {
		if n.Text(0) != secret {
			l.must(l.cases.Notes.Share(ctx, a, survey.NoteReflection, n.ID, true))
		}
	}
	const at = "2026-12-09T19:00:00.000Z"
	who := []string{l.study.Key, "0", a.Participation.Enrolment.Code, "'=1+1 group, evening", a.Participation.ArmKey}
	want := [][]string{
		{"study", "simulated", "participant", "run", "arm", "kind", "text", "went_wrong", "differently", "improve", "written_at", "shared_at"},
		append(append([]string(nil), who...), "own_words", "'=1+1", "", "", "", at, at),
		append(append([]string(nil), who...), "reflection", "", "'@SUM(1)", "two\nlines, and \"more\"", "'-3", at, at),
	}
	if diff := cmp.Diff(l.own("reflections"), want); diff != "" {
		t.Errorf("reflections (-got +want):\n%s", diff)
	}
	l.must(l.cases.Notes.Share(ctx, a, survey.NoteOwnWords, words[0].ID, false))
	if diff := cmp.Diff(l.own("reflections"), [][]string{want[0], want[2]}); diff != "" {
		t.Errorf("after taking back (-got +want):\n%s", diff)
	}
}

func TestOnlyWhoMayAnalyseGetsPracticeAndReflections(t *testing.T) {
	t.Parallel()
	l := newLittle(t)
	user := func(g ...survey.Grant) survey.Actor { return survey.UserActor(survey.User{ID: "u", Grants: g}) }
	for name, write := range l.ofOwn() {
		if err := write(user(survey.Grant{Role: survey.RoleResearcher, StudyID: l.study.ID}), io.Discard); err != nil {
			t.Errorf("%s for a researcher: %v", name, err)
		}
		for who, a := range map[string]survey.Actor{
			"nobody": {}, "administrator": user(survey.Grant{Role: survey.RoleAdministrator}),
			"facilitator":                 user(survey.Grant{Role: survey.RoleFacilitator, StudyID: l.study.ID}),
			"researcher of another study": user(survey.Grant{Role: survey.RoleResearcher, StudyID: "another"}),
			"participant":                 l.actor(0),
		} {
			var b bytes.Buffer
			if err := write(a, &b); !errors.Is(err, survey.ErrForbidden) || b.Len() > 0 {
				t.Errorf("%s for %s: %v and %d bytes, want ErrForbidden and none", name, who, err, b.Len())
			}
		}
	}
}

func TestTheCodebookDescribesPracticeAndReflections(t *testing.T) {
	t.Parallel()
	l := newLittle(t)
	described := map[string]string{}
	for _, row := range table(t, read(t, export.Codebook, l.store, l.study.ID)) {
		described[row["variable"]] += " " + row["files"]
	}
	for name := range l.ofOwn() {
		for _, column := range l.own(name)[0] {
			if !strings.Contains(described[column], name) {
				t.Errorf("the codebook does not say that %s is in %s: %q", column, name, described[column])
			}
		}
	}
}

// A failure on the way breaks the file off.
func TestABrokenWriterEndsPracticeAndReflections(t *testing.T) {
	t.Parallel()
	l := newLittle(t)
	full := errors.New("the disk is full")
	for name, write := range l.ofOwn() {
		if err := write(system(), failing{full}); !errors.Is(err, full) {
			t.Errorf("%s: got %v, want the failure", name, err)
		}
	}
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	if err := export.Practice(gone, l.store, system(), l.study.ID, io.Discard); !errors.Is(err, context.Canceled) {
		t.Errorf("for somebody who has gone: %v", err)
	}
}
