package main

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
)

// openAt opens an installation the way commands do.
func openAt(t *testing.T, database string) *installation {
	t.Helper()
	in, err := (&program{now: time.Now}).open(t.Context(), Config{Database: database})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := in.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return in
}

const password = "seven brown kettles sing"

func TestAnAccountMadeAtTheCommandLineSignsIn(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	must(t, password+"\n", "admin", "create", "Ana@Example.org", "--name", "Ana Ruiz", "--password-stdin", "--database", db)
	in := openAt(t, db)
	cookie, user, err := in.cases.SignIns.ByPassword(t.Context(), survey.Client{}, "ana@example.org", password)
	if err != nil {
		t.Fatal(err)
	}
	actor, err := in.cases.SignIns.Staff(t.Context(), cookie)
	if err != nil {
		t.Fatal(err)
	}
	if !actor.IsAdministrator() || user.Name != "Ana Ruiz" {
		t.Errorf("signed in as %+v, want the administrator Ana Ruiz", actor.User)
	}
	if _, _, err := in.cases.SignIns.ByPassword(t.Context(), survey.Client{}, "ana@example.org", password+" "); !errors.Is(err, survey.ErrNotSignedIn) {
		t.Errorf("a wrong password gives %v, want ErrNotSignedIn", err)
	}
}

func TestAccountsAreChangedAndEnded(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	must(t, password, "admin", "create", "ana@example.org", "--password-stdin", "--database", db)
	if r := tidemark(t, password, "admin", "create", "ana@example.org", "--password-stdin", "--database", db); r.code != exitFailure || !strings.Contains(r.stderr, "already") {
		t.Errorf("a second account of the same address: exit %d, %q", r.code, r.stderr)
	}
	const other = "nine green ladders lean"
	must(t, other, "admin", "password", "ana@example.org", "--password-stdin", "--database", db)
	in := openAt(t, db)
	if _, _, err := in.cases.SignIns.ByPassword(t.Context(), survey.Client{}, "ana@example.org", other); err != nil {
		t.Errorf("the new password: %v", err)
	}
	must(t, "", "admin", "disable", "ana@example.org", "--database", db)
	if _, _, err := in.cases.SignIns.ByPassword(t.Context(), survey.Client{}, "ana@example.org", other); !errors.Is(err, survey.ErrNotSignedIn) {
		t.Errorf("a disabled account gives %v, want ErrNotSignedIn", err)
	}
	if r := must(t, "", "admin", "list", "--database", db); !strings.Contains(r.stdout, "ana@example.org") || !strings.Contains(r.stdout, "disabled") {
		t.Errorf("list: %q", r.stdout)
	}
}

