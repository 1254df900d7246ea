package web

import (
	"crypto/rand"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/pquerna/otp/totp"

	"tidemark/survey"
)

// strict is another server of the same installation, which asks of staff all it can.
func (w *world) strict(t *testing.T) string {
	t.Helper()
	cases := survey.NewUseCases(survey.Env{
		Store: w.store, Now: w.now, Keys: w.keys, NewID: func() string { return uuid.Must(uuid.NewV7()).String() }, Random: rand.Reader,
		Rules: survey.StaffRules{SecondFactor: survey.FactorAnswers, ProveAgain: 10 * time.Minute},
	})
	return serve(t, w.log, func(base string) *Server {
		site, err := New(Config{BaseURL: base, Now: w.now, Logger: w.site.cfg.Logger}, cases, w.store)
		w.must(err)
		return site
	})
}

// at is a browser on another server.
func at(t *testing.T, base string) *device {
	t.Helper()
	return newDevice(t, base)
}

var typedKey = regexp.MustCompile(`(?:[A-Z2-7]{4} ){7}[A-Z2-7]{4}`)

// setUp goes through the pages of a second factor and gives its key and recovery codes.
func (w *world) setUp(t *testing.T, d *device) (key string, codes []string) {
	t.Helper()
	page := d.get(factorPath).want(200).form("Set it up").press("Set it up").want(200, "Type what it shows")
	if !strings.Contains(page.body, `<svg class="qr"`) {
		t.Error("there is no QR code")
	}
	key = strings.ReplaceAll(typedKey.FindString(page.text()), " ", "")
	form := page.form("It works: turn it on")
	form.fields.Set("code", "000000")
	form.press("It works: turn it on").want(422, "This code does not work")
	form.fields.Set("code", w.codeNow(t, key))
	s := form.press("It works: turn it on").want(200, "Your recovery codes")
	for _, li := range all(s.root, "li") {
		if strings.Contains(attr(li, "class"), "code") {
			codes = append(codes, textOf(li))
		}
	}
	if len(codes) != survey.RecoveryCodes {
		t.Errorf("there are %d recovery codes", len(codes))
	}
	if again := d.get(factorPath).want(200).body; strings.Contains(again, codes[0]) || strings.Contains(again, key) {
		t.Error("the page shows a secret a second time")
	}
	return key, codes
}

func (w *world) codeNow(t *testing.T, key string) string {
	t.Helper()
	code, err := totp.GenerateCode(key, w.now())
	w.must(err)
	return code
}

func TestASecondFactorIsSetUpAndAskedForWithoutScripts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	u := w.account("me@example.org", w.researcher())
	w.password(u, goodPassword)
	base := w.strict(t)
	d := at(t, base)
	signIn := url.Values{"email": {u.Email}, "password": {goodPassword}, "next": {w.path("/data")}}
	// Whoever is to have one is led there from everywhere, and nowhere else.
	if s := d.post("/sign-in", signIn).want(200, "set up a second factor, then go on"); s.path != factorPath {
		t.Errorf("the researcher comes to %s", s.path)
	}
	if s := d.post(w.path("/data/long"), url.Values{}); s.path != factorPath {
		t.Errorf("an export leads to %s", s.path)
	}
	d.get("/account").want(200, "Your role asks for a second factor")
	key, codes := w.setUp(t, d)
	d.get(w.path("/data")).want(200)

	w.setClock(w.now().Add(time.Minute))
	d = at(t, base)
	step := d.post("/sign-in", signIn).want(200, "Second step", "Name of me@example.org")
	d.plain().get(w.path("/data")).want(303) // nobody is in yet
	form := step.form("Sign in")
	form.fields.Set("code", "123456")
	s := form.press("Sign in").want(422, "This code does not work")
	if got := s.form("Sign in").fields.Get("next"); got != w.path("/data") {
		t.Errorf("the way on is %q", got)
	}
	form.fields.Set("code", w.codeNow(t, key))
	if s := form.press("Sign in").want(200); s.path != w.path("/data") {
		t.Errorf("the code leads to %s", s.path)
	}
	// The same code in another browser is worth nothing; a recovery code is, once.
	other := at(t, base)
	form = other.post("/sign-in", signIn).form("Sign in")
	form.fields.Set("code", w.codeNow(t, key))
	form.press("Sign in").want(422)
	form.fields.Set("code", strings.ToUpper(codes[0]))
	form.press("Sign in").want(200)
	other.get("/account").want(200, "9 recovery codes are left")
	// Without a first step there is no second one.
	if s := at(t, base).get(codeStep); s.path != "/sign-in" {
		t.Errorf("the second step alone leads to %s", s.path)
	}
	w.setClock(w.now().Add(time.Minute))
	off := d.get(factorPath).form("Turn it off")
	off.fields.Set("code", w.codeNow(t, key))
	off.press("Turn it off").want(200, "Set it up")
	d.get(w.path("/data")).want(200, "set up a second factor, then go on")
}

