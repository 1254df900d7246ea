package web

import (
	"net/url"
	"strconv"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// begun begins a draft and gives its outline.
func (w *world) begun(d *device, title string) screen {
	w.t.Helper()
	return d.get("/instruments/new").form("Begin").enter("title", title).press("Begin").want(200, title, "Being written")
}

// definition is the draft of a page's address as it stands.
func (w *world) definition(path string) *instrument.Definition {
	w.t.Helper()
	v, err := w.cases.Drafts.Open(w.t.Context(), survey.SystemActor("test"), survey.DraftID(strings.Split(path, "/")[2]), 0)
	w.must(err)
	return v.Definition
}

// within is the page of a draft.
func (s screen) within(rest string) screen {
	s.device.t.Helper()
	return s.device.get("/drafts/" + strings.Split(s.path, "/")[2] + rest).want(200)
}

// send posts to a page of a draft with the revision that stands.
func (w *world) send(s screen, rest string, values url.Values) screen {
	w.t.Helper()
	id := survey.DraftID(strings.Split(s.path, "/")[2])
	v, err := w.cases.Drafts.Open(w.t.Context(), survey.SystemActor("test"), id, 0)
	w.must(err)
	values.Set("revision", strconv.Itoa(v.Draft.Revision))
	return s.device.post("/drafts/"+string(id)+rest, values)
}

// about completes what a draft says about itself.
func about(s screen) screen {
	return s.within("/about").form("Keep it").enter("heading", "Your day").enter("intro", "Think of today.").
		enter("terms", "Free to use.").enter("citation", "Ours.").press("Keep it").want(200, "Kept.")
}

func TestAQuestionnaireIsWrittenWithoutAScript(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	page := w.begun(d, "Evening log").want(200, "6 things to mend")
	page = about(page)

	// An item without a text is kept, and its fault stands beside its field.
	form := page.within("/item/_new?type=&page=1").form("Keep it")
	form.enter("code", "ev 1").enter("options", "0 = No\n1 = Yes\n2 = Very")
	page = form.press("Keep it").want(422, "A code is made of small letters")
	if got := page.form("Keep it").fields.Get("options"); !strings.Contains(got, "2 = Very") {
		t.Errorf("what was typed is lost: %q", got)
	}
	page = page.form("Keep it").enter("code", "ev_01").press("Keep it").want(200, "Kept. Something is still to be mended", "Is missing or empty.")
	if !strings.HasSuffix(page.path, "/item/ev_01") {
		t.Errorf("leads to %s", page.path)
	}
	page = page.form("Keep it").enter("text", "I felt calm today.").enter("share", "much").press("Keep it").want(200, "I felt calm today.", "much")

	// The next begins with the answers of the one before, and reversed it counts.
	page = page.within("/item/_new?type=&page=1").form("Keep it").enter("text", "I was harsh with myself.").press("Keep it, and add another").want(200, "A new item")
	page.form("Keep it").enter("text", "I could laugh.").press("Keep it").want(200)
	if def := w.definition(page.path); len(def.Items) != 3 || def.Items[1].Set != "much" || def.Items[2].Code != "ev_03" {
		t.Errorf("%+v", def.Items)
	}
	scale := page.within("/scale/_new").form("Keep it").enter("name", "Calm")
	scale.fields["items"] = []string{"ev_01", "ev_02", "ev_03"}
	scale.fields["reversed"] = []string{"ev_02"}
	scale.enter("min_answered", "2").enter("bands", "0 to 1 = Low\n1.01 to 2 = High").enter("bands_warning", "Not a diagnosis.").press("Keep it").want(200, "Kept.", "mean of 3 items")

	// A second page that is shown if an answer is so.
	page.within("").form("Add a page").press("Add a page").want(200)
	item := page.within("/item/_new?type=number&page=2").form("Keep it").enter("text", "For how many hours?").enter("code", "hours").
		enter("min", "0").enter("max", "24").enter("step", "0,5").enter("unit", "hours").
		choose("show_if_how", "parts").choose("show_if_item_1", "ev_01").choose("show_if_is_1", ">=").enter("show_if_value_1", "1").
		choose("required_if_how", "always")
	item.press("Keep it").want(200, "shown if ev_01 >= 1", "Ready to publish")
	def := w.definition(page.path)
	if last := def.Items[3]; last.ShowIf != "ev_01 >= 1" || last.RequiredIf != "true" || last.Range.Step != 0.5 {
		t.Errorf("%+v", last)
	}
	if got := page.within("/item/hours").form("Keep it").fields.Get("show_if_item_1"); got != "ev_01" {
		t.Errorf("the condition is taken apart as %q", got)
	}

	// Published, it is in the library and can be asked.
	page.within("/publish").form("Publish it in the library").press("Publish it in the library").want(200, "Evening log", "Calm")
	shelf, err := w.cases.Library.Show(t.Context(), survey.SystemActor("test"), "evening_log")
	w.must(err)
	if shelf.Items[0].Version.Hash != mustParse(t, def).Hash() {
		t.Error("something else was published")
	}
	page.within("").want(200, "It is in the library")
	w.send(page, "/about", url.Values{"title": {"x"}}).want(409)
}

func mustParse(t *testing.T, d *instrument.Definition) *instrument.Definition {
	t.Helper()
	data, err := d.Canonical()
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := instrument.Parse(data)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestAnItemOfEachTypeIsWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	page := about(w.begun(d, "Every kind"))
	for kind, values := range map[string]url.Values{
		"":            {"options": {"1 = a\n2 = b"}},
		"multiple":    {"options": {"1 = a\n2 = b\n9 = none | alone"}},
		"yes_no":      {},
		"slider":      {"min": {"0"}, "max": {"100"}, "step": {"10"}, "low_label": {"low"}, "high_label": {"high"}},
		"number":      {"min": {"0"}, "max": {"24"}},
		"text":        {"max_length": {"50"}},
		"long_text":   {},
		"date":        {},
		"information": {},
	} {
		values.Set("code", "k_"+kind)
		values.Set("text", "Of the type "+kind)
		values.Set("type", kind)
		values.Set("answers", "own")
		if kind == "" {
			values.Set("code", "k_single")
		}
		w.send(page, "/item/_new", values).want(200, "Of the type "+kind)
	}
	def := w.definition(page.path)
	if len(def.Items) != 9 || len(def.Faults()) > 0 {
		t.Errorf("%d items, %v", len(def.Items), def.Faults())
	}
	page.within("").want(200, "Ready to publish")
	// Each comes back into its form as it is kept: saving it again changes nothing.
	before, err := def.Canonical()
	w.must(err)
	for _, item := range def.Items {
		page.within("/item/" + item.Code).form("Keep it").press("Keep it").want(200)
	}
	after, err := w.definition(page.path).Canonical()
	w.must(err)
	if string(before) != string(after) {
		t.Errorf("saved again it is\n%s\nand was\n%s", after, before)
	}
}

func TestEveryFormOfADraftSavesWhatItShows(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	all, err := instrument.Builtin()
	w.must(err)
	for _, builtin := range all {
		page := d.post("/drafts", url.Values{"from": {builtin.Key}}).want(200, "Being written")
		def := w.definition(page.path)
		before, err := def.Canonical()
		w.must(err)
		paths := []string{"/about"}
		for _, item := range def.Items {
			paths = append(paths, "/item/"+item.Code)
		}
		for i := range def.Layout {
			paths = append(paths, "/page/"+strconv.Itoa(i+1))
		}
		for _, s := range def.Scales {
			paths = append(paths, "/scale/"+s.Key)
		}
		for tag := range def.Translations {
			paths = append(paths, "/language/"+tag)
		}
		for i := range def.Vectors {
			paths = append(paths, "/example/"+strconv.Itoa(i+1))
		}
		for _, path := range paths {
			page.within(path).form("Keep it").press("Keep it").want(200)
		}
		after, err := w.definition(page.path).Canonical()
		w.must(err)
		if string(before) != string(after) {
			t.Errorf("%s is\n%s\nand was\n%s", builtin.Key, after, before)
		}
	}
}

func TestThePartsOfADraftArePutInOrderAndUndone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	page := d.post("/drafts", url.Values{"from": {"motivation"}}).want(200)
	order := func() string {
		var pages []string
		for _, p := range w.definition(page.path).Layout {
			pages = append(pages, strings.Join(p.Items, " "))
		}
		return strings.Join(pages, " | ")
	}
	first := order()
	code := w.definition(page.path).Items[0].Code
	page = page.within("").form("↓ Move " + code + " down").press("↓ Move " + code + " down").want(200)
	if order() == first {
		t.Error("nothing moved")
	}
	page = page.form("Undo the last change: moved " + code + " down").press("Undo the last change: moved " + code + " down").want(200)
	if order() != first {
		t.Errorf("undone it is %s, and was %s", order(), first)
	}
	w.send(page, "", url.Values{"do": {"add-page"}}).want(200)
	w.send(page, "", url.Values{"do": {"to " + code}, "page": {"2"}}).want(200)
	if got := order(); !strings.HasSuffix(got, "| "+code) {
		t.Error(got)
	}
	w.send(page, "", url.Values{"do": {"copy " + code}}).want(200)
	w.send(page, "", url.Values{"do": {"page-up 2"}}).want(200)
	w.send(page, "", url.Values{"do": {"remove " + code}}).want(200)
	if got := order(); strings.Contains(got, code) {
		t.Error(got)
	}
	w.send(page, "", url.Values{"do": {"remove nothing"}}).want(404)
	w.send(page, "", url.Values{"do": {"dance"}}).want(400)
	w.send(page, "", url.Values{"do": {"page-remove 1"}}).want(200)
	w.send(page, "", url.Values{"do": {"page-remove 1"}}).want(422, "That could not be done", "last page")
	page.within("/history").want(200, "copied "+code, "Go back to this – revision 1").form("Go back to this – revision 1").press("Go back to this – revision 1").want(200)
	if order() != first {
		t.Error("revision 1 did not come back")
	}
}