func TestAStudyIsMadeOpenedAndStaffed(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	must(t, "", "admin", "study", "create", "--key", "unfinished", "--database", db)
	if r := tidemark(t, "", "admin", "study", "open", "unfinished", "--database", db); r.code != exitFailure || !strings.Contains(r.stderr, "It lacks: contact, ethics, who") {
		t.Errorf("opening without a whole consent text: exit %d, %q", r.code, r.stderr)
	}
	must(t, "", "admin", "study", "create", "--time-zone", "Europe/London", "--team", "The Harbour Institute",
		"--contact", "ines@example.org", "--ethics", "Board of Harbour, 12/2026", "--database", db)
	if r := tidemark(t, "", "admin", "study", "create", "--database", db); r.code != exitFailure || !strings.Contains(r.stderr, "--key") {
		t.Errorf("a second study of the same key: exit %d, %q", r.code, r.stderr)
	}
	if r := tidemark(t, "", "admin", "study", "open", "learning-from-setbacks", "--database", db); r.code != exitFailure || !strings.Contains(r.stderr, "linked or anonymous") {
		t.Errorf("a study that has declared nothing: code %d, %s", r.code, r.stderr)
	}
	must(t, "", "admin", "study", "safety", "learning-from-setbacks", "--anonymous", "--database", db)
	must(t, "", "admin", "study", "open", "learning-from-setbacks", "--database", db)
	if r := tidemark(t, "", "admin", "study", "open", "learning-from-setbacks", "--database", db); r.code != exitFailure || !strings.Contains(r.stderr, "only a draft") {
		t.Errorf("opening twice: exit %d, %q", r.code, r.stderr)
	}
	if r := must(t, "", "admin", "study", "list", "--database", db); !strings.Contains(r.stdout, "learning-from-setbacks  open") {
		t.Errorf("list: %q", r.stdout)
	}
	r := must(t, "", "admin", "create", "noor@example.org", "--role", "researcher", "--study", "learning-from-setbacks",
		"--invite", "--base-url", "https://study.example.org/", "--database", db)
	_, token, ok := strings.Cut(r.stdout, "https://study.example.org/sign-in/link/")
	if !ok {
		t.Fatalf("no link in %q", r.stdout)
	}
	must(t, "", "admin", "grant", "noor@example.org", "facilitator", "--study", "learning-from-setbacks", "--database", db)
	in := openAt(t, db)
	_, user, err := in.cases.SignIns.ByStaffLink(t.Context(), survey.Client{}, strings.TrimSpace(token))
	if err != nil {
		t.Fatal(err)
	}
	study, err := in.cases.Studies.ByKey(t.Context(), survey.UserActor(user), "learning-from-setbacks")
	if err != nil {
		t.Fatal(err)
	}
	if a := survey.UserActor(user); !a.MayAnalyse(study.ID) || !a.MayStartRuns(study.ID) || a.IsAdministrator() {
		t.Errorf("the account has the roles %+v", user.Grants)
	}
	if _, _, err := in.cases.SignIns.ByStaffLink(t.Context(), survey.Client{}, strings.TrimSpace(token)); !errors.Is(err, survey.ErrNotFound) {
		t.Errorf("a used link gives %v, want ErrNotFound", err)
	}
}

// enrol brings one person into a new run of a new study.
func enrol(t *testing.T, db string) {
	t.Helper()
	must(t, "", "admin", "study", "create", "--team", "The Harbour Institute", "--contact", "ines@example.org",
		"--ethics", "Board of Harbour, 12/2026", "--database", db)
	must(t, "", "admin", "study", "safety", "learning-from-setbacks", "--linked", "--database", db)
	must(t, "", "admin", "study", "open", "learning-from-setbacks", "--database", db)
	in := openAt(t, db)
	ctx := t.Context()
	study, err := in.cases.Studies.ByKey(ctx, operator(), "learning-from-setbacks")
	if err != nil {
		t.Fatal(err)
	}
	run, err := in.cases.Runs.Create(ctx, operator(), study.ID, survey.NewRun{
		Name: "Spring", CourseKey: "learning_from_setbacks_8", StartsOn: "2026-03-02", MeetingTime: "18:30",
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := in.cases.Runs.AddPeople(ctx, operator(), study.ID, run.ID, []survey.Person{{Name: "Ana"}}, ""); err != nil {
		t.Fatal(err)
	}
}

func TestASecretThatIsNotTheDatabasesIsRefused(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	enrol(t, db)
	other := write(t, db+".other", must(t, "", "secret").stdout)
	r := tidemark(t, "", "admin", "list", "--database", db, "--secret-file", other)
	if r.code != exitFailure || !strings.Contains(r.stderr, "not the one of this database") {
		t.Errorf("another secret: exit %d, %q", r.code, r.stderr)
	}
	if err := os.Rename(db+".secret", db+".moved"); err != nil {
		t.Fatal(err)
	}
	r = tidemark(t, "", "admin", "list", "--database", db)
	if r.code != exitFailure || !strings.Contains(r.stderr, "Restore it") {
		t.Errorf("no secret: exit %d, %q", r.code, r.stderr)
	}
	if _, err := os.Stat(db + ".secret"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a fresh secret was written over a lost one (%v)", err)
	}
	must(t, "", "admin", "list", "--database", db, "--secret-file", db+".moved")
}
