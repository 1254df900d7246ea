package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tidemark/internal/browser"
	"tidemark/survey"
)

// TestACopyIsTakenAndEverythingErasedByKeyboardAlone is somebody on a phone without
// a pointer: they agree, take a copy, and leave for good.
func TestACopyIsTakenAndEverythingErasedByKeyboardAlone(t *testing.T) {
	t.Parallel()
	b, ways := chrome(t), freshDemo(t)
	tab := open(t, b, browser.Phone)
	do(t, tab.Visit(ways.Participant), tab.TabTo("main form button"), tab.Enter())
	do(t, tab.TabTo("#of_age"), tab.Press(" "), tab.TabTo("button[value=agree]"), tab.Enter())
	do(t, tab.TabTo("a[href='/me/data']"), tab.Enter())

	wellMade(t, tab)
	// A download leaves the page as it is; what it holds is fetched the same way.
	do(t, tab.TabTo("button[name=as][value=json]"))
	copied, err := browser.Evaluate[string](tab, `(async () => {
		const f = document.activeElement.form;
		const r = await fetch(f.action, {method: "POST", headers: {"Content-Type": "application/x-www-form-urlencoded"}, body: "as=json"});
		return r.headers.get("Content-Disposition") + "\n" + await r.text();
	})()`)
	do(t, err)
	head, text, _ := strings.Cut(copied, "\n")
	var doc survey.OwnCopy
	if err := json.Unmarshal([]byte(text), &doc); err != nil || doc.Schema != survey.OwnCopySchema || !strings.Contains(head, "my-data.json") {
		t.Fatalf("the copy begins %.80q (%s): %v", text, head, err)
	}
	if doc.Person.Code == "" || len(doc.Consents) == 0 {
		t.Errorf("the copy is of %+v", doc.Person)
	}

	do(t, tab.TabTo("button[name=messages]"), tab.Enter())
	if said, err := tab.Text("form[action='/me/data/messages'] [role=status]"); err != nil || !strings.Contains(said, "paused since") {
		t.Errorf("after pausing the page says %q (%v)", said, err)
	}
	do(t, tab.TabTo("a[href='/me/data/leave']"), tab.Enter()) // the first tap
	wellMade(t, tab)
	do(t, tab.TabTo("#erase"), tab.Enter()) // the second
	wellMade(t, tab)
	heading, err := tab.Text("h1")
	do(t, err)
	path, err := tab.Path()
	do(t, err)
	if heading != "Your data are erased" || !strings.HasPrefix(path, "/erased/") {
		t.Errorf("after the second tap: %q on %s", heading, path)
	}
	base, _, _ := strings.Cut(ways.Participant, "/p/")
	do(t, tab.Visit(base+"/me"))
	if heading, err := tab.Text("h1"); err != nil || strings.Contains(heading, "due") {
		t.Errorf("the device still knows the person: %q (%v)", heading, err)
	}
	for _, c := range tab.Complaints() {
		if !strings.Contains(c, "401") { // the page after everything was erased
			t.Errorf("the console says %s", c)
		}
	}
}

// wellMade holds the page a tab is on to the rules of accessibility, at three widths.
func wellMade(t *testing.T, tab *browser.Tab) {
	t.Helper()
	for _, width := range []int{320, browser.Desk, browser.Phone} {
		do(t, tab.Resize(width))
		found, err := tab.Axe()
		do(t, err)
		path, err := tab.Path()
		do(t, err)
		for _, v := range found {
			t.Errorf("%s at %d px: %+v", path, width, v)
		}
		if over, err := tab.Overflow(); err != nil || over > 0 {
			t.Errorf("%s at %d px: %d px too wide (%v)", path, width, over, err)
		}
	}
}

