package web

import (
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

type calendarPage struct {
	Page
	survey.RunCalendar
	Path     string // of the run
	Lines    []calendarLine
	Clash    []string
	Meetings []meetingChoice // still to come, without the first
	Breaks   []breakLine
	Preview  *calendarPreview // nil: no change is asked about
	Done     bool
	Form     staffForm
}

// calendarLine is one line of a run in order of time.
type calendarLine struct {
	What, When, Who string
	More            string
	Meeting         int // of a meeting; 0: none
	Over            bool
}

// meetingChoice is a meeting that can still be moved.
type meetingChoice struct {
	Number int
	Day    string // "Mon 6 Apr 2026"
}

// breakLine is a break that is set, and whether it can still be taken away.
type breakLine struct {
	schedule.Break
	From, Until string
	Coming      bool
}

// calendarPreview is what a change would do, in words.
type calendarPreview struct {
	Title      string
	Moves      []movedLine
	Stays      int
	Kept       []string // what was answered
	Warnings   []string
	Kind, Day  string
	Meeting    int
	Days       int
	StartField bool
}

type movedLine struct{ What, Now, Then string }

// showCalendar is a run in order of time; with a change in the address, also what
// that would do. Nothing changes before a form is sent.
func (s *Server) showCalendar(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	query := c.Request.URL.Query()
	f := staffForm{Values: query}
	if query.Get("kind") == "" {
		return s.calendar(c, a, study, 200, f, nil)
	}
	change, faults := changeOf(query)
	var preview survey.ChangePreview
	if err = faults.OrNil(); err == nil {
		preview, err = s.use.Runs.PreviewChange(c.Request.Context(), a, study.ID, runID(c), change)
	}
	if err != nil {
		f, status, err := again(query, err, "")
		if err != nil {
			return err
		}
		return s.calendar(c, a, study, status, f, nil)
	}
	return s.calendar(c, a, study, 200, f, newCalendarPreview(preview, s.cfg.Now()))
}

// changeCalendar makes the change that was looked at.
func (s *Server) changeCalendar(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	change, faults := changeOf(values)
	if err = faults.OrNil(); err == nil {
		err = s.use.Runs.ChangeCalendar(c.Request.Context(), a, study.ID, runID(c), change)
	}
	if err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.calendar(c, a, study, status, f, nil)
	}
	return redirect(c, runPath(study, runID(c))+"/calendar?done=yes")
}

// changeOf reads a change as it is asked about or made.
func changeOf(v url.Values) (survey.CalendarChange, survey.FieldErrors) {
	faults := survey.FieldErrors{}
	whole := func(field, fault string) int {
		text := strings.TrimSpace(v.Get(field))
		n, err := strconv.Atoi(text)
		if err != nil && text != "" {
			faults[field] = fault
		}
		return n
	}
	change := survey.CalendarChange{Kind: survey.CalendarChangeKind(v.Get("kind")), Day: v.Get("day")}
	switch change.Kind {
	case survey.ChangeStart:
		change.Day = v.Get("starts_on")
	case survey.ChangeBreak:
		change.Meeting, change.Days = whole("meeting", "run.unknown_meeting"), whole("days", "run.bad_break")
	case survey.ChangeMeeting:
		change.Meeting = whole("meeting", "run.unknown_meeting")
	}
	return change, faults
}

func (s *Server) calendar(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm, preview *calendarPreview) error {
	cal, err := s.use.Runs.Calendar(c.Request.Context(), a, study.ID, runID(c))
	if err != nil {
		return err
	}
	now, names := s.cfg.Now(), waveNames(cal.Waves)
	p := calendarPage{
		Page: s.staffPage(c, a, study, sectionRuns, "Calendar of "+cal.Run.Name), RunCalendar: cal, Path: runPath(study, cal.Run.ID),
		Clash: clashTexts(cal.Clashes, names), Preview: preview, Done: c.Query("done") == "yes", Form: f,
	}
	groups := armNames(cal.Arms)
	for _, e := range cal.Events {
		p.Lines = append(p.Lines, newCalendarLine(e, cal.Run, now, names, groups))
	}
	days := cal.Run.Calendar()
	today := schedule.DateOf(now.In(cal.Run.Zone()))
	for n := 2; n <= len(cal.Course.Weeks); n++ {
		if today.DaysUntil(days.Meeting(n)) >= 0 {
			p.Meetings = append(p.Meetings, meetingChoice{n, longDay(days.MeetingAt(n))})
		}
	}
	for _, b := range cal.Run.Breaks {
		end := days.Regular(b.Before)
		p.Breaks = append(p.Breaks, breakLine{
			Break: b, From: longDay(end.AddDays(-b.Days).At(12, 0, time.UTC)), Until: longDay(end.AddDays(-1).At(12, 0, time.UTC)),
			Coming: today.DaysUntil(days.Meeting(b.Before).AddDays(-b.Days)) >= 0,
		})
	}
	if len(f.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "facilitator_calendar", p)
}