func TestTwoWhoWriteAtOnceAreShownBothVersions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	ana := w.signedIn(t, "ana@example.org", w.researcher())
	ben := w.signedIn(t, "ben@example.org", w.researcher())
	page := about(w.begun(ana, "Evening log"))
	path := page.path
	theirs := ben.get(path+"/about").form("Keep it").enter("heading", "Ben’s heading")
	ana.get(path+"/about").form("Keep it").enter("heading", "Ana’s heading").press("Keep it").want(200)
	conflict := theirs.press("Keep it").want(200, "Two versions", "Somebody else has saved meanwhile", "Ana’s heading", "ana@example.org")
	if got := w.definition(path).Heading; got != "Ana’s heading" {
		t.Errorf("%q stands", got)
	}
	conflict.form("Let this one stand").press("Let this one stand").want(200)
	if got := w.definition(path).Heading; got != "Ben’s heading" {
		t.Errorf("%q stands", got)
	}
	ben.get(path+"/history").want(200, "kept beside another")
}

func TestItemsAreTakenOverFromAnotherQuestionnaire(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.addWording("brs-6")
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	page := about(w.begun(d, "Two in one"))
	take := page.within("/take?from=brs_6").want(200, "What applies to the wording", "taken over together")
	take.form("Take all of it over").press("Take all of it over").want(200, "brs_01", "Brief Resilience Scale")
	w.send(page, "/take", url.Values{"from": {"brs_6"}, "how": {"whole"}}).want(422, "in the questionnaire already")
	w.send(page, "/take", url.Values{"from": {"brs_6"}, "how": {"items"}, "items": {"brs_01"}, "page": {"1"}}).want(422, "taken over together")
	w.send(page, "/take", url.Values{"from": {"motivation"}, "how": {"items"}, "items": {"mo_02"}, "page": {"1"}}).want(200, "mo_02")
	w.send(page, "/take", url.Values{"from": {"motivation"}, "how": {"items"}, "page": {"1"}}).want(422, "at least one")
	def := w.definition(page.path)
	published, err := w.cases.Library.Show(t.Context(), survey.SystemActor("test"), "brs_6")
	w.must(err)
	if def.ScaleHash("brs_total") != published.Items[0].Version.Definition.ScaleHash("brs_total") {
		t.Error("it scores otherwise")
	}
	// Terms that need to be accepted are asked for before it is published.
	page.within("/publish").want(200, "The terms are accepted").form("Publish it in the library").press("Publish it in the library").want(422, "Tick the box")
}

