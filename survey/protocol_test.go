package survey_test

import (
	"slices"
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/course"
	"tidemark/survey/schedule"
)

// Every built-in study fits its course, has its occasions named in every language, and
// asks at rules without faults.
func TestEveryBuiltInStudyFitsItsCourse(t *testing.T) {
	t.Parallel()
	for _, p := range survey.Protocols() {
		c, err := course.BuiltinByKey(p.CourseKey)
		noError(t, err)
		var waves []schedule.Wave
		for _, w := range p.Waves {
			waves = append(waves, schedule.Wave{Key: w.Key, Name: w.Name, Part: schedule.Part(w.Kind), Arm: w.ArmKey, Rule: w.Rule})
			for _, language := range []string{"de", "es"} {
				if !slices.ContainsFunc(p.Texts, func(x survey.StudyText) bool {
					return x.Language == language && x.Key == survey.WaveText(w.Key) && x.Body != ""
				}) {
					t.Errorf("%s: %s has no name in %s", p.Key, w.Key, language)
				}
			}
		}
		cal := schedule.Calendar{Start: schedule.Date{Year: 2026, Month: time.March, Day: 2}, Hour: 18}
		for _, clash := range cal.Outline(waves, len(c.Weeks), time.Duration(c.MeetingMinutes)*time.Minute).Clashes {
			// What is open until a meeting and what opens on its day may meet.
			if clash.Kind != schedule.ClashTogether {
				t.Errorf("%s: %+v", p.Key, clash)
			}
		}
	}
}

// The day before each of eight meetings people are asked how they are, until it
// begins; three and six months after the last one they are asked again.
func TestMeasuresOfStateComeBeforeEachMeeting(t *testing.T) {
	t.Parallel()
	p, ok := survey.ProtocolByKey("learning_from_setbacks_8_states")
	if !ok {
		t.Fatal("there is no such study")
	}
	run := survey.CourseRun{StartsOn: schedule.Date{Year: 2026, Month: time.March, Day: 8}, MeetingTime: "18:30", TimeZone: "Europe/Berlin"}
	cal := run.Calendar()
	states := 0
	for _, w := range p.Waves {
		window := run.Window(w.Rule)
		switch {
		case w.Rule.Timed:
			states++
			begins := cal.MeetingAt(states)
			same(t, []time.Time{window.Opens, window.Closes, window.Expires}, []time.Time{begins.Add(-24 * time.Hour), begins, begins.Add(15 * time.Minute)})
		case w.Key == "followup_3m":
			same(t, []string{schedule.DateOf(window.Opens).String(), window.LastDay().String()}, []string{"2026-07-26", "2026-08-23"})
		case w.Key == "followup_6m":
			same(t, []string{schedule.DateOf(window.Opens).String(), window.LastDay().String()}, []string{"2026-10-26", "2026-11-23"})
		}
	}
	same(t, states, 8)
}