func armNames(arms []survey.Arm) map[string]string {
	names := map[string]string{"": "everyone"}
	for _, arm := range arms {
		names[arm.Key] = arm.Name
	}
	return names
}

// eventText names a line of an outline.
func eventText(e schedule.Event) string {
	switch e.Kind {
	case schedule.EventMeeting:
		return "Meeting " + strconv.Itoa(e.Meeting)
	case schedule.EventBreak:
		return "No meetings"
	default:
		return e.Wave.Name
	}
}

func newCalendarLine(e schedule.Event, run survey.CourseRun, now time.Time, names, groups map[string]string) calendarLine {
	l := calendarLine{What: eventText(e), Over: e.Kind != schedule.EventPerson && !now.Before(e.Expires), When: spanText(e, run)}
	switch e.Kind {
	case schedule.EventMeeting:
		l.Meeting = e.Meeting
		if e.Moved {
			l.More = "moved to this day by itself"
		}
	case schedule.EventBreak:
	case schedule.EventWave:
		l.Who, l.More = groups[e.Wave.Arm], ruleMore(e.Wave.Rule)
	case schedule.EventPerson:
		l.Who, l.When, l.More = groups[e.Wave.Arm], sentenceCase(ruleText(e.Wave.Rule, names)), ruleMore(e.Wave.Rule)
	}
	return l
}

// spanText are the ends of an event: days where they are whole, else with the time;
// with the year where it is another than that in which the course begins.
func spanText(e schedule.Event, run survey.CourseRun) string {
	day := func(t time.Time) string { return shortDay(t, run) }
	const clock = "15:04"
	switch {
	case e.Kind == schedule.EventPerson:
		return ""
	case e.Kind == schedule.EventMeeting:
		return day(e.Opens) + ", " + e.Opens.Format(clock) + " to " + e.Closes.Format(clock)
	case e.Wave.Rule.Timed:
		return day(e.Opens) + ", " + e.Opens.Format(clock) + " to " + day(e.Closes) + ", " + e.Closes.Format(clock)
	}
	from, until := day(e.Opens), day(e.Closes.Add(-time.Nanosecond))
	if from == until {
		return from
	}
	return from + " to " + until
}

// shortDay is a day, with its year where that is another than that in which the course
// begins.
func shortDay(t time.Time, run survey.CourseRun) string {
	if t.Year() != run.StartsOn.Year {
		return longDay(t)
	}
	return t.Format("Mon 2 Jan")
}

func newCalendarPreview(p survey.ChangePreview, now time.Time) *calendarPreview {
	v := &calendarPreview{Title: changeTitle(p), Kind: string(p.Change.Kind), Day: p.Change.Day, Meeting: p.Change.Meeting, Days: p.Change.Days}
	v.StartField = p.Change.Kind == survey.ChangeStart
	v.moves(p, now)
	return v
}

// moves says what a change would move, and what to think of first.
func (v *calendarPreview) moves(p survey.ChangePreview, now time.Time) {
	names := waveNames(p.Now.Waves)
	for _, l := range p.Lines {
		what := eventText(l.Then)
		if l.Answered > 0 {
			v.Kept = append(v.Kept, what+": "+peopleText(strconv.Itoa(l.Answered)))
		}
		if !l.Moves() {
			v.Stays++
			continue
		}
		v.Moves = append(v.Moves, movedLine{what, spanText(l.Now, p.Now.Run), spanText(l.Then, p.Then.Run)})
		switch {
		case l.Shuts(now) && l.Begun > 0:
			v.Warnings = append(v.Warnings, what+" is open now and would not be. "+peopleText(strconv.Itoa(l.Begun))+" have begun it: what they gave stays, and they can go on when it opens again.")
		case l.Shuts(now):
			v.Warnings = append(v.Warnings, what+" is open now and would not be.")
		case l.Reopens(now):
			v.Warnings = append(v.Warnings, what+" is over and would open again for those who have not answered it.")
		}
	}
	v.Warnings = append(v.Warnings, clashTexts(p.Clashes(), names)...)
	for _, h := range p.SameHour {
		v.Warnings = append(v.Warnings, sameHourText(h, p.Then.Run))
	}
}

// changeTitle says what is asked about.
func changeTitle(p survey.ChangePreview) string {
	day := func(r survey.CourseRun, n int) string { return dayWords(r.MeetingDay(n)) }
	n := p.Change.Meeting
	switch {
	case p.Change.Kind == survey.ChangeStart:
		return "The first meeting on " + day(p.Then.Run, 1) + " instead of " + day(p.Now.Run, 1)
	case p.Change.Kind == survey.ChangeMeeting:
		return "Meeting " + strconv.Itoa(n) + " on " + day(p.Then.Run, n) + " instead of " + day(p.Now.Run, n)
	case p.Change.Days == 0:
		return "No break before meeting " + strconv.Itoa(n)
	default:
		return counted(p.Change.Days, "day") + " without meetings before meeting " + strconv.Itoa(n)
	}
}
