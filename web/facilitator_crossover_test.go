package web

import (
	"net/url"
	"strings"
	"testing"

	"tidemark/survey"
)

func TestPeopleWhoWaitedCrossOverInTheBrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	ctx, system := t.Context(), survey.SystemActor("test")
	added, err := w.cases.Runs.AddPeople(ctx, system, w.study.ID, w.run.ID, []survey.Person{{Name: "Wanda Waits"}, {Name: "Otto <i>Waits</i>"}}, w.armOf(w.study, "waitlist"))
	w.must(err)
	later, err := w.cases.Runs.Create(ctx, system, w.study.ID, survey.NewRun{
		Name: "Autumn group", CourseKey: "learning_from_setbacks_8", StartsOn: "2028-09-04", MeetingTime: "18:00", TimeZone: "UTC",
	})
	w.must(err)
	leader := w.signedIn(t, "leader@example.org", w.facilitator())
	leader.get(w.runPath("")).want(200, "Who waits")
	leader.get(w.runPath("/crossover")).want(200, "Wanda Waits", "has still to answer the survey after the course").lacks("Autumn group", "Person 1")
	w.days(150)
	leader = w.signedIn(t, "leader-later@example.org", w.facilitator())
	leader.get(w.runPath("/crossover")).want(200, "Otto <i>Waits</i>", "Autumn group, from 2028-09-04", "Let all 2 cross over")
	analyst := w.signedIn(t, "analyst@example.org", w.researcher())
	analyst.get(w.path("/allocation")).want(200, "Who waits in")
	analyst.get(w.runPath("/crossover")).want(200, added[0].Code).lacks("Wanda")
	again := leader.post(w.runPath("/crossover"), url.Values{"person": {string(added[0].ID)}}).want(422, "Choose a course run that starts later")
	if !strings.Contains(again.body, `value="`+string(added[0].ID)+`" checked`) {
		t.Error("the form has lost who was ticked")
	}
	leader.post(w.runPath("/crossover"), url.Values{"person": {string(added[0].ID)}, "to": {string(later.ID)}}).
		want(200, "1 person crossed over", "crossed over to Autumn group")
	leader.get(w.runPath("")).want(200, "crossed over")
	path := w.path("/runs/" + string(later.ID))
	leader.get(path).want(200, "Crossed over from earlier runs", "Wanda Waits", "no meeting noted yet")
	for _, page := range []string{"", "/live"} {
		leader.get(path+"/meetings/1"+page).want(200, "Wanda Waits")
	}
	leader.get(path+"/meetings/1").want(200, "Wanda Waits")
	leader.post(path+"/meetings/1", url.Values{"present": {string(added[0].ID)}}).want(200, "Attendance is noted")
	leader.get(path).want(200, "1 of 1 meetings")
}