func TestTranslationsStandSideBySideAndWhatIsMissingIsMarked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	page := about(w.begun(d, "Evening log"))
	w.send(page, "/item/_new", url.Values{"code": {"ev_01"}, "text": {"I felt calm."}, "type": {""}, "answers": {"own"}, "options": {"0 = No\n1 = Yes"}}).want(200)
	w.send(page, "", url.Values{"do": {"language-add"}, "language": {"German"}}).want(422, "language tag")
	w.send(page, "", url.Values{"do": {"language-add"}, "language": {"de"}}).want(200, "German", "missing")
	form := page.within("/language/de").want(200, "5 texts are missing", "I felt calm.").form("Keep it")
	form.enter("items-ev_01-text", "Ich war ruhig.").enter("heading", "Dein Tag").enter("items-ev_01-options-0", "Nein")
	page = form.press("Keep it").want(200, "Kept. Something is still to be mended", "2 texts are missing")
	page.form("Keep it").enter("items-ev_01-options-1", "Ja").enter("intro", "Denk an heute.").press("Keep it").want(200, "complete")
	if got := w.definition(page.path).Translations["de"].Items["ev_01"]; got.Text != "Ich war ruhig." || got.Options[1] != "Ja" {
		t.Errorf("%+v", got)
	}
	// The words in another language are on the item's own page too.
	if got := page.within("/item/ev_01").form("Keep it").fields.Get("text_de"); got != "Ich war ruhig." {
		t.Errorf("%q", got)
	}
}

