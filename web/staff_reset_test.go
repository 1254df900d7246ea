package web

import (
	"crypto/rand"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"tidemark/survey"
)

// lettered is another server of the same installation, which tells staff by mail what is
// done with their accounts, and reaches them at its own address.
func (w *world) lettered(t *testing.T) string {
	t.Helper()
	base, site, cases := w.another(t)
	w.site, w.cases = site, cases
	return base
}

// withLetters is such a server beside the one there is.
func (w *world) withLetters(t *testing.T) string {
	t.Helper()
	base, _, _ := w.another(t)
	return base
}

func (w *world) another(t *testing.T) (base string, site *Server, cases *survey.UseCases) {
	t.Helper()
	cases = survey.NewUseCases(survey.Env{
		Store: w.store, Now: w.now, Keys: w.keys, NewID: func() string { return uuid.Must(uuid.NewV7()).String() }, Random: rand.Reader,
		Rules: survey.StaffRules{ProveAgain: 10 * time.Minute, Letters: true},
	})
	base = serve(t, w.log, func(base string) *Server {
		var err error
		site, err = New(Config{BaseURL: base, Now: w.now, Mail: true, Logger: w.site.cfg.Logger}, cases, w.store)
		w.must(err)
		return site
	})
	return base, site, cases
}

var mailedLink = regexp.MustCompile(`https?://[^\s]+/sign-in/link/[0-9a-z]+`)

func TestAForgottenPasswordIsSetByAMailedLinkOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	base := w.lettered(t)
	u := w.account("me@example.org", w.researcher())
	w.password(u, goodPassword)
	old := at(t, base)
	old.post("/sign-in", url.Values{"email": {u.Email}, "password": {goodPassword}}).want(200)
	w.delivered() // that a new browser was used

	d := at(t, base)
	form := d.get("/sign-in").follow("Password forgotten?").want(200).form("Send me a link")
	form.fields.Set("email", "Me@Example.org")
	// Whatever a request says of the host, the link leads to the configured address.
	r := d.request(http.MethodPost, resetPath, form.fields)
	r.Host = "evil.example"
	known := d.do(r).want(200, "a letter is on its way")
	letters := w.delivered()
	if len(letters) != 1 || letters[0].To != u.Email || strings.Contains(letters[0].Body, "evil") {
		t.Fatalf("the letters are %+v", letters)
	}
	link := mailedLink.FindString(letters[0].Body)
	path, ok := strings.CutPrefix(link, base)
	if !ok {
		t.Fatalf("the link is %q, and the address %q", link, base)
	}
	for range 3 { // a mail scanner
		at(t, base).get(path).want(200, "Sign in as")
		at(t, base).plain().do(d.request(http.MethodHead, path, nil)).want(200)
	}
	old.get("/account").want(200)
	s := d.post(path, url.Values{}).want(200, "New password")
	at(t, base).post(path, url.Values{}).want(404)
	const fresh = "another sentence that only I would say"
	set := s.form("Change password")
	set.fields.Set("password", fresh)
	set.fields.Set("repeat", fresh)
	set.press("Change password").want(200, "Your password is changed")
	if s := old.get("/account"); !strings.HasPrefix(s.path, "/sign-in") {
		t.Errorf("another browser is still signed in: %s", s.path)
	}
	told := ""
	for _, l := range w.delivered() {
		told += l.To + ": " + l.Body
	}
	if !strings.Contains(told, u.Email+": Hello Name of me@example.org,\n\nYour password was changed") {
		t.Errorf("nobody is told of the new password: %s", told)
	}
	at(t, base).plain().post("/sign-in", url.Values{"email": {u.Email}, "password": {goodPassword}}).want(401)

	// An address that nobody has: the same page, as many commits, and no letter.
	ask := func(email string) (screen, int64) {
		before := w.store.committed.Load()
		s := at(t, base).post(resetPath, url.Values{"email": {email}})
		return s, w.store.committed.Load() - before
	}
	unknown, commits := ask("nobody@example.org")
	again, more := ask(u.Email)
	if unknown.want(200).text() != known.text() || again.text() != known.text() || commits != more {
		t.Errorf("an unknown address is told apart: %d and %d commits", commits, more)
	}
	if n := len(w.delivered()); n != 1 {
		t.Errorf("there are %d letters", n)
	}
	// Nobody fills a letterbox: three an hour, whoever asks, and the answer stays the same.
	for range 6 {
		if s, _ := ask(u.Email); s.want(200).text() != known.text() {
			t.Error("the answer tells that it is asked too often for one address")
		}
	}
	if n := len(w.delivered()); n != 1 {
		t.Errorf("there are %d letters more", n)
	}
	at(t, base).post(resetPath, url.Values{"email": {"x"}}).want(422, "Write an e-mail address")
	// A letter that comes too late is not sent: its link is dead.
	w.setClock(w.now().Add(2 * time.Hour))
	ask(u.Email)
	w.setClock(w.now().Add(survey.ResetLinkLifetime))
	if n := len(w.delivered()); n != 0 {
		t.Errorf("%d letters bring a dead link", n)
	}
	w.device(t) // nothing of it is in the log
	if log := w.log.String(); strings.Contains(log, path[len("/sign-in/link/"):]) || strings.Contains(log, u.Email) {
		t.Error("the log holds a link or an address")
	}
}

