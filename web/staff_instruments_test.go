package web

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/instrument/catalogue"
)

// sheetOf is a sheet of our own for an instrument of the catalogue.
func sheetOf(t *testing.T, id string) string {
	t.Helper()
	return sheetText(t, id)
}

func sheetText(t testing.TB, id string) string {
	t.Helper()
	e, err := catalogue.ByID(id)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for i := range e.Response.Points {
		fmt.Fprintf(&b, "%d = Choice %s\n", int(e.Response.Low)+i, strings.Repeat("i", i+1))
	}
	for n := 1; n <= e.Items; n++ {
		fmt.Fprintf(&b, "%d. My cup number %s is full.\n", n, strings.Repeat("i", n))
	}
	return b.String()
}

// libraryScreens shows the pages of the library in every state.
func (w *world) libraryScreens(t *testing.T, d *device, screens map[string]screen) {
	t.Helper()
	screens["staff_instruments"] = d.get("/instruments").want(200)
	screens["staff_instrument own"] = d.get("/instruments/resilience").want(200)
	screens["staff_instrument wording missing"] = d.get("/instruments/pss_10").want(200)
	screens["staff_instrument not ready"] = d.get("/instruments/socs_s").want(200)
	screens["staff_instrument_add"] = d.get("/instruments/add/rses-10-umd").want(200)
	screens["staff_instrument_add doubts"] = d.post("/instruments/add/rses-10-umd", url.Values{"sheet": {"1. <b>x\n9. y"}}).want(200)
	screens["staff_instrument_add fault"] = d.post("/instruments/add/csq-8", url.Values{"step": {"add"}, "item_1": {`"><script>x`}}).want(422)
	screens["staff_instrument_new"] = d.get("/instruments/new").want(200)
	screens["staff_instrument_new fault"] = d.post("/instruments/new", url.Values{"file": {`{"<b>": 1}`}}).want(422)
	screens["staff_instrument_new unreadable"] = d.upload(uploadPath, "<b>.json", []byte(`{"<b>": 1}`)).want(422)
	screens["staff_instrument_upload"] = d.upload(uploadPath, "<b>.xlsx", evening(t)).want(200)
	screens["staff_instrument_files"] = d.get("/instruments/resilience/files").want(200)
	w.draftScreens(d, screens)
	item := w.addWording("brs-6")
	screens["staff_instrument added"] = d.get("/instruments/brs_6").want(200)
	screens["staff_instrument_new edited"] = d.get("/instruments/new?from=" + string(item.Version.ID)).want(200)
	correct := "/instruments/brs_6/correct"
	screens["staff_instrument_correct"] = d.get(correct + "?version=" + string(item.Version.ID)).want(200)
	screens["staff_instrument_correct fault"] = d.post(correct, url.Values{"version": {string(item.Version.ID)}, "item_1": {"<b>"}, "option_1": {""}}).want(422)
	screens["researcher_questionnaires open"] = d.get(w.path("/questionnaires")).want(200)
	screens["error no such instrument"] = d.get("/instruments/nothing").want(404)
	boss := w.signedIn(t, "designer@example.org", administrator())
	study, err := w.cases.Studies.Create(w.t.Context(), survey.SystemActor("test"), survey.NewStudy{Protocol: "learning_from_setbacks_8", Key: "designed"})
	w.must(err)
	path := "/studies/" + study.Key + "/questionnaires"
	screens["researcher_questionnaires draft"] = boss.get(path).want(200)
	screens["researcher_questionnaires fault"] = boss.post(path, url.Values{"primary_scale": {"<b>"}}).want(422)
}