// sample is a draft with a scale that is reversed, a condition and ranges.
func (w *world) sample(d *device) screen {
	w.t.Helper()
	page := about(w.begun(d, "Evening log"))
	for _, v := range []url.Values{
		{"code": {"ev_01"}, "text": {"I felt calm."}, "type": {""}, "answers": {"own"}, "options": {"1 = No\n2 = A bit\n3 = So-so\n4 = Rather\n5 = Very"}, "share": {"much"}},
		{"code": {"ev_02"}, "text": {"I was harsh."}, "type": {""}, "answers": {"set:much"}},
		{"code": {"ev_03"}, "text": {"I laughed."}, "type": {""}, "answers": {"set:much"}, "show_if_how": {"written"}, "show_if": {"ev_01 >= 3"}},
	} {
		w.send(page, "/item/_new", v).want(200)
	}
	w.send(page, "/scale/_new", url.Values{
		"key": {"ev_kind"}, "name": {"Kindness"}, "label": {"Kind"}, "items": {"ev_01", "ev_02", "ev_03"}, "reversed": {"ev_02"}, "method": {"mean"},
		"direction": {"higher_better"}, "min_answered": {"2"}, "bands": {"1 to 3 = Low\n3.01 to 5 = High"}, "bands_warning": {"Not a diagnosis."},
	}).want(200)
	w.send(page, "", url.Values{"do": {"add-page"}}).want(200)
	w.send(page, "/item/_new", url.Values{"code": {"ev_more"}, "text": {"What made you laugh?"}, "type": {"text"}, "page": {"2"}, "show_if_how": {"parts"}, "show_if_item_1": {"ev_03"}, "show_if_is_1": {"answered"}}).want(200)
	return page.within("")
}

func TestATestRunShowsTheScoringStepByStep(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	page := w.sample(d)
	before := w.store.committed.Load()
	run := page.within("/test")
	form := run.form("Score these answers")
	form.fields.Set("ev_01", "4")
	form.fields.Set("ev_02", "2")
	run = form.press("Score these answers").want(200,
		"2, reversed 1 + 5 − 2 = 4", "Answered: 2 of 3; at least 2 are needed.", "Mean: 8 ÷ 2 = 4.", "Score: 4.", "High", "Not a diagnosis.", "not answered")
	// What is not shown does not count, and it is said.
	form = run.form("Score these answers")
	form.fields.Set("ev_01", "2")
	form.fields.Set("ev_03", "5")
	run = form.press("Score these answers").want(200, "ev_03 is not shown with these answers", "Score: 3.")
	form = run.form("Score these answers")
	form.fields.Del("ev_02")
	form.fields.Set("_clear", "ev_02")
	form.press("Score these answers").want(200, "No score: too few answers.")
	d.post("/drafts/"+strings.Split(page.path, "/")[2]+"/test", url.Values{"ev_01": {"9"}}).want(422, "Please look at one thing")
	if w.store.committed.Load() != before {
		t.Error("a test run stored something")
	}
	// A worked example is begun with these answers; one that is wrong is told.
	example := run.follow("Make a worked example of these answers").want(200, "Compute the scores by hand").form("Keep it")
	if example.fields.Get("answer_ev_02") != "2" {
		t.Errorf("%v", example.fields)
	}
	page = example.enter("name", "by hand").enter("expect_ev_kind", "3.5").press("Keep it").want(200)
	page.within("/test").want(200, "differs", "Scoring gives 3, not 3.5")
	page.within("/example/1").want(200, "Scoring gives 3, not 3.5").form("Keep it").enter("expect_ev_kind", "3").press("Keep it").want(200, "Ready to publish")
	page.within("/test").want(200, "agrees")
}