func TestAnAdministratorResetsASecondFactorAndOpensAClosedAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	lost := w.signedIn(t, "lost@example.org", w.researcher())
	w.setUp(t, lost)
	u, err := w.cases.Users.ByEmail(t.Context(), survey.SystemActor("test"), "lost@example.org")
	w.must(err)
	w.password(u, goodPassword)
	boss := w.signedIn(t, "boss@example.org", administrator())
	boss.get("/admin").want(200, "Reset the second factor").form("Reset it").press("Reset it").want(200)
	signIn := url.Values{"email": {u.Email}, "password": {goodPassword}}
	if s := w.device(t).post("/sign-in", signIn).want(200); s.path == codeStep {
		t.Error("the second factor is still asked for")
	}
	boss.post("/admin/users/"+string(u.ID)+"/disable", url.Values{}).want(200, "Open it again")
	w.device(t).post("/sign-in", signIn).want(401)
	boss.post("/admin/users/"+string(u.ID)+"/reopen", url.Values{}).want(200)
	w.device(t).post("/sign-in", signIn).want(200)
	boss.get("/admin/audit").want(200, "reset a second factor", "opened a closed account again", "set up a second factor")
}

func TestAProofIsAskedForAndNothingTypedIsLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	w.answer(0, always(2))
	u := w.account("me@example.org", w.researcher(), administrator())
	w.password(u, goodPassword)
	base := w.strict(t)
	d := at(t, base)
	d.post("/sign-in", url.Values{"email": {u.Email}, "password": {goodPassword}})
	key, _ := w.setUp(t, d)
	d.post(w.path("/data/long"), url.Values{}).want(200) // just signed in
	w.setClock(w.now().Add(11 * time.Minute))
	asked := d.post("/admin/users", url.Values{"email": {"new@example.org"}, "name": {`A "<b>name</b>"`}, "role": {"researcher"}, "study": {w.study.Key}})
	asked.want(403, "Is it you?", "Nothing is done yet")
	checkFrame(t, asked)
	form := asked.form("It is me: go on")
	form.fields.Set("prove_password", "wrong")
	form = form.press("It is me: go on").want(422, "This is not your password").form("It is me: go on")
	if form.fields.Get("prove_password") != "" {
		t.Error("the page shows a password")
	}
	form.fields.Set("prove_password", goodPassword)
	form.press("It is me: go on").want(200, `A "<b>name</b>"`, "new@example.org")
	d.post(w.path("/data/long"), url.Values{}).want(200) // it counts for ten minutes

	w.setClock(w.now().Add(11 * time.Minute))
	form = d.post(w.path("/data/wide"), url.Values{"format": {"xlsx"}}).want(403).form("It is me: go on")
	form.fields.Set("prove_code", w.codeNow(t, key))
	s := form.press("It is me: go on").want(200)
	if !strings.Contains(s.header.Get("Content-Disposition"), "xlsx") {
		t.Errorf("the file that comes is %q", s.header.Get("Content-Disposition"))
	}
	// Reading needs no proof, and what is wrong with a form is told first.
	w.setClock(w.now().Add(11 * time.Minute))
	d.get(w.path("/results")).want(200)
	d.post(w.path("/tokens"), url.Values{"scopes": {"<b>"}}).want(422)
	d.post(w.path("/tokens"), url.Values{"name": {"Script"}, "shape": {"bearer"}, "days": {"30"}}).want(403, "Is it you?")
}

func TestARevokedBrowserIsOutAtOnceOnEveryServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	u := w.account("me@example.org", w.facilitator())
	w.password(u, goodPassword)
	signIn := url.Values{"email": {u.Email}, "password": {goodPassword}}
	here, there, third := at(t, w.strict(t)), w.device(t), w.device(t) // two servers
	for _, d := range []*device{here, there, third} {
		d.post("/sign-in", signIn).want(200)
		d.get("/account").want(200)
	}
	page := here.get("/account").want(200, "this one")
	n := 0
	for _, f := range all(page.root, "form") {
		if strings.HasSuffix(attr(f, "action"), "/end") {
			n++
		}
	}
	if n != 3 { // two others, and all others
		t.Errorf("there are %d ways to sign out elsewhere", n)
	}
	before := there.plain().get("/account")
	before.want(200)
	here.post("/account/sign-ins/others/end", url.Values{}).want(200, "Signed out there")
	there.plain().get("/account").want(303)
	third.plain().get("/account").want(303)
	here.get("/account").want(200)
	// Nobody ends the sign-ins of somebody else.
	stranger := w.signedIn(t, "stranger@example.org", w.facilitator())
	mine, err := w.cases.SignIns.Own(t.Context(), survey.UserActor(u))
	w.must(err)
	stranger.post("/account/sign-ins/"+string(mine[0].ID)+"/end", url.Values{}).want(404)
	here.get("/account").want(200)
}