func TestWhatIsDoneWithAnAccountIsToldByMail(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	base := w.lettered(t)
	u := w.account("me@example.org", w.researcher())
	w.password(u, goodPassword)
	signIn := url.Values{"email": {u.Email}, "password": {goodPassword}}
	told := func(want ...string) {
		t.Helper()
		letters := w.delivered()
		if len(letters) != len(want) {
			t.Fatalf("there are %d letters, want %d: %+v", len(letters), len(want), letters)
		}
		for i, l := range letters {
			if l.To != u.Email || !strings.Contains(l.Body, want[i]) || !strings.Contains(l.Body, base+"/account") {
				t.Errorf("%s: %s", l.To, l.Body)
			}
		}
	}
	d := at(t, base)
	d.post("/sign-in", signIn).want(200)
	told("on a browser that had not been used for it before")
	d.post("/sign-out", url.Values{}).want(200)
	d.post("/sign-in", signIn).want(200)
	told() // it is known by now
	w.setUp(t, d)
	told()
	boss := w.account("boss@example.org", administrator())
	w.password(boss, goodPassword)
	admin := at(t, base)
	admin.post("/sign-in", url.Values{"email": {boss.Email}, "password": {goodPassword}}).want(200)
	w.delivered()
	admin.post("/admin/users/"+string(u.ID)+"/factor/reset", url.Values{}).want(200)
	told("An administrator has reset your second factor")
	admin.post("/admin/users/"+string(u.ID)+"/invite", url.Values{}).want(200)
	told("An administrator has made a link")
	// Without mail there is no such page, and nothing waits for a letterbox.
	plain := newWorld(t, 0)
	plain.device(t).get(resetPath).want(404)
	plain.device(t).post(resetPath, url.Values{"email": {"me@example.org"}}).want(404)
	plain.signedIn(t, "me@example.org", plain.researcher())
	if n := len(plain.delivered()); n != 0 {
		t.Errorf("%d letters wait", n)
	}
}

func TestASignInEndsOnAllServersAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	u := w.account("me@example.org", w.researcher())
	w.password(u, goodPassword)
	first, second := w.lettered(t), w.lettered(t)
	in := url.Values{"email": {u.Email}, "password": {goodPassword}}
	one, two := at(t, first), at(t, second)
	one.post("/sign-in", in).want(200)
	two.post("/sign-in", in).want(200)
	one.post("/account/sign-ins/others/end", url.Values{}).want(200, "Signed out there")
	two.plain().get(w.path("/results")).want(303) // with the next request
	two.post("/sign-in", in).want(200)
	// So do a role and an account that end.
	w.must(w.cases.Users.Take(t.Context(), survey.SystemActor("test"), u.ID, w.researcher()))
	one.get(w.path("/results")).want(404)
	two.get(w.path("/results")).want(404)
	w.must(w.cases.Users.Disable(t.Context(), survey.SystemActor("test"), u.ID))
	for _, d := range []*device{one, two} {
		d.plain().get("/account").want(303)
	}
}
