package web

import (
	"bytes"
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
	"tidemark/survey/export"
)

// bringIn sends a file and gives the page of its columns.
func (d *device) bringIn(w *world, data string) screen {
	d.t.Helper()
	return d.upload(w.path("/imports"), `"><script>x.csv`, []byte(data)).want(200, "What the columns are")
}

// importScreens shows the pages of bringing answers in.
func importScreens(w *world, d *device, all map[string]screen) {
	code := w.code(0)
	all["researcher_imports"] = d.get(w.path("/imports")).want(200)
	all["researcher_imports unreadable"] = d.upload(w.path("/imports"), "<b>.csv", []byte("<b>,<b>\n1,2")).want(422, "both called")
	all["researcher_imports none"] = d.upload(w.path("/imports"), "<b>.csv", nil).want(422)
	mapped := d.bringIn(w, "code;<b>;sc_01_pre;=1+1\nx<script>;a;9;\n"+code+";;3;x\n")
	all["researcher_import_map"] = mapped
	all["researcher_import_map fault"] = d.post(mapped.path, url.Values{"c0": {"\"><script>"}, "missing": {"<b>"}, "date": {"<i>"}, "existing": {"keep"}}).want(422)
	all["researcher_import_preview faults"] = d.get(mapped.path+"/preview").want(200, "2 things to mend")
	good := d.bringIn(w, "code;date;sc_01_post;sc_02_post\n<b>;2026-11-01;3;4\n")
	all["researcher_import_preview"] = d.post(good.path, url.Values{
		"c0": {"code"}, "c1": {"answered"}, "c2": {"answer:post:self_compassion:sc_01"}, "c3": {""}, "existing": {"keep"}, "create": {"1"}, "arm": {"course"}, "run": {string(w.run.ID)},
	}).want(200, "What would be written")
	all["researcher_import_preview refused"] = d.post(good.path+"/apply", url.Values{}).want(422)
	all["researcher_import"] = d.post(good.path+"/apply", url.Values{"agreed": {"1"}}).want(200, "written")
	all["researcher_import undone"] = d.post(good.path+"/undo", url.Values{}).want(200, "taken back")
	all["researcher_paper"] = d.get(w.path("/paper")).want(200)
	all["researcher_paper nobody"] = d.get(w.path("/paper?form=pre:self_compassion&code=%22%3E%3Cscript%3E")).want(422)
	all["researcher_paper_sheet"] = d.get(w.path("/paper?form=post:self_compassion&code=" + code)).want(200)
	all["researcher_paper_sheet fault"] = d.post(w.path("/paper"), url.Values{
		"_code": {code}, "_form": {"post:self_compassion"}, "_existing": {"keep"}, "sc_01": {"9"}, "_reason": {"<b>"},
	}).want(422)
}

// A file with everything that is awkward goes from the form to the data and back.
func TestPastAnswersAreBroughtInByForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	code := w.code(0)
	file := "\ufeffCode;Datum;sc_01.Post;sc_02 post;frei;x\n" + code + ";20.10.2026;selten?;-99;\"שלום\nzwei\";1\nÄ 🙂;1.10.2026;Often;5;;2\n"
	page := d.bringIn(w, file).want(200, "2 rows", "6 columns", "semicolons")
	if got := page.form("Check every row").fields; got.Get("c0") != "code" || got.Get("c2") != "answer:post:self_compassion:sc_01" || got.Get("c4") != "" {
		t.Errorf("recognised as %v", got)
	}
	page.form("Check every row").press("Check every row").want(200, "“selten?” is not one of the answers: 1 (Almost never)", "There is nobody with the code “Ä 🙂”", "nothing is written")
	// Mended, and said once more.
	page = d.bringIn(w, strings.Replace(file, "selten?", "Seldom", 1))
	page = page.form("Check every row").enter("missing", "−99, 98").choose("create", "1").choose("arm", "waitlist").choose("run", string(w.run.ID)).press("Check every row")
	page = page.want(200, "What would be written", "2 columns are not used", "Ä 🙂")
	path := page.path
	before := w.long()
	page = page.form("Write 2 questionnaires").press("Write 2 questionnaires").want(422, "agreed to take part")
	page = page.form("Write 2 questionnaires").choose("agreed", "1").press("Write 2 questionnaires").want(200, "Answers added", "Take it back")
	if now := w.long(); !strings.Contains(now, "Ä 🙂") || now == before {
		t.Errorf("the long file is %s", now)
	}
	d.get(path).want(200, "Import") // a preview of what is written leads to it
	d.get(w.path("/data")).want(200, "2 questionnaires from files")
	page = page.form("Take all of it back").press("Take all of it back").want(200, "taken back")
	if w.long() != before {
		t.Error("the data are not what they were")
	}
	d.get(w.path("/imports")).want(200, "taken back", "not written yet")
	discard := d.bringIn(w, file)
	discard.form("Discard the file").press("Discard the file").want(200)
	d.get(discard.path).want(404)
}

func TestPaperIsTypedInByForms(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	page := d.get(w.path("/paper")).form("Open it").enter("code", w.code(0)).choose("form", "pre:resilience").press("Open it").want(200, "1 · ", "Day on the paper")
	page = page.form("Keep it").choose("rs_01", "2").press("Keep it").want(422, "Write the day")
	form := page.form("Keep it")
	if form.fields.Get("rs_01") != "2" {
		t.Error("what was chosen is lost")
	}
	page = form.enter("_date", "2026-11-20").choose("_agreed", "1").press("Keep it").want(200, "Kept, and scored")
	if !strings.Contains(w.long(), ",rs_01,2,") {
		t.Error("the answer is not in the data")
	}
	page = page.form("Open it").enter("code", w.code(0)).press("Open it").want(200, "There is one answer already")
	page.form("Keep it").choose("rs_01", "3").choose("_existing", "compare").press("Keep it").want(200, "Question 1: “2” is kept, and “3” was typed in now.")
	page.form("Keep it").choose("rs_01", "2").choose("_existing", "compare").press("Keep it").want(200, "Both entries are the same")
	d.get(w.path("/results")).want(200, "Brought in", "answers to 1 questionnaire from paper")
	page.form("Keep it").choose("rs_01", "3").enter("_date", "2026-11-20").choose("_agreed", "1").choose("_existing", "overwrite").press("Keep it").want(422, "why answers are replaced")
	d.get(w.path("/data")).want(200, "1 questionnaire from paper")
}

// long is the long file of the world's study.
func (w *world) long() string {
	var b bytes.Buffer
	w.must(export.Long(w.t.Context(), w.store, survey.SystemActor("test"), w.study.ID, &b))
	return b.String()
}