// addWording adds a placeholder wording to the library.
func (w *world) addWording(id string) survey.LibraryItem {
	w.t.Helper()
	e, err := catalogue.ByID(id)
	w.must(err)
	p := catalogue.PasteWording(e, sheetText(w.t, id))
	options, _ := e.Options(p.Options)
	item, err := w.cases.Library.AddWording(w.t.Context(), survey.SystemActor("test"), survey.NewWording{
		Entry: id, Checked: true, Wording: catalogue.Wording{Items: p.Texts(), Options: options},
		Terms: survey.TermsForm{Accept: true, Name: "Ana Ruiz", On: "2026-01-02", Licence: "7"},
	})
	w.must(err)
	return item
}

func TestWordingIsPastedLookedAtAndAdded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())

	page := d.get("/instruments").want(200, "Brief Resilience Scale", "ask the owner first").follow("Add the wording of Brief Resilience Scale").want(200, "Find the items")
	broken := strings.Replace(sheetOf(t, "brs-6"), "4. ", "Four: ", 1)
	page = page.form("Find the items").enter("sheet", broken).press("Find the items").want(200, "not found: 4", "to be mended")
	if got := page.form("Add it to the library").fields.Get("item_5"); got != "My cup number iiiii is full." {
		t.Errorf("item 5 is %q", got)
	}
	// Read anew: nothing is lost, and everything is found.
	page = page.form("Read the sheet anew").enter("sheet", sheetOf(t, "brs-6")).enter("intro", "Please read.").press("Read the sheet anew").want(200, "Everything was found")
	form := page.form("Add it to the library")
	if form.fields.Get("intro") != "Please read." || form.fields.Get("item_4") != "My cup number iiii is full." {
		t.Errorf("lost: %v", form.fields)
	}
	page = form.enter("item_4", "My cup, number four, is full.").enter("name", "Ana").press("Add it to the library").want(422, "Tick the box to say that the terms are accepted", "Tick the box when items")
	form = page.form("Add it to the library")
	if form.fields.Get("item_4") != "My cup, number four, is full." || form.fields.Get("name") != "Ana" {
		t.Errorf("lost: %v", form.fields)
	}
	added := form.choose("accept", "1").choose("checked", "1").press("Add it to the library").want(200, "published, unchanged", "Accepted", "Ana")
	added.want(200, "Please read.", "My cup, number four, is full.")
	// The same form sent again adds nothing and ends at the same page.
	form.press("Add it to the library").want(200, "published, unchanged")
	shelf, err := w.cases.Library.Show(t.Context(), survey.SystemActor("test"), "brs_6")
	w.must(err)
	if len(shelf.Items) != 1 || len(shelf.Terms) != 1 {
		t.Errorf("%d versions, %d terms", len(shelf.Items), len(shelf.Terms))
	}
	d.get("/instruments/add/socs-s").want(404)
}

func TestAProprietaryInstrumentAsksForItsLicenceAndKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	form := d.post("/instruments/add/csq-8", url.Values{"sheet": {sheetOf(t, "csq-8")}}).want(200).form("Add it to the library").
		choose("accept", "1").choose("checked", "1").enter("name", "Ana")
	page := form.press("Add it to the library").want(422, "List the numbers of the turned items")
	page = page.form("Add it to the library").enter("reversed", "1, 3").press("Add it to the library").want(422, "This instrument needs a licence")
	page.form("Add it to the library").enter("licence", "No. 7").press("Add it to the library").want(200, "No. 7", "csq8_01, csq8_03")
}

func TestATypoIsMendedAndAnEditedQuestionnaireHasANameOfItsOwn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	w.addWording("brs-6")
	page := d.get("/instruments/brs_6").follow("Correct the wording").want(200, "only slips may be mended")
	page = page.form("Make the new version").enter("item_2", "Something else altogether, you see").enter("note", "x").press("Make the new version").want(422, "more than a slip")
	page = page.form("Make the new version").enter("item_2", "My cup number ii is full!").press("Make the new version").want(200, "1.0.1", "A correction", "published, unchanged")

	page = page.follow("Make an edited one").want(200, "Give it a key and a title of its own")
	form := page.form("Add it to the library")
	text := form.fields.Get("file")
	page = form.enter("note", "shorter").press("Add it to the library").want(422, "key of its own", "title of its own")
	if page.form("Add it to the library").fields.Get("file") != text {
		t.Error("the definition was lost")
	}
	text = strings.Replace(strings.Replace(text, `"brs_6"`, `"our_six"`, 1), `"Brief Resilience Scale"`, `"Our six"`, 1)
	page = page.form("Add it to the library").enter("file", text).press("Add it to the library").want(200, "Our six")
	if strings.Contains(page.text(), "published, unchanged") {
		t.Error("an edited questionnaire is shown as published")
	}
}

