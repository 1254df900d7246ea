package web

import (
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"tidemark/survey"
	"tidemark/web/locale"
)

// chooseLanguage presses a language of the page's choice.
func (s screen) chooseLanguage(tag string) screen {
	s.device.t.Helper()
	for _, b := range languageButtons(s) {
		if attr(b, "value") != tag {
			continue
		}
		if id := attr(b, "form"); id != "" {
			return s.along(id, tag, nil)
		}
		back := attr(all(b.Parent, "input")[0], "value")
		return s.device.post("/language", url.Values{"language": {tag}, "back": {back}})
	}
	s.device.t.Fatalf("the page offers no %q:\n%s", tag, s.body)
	return s
}

// along chooses a language where the choice sends a form of the page along, in which
// something has been typed.
func (s screen) along(id, tag string, typed url.Values) screen {
	s.device.t.Helper()
	for _, n := range all(s.root, "form") {
		if attr(n, "id") == id {
			f := s.filled(n)
			maps.Copy(f.fields, typed)
			f.fields.Set("_language", tag)
			return s.device.post(attr(n, "action"), f.fields)
		}
	}
	s.device.t.Fatalf("%s has no form %q to send along", s.path, id)
	return s
}

// languageButtons are what one chooses the language by.
func languageButtons(s screen) []*html.Node {
	return slices.DeleteFunc(all(s.root, "button"), func(b *html.Node) bool {
		return attr(b, "name") != "language" && attr(b, "name") != "_language"
	})
}

// answersForm is the form of a page of questions.
func answersForm(s screen) *html.Node {
	for _, f := range all(s.root, "form") {
		if attr(f, "data-save") != "" {
			return f
		}
	}
	s.device.t.Fatalf("%s has no questions", s.path)
	return nil
}

// language is what the page says it is in.
func (s screen) language() string { return attr(all(s.root, "html")[0], "lang") }

// asking is a device whose browser asks for languages.
func (w *world) asking(t *testing.T, accept string) *device {
	t.Helper()
	d := w.device(t)
	d.client.Transport = withHeader{"Accept-Language", accept}
	return d
}

type withHeader struct{ name, value string }

// RoundTrip adds the header.
func (h withHeader) RoundTrip(r *http.Request) (*http.Response, error) {
	r.Header.Set(h.name, h.value)
	return http.DefaultTransport.RoundTrip(r)
}

func TestAPersonReadsInTheLanguageTheyChooseOnEveryDevice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	w.arrive(t, 0) // and agrees to take part
	d := w.device(t)
	link := d.get("/p/"+w.links[0]).want(200, "Welcome. This link is yours alone").chooseLanguage("de").want(200, "Dieser Link gehört nur dir")
	if link.path != "/p/"+w.links[0] || link.language() != "de" {
		t.Fatalf("after choosing one is on %s in %s", link.path, link.language())
	}
	link.form("Weiter").press("Weiter").want(200, "Was jetzt ansteht", "3 kurze Fragebögen", "offen bis Samstag, 5. Dezember")
	// Another device, whose browser asks for another language.
	other := w.asking(t, "en")
	other.get("/p/"+w.links[0]).want(200, "Dieser Link gehört nur dir").form("Weiter").press("Weiter").want(200, "Was jetzt ansteht")
	other.get("/me").chooseLanguage("es").want(200, "Lo que toca ahora", "3 cuestionarios cortos", "abierto hasta el sábado 5 de diciembre")
	d.get("/me").want(200, "Lo que toca ahora")
	// Nobody else's language has changed.
	w.device(t).get("/p/"+w.links[1]).want(200, "Welcome.")
}

func TestWhoHasNotChosenReadsWhatTheBrowserAsksFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	for accept, want := range map[string]string{"de-AT,de;q=0.9,en;q=0.8": "de", "es-419": "es", "fr": "en", "": "en"} {
		for _, path := range []string{"/", "/help", "/p/" + w.links[0], "/p/nobody", "/nowhere", "/me"} {
			if got := w.asking(t, accept).get(path).language(); got != want {
				t.Errorf("%s is in %s for %q, want %s", path, got, accept, want)
			}
		}
	}
	if got := w.asking(t, "de").get("/sign-in").language(); got != "en" {
		t.Errorf("pages of staff are in %s", got)
	}
}

