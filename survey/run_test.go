package survey_test

import (
	"testing"
	"time"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

func TestWeeksAreCountedFromTheFirstMeeting(t *testing.T) {
	t.Parallel()
	run := survey.CourseRun{StartsOn: schedule.Date{Year: 2026, Month: time.March, Day: 23}, TimeZone: zoneName}
	for at, want := range map[time.Time]int{
		day("2026-03-23"):                        1,
		day("2026-03-23").Add(-time.Millisecond): 0,
		day("2026-03-16"):                        0,
		day("2026-03-16").Add(-time.Millisecond): -1,
		day("2026-03-30").Add(-time.Millisecond): 1, // the week has an hour less
		day("2026-03-30"):                        2,
		day("2026-05-11"):                        8,
	} {
		if got := run.Week(at); got != want {
			t.Errorf("%v is in week %d, want %d", at, got, want)
		}
	}
	same(t, []string{run.MeetingDay(1).String(), run.MeetingDay(8).String()}, []string{"2026-03-23", "2026-05-11"})
}

func TestARunInAnUnknownZoneGoesByUTC(t *testing.T) {
	t.Parallel()
	run := survey.CourseRun{StartsOn: schedule.Date{Year: 2026, Month: time.March, Day: 2}, TimeZone: "Mars/Olympus"}
	same(t, run.Zone().String(), "UTC")
	same(t, run.Window(schedule.Rule{}).Opens, time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC))
}
