package course_test

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"tidemark/survey/course"
	"tidemark/survey/internal/readability"
)

// setbacks reads the eight-week course.
func setbacks(t *testing.T) *course.Course {
	t.Helper()
	c, err := course.BuiltinByKey("learning_from_setbacks_8")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestBuiltinListsTheEightWeekCourse(t *testing.T) {
	t.Parallel()
	all, err := course.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, c := range all {
		got = append(got, c.Key+" "+c.Version)
	}
	if want := []string{"learning_from_setbacks_8 1.1.0"}; !slices.Equal(got, want) {
		t.Errorf("courses %v, want %v", got, want)
	}
	for _, key := range []string{"", "unknown", "../builtin", "learning_from_setbacks_8.json"} {
		if _, err := course.BuiltinByKey(key); !errors.Is(err, course.ErrUnknown) {
			t.Errorf("%q: error %v, want ErrUnknown", key, err)
		}
	}
}

func TestSetbacksCourseHasEightMeetingsOfNinetyMinutes(t *testing.T) {
	t.Parallel()
	c := setbacks(t)
	if c.Title != "Learning from setbacks" || len(c.Weeks) != 8 || c.MeetingMinutes != 90 {
		t.Errorf("%q with %d weeks of %d minutes, want Learning from setbacks, 8, 90", c.Title, len(c.Weeks), c.MeetingMinutes)
	}
	for i, meeting := range c.Weeks {
		if meeting.Number != i+1 || meeting.Minutes() != 90 {
			t.Errorf("meeting %d has the number %d and %d minutes", i+1, meeting.Number, meeting.Minutes())
		}
		if meeting.Practice.Minutes > 15 {
			t.Errorf("meeting %d: the practice takes %d minutes a day, want at most 15", i+1, meeting.Practice.Minutes)
		}
		if n := len(meeting.Plan); n < 6 || n > 9 {
			t.Errorf("meeting %d has %d steps, want 6 to 9", i+1, n)
		}
		if !slices.ContainsFunc(meeting.Plan, func(s course.Step) bool { return s.Title == "Break" }) {
			t.Errorf("meeting %d has no break", i+1)
		}
	}
}

func TestWeekFindsMeetingsByTheirNumber(t *testing.T) {
	t.Parallel()
	c := setbacks(t)
	for number := -1; number <= 9; number++ {
		meeting, ok := c.Week(number)
		if want := number >= 1 && number <= 8; ok != want || (ok && meeting.Number != number) {
			t.Errorf("week %d: found %v with the number %d", number, ok, meeting.Number)
		}
	}
}

func TestCourseSaysThatItIsNotATreatmentAndWhereHelpIs(t *testing.T) {
	t.Parallel()
	notice := setbacks(t).Notice
	for _, phrase := range []string{"not a treatment", "doctor", "crisis line", "emergency number", "Need to talk to someone?"} {
		if !strings.Contains(notice, phrase) {
			t.Errorf("the notice does not mention %q", phrase)
		}
	}
}

func TestParticipantTextsReadAtAgeEleven(t *testing.T) {
	t.Parallel()
	c := setbacks(t)
	texts := map[string]string{"summary": c.Summary, "notice": c.Notice}
	for _, m := range c.Weeks {
		texts[fmt.Sprintf("week %d practice", m.Number)] = m.Practice.Text
		texts[fmt.Sprintf("week %d reflection", m.Number)] = m.Reflection
	}
	for place, text := range texts {
		if grade := readability.Grade(text); grade > 6 {
			t.Errorf("%s has grade %.1f, want at most 6: %s", place, grade, text)
		}
	}
	for _, m := range c.Weeks {
		if grade := readability.Grade(m.Aim); grade > 9 {
			t.Errorf("week %d aim has grade %.1f, want at most 9: %s", m.Number, grade, m.Aim)
		}
	}
}

// Facilitators must know what to do when someone is unwell, in every week and
// without looking back.
func TestEveryFacilitatorNoteSaysWhatToDoWhenSomeoneIsUnwell(t *testing.T) {
	t.Parallel()
	signs := []string{"unwell", "makes things worse", "not wanting to live", "cannot go on", "Loneliness", "too low", "ending their life", "worried about"}
	acts := []string{"alone", "stay", "Stay", "call", "doctor"}
	for _, m := range setbacks(t).Weeks {
		contains := func(part string) bool { return strings.Contains(m.FacilitatorNote, part) }
		if !slices.ContainsFunc(signs, contains) || !slices.ContainsFunc(acts, contains) {
			t.Errorf("week %d says neither how to see it nor what to do", m.Number)
		}
		if n := strings.Count(m.FacilitatorNote, "\n\n") + 1; n < 2 || n > 5 {
			t.Errorf("week %d: the note has %d paragraphs, want 2 to 5", m.Number, n)
		}
	}
}

const small = `{
  "key": "short", "version": "1.0.0", "title": "Short", "summary": "Two evenings.", "notice": "Not a treatment.",
  "language": "en", "meeting_minutes": 30,
  "weeks": [
    {"number": 1, "title": "One", "aim": "Begin.", "plan": [{"title": "Hello", "minutes": 10}, {"title": "Talk", "minutes": 20}],
     "practice": {"title": "Rest", "text": "Lie down.", "minutes": 5}, "reflection": "How was it?", "facilitator_note": "Be kind."},
    {"number": 2, "title": "Two", "aim": "End.", "plan": [{"title": "Goodbye", "minutes": 30}],
     "practice": {"title": "Walk", "text": "Go out.", "minutes": 15}, "reflection": "And now?", "facilitator_note": "Be there."}
  ]
}`

func TestParseNamesThePlaceOfEachFault(t *testing.T) {
	t.Parallel()
	if _, err := course.Parse([]byte(small)); err != nil {
		t.Fatalf("the sound course is refused: %v", err)
	}
	cases := map[string]struct{ old, new, want string }{
		"unknown field":       {`"title": "Short"`, `"title": "Short", "price": 3`, `price: is not a known field`},
		"wrong kind":          {`"minutes": 5`, `"minutes": "5"`, `weeks[0].practice.minutes: must be a whole number, is text`},
		"bad key":             {`"key": "short"`, `"key": "Short course"`, `key: "Short course" must match`},
		"bad version":         {`"version": "1.0.0"`, `"version": "one"`, `version: "one" must be`},
		"no title":            {`"title": "Short"`, `"title": ""`, `title: is missing`},
		"no summary":          {`"summary": "Two evenings."`, `"summary": ""`, `summary: is missing`},
		"no notice":           {`"notice": "Not a treatment."`, `"notice": ""`, `notice: is missing`},
		"bad language":        {`"language": "en"`, `"language": ""`, `language: "" must be`},
		"no length":           {`"meeting_minutes": 30`, `"meeting_minutes": 0`, `meeting_minutes: 0 must be between`},
		"wrong number":        {`"number": 2`, `"number": 3`, `weeks[1].number: is 3; meetings are numbered in order, and this is meeting 2`},
		"title twice":         {`"title": "Two"`, `"title": "One"`, `weeks[1].title: "One" is used twice`},
		"no meeting title":    {`"title": "Two"`, `"title": ""`, `weeks[1].title: is missing`},
		"no aim":              {`"aim": "End."`, `"aim": " "`, `weeks[1].aim: is missing`},
		"no plan":             {`[{"title": "Goodbye", "minutes": 30}]`, `[]`, `weeks[1].plan: is missing or empty`},
		"plan too short":      {`"minutes": 20`, `"minutes": 15`, `weeks[0].plan: adds up to 25 minutes; a meeting of this course has 30`},
		"no step title":       {`"title": "Talk"`, `"title": ""`, `weeks[0].plan[1].title: is missing`},
		"step backwards":      {`"minutes": 10}, {"title": "Talk", "minutes": 20`, `"minutes": -10}, {"title": "Talk", "minutes": 40`, `weeks[0].plan[0].minutes: -10 must be`},
		"no practice title":   {`"title": "Walk"`, `"title": ""`, `weeks[1].practice.title: is missing`},
		"no practice text":    {`"text": "Go out."`, `"text": ""`, `weeks[1].practice.text: is missing`},
		"endless practice":    {`"minutes": 15`, `"minutes": 600`, `weeks[1].practice.minutes: 600 must be`},
		"no reflection":       {`"reflection": "And now?"`, `"reflection": ""`, `weeks[1].reflection: is missing`},
		"no facilitator note": {`"facilitator_note": "Be there."`, `"facilitator_note": ""`, `weeks[1].facilitator_note: is missing`},
		"line break at end":   {`"aim": "End."`, `"aim": "End.\n"`, `weeks[1].aim: has spaces or line breaks`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			damaged := strings.Replace(small, c.old, c.new, 1)
			if damaged == small {
				t.Fatalf("the course does not contain %s", c.old)
			}
			got, err := course.Parse([]byte(damaged))
			var faults course.Faults
			if !errors.As(err, &faults) || got != nil {
				t.Fatalf("course %v and error %v, want nil and Faults", got, err)
			}
			if !slices.ContainsFunc(faults, func(f course.Fault) bool { return strings.HasPrefix(f.String(), c.want) }) {
				t.Errorf("no fault begins %q in:\n%v", c.want, err)
			}
		})
	}
}

func TestParseReportsAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := course.Parse([]byte(`{"weeks": []}`))
	var faults course.Faults
	if !errors.As(err, &faults) {
		t.Fatalf("error %v, want Faults", err)
	}
	var places []string
	for _, fault := range faults {
		places = append(places, fault.Place)
	}
	want := []string{"key", "version", "title", "summary", "notice", "language", "meeting_minutes", "weeks"}
	if !slices.Equal(places, want) {
		t.Errorf("places %v, want %v", places, want)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte(`{"weeks": [{"plan": null}, 3]}`))
	data, err := os.ReadFile("courses/learning_from_setbacks_8.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := course.Parse(data)
		if (c == nil) == (err == nil) {
			t.Fatalf("course %v and error %v", c, err)
		}
		if err != nil {
			return
		}
		for _, m := range c.Weeks {
			if m.Minutes() != c.MeetingMinutes || m.Practice.Text == "" {
				t.Fatalf("accepted the meeting %+v in a course of %d minutes", m, c.MeetingMinutes)
			}
		}
	})
}