func TestQuestionnairesAreChosenWhileAStudyIsADraft(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	item := w.addWording("brs-6")
	d := w.signedIn(t, "boss@example.org", administrator())
	study, err := w.cases.Studies.Create(t.Context(), survey.SystemActor("test"), survey.NewStudy{Protocol: "learning_from_setbacks_8", Key: "designed"})
	w.must(err)
	path := "/studies/" + study.Key + "/questionnaires"
	form := d.get("/studies/" + study.Key).follow("Choose what is asked").want(200).form("Ask these")
	form.fields.Add("set_pre", string(item.Version.ID))
	form.fields.Set("primary_scale", "brs_total")
	form.press("Ask these").want(200)
	design, err := w.cases.Studies.Design(t.Context(), survey.SystemActor("test"), study.ID)
	w.must(err)
	pre, _ := design.WaveOfKind(survey.WavePre)
	if len(pre.Sets) != 4 || pre.Sets[3] != item.Version.ID || design.Study.PrimaryScale != "brs_total" {
		t.Errorf("pre asks %v, about %s", pre.Sets, design.Study.PrimaryScale)
	}
	d.post(path, url.Values{"primary_scale": {"phq9_total"}}).want(422, "No wave asks a questionnaire")
}

func TestAnOpenStudyAsksACorrectionFromNowOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	design, err := w.cases.Studies.Design(t.Context(), survey.SystemActor("test"), w.study.ID)
	w.must(err)
	pre, _ := design.WaveOfKind(survey.WavePre)
	old := design.Instruments[pre.Sets[0]]
	// A later version of what the study asks, as a later program would bring it.
	d := *old.Definition
	d.Version, d.Items = "9.0.0", append([]instrument.Item(nil), d.Items...)
	d.Items[0].Text += "!"
	w.must(w.store.InTx(t.Context(), func(tx survey.Tx) error {
		return tx.CreateInstrumentVersion(t.Context(), survey.InstrumentVersion{ID: "0197-later", Hash: d.Hash(), Definition: &d, CreatedAt: w.now()})
	}))
	analyst := w.signedIn(t, "analyst@example.org", w.researcher())
	page := analyst.get(w.path("/questionnaires")).want(200, "9.0.0 is in the library", "scores from both versions can be compared")
	page.form("Ask 9.0.0 from now on of "+d.Title).press("Ask 9.0.0 from now on of "+d.Title).want(200, "Replaced", "Scores of both versions can be compared")
	w.answer(0, always(2))
	analyst.get(w.path("/results")).want(200, "some people answered version", "scores are comparable")
}

func TestAWordingKeepsItsLanguage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	form := d.post("/instruments/add/brs-6", url.Values{"sheet": {sheetOf(t, "brs-6")}}).want(200).form("Add it to the library")
	if form.fields.Get("language") != "en" {
		t.Errorf("begins as %q", form.fields.Get("language"))
	}
	form.enter("language", "de").enter("name", "Ana").choose("accept", "1").choose("checked", "1").press("Add it to the library").want(200)
	shelf, err := w.cases.Library.Show(t.Context(), survey.SystemActor("test"), "brs_6")
	w.must(err)
	if got := shelf.Items[0].Version.Definition.Language; got != "de" {
		t.Errorf("language %q", got)
	}
}