func TestAChoiceBeforeTheLinkComesAlong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.device(t)
	d.get("/").chooseLanguage("es").want(200, "Abre tu")
	d.get("/nowhere").want(404, "Aquí no hay nada")
	d.get("/p/" + w.links[0]).form("Continuar").press("Continuar").want(200)
	if got := w.chosen(0); got != "es" {
		t.Errorf("the choice at the enrolment is %q", got)
	}
	// Forgotten on this device, it stays theirs.
	d.post("/me/forget", url.Values{}).want(200, "Open your personal link")
	d.get("/p/"+w.links[0]).want(200, "Te damos la bienvenida")
}

// chosen is the language stored for person n.
func (w *world) chosen(n int) string {
	w.t.Helper()
	roster, err := w.store.Roster(w.t.Context(), w.study.ID, w.run.ID)
	w.must(err)
	return roster[n].Language
}

func TestChoosingALanguageLeadsNowhereElseAndTakesOnlyWhatIsOffered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, _ := w.arrive(t, 0)
	before := w.state()
	for _, bad := range []string{"", "fr", "<b>", strings.Repeat("de", 1000)} {
		d.post("/language", url.Values{"language": {bad}, "back": {"/me"}}).want(400)
	}
	for back, want := range map[string]string{
		"https://evil.example/": "/", "//evil.example/": "/", "": "/", "/help": "/help", "/me?x=1": "/me", "/p/nobody": "/p/nobody",
	} {
		r := d.request(http.MethodPost, "/language", url.Values{"language": {"en"}, "back": {back}})
		if s := d.do(r); s.path != want {
			t.Errorf("back to %q ends on %s, want %s", back, s.path, want)
		}
	}
	w.must(w.cases.Languages.Choose(t.Context(), w.person(0), "de"))
	if w.state() == before {
		t.Fatal("the state does not show the language") // and so cannot show that nothing else changed
	}
}

// person is person n as the actor of use cases.
func (w *world) person(n int) survey.Actor {
	w.t.Helper()
	p, err := w.cases.SignIns.PersonalLink(w.t.Context(), w.links[n])
	w.must(err)
	return survey.ParticipantActor(p)
}

func TestAChoiceThatCannotBeStoredIsNotTakenForStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, home := w.arrive(t, 0)
	w.store.broken.Store(true)
	home.chooseLanguage("de").want(500, "Bei uns ist etwas schiefgegangen")
	w.store.broken.Store(false)
	if got := w.chosen(0); got != "" {
		t.Errorf("%q is stored", got)
	}
	d.get("/me").want(200, "Was jetzt ansteht") // this browser knows
}

func TestChangingTheLanguageAmongQuestionsKeepsWhatIsAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	_, s := w.begin(t, 0)
	for _, b := range languageButtons(s) {
		if attr(b, "form") != attr(answersForm(s), "id") {
			t.Errorf("%s does not send the answers along", textOf(b))
		}
	}
	f := s.form("Continue").choose("sc_01", "4").choose("sc_03", "2")
	f.fields.Set("_language", "de")
	changed := f.press("Continue").want(200, "2 von 12 beantwortet")
	if changed.path != s.path || changed.language() != "de" {
		t.Errorf("after choosing one is on %s in %s", changed.path, changed.language())
	}
	if diff := cmp.Diff(w.answers(0), map[string]float64{"sc_01": 4, "sc_03": 2}); diff != "" {
		t.Errorf("stored answers (-got +want):\n%s", diff)
	}
	if got := w.chosen(0); got != "de" {
		t.Errorf("the language stored is %q", got)
	}
	changed.device.post(s.path, url.Values{"_language": {"xx"}}).want(400)
}

func TestTheScriptIsAnsweredInThePersonsLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d, s := w.begin(t, 0)
	s.chooseLanguage("de").want(200, "0 von 12 beantwortet", "noch etwa 2 Minuten", "Weiter")
	d.json(w.assessment(0, 0)+"/save", `{"answers":{"sc_01":9}}`).want(422, "Etwas davon können wir nicht verwenden")
	if form := answersForm(d.get(s.path)); attr(form, "data-saved") != "✓ Gespeichert" || attr(form, "data-minutes") != "noch etwa # Minuten" {
		t.Errorf("the script is to say %q and %q", attr(form, "data-saved"), attr(form, "data-minutes"))
	}
}