// enrolled makes an installation with one person.
func enrolled(t *testing.T, db string) (survey.Study, survey.Participation) {
	t.Helper()
	must(t, "", "admin", "study", "create", "--title", "Small", "--database", db)
	in := openAt(t, db)
	ctx := t.Context()
	study, err := in.study(ctx, "small")
	do(t, err)
	// Its text is for nobody to read.
	do(t, in.store.InTx(ctx, func(tx survey.Tx) error {
		_, err := tx.SetStudyState(ctx, study.ID, survey.StudyDraft, survey.StudyOpen)
		return err
	}))
	run, err := in.cases.Runs.Create(ctx, operator(), study.ID, survey.NewRun{
		Name: "First", CourseKey: "learning_from_setbacks_8", StartsOn: "2026-12-10", MeetingTime: "18:30",
	})
	do(t, err)
	people, err := in.cases.Runs.AddPeople(ctx, operator(), study.ID, run.ID, []survey.Person{{Name: "Canary Nightingale"}}, "")
	do(t, err)
	p, err := in.store.Participation(ctx, study.ID, people[0].ID)
	do(t, err)
	return study, p
}

func TestErasuresAreDoneAgainFromTheFileBesideTheDatabase(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	file := strings.TrimPrefix(db, "sqlite:")
	var older []byte
	t.Run("before", func(t *testing.T) {
		_, p := enrolled(t, db)
		in := openAt(t, db)
		do(t, in.store.Scrub(t.Context())) // so that the file holds everything
		var err error
		older, err = os.ReadFile(file)
		do(t, err)
		_, err = in.cases.Erasures.Erase(t.Context(), survey.ParticipantActor(p), "")
		do(t, err)
	})
	tomb, err := os.ReadFile(file + ".erased")
	do(t, err)
	if n := strings.Count(string(tomb), "\n"); n != 1 || strings.Contains(string(tomb), "Nightingale") {
		t.Errorf("the file of tombstones is %q", tomb)
	}
	do(t, os.WriteFile(file, older, 0o600))
	if r := must(t, "", "admin", "replay-erasures", "--database", db); !strings.Contains(r.stdout, "erased 1 person again") {
		t.Errorf("it says %q", r.stdout)
	}
	if r := must(t, "", "admin", "replay-erasures", "--database", db); !strings.Contains(r.stdout, "nobody had to be") {
		t.Errorf("the second time it says %q", r.stdout)
	}
	do(t, os.WriteFile(file+".erased", []byte("not a tombstone\n"), 0o600))
	if r := tidemark(t, "", "admin", "replay-erasures", "--database", db); r.code != exitFailure || !strings.Contains(r.stderr, "line 1 is no tombstone") {
		t.Errorf("a broken file: exit %d, %q", r.code, r.stderr)
	}
}

func TestTheOperatorWritesACopyForAPerson(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	_, p := enrolled(t, db)
	out := filepath.Join(t.TempDir(), "copy.json")
	must(t, "", "admin", "own-data", "--study", "small", p.Enrolment.Code, "--out", out, "--database", db)
	data, err := os.ReadFile(out)
	do(t, err)
	var doc survey.OwnCopy
	do(t, json.Unmarshal(data, &doc))
	if doc.Person.Name != "Canary Nightingale" {
		t.Errorf("the copy is of %+v", doc.Person)
	}
	if r := tidemark(t, "", "admin", "own-data", "--study", "small", "P-NOBODY", "--database", db); r.code != exitFailure || !strings.Contains(r.stderr, "nobody in study small") {
		t.Errorf("an unknown code: exit %d, %q", r.code, r.stderr)
	}
	if r := tidemark(t, "", "admin", "study", "erasure", "small", "never", "--database", db); r.code != exitFailure || !strings.Contains(r.stderr, "before it opens") {
		t.Errorf("an open study: exit %d, %q", r.code, r.stderr)
	}
	must(t, "", "admin", "study", "create", "--title", "Other", "--database", db)
	must(t, "", "admin", "study", "erasure", "other", "until_analysis", "--database", db)
}
