package web

import (
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
)

// The world's course begins on Thursday 3 December 2026: the fourth meeting would be
// on Christmas Eve.
func TestAFacilitatorSkipsAWeekInTheBrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	s := d.get(w.runPath("")).follow("Calendar: skip a week, or move one meeting").want(200, "Everything in order of time", "Skip a week", "Move one meeting")
	events := w.state()
	s = s.form("Preview the break").choose("meeting", "4").press("Preview the break").
		want(200, "7 days without meetings before meeting 4?", "Thu 24 Dec, 18:30 to 20:00", "Thu 31 Dec, 18:30 to 20:00", "other entries stay as they are")
	if strings.Contains(between(s.body, `id="preview"`, "</section>"), "Thu 17 Dec, 18:30") {
		t.Error("the meeting before the break is said to move")
	}
	if w.state() != events {
		t.Error("looking at a change has changed something")
	}
	s = s.form("Make this change").press("Make this change").
		want(200, "The calendar is changed", "Thu 24 Dec to Wed 30 Dec", "before meeting 4")
	checkFrame(t, s)
	d.get(w.runPath("")).want(200, "Thursday 31 December")
	d.get(w.runPath("/meetings/4")).want(200, "Thursday 31 December")
	s = s.follow("Take it away").want(200, "No break before meeting 4?")
	s.form("Make this change").press("Make this change").want(200, "The calendar is changed")
	d.get(w.runPath("/meetings/4")).want(200, "Thursday 24 December")
	w.signedIn(t, "boss@example.org", administrator()).get("/admin/audit?study="+w.study.Key).want(200, "changed a break of a course run", "days without meetings before meeting 4: 0 → 7")
}

func TestAFacilitatorMovesOneMeetingInTheBrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	path := w.runPath("/calendar")
	d.get(path+"?kind=meeting&meeting=3&day=2026-12-19").want(200, "Meeting 3 on Saturday 19 December instead of Thursday 17 December?").
		form("Make this change").press("Make this change").want(200, "The calendar is changed", "moved to this day by itself", "Sat 19 Dec, 18:30")
	s := d.get(path+"?kind=meeting&meeting=3&day=2026-12-24").want(422, "Choose a day between")
	if f := s.form("Preview the move").fields; f.Get("day") != "2026-12-24" || f.Get("meeting") != "3" {
		t.Errorf("the form comes back with %v", f)
	}
	checkFrame(t, s)
	d.get(path+"?kind=meeting&meeting=3&day=").want(200, "Meeting 3 on Thursday 17 December instead of Saturday 19 December?")
	s = d.get(path+"?kind=break&meeting=4&days=many").want(422, "Write a number of days")
	if f := s.form("Preview the break").fields; f.Get("days") != "many" || f.Get("meeting") != "4" {
		t.Errorf("the form comes back with %v", f)
	}
	d.post(path, url.Values{"kind": {"sing"}}).want(422, "Choose what you want to change")
	d.get(path+"?kind=start&starts_on="+courseStart).want(200, "nothing would move")
}

func TestAPreviewWarnsOfWhatCloses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	w.answer(0, always(2))
	d := w.signedIn(t, "leader@example.org", w.facilitator())
	d.get(w.runPath("/calendar?kind=start&starts_on=2026-11-01")).want(200, "is open now and would not be", "What has been answered in full, and stays", "1 person")
}

func between(text, from, to string) string {
	_, text, _ = strings.Cut(text, from)
	text, _, _ = strings.Cut(text, to)
	return text
}

func TestAResearcherChangesWhenPeopleAreAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	boss := w.signedIn(t, "boss@example.org", administrator())
	boss.post("/admin/studies", url.Values{"protocol": {"learning_from_setbacks_8"}, "key": {"draft"}, "title": {"Draft"}}).want(200)
	s := boss.get("/studies/draft").follow("See and change when people are asked").
		want(200, "Opens 2 weeks before the first meeting, closes 2 days after it.")
	s = s.follow("Change : Three months later").want(200, "Three months later")
	s = s.form("Save").choose("anchor", "meeting").enter("meeting", "8").enter("months", "6").enter("opens_day", "0").enter("closes_day", "28").
		enter("grace_days", "2").enter("late_days", "x").press("Save").want(422, "Write a whole number")
	checkFrame(t, s)
	s.form("Save").enter("late_days", "0").enter("name", "Six months later").press("Save").
		want(200, "Saved: Six months later", "Opens 6 months after meeting 8, closes 4 weeks later.", "Answers are taken for 2 days more.")
	boss.get("/admin/audit?study=draft").want(200, "changed when people are asked", "months 0 → 6, first day 84 → 0")
	boss.post("/studies/draft/waves/post", url.Values{
		"name": {"After"}, "short_name": {"P"}, "kind": {"post"}, "anchor": {"wave"}, "follows": {"post"}, "closes_day": {"3"},
	}).want(422, "Then it would wait for itself")
	boss.post("/studies/draft/waves/post", url.Values{
		"name": {"After"}, "short_name": {"P"}, "kind": {"post"}, "anchor": {"wave"}, "follows": {"week_01"}, "closes_day": {"3"},
	}).want(422, "Choose the same group for both")
	boss.get("/studies/draft/waves/none").want(404)
	// What does not fit is said above the table.
	boss.post("/studies/draft/waves/post", url.Values{
		"name": {"After"}, "short_name": {"P"}, "kind": {"post"}, "anchor": {"start"}, "opens_day": {"10"}, "closes_day": {"30"},
	}).want(200, "What does not fit", "“After” is for after the course and opens before the last meeting.")
}

// In an open study only what affects nobody can change.
func TestAnOpenStudysDaysChangeOnlyBeforeTheyTouchAnybody(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.answer(0, always(2))
	d := w.signedIn(t, "analyst@example.org", w.researcher())
	form := func(wave string, change func(survey.WaveForm) survey.WaveForm) url.Values {
		design, err := w.cases.Studies.Design(t.Context(), survey.SystemActor("test"), w.study.ID)
		w.must(err)
		for _, x := range design.Waves {
			if x.Key == wave {
				return waveValues(change(survey.FormOf(design, x)))
			}
		}
		t.Fatalf("no wave %s", wave)
		return nil
	}
	later := func(f survey.WaveForm) survey.WaveForm { f.GraceDays = "3"; return f }
	d.post(w.path("/waves/pre"), form("pre", later)).want(422, "It has already opened for somebody")
	d.post(w.path("/waves/pre"), form("pre", func(f survey.WaveForm) survey.WaveForm { f.Name = "Beforehand"; return f })).want(200, "Saved: Beforehand")
	d.post(w.path("/waves/post"), form("post", later)).want(200, "Answers are taken for 3 days more.")
	d.post(w.path("/waves/post"), form("post", func(f survey.WaveForm) survey.WaveForm { f.Arm = "course"; return f })).want(422, "People are enrolled")
	d.post(w.path("/waves/post"), form("post", func(f survey.WaveForm) survey.WaveForm {
		f.OpensDay, f.ClosesDay = "-400", "-390"
		return f
	})).want(422, "it would be over already")
	d.post(w.path("/waves/post"), form("post", func(f survey.WaveForm) survey.WaveForm {
		f.Anchor, f.Meeting = "meeting", "9"
		return f
	})).want(422, "has no such meeting")
}
