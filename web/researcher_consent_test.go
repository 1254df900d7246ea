package web

import (
	"maps"
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
)

// consentScreens shows the pages about what people agree to, in their states.
func (w *world) consentScreens(d *device, shown map[string]screen) {
	maps.Copy(shown, map[string]screen{
		"researcher_consent":               d.get(w.path("/consent")).want(200, "Version 1 is in force"),
		"researcher_consent bad language":  d.get(w.path("/consent/begin?version=2&language=%3Cb%3E")).want(422, "Write the code of a language"),
		"researcher_consent_text":          d.get(w.path("/consent/1/de")).want(200, "as participants see it", "Bevor du mitmachst"),
		"researcher_consent_edit":          d.get(w.path("/consent/2/en/edit")).want(200, "What has changed"),
		"researcher_consent_edit new":      d.get(w.path("/consent/2/fr/edit")).want(200, "The English text"),
		"researcher_consent_edit too long": d.post(w.path("/consent/2/en"), url.Values{"revision": {"0"}, "title": {strings.Repeat("x", 301)}}).want(422, "This text is too long"),
		"error consent published":          d.get(w.path("/consent/1/en/edit")).want(409),
		"error consent unknown":            d.get(w.path("/consent/1/fr")).want(404),
	})
	shown["researcher_consent_text draft"] = d.post(w.path("/consent/2/fr"), url.Values{"revision": {"0"}, "title": {"Avant de <b>participer</b>"}}).want(200, "Before it can be published")
	shown["researcher_consent drafts"] = d.get(w.path("/consent")).want(200, "French text not complete")
	w.writeConsent(d, "/consent/2/en", url.Values{"changed": {"Something."}})
	shown["researcher_consent ready"] = d.get(w.path("/consent")).want(200, "Publish version 2")
	shown["researcher_consent not final"] = d.post(w.path("/consent/publish"), url.Values{"version": {"2"}}).want(422, "Tick the box")
	shown["researcher_consent_edit conflict"] = d.post(w.path("/consent/2/fr"), url.Values{"revision": {"0"}, "title": {"Another"}}).want(409, "Somebody else has written here meanwhile")
}

// writeConsent keeps a draft of the next version, as its form begins, with
// changes.
func (w *world) writeConsent(d *device, path string, changes url.Values) screen {
	form := d.get(w.path(path + "/edit")).want(200).values(w.path(path))
	maps.Copy(form, changes)
	return d.post(w.path(path), form).want(200)
}

