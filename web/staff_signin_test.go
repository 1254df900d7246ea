package web

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"tidemark/survey"
)

const goodPassword = "a sentence nobody else says"

func (w *world) password(u survey.User, password string) {
	w.t.Helper()
	w.must(w.cases.Users.SetPassword(w.t.Context(), survey.SystemActor("test"), u.ID, password))
}

func TestSigningInLeadsToWhereTheWorkIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	second := w.addRun(w.study, "Later group")
	w.days(20) // the first run has begun, the second too: both on the same day
	for email, c := range map[string]struct {
		grants []survey.Grant
		want   string
	}{
		"admin@example.org":      {[]survey.Grant{administrator()}, "/admin"},
		"researcher@example.org": {[]survey.Grant{w.researcher()}, w.path("/results")},
		"leader@example.org":     {[]survey.Grant{w.facilitator()}, ""},
		"one@example.org":        {[]survey.Grant{{Role: survey.RoleFacilitator, StudyID: w.study.ID, RunID: second.ID}}, w.path("/runs/" + string(second.ID))},
		"both@example.org":       {[]survey.Grant{w.facilitator(), w.researcher()}, "/studies"},
		"nobody@example.org":     {nil, "/studies"},
	} {
		w.password(w.account(email, c.grants...), goodPassword)
		d := w.device(t).plain()
		s := d.post("/sign-in", url.Values{"email": {" " + strings.ToUpper(email)}, "password": {goodPassword}}).want(303)
		got := s.header.Get("Location")
		if c.want == "" && strings.HasPrefix(got, w.path("/runs/")) {
			continue
		}
		if got != c.want {
			t.Errorf("%s comes to %q, want %q", email, got, c.want)
		}
	}
}

func TestWhatIsWrongWithASignInIsNotSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	known, closed, without := w.account("known@example.org"), w.account("closed@example.org"), w.account("without@example.org")
	w.password(known, goodPassword)
	w.password(closed, goodPassword)
	w.must(w.cases.Users.Disable(t.Context(), survey.SystemActor("test"), closed.ID))
	d := w.device(t)
	try := func(email, password string) screen {
		return d.post("/sign-in", url.Values{"email": {email}, "password": {password}, "next": {"/account"}})
	}
	first := try("known@example.org", "wrong")
	first.want(401, "E-mail address and password do not match")
	if fields := first.form("Sign in").fields; fields.Get("email") != "known@example.org" || fields.Get("password") != "" || fields.Get("next") != "/account" {
		t.Errorf("the form comes back with %v", fields)
	}
	for name, s := range map[string]screen{
		"unknown":          try("nobody@example.org", goodPassword),
		"disabled":         try(closed.Email, goodPassword),
		"without password": try(without.Email, ""),
		"nothing":          try("", ""),
		"very long":        try("known@example.org", strings.Repeat("a", 100_000)),
	} {
		same := strings.ReplaceAll(first.body, `value="known@example.org"`, `value="`+s.form("Sign in").fields.Get("email")+`"`)
		if s.status != first.status || s.body != same || len(s.header.Values("Set-Cookie")) != 0 {
			t.Errorf("%s: %d, and not the page of a wrong password", name, s.status)
		}
	}
}

func TestSigningInComesBackToThePageAndNeverLeavesTheSite(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	u := w.account("both@example.org", w.facilitator(), w.researcher())
	w.password(u, goodPassword)
	s := w.device(t).plain().get(w.runPath("?x=1")).want(303)
	if got := s.header.Get("Location"); got != "/sign-in?next="+url.QueryEscape(w.runPath("?x=1")) {
		t.Errorf("somebody who is not signed in is sent to %q", got)
	}
	for next, want := range map[string]string{
		w.runPath("?x=1"): w.runPath("?x=1"), "": "/studies", "https://evil.example/": "/studies", "//evil.example": "/studies",
		`/\evil.example`: "/studies", "/\t/evil.example": "/studies", "javascript:alert(1)": "/studies", "evil.example": "/studies",
		"https:evil.example": "/studies", "/%0d%0aSet-Cookie:x=y": "/%0d%0aSet-Cookie:x=y",
	} {
		page := w.device(t).get("/sign-in?next=" + url.QueryEscape(next)).want(200)
		form := page.form("Sign in")
		form.fields.Set("email", u.Email)
		form.fields.Set("password", goodPassword)
		form.screen.device = form.screen.device.plain()
		s := form.press("Sign in").want(303)
		if got := s.header.Get("Location"); got != want {
			t.Errorf("next %q leads to %q, want %q", next, got, want)
		}
		// The hidden field is not believed either.
		s = w.device(t).plain().post("/sign-in", url.Values{"email": {u.Email}, "password": {goodPassword}, "next": {next}}).want(303)
		if got := s.header.Get("Location"); got != want {
			t.Errorf("posted next %q leads to %q, want %q", next, got, want)
		}
	}
}

