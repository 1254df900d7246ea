package web

import (
	"net/url"
	"strings"
	"testing"

	"tidemark/survey/course"
)

const tenWeeks = "/courses/learning_from_setbacks_10"

// courseScreens shows the pages of courses in every state.
func (w *world) courseScreens(d *device, screens map[string]screen) {
	w.t.Helper()
	screens["staff_courses"] = d.get("/courses").want(200)
	screens["staff_course"] = d.get(tenWeeks).want(200)
	screens["staff_course fault"] = d.post(tenWeeks+"/copy", url.Values{"version": {"1.0.0"}, "title": {" "}}).want(422)
	screens["staff_course_read"] = d.get(tenWeeks + "/versions/1.0.0").want(200)
	screens["staff_course_import"] = d.get(courseImportPath).want(200)
	screens["staff_course_import nothing"] = d.upload(courseImportPath, "<b>.json", nil).want(422)
	screens["staff_course_import faults"] = d.upload(courseImportPath, "<b>.json", []byte(`{"<b>": 1}`)).want(422)
	screens["staff_course_draft"] = d.post(tenWeeks+"/copy", url.Values{"version": {"1.0.0"}, "title": {"A <i>course</i>"}}).want(200)
	draft := "/courses/a_i_course_i/draft"
	screens["staff_course copied"] = d.get("/courses/a_i_course_i").want(200)
	screens["staff_course_edit"] = d.get(draft + "/about").want(200)
	screens["staff_course_edit week"] = d.get(draft + "/weeks/3").want(200)
	screens["staff_course_edit fault"] = d.post(draft+"/weeks/3", url.Values{"revision": {"1"}, "step_1_minutes": {"<b>"}}).want(422)
	screens["staff_course_edit conflict"] = d.post(draft+"/weeks/3", url.Values{"revision": {"9"}, "title": {"<b>"}}).want(409)
	screens["staff_course_edit language"] = d.get(draft + "/languages/de").want(200)
	screens["staff_course_draft fault"] = d.post(draft+"/languages", url.Values{"revision": {"1"}, "language": {"<b>"}}).want(422)
	d.post(draft+"/weeks", url.Values{"revision": {"1"}, "do": {"add"}}).want(200)
	screens["staff_course_draft lacks"] = d.post(draft+"/publish", url.Values{"revision": {"2"}}).want(422)
	screens["error no such week"] = d.get(draft + "/weeks/12").want(404)
	screens["error no such language"] = d.get(draft + "/languages/fr").want(404)
	screens["error no such course"] = d.get("/courses/none").want(404)
}