func TestAResearcherWritesAVersionLanguageByLanguageAndPublishesIt(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	person, _ := w.arrive(t, 0)
	d := w.signedIn(t, "analyst@example.org", w.researcher())

	w.writeConsent(d, "/consent/2/en", nil).want(200, "Kept as a draft", "Before it can be published", "Nothing stands here yet")
	w.writeConsent(d, "/consent/2/en", url.Values{"changed": {"We ask three questions more."}, "ethics": {"None needed"}}).
		want(200, "Say why no approval is needed")
	s := w.writeConsent(d, "/consent/2/en", url.Values{"ethics": {"None needed, because <it> is only a rehearsal of forms."}})
	s.lacks("Before it can be published").want(200, "What is new", "We ask three questions more.", "because <it> is only")
	w.writeConsent(d, "/consent/2/es", url.Values{"changed": {"Hacemos tres preguntas más."}, "share_data": {""}}).
		want(200, "Nothing stands here yet") // Spanish must ask what English asks
	w.writeConsent(d, "/consent/2/de", url.Values{"changed": {"Wir stellen drei Fragen mehr."}})
	person.get("/me").want(200, "What is due now") // a draft asks nobody

	book := d.get(w.path("/consent")).want(200, "Spanish text not complete", "Everyone who agreed before is asked again")
	old := book.values(w.path("/consent/publish"))
	w.writeConsent(d, "/consent/2/de", nil) // somebody writes on meanwhile
	old.Set("final", "1")
	d.post(w.path("/consent/publish"), old).want(409, "Something changed meanwhile")
	form := d.get(w.path("/consent")).values(w.path("/consent/publish"))
	form.Set("final", "1")
	d.post(w.path("/consent/publish"), form).want(200, "Version 2 is in force", "Spanish text not complete", "German", "wording")
	d.get(w.path("")).want(200, "Spanish text missing")

	// Whoever agreed before is shown what changed, and answers nothing before
	// deciding again.
	person.get(w.assessment(0, 0) + "/page/1").want(403)
	s = person.get("/me").want(200, "The text of this study has changed", "We ask three questions more.")
	s.form("I agree").choose("of_age", "yes").press("I agree").want(200, "What is due now")
	person.get("/me/consent").want(200, "Version 2, agreed to on", "Version 1, agreed to on")

	// The translation that was left follows, of the same version.
	w.writeConsent(d, "/consent/2/es", url.Values{"share_data": {"Podéis compartir."}})
	form = d.get(w.path("/consent")).values(w.path("/consent/publish"))
	if form.Get("version") != "2" {
		t.Fatalf("the form publishes version %s", form.Get("version"))
	}
	form.Set("final", "1")
	d.post(w.path("/consent/publish"), form).want(200)
	d.get(w.path("")).lacks("Spanish text missing")
	person.get("/me").want(200, "What is due now")
	events, err := w.store.AuditEvents(t.Context(), w.study.ID, 200)
	w.must(err)
	published := 0
	for _, e := range events {
		if e.Action == survey.ActionConsentPublished {
			published++
		}
	}
	if published != 3 {
		t.Errorf("%d publications stand in the audit trail, want 3", published)
	}
}

func TestNothingTypedIntoAConsentTextIsLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	mine := d.get(w.path("/consent/2/en/edit")).values(w.path("/consent/2/en"))
	mine.Set("purpose", "Mine, typed for an hour.")
	w.writeConsent(d, "/consent/2/en", url.Values{"purpose": {"Theirs."}})
	s := d.post(w.path("/consent/2/en"), mine).want(409, "Somebody else has written here meanwhile", "Mine, typed for an hour.")
	again := s.values(w.path("/consent/2/en"))
	d.post(w.path("/consent/2/en"), again).want(200, "Kept as a draft", "Mine, typed for an hour.")

	again.Set("purpose", strings.Repeat("y", 6001))
	d.post(w.path("/consent/2/en"), again).want(422, "This text is too long", strings.Repeat("y", 6001))
	last := d.get(w.path("/consent/2/en/edit"))
	last.form("Discard the draft").press("Discard the draft").want(200, "English text missing")
}

func TestAStudyIsNotOpenedBeforeItsTextIsWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	boss := w.signedIn(t, "boss@example.org", administrator())
	boss.post("/admin/studies", url.Values{"protocol": {"learning_from_setbacks_8"}, "key": {"half"}, "title": {"Half"}, "team": {"The Harbour Institute"}}).want(200)
	study, err := w.cases.Studies.ByKey(t.Context(), survey.SystemActor("test"), "half")
	w.must(err)
	w.declare(study)
	s := boss.post("/admin/studies/half/open", url.Values{}).want(422, "The study cannot be opened yet", "English text not complete",
		"Fill in what stands in [brackets].")
	s.lacks("Say who runs the study")
	study, err = w.cases.Studies.ByKey(t.Context(), survey.SystemActor("test"), "half")
	w.must(err)
	if study.State != survey.StudyDraft || study.ConsentVersion != 0 {
		t.Errorf("the study is %s with text %d", study.State, study.ConsentVersion)
	}
	path := "/studies/half/consent/1/en"
	form := boss.get(path + "/edit").want(200).values(path)
	form.Set("contact", "Ines, ines@example.org")
	form.Set("ethics", "Board of Harbour, 12/2026")
	boss.post(path, form).want(200).lacks("Before it can be published")
	boss.post("/admin/studies/half/open", url.Values{}).want(200, "Half open")
	boss.get("/studies/half/consent").want(200, "Version 1 is in force", "German text not complete")
}