func TestAStaffLinkIsUsedByItsButtonOnly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	u := w.account("new@example.org", administrator())
	token, err := w.cases.Users.Invite(t.Context(), survey.SystemActor("test"), u.ID, false)
	w.must(err)
	path := "/sign-in/link/" + token
	d := w.device(t)
	begun := w.store.begun.Load()
	for range 20 { // a mail scanner
		d.get(path).want(200, "Sign in as", "Name of new@example.org")
		d.do(d.request(http.MethodHead, path, nil)).want(200)
	}
	if n := w.store.begun.Load() - begun; n != 0 {
		t.Errorf("%d transactions were begun by looking at the link", n)
	}
	if s := d.crossed(path, url.Values{}); s.status != 403 {
		t.Errorf("another site can sign somebody in: %d", s.status)
	}
	s := d.get(path).form("Sign in").press("Sign in").want(200, "Set a password")
	if s.path != "/account" {
		t.Errorf("the link leads to %s; whoever has no password needs one", s.path)
	}
	again := w.device(t)
	again.get(path).want(404, "This link does not work")
	again.post(path, url.Values{}).want(404, "This link does not work")
	unknown := again.get("/sign-in/link/unknown").want(404)
	if used := again.get(path); used.body != unknown.body {
		t.Error("a used link can be told from one that never was")
	}
}

func TestAStaffLinkRunsOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	u := w.account("late@example.org", administrator())
	token, err := w.cases.Users.Invite(t.Context(), survey.SystemActor("test"), u.ID, true)
	w.must(err)
	w.setClock(w.now().Add(survey.InvitationLifetime - time.Minute))
	w.device(t).plain().post("/sign-in/link/"+token, url.Values{}).want(303)
	w.setClock(w.now().Add(2 * time.Minute))
	w.device(t).plain().post("/sign-in/link/"+token, url.Values{}).want(404)
}

func TestSigningOutEndsTheSignInAndNotOnlyTheCookie(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "admin@example.org", administrator())
	stolen := d.client.Jar.Cookies(d.request(http.MethodGet, "/", nil).URL)
	d.get("/admin").form("Sign out").press("Sign out").want(200, "Sign in")
	d.get("/admin").want(200, "E-mail address") // the sign-in page
	thief := w.device(t)
	thief.client.Jar.SetCookies(thief.request(http.MethodGet, "/", nil).URL, stolen)
	if s := thief.get("/admin"); s.path != "/sign-in" {
		t.Errorf("a copy of the cookie still opens %s", s.path)
	}
}

func TestASignInEndsWithTheAccountAndWithTheDay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "gone@example.org", w.researcher())
	d.get("/account").want(200, "Your account")
	users, err := w.store.Users(t.Context())
	w.must(err)
	w.must(w.cases.Users.Disable(t.Context(), survey.SystemActor("test"), users[0].ID))
	if s := d.get("/account"); s.path != "/sign-in" {
		t.Errorf("a closed account still opens %s", s.path)
	}
	d = w.signedIn(t, "here@example.org", w.researcher())
	w.setClock(w.now().Add(survey.StaffSignInLifetime + time.Second))
	if s := d.get("/account"); s.path != "/sign-in" {
		t.Errorf("yesterday's sign-in still opens %s", s.path)
	}
}

func TestAPasswordIsSetByTypingItTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "me@example.org", w.researcher())
	set := func(password, repeat string) screen {
		return d.post("/account/password", url.Values{"password": {password}, "repeat": {repeat}})
	}
	for _, c := range []struct{ password, repeat, fault string }{
		{goodPassword, goodPassword + "!", "The two are not the same"},
		{"too short", "too short", "Use at least 15 characters"},
		{strings.Repeat("a", 257), strings.Repeat("a", 257), "Use at most 256 characters"},
	} {
		s := set(c.password, c.repeat).want(422, c.fault)
		if strings.Contains(s.body, c.password) {
			t.Error("the page shows a password")
		}
	}
	set(goodPassword, goodPassword).want(200, "Your password is changed")
	w.device(t).plain().post("/sign-in", url.Values{"email": {"me@example.org"}, "password": {goodPassword}}).want(303)
}

func TestANewPasswordSignsOutEveryOtherDevice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	u := w.account("me@example.org", w.researcher())
	w.password(u, goodPassword)
	signIn := url.Values{"email": {u.Email}, "password": {goodPassword}}
	mine, theirs := w.device(t), w.device(t)
	for _, d := range []*device{mine, theirs} {
		d.post("/sign-in", signIn)
		d.get("/account").want(200)
	}
	unused, err := w.cases.Users.Invite(t.Context(), survey.SystemActor("test"), u.ID, false)
	if err != nil {
		t.Fatal(err)
	}
	const next = "a quite different harbour"
	mine.post("/account/password", url.Values{"old_password": {goodPassword}, "password": {next}, "repeat": {next}}).want(200, "Your password is changed")
	mine.get("/account").want(200)
	theirs.plain().get("/account").want(303)
	theirs.plain().get("/sign-in/link/" + unused).want(404)
	theirs.plain().post("/sign-in", signIn).want(401)
}

func TestStaffFormsFromOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	all := w.signedIn(t, "all@example.org", administrator(), w.researcher(), w.facilitator())
	committed := w.store.committed.Load()
	paths := strings.NewReplacer(":study", w.study.Key, ":run", string(w.run.ID), ":user", "x", ":meeting", "1", ":what", "long", ":token", "x")
	n := 0
	for _, r := range w.site.engine.Routes() {
		if r.Method != http.MethodPost || strings.HasPrefix(r.Path, "/me") || strings.HasPrefix(r.Path, "/p/") {
			continue
		}
		n++
		all.crossed(paths.Replace(r.Path), url.Values{"starts_on": {"2027-01-01"}, "people": {"x"}}).want(403, "Sent from another site")
	}
	if n < 15 || w.store.committed.Load() != committed {
		t.Errorf("%d routes were tried and %d transactions written", n, w.store.committed.Load()-committed)
	}
}