func TestAPreviewFollowsTheBranchesAndStoresNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	page := w.sample(d)
	w.send(page, "", url.Values{"do": {"language-add"}, "language": {"de"}}).want(200)
	w.send(page, "/language/de", url.Values{"heading": {"Dein Tag"}, "items-ev_01-text": {"Ich war ruhig."}}).want(200)
	before := w.store.committed.Load()
	frame := page.within("/preview").want(200, "nothing is stored")
	if got := frame.header.Get("Content-Security-Policy"); !strings.Contains(got, "frame-src 'self'") || !strings.Contains(got, "frame-ancestors 'none'") {
		t.Errorf("the page may be framed, or may not frame: %s", got)
	}
	sheet := page.within("/preview/page/1?language=en").want(200, "I felt calm.", "Your day")
	if got := sheet.header.Get("Content-Security-Policy"); !strings.Contains(got, "frame-ancestors 'self'") {
		t.Errorf("the preview may not be framed: %s", got)
	}
	if strings.Contains(sheet.body, "participant.js") || strings.Contains(sheet.body, "data-save") {
		t.Error("a preview would save answers")
	}
	// ev_03 appears on the same page, then the second page.
	form := sheet.form("Continue")
	form.fields.Set("ev_01", "4")
	sheet = form.press("Continue").want(200, "I laughed.")
	form = sheet.form("Continue")
	form.fields.Set("ev_03", "2")
	sheet = form.press("Continue").want(200, "What made you laugh?")
	form = sheet.form("Continue").enter("ev_more", "A long story, told in many words, that no stamp could keep whole.")
	end := form.press("Continue").want(200, "nothing was stored")
	run := end.form("See how these answers are scored").press("See how these answers are scored").want(200, "Answered: 2 of 3")
	if !strings.Contains(run.body, "that no stamp could keep whole") {
		t.Error("an answer was lost on the way")
	}
	// Without the condition the second page is passed over.
	form = page.within("/preview/page/1").form("Continue")
	form.fields.Set("ev_01", "1")
	form.press("Continue").want(200, "The end")
	// In the other language, as far as it is translated.
	form = page.within("/preview/page/1").form("Continue")
	form.fields.Set("_language", "de")
	german := d.post(attr(form.node, "action"), form.fields).want(200, "Ich war ruhig.", "Dein Tag", "I was harsh.")
	if !strings.Contains(german.body, `<html lang="de"`) {
		t.Error("the page is not in German")
	}
	if w.store.committed.Load() != before {
		t.Error("a preview stored something")
	}
	d.get(page.within("").path + "/preview/page/7").want(404)
	d.post("/drafts/"+strings.Split(page.path, "/")[2]+"/preview/page/1", url.Values{"_kept": {"[1"}}).want(400)
}

func TestAQuestionnaireOfAFileIsWrittenOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	page := d.upload(uploadPath, "evening.xlsx", evening(t)).want(200).form("Go on writing it first").press("Go on writing it first").want(200, "Being written", "Were you calm today?")
	page.within("/item/hours").want(200)
	d.get("/instruments").want(200, "Being written", "Evening")
	d.get("/drafts").want(200, "Being written")
}

func TestAWrittenConditionTellsItsFaultsAtItsPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	page := w.sample(d)
	form := page.within("/item/ev_02").form("Keep it").choose("show_if_how", "written").enter("show_if", "ev_10 = 3")
	page = form.press("Keep it").want(200, "Kept. Something is still to be mended", "Cannot be read at character 7")
	page = page.form("Keep it").enter("show_if", "ev_1 == 3").press("Keep it").want(200, `"ev_1" is not an item`)
	page.within("").want(200, "1 thing to mend", "Item ev_02, when it is shown")
	page.within("/item/ev_02").form("Keep it").choose("show_if_how", "parts").press("Keep it").want(422, "Choose at least one item")
	page.within("/item/ev_02").form("Keep it").choose("show_if_how", "parts").choose("show_if_item_1", "ev_01").enter("show_if_value_1", "much").
		press("Keep it").want(422, "is no number")
	page.within("/publish").want(200, "to mend first")
	w.send(page, "/publish", url.Values{}).want(422, "cannot be published yet")
}