func TestAPasswordIsChangedByWhoKnowsTheOldOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	u := w.account("me@example.org", w.facilitator())
	w.password(u, goodPassword)
	d := w.device(t)
	d.post("/sign-in", url.Values{"email": {u.Email}, "password": {goodPassword}})
	const next = "a quite different harbour"
	set := func(old string) screen {
		return d.post("/account/password", url.Values{"old_password": {old}, "password": {next}, "repeat": {next}})
	}
	set("").want(422, "This is not your password")
	set("wrong").want(422, "This is not your password")
	cookie := d.cookie("tidemark_user")
	set(goodPassword).want(200, "Your password is changed")
	if d.cookie("tidemark_user") == cookie {
		t.Error("the sign-in keeps its cookie")
	}
	// A link resets: for a quarter of an hour the old one is not asked for.
	d = w.signedIn(t, u.Email)
	d.get("/account").want(200)
	d.post("/account/password", url.Values{"password": {goodPassword}, "repeat": {goodPassword}}).want(200, "Your password is changed")
	d = w.signedIn(t, u.Email)
	w.setClock(w.now().Add(survey.ResetLifetime))
	set("").want(422, "This is not your password")
	for range 9 {
		w.setClock(w.now().Add(time.Minute)) // each wrong one makes the next wait longer
		set("wrong").want(422)
	}
	set(goodPassword).want(429, "Please wait a little")
}

func TestBrowsersAreCalledByWhatPeopleKnow(t *testing.T) {
	t.Parallel()
	for agent, want := range map[string]string{
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0":           "Edge on Windows",
		"Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0":                                                                  "Firefox on Linux",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1": "Safari on an iPhone",
		"Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Mobile Safari/537.36":                   "Chrome on an Android device",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15":                   "Safari on a Mac",
		"curl/8.0": "", "": "",
	} {
		if got := browserWords(agent); got != want {
			t.Errorf("%q is called %q, want %q", agent, got, want)
		}
	}
}

// factorScreens shows the pages of a second factor to somebody without a role.
func (w *world) factorScreens(t *testing.T, shown map[string]screen) {
	t.Helper()
	u := w.account("secured@example.org")
	w.password(u, goodPassword)
	base := w.strict(t)
	d := at(t, base)
	signIn := url.Values{"email": {u.Email}, "password": {goodPassword}}
	d.post("/sign-in", signIn).want(200)
	shown["staff_factor"] = d.get(factorPath).want(200)
	shown["staff_factor key"] = d.post(factorPath+"/begin", url.Values{}).want(200)
	shown["staff_factor fault"] = d.post(factorPath+"/confirm", url.Values{}).want(422)
	state, err := w.cases.Factors.State(t.Context(), survey.UserActor(u))
	w.must(err)
	shown["staff_factor codes"] = d.post(factorPath+"/confirm", url.Values{"code": {w.codeNow(t, state.Setup)}}).want(200)
	shown["staff_factor on"] = d.get(factorPath).want(200)
	shown["staff_account on"] = d.get("/account?did=password").want(200)
	other := at(t, base)
	letters := at(t, w.withLetters(t))
	p := newIssuer(t)
	asked := at(t, w.provided(t, p.server.URL))
	p.is("somebody", "somebody-unknown@example.org", true)
	shown["staff_signin provider"] = asked.get("/sign-in?out=provider").want(200, "Harbour University")
	shown["staff_provider"] = asked.get(ProviderBackPath).want(401)
	shown["staff_provider unknown"] = asked.get(p.visit(asked, providerPath)).want(403)
	shown["staff_signin letters"] = letters.get("/sign-in").want(200)
	shown["staff_reset"] = letters.get(resetPath).want(200)
	shown["staff_reset fault"] = letters.post(resetPath, url.Values{"email": {`"><script>x`}}).want(422)
	shown["staff_reset done"] = letters.post(resetPath, url.Values{"email": {"nobody@example.org"}}).want(200)
	shown["staff_code"] = other.post("/sign-in", signIn).want(200)
	shown["staff_code fault"] = other.post(codeStep, url.Values{"code": {"1"}}).want(422)
	now := w.now()
	w.setClock(now.Add(time.Hour))
	shown["staff_prove"] = d.post(factorPath+"/recovery", url.Values{"x": {`"><script>x`}}).want(403)
	shown["staff_prove fault"] = d.post(factorPath+"/recovery?prove=again", url.Values{}).want(422)
	w.setClock(now)
}

// cookie is the value of a cookie.
func (d *device) cookie(name string) string {
	d.t.Helper()
	u, err := url.Parse(d.base)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, c := range d.client.Jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}