func TestEveryParticipantPageOffersTheLanguagesInThemselves(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	for name, s := range participantScreens(t, w) {
		var offered []string
		for _, f := range all(s.root, "form", "section") {
			if !strings.HasPrefix(attr(f, "class"), "languages") {
				continue
			}
			for _, n := range all(f, "button", "strong") {
				if attr(n, "aria-hidden") == "" {
					offered = append(offered, attr(n, "lang")+" "+textOf(n))
				}
			}
		}
		if holds := strings.HasSuffix(name, "fault") || strings.HasSuffix(name, "held"); holds {
			if len(offered) > 0 {
				t.Errorf("%s holds what somebody typed, and offers to throw it away", name)
			}
		} else if !slices.Equal(offered, []string{"en English", "de Deutsch", "es Español"}) {
			t.Errorf("%s offers %q", name, offered)
		}
	}
}

// Whatever a participant can see is asked for once more in the language for tests:
// what is then not in it was never translated.
func TestNoTextOnAParticipantsPageIsHardCoded(t *testing.T) {
	t.Parallel()
	seen := 0
	w := newWorld(t, 1, func(w *world) {
		w.watch = func(s screen) {
			if s.root == nil || s.status >= 300 && s.status < 400 {
				return
			}
			seen++
			checkPseudo(t, s)
		}
	})
	participantScreens(t, w)
	if seen < 30 {
		t.Errorf("only %d pages were looked at", seen)
	}
}

// checkPseudo looks for words of ours that are not in the language for tests.
func checkPseudo(t *testing.T, s screen) {
	t.Helper()
	root := all(s.root, "html")[0]
	if attr(root, "lang") != locale.Pseudo || attr(root, "dir") != "rtl" {
		t.Errorf("%s (%d) is in %s, %s", s.path, s.status, attr(root, "lang"), attr(root, "dir"))
		return
	}
	var shown strings.Builder
	var theirs []string
	var walk func(n *html.Node)
	walk = func(n *html.Node) {
		switch {
		case n.Type == html.TextNode:
			shown.WriteString(n.Data)
		case n.Type == html.ElementNode && n.Data == "title":
			return
		case n.Type == html.ElementNode && (attr(n, "lang") != "" && attr(n, "lang") != locale.Pseudo || n.Data == "bdi" || n.Data == "textarea" || strings.Contains(attr(n, "class"), "code")):
			theirs = append(theirs, textOf(n))
			return
		}
		for _, a := range n.Attr {
			if spoken := slices.Contains([]string{"aria-label", "placeholder", "title", "alt"}, a.Key) ||
				strings.HasPrefix(a.Key, "data-") && strings.ContainsAny(a.Val, " …✓"); spoken {
				shown.WriteString("\n" + a.Val + "\n")
			}
		}
		for child := range n.ChildNodes() {
			walk(child)
		}
	}
	walk(root)
	title := textOf(all(s.root, "title")[0])
	for _, own := range append(theirs, "Tidemark") {
		title = strings.ReplaceAll(title, own, "")
	}
	rest := strings.ReplaceAll(locale.Beyond(shown.String()+"\n"+title), "Tidemark", "")
	for line := range strings.Lines(rest) {
		if strings.ContainsFunc(line, unicode.IsLetter) {
			t.Errorf("%s (%d) says %q in no language", s.path, s.status, strings.TrimSpace(line))
		}
	}
}

// physical are declarations that put something left or right whatever the language,
// but for shadows, which have no other way.
var physical = regexp.MustCompile(`(margin|padding|border)-(left|right)|[;{ ](left|right) *:|(text-align|float|clear) *: *(left|right)|` +
	`(margin|padding|border-width|inset) *: *[^ ;}]+ +([^ ;}]+) +[^ ;}]+ +([^ ;}]+) *[;}]`)

func TestTheStyleSheetKnowsNoLeftAndRight(t *testing.T) {
	t.Parallel()
	css, err := staticFiles.ReadFile("static/tidemark.css")
	if err != nil {
		t.Fatal(err)
	}
	for n, line := range strings.Split(string(css), "\n") {
		for _, m := range physical.FindAllStringSubmatch(line, -1) {
			if m[5] != "" && m[5] == m[6] { // the same on both sides
				continue
			}
			t.Errorf("line %d: %s", n+1, m[0])
		}
	}
}