func TestOthersDoNotSeeWhatIsBeingWritten(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	page := w.sample(d)
	leader := w.signedIn(t, "leader@example.org", w.facilitator())
	for _, rest := range []string{"", "/about", "/item/ev_01", "/item/_new", "/page/1", "/scale/ev_kind", "/answers/much", "/history", "/publish", "/take", "/preview", "/preview/page/1", "/test"} {
		leader.get(strings.TrimSuffix(page.path, "/") + rest).want(403)
	}
	for _, rest := range []string{"/item/nothing", "/page/9", "/scale/nothing", "/answers/nothing", "/language/xx", "/example/4"} {
		d.get(page.path + rest).want(404)
	}
}

// draftScreens shows the pages on which questionnaires are written in every state.
func (w *world) draftScreens(d *device, screens map[string]screen) {
	w.t.Helper()
	empty := w.begun(d, "Evening <b>log")
	screens["staff_draft empty"] = empty
	for _, rest := range []string{"about", "publish", "preview", "test", "history", "take", "page/1", "item/_new", "scale/_new", "example/_new", "answers/_all"} {
		name, _, _ := strings.Cut(rest, "/")
		screens["staff_draft_"+name+" empty"] = empty.within("/" + rest)
	}
	screens["staff_draft refused"] = w.send(empty, "", url.Values{"do": {"page-remove 1"}}).want(422)
	screens["staff_draft_item refused"] = w.send(empty, "/item/_new", url.Values{"code": {"<b>"}, "text": {"<b>x"}, "type": {""}}).want(422)
	full := w.sample(d)
	w.send(full, "", url.Values{"do": {"language-add"}, "language": {"ar"}}).want(200)
	w.send(full, "/example/_new", url.Values{"name": {"<b>"}, "expect_ev_kind": {"3"}}).want(200)
	screens["staff_draft filled"] = full.within("")
	for _, rest := range []string{"publish", "preview", "test", "history", "take?from=motivation", "page/1", "item/ev_02", "scale/ev_kind", "example/1", "answers/much", "language/ar"} {
		name, _, _ := strings.Cut(strings.ReplaceAll(rest, "?", "/"), "/")
		screens["staff_draft_"+name+" filled"] = full.within("/" + rest)
	}
	form := full.within("/test").form("Score these answers")
	form.fields.Set("ev_01", "4")
	form.fields.Set("ev_02", "2")
	screens["staff_draft_test scored"] = form.press("Score these answers").want(200)
	screens["staff_draft_look"] = w.send(full, "/item/ev_02/look", url.Values{"code": {"ev_02"}, "text": {"<b>harsh"}, "type": {""}, "answers": {"set:much"}}).want(200)
	screens["staff_draft_look refused"] = w.send(full, "/item/ev_02/look", url.Values{"code": {"<b>"}, "type": {""}}).want(200)
	sheet := full.within("/preview/page/1").form("Continue").press("Continue").want(200, "The end")
	screens["staff_draft_end"] = sheet
	v, err := w.cases.Drafts.Open(w.t.Context(), survey.SystemActor("test"), survey.DraftID(strings.Split(full.path, "/")[2]), 0)
	w.must(err)
	late := full.device.post(full.path+"/about", url.Values{"revision": {"2"}, "title": {"<b>late"}, "minutes": {"1"}}).want(200, "Two versions")
	screens["staff_draft_history two versions"] = late
	screens["staff_draft_publish refused"] = d.post(full.path+"/publish", url.Values{"revision": {strconv.Itoa(v.Draft.Revision)}}).want(422)
}

func TestAnItemIsLookedAtBeforeItIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	page := w.sample(d)
	before := w.store.committed.Load()
	page.within("/item/ev_02").form("Keep it").enter("text", "I was kind.").press("Keep it").want(200)
	kept := w.store.committed.Load()
	if kept == before {
		t.Fatal("keeping an item is not counted")
	}
	w.send(page, "/item/ev_02/look", url.Values{"code": {"ev_02"}, "text": {"I was very kind."}, "type": {"yes_no"}, "answers": {"own"}}).want(200, "I was very kind.", "Yes", "Not kept yet")
	w.send(page, "/item/_new/look", url.Values{"code": {"ev_02"}, "type": {""}}).want(200, "Another item or scale has this code")
	w.send(page, "/item/nothing/look", url.Values{"code": {"x"}, "type": {""}}).want(404)
	if w.store.committed.Load() != kept {
		t.Error("a look wrote something")
	}
	if item, _ := w.definition(page.path).Item("ev_02"); item.Text != "I was kind." {
		t.Errorf("%q", item.Text)
	}
}