// Somebody who starts course runs copies a course, changes it on every page that
// there is, publishes it, and starts a run that follows it; all by forms.
func TestACourseIsCopiedChangedAndFollowedInTheBrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	d.get(w.path("/new-run")).follow("Read, copy or change courses").want(200, "Learning from setbacks", "10 weeks, version 1.0.0", "comes with the program")
	page := d.get(tenWeeks).want(200, "Version 1.0.0").form("Copy it").enter("title", "Evening course").press("Copy it").want(200, "Nothing is missing")

	page = page.follow("Title, summary, notice, when someone is unwell").want(200)
	page.form("Save").enter("summary", "Ours.\r\nShort.").enter("meeting_minutes", "95").press("Save").want(200, "It is saved", "What is missing", "adds up to 90 minutes", "90 of 95 minutes")

	// A week: the last part gets five minutes more, a part is added and moved up, and
	// everything typed on the way is kept.
	page = d.get("/courses/evening_course/draft/weeks/1").want(200, "90 of 95 minutes")
	form := page.form("Save").enter("title", "Hello").enter("step_9_title", "Tea").enter("step_9_minutes", "5").enter("reflection", "How are you?")
	page = form.with("do", "up-9").send().want(200, "It is saved", "95 of 95 minutes")
	if got := page.form("Save").fields; got.Get("step_8_title") != "Tea" || got.Get("step_9_title") != "Closing round: one word each" || got.Get("title") != "Hello" {
		t.Errorf("the parts are %q and %q", got.Get("step_8_title"), got.Get("step_9_title"))
	}
	page = page.form("Save").with("do", "drop-2").send().want(200, "85 of 95 minutes")
	page = page.form("Save").enter("step_1_minutes", "twenty-five").press("Save").want(422, "Write whole minutes")
	if got := page.form("Save").fields.Get("step_1_minutes"); got != "twenty-five" {
		t.Errorf("what was typed became %q", got)
	}
	page.form("Save").enter("step_1_minutes", "25").press("Save").want(200, "It is saved", "95 of 95 minutes")

	// Weeks: the second goes, a new one comes, and the order changes.
	draft := "/courses/evening_course/draft"
	arrange := func(do string) screen {
		return d.get(draft).want(200).form("Add a week").with("do", do).send()
	}
	for range 8 {
		arrange("remove-2").want(200)
	}
	arrange("up-2").want(200, "Week 1: Going on", "Week 2: Hello")
	arrange("up-1").want(422, "no such place for a week")
	arrange("remove-1").want(200)
	arrange("remove-1").want(422, "at least one week")
	arrange("add").want(200, "Week 2", "is missing or empty")
	d.get(draft).form("Publish version 1.0.0").press("Publish version 1.0.0").want(422, "Nothing was published", "Week 2")
	arrange("remove-2").want(200, "Nothing is missing")

	// Languages: one goes, one is begun, filled in, and is there.
	d.get(draft).form("Add the language").enter("language", "not one").press("Add the language").want(422, "Write the code of a language")
	page = d.get(draft).form("Add the language").enter("language", "fr").press("Add the language").want(200, "Participants’ texts in fr")
	french := page.form("Save")
	for name := range french.fields {
		if name != "revision" && name != "do" {
			french.enter(name, "Bonjour "+name)
		}
	}
	french.press("Save").want(200, "Nothing is missing", "fr")
	d.get(draft+"/languages/es").form("Remove this language").with("do", "remove").send().want(200, "Nothing is missing")

	page = d.get(draft).form("Publish version 1.0.0").enter("note", "One evening").press("Publish version 1.0.0").want(200, "Version 1.0.0", "1 week", "One evening", "Write the next version")
	d.get(draft).want(404)
	page.follow("Version 1.0.0").want(200, "Hello", "How are you?", "Tea")
	run := d.post(w.path("/runs"), url.Values{
		"name": {"Follows"}, "course": {"evening_course"}, "starts_on": {courseStart}, "meeting_time": {"18:00"}, "time_zone": {"UTC"},
	}).want(200, "Follows")
	path := strings.TrimSuffix(run.path, "/setup")
	d.get(path+"/meetings/1").want(200, "Meeting 1: Hello", "Tea, 5 min")
	d.get(path + "/meetings/2").want(404)
	yaml := d.get("/courses/evening_course/versions/1.0.0/course.yaml").want(200)
	c, err := course.ParseFile("course.yaml", []byte(yaml.body))
	if err != nil || c.In("fr").Weeks[0].Title != "Bonjour week_1_title" || len(c.Languages()) != 3 || c.Weeks[0].Plan[0].Minutes != 25 || c.Summary != "Ours.\nShort." {
		t.Errorf("the file has %+v, %v", c, err)
	}
	if got := yaml.header.Get("Content-Disposition"); got != `attachment; filename="evening_course-1.0.0.yaml"` {
		t.Errorf("it is called %s", got)
	}

	// The next version, kept out of use, and discarded.
	page = d.get("/courses/evening_course").form("Write the next version").press("Write the next version").want(200, "version 1.1.0 to be")
	page.form("Discard it").press("Discard it").want(200, "What was being written is gone")
	d.get("/courses/evening_course").form("Keep it out of new course runs : version 1.0.0").press("Keep it out of new course runs : version 1.0.0").want(200, "retired")
	if strings.Contains(d.get(w.path("/new-run")).want(200).text(), "Evening course") {
		t.Error("a retired course is offered")
	}
}

// Two people write at once: whoever saves second is told, keeps what they typed, and
// may put it in place of the other's.
func TestASaveUponSomebodyElsesLosesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	first, second := w.signedIn(t, "leader@example.org", w.facilitator()), w.signedIn(t, "researcher@example.org", w.researcher())
	first.post(tenWeeks+"/copy", url.Values{"version": {"1.0.0"}, "title": {"Ours"}}).want(200)
	mine, theirs := first.get("/courses/ours/draft/weeks/2").form("Save"), second.get("/courses/ours/draft/weeks/2").form("Save")
	theirs.enter("title", "Theirs").press("Save").want(200)
	page := mine.enter("title", "Mine").press("Save").want(409, "Somebody else saved this course meanwhile")
	if got := page.form("Save").fields.Get("title"); got != "Mine" {
		t.Errorf("what was typed became %q", got)
	}
	first.get("/courses/ours/draft").want(200, "Week 2: Theirs")
	page.form("Save").press("Save").want(200, "Week 2: Mine")
}

func TestACourseComesFromAFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	file := d.get(tenWeeks + "/versions/1.0.0/course.json").want(200).body
	d.upload(courseImportPath, "ten.json", []byte(file)).want(422, "belongs to a course that comes with the program")
	own := strings.Replace(file, `"learning_from_setbacks_10"`, `"from_elsewhere"`, 1)
	bad := strings.Replace(own, `"minutes": 15`, `"minutes": 14`, 1)
	d.upload(courseImportPath, "ten.json", []byte(bad)).want(422, "weeks[0].plan: adds up to 89 minutes; a meeting of this course has 90")
	d.upload(courseImportPath, "ten.yaml", []byte("key: [")).want(422, "What is wrong with the file")
	for range 2 { // the second time changes nothing
		d.upload(courseImportPath, "ten.json", []byte(own)).want(200, "Version 1.0.0", "10 weeks", "ten.json")
	}
	d.upload(courseImportPath, "ten.json", []byte(strings.Replace(own, "A ten-week", "The ten-week", 1))).want(422, "Count the version up")
}

// with presses a button that has a value.
func (f *filledForm) with(name, value string) *filledForm {
	f.fields.Set(name, value)
	return f
}

// send sends the form as it stands.
func (f *filledForm) send() screen {
	f.screen.device.t.Helper()
	return f.screen.device.post(attr(f.node, "action"), f.fields)
}
