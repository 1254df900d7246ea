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

// builtin reads a course that comes with the program.
func builtin(t *testing.T, key string) *course.Course {
	t.Helper()
	c, err := course.BuiltinByKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// setbacks reads the eight-week course.
func setbacks(t *testing.T) *course.Course {
	t.Helper()
	return builtin(t, "learning_from_setbacks_8")
}

// both are the courses of eight and of ten weeks.
func both(t *testing.T) []*course.Course {
	t.Helper()
	return []*course.Course{setbacks(t), builtin(t, "learning_from_setbacks_10")}
}

func named(all []*course.Course) []string {
	var names []string
	for _, c := range all {
		names = append(names, c.Key+" "+c.Version)
	}
	return names
}

func TestBuiltinListsBothCourses(t *testing.T) {
	t.Parallel()
	all, err := course.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := named(all), []string{"learning_from_setbacks_10 1.0.0", "learning_from_setbacks_8 1.2.0"}; !slices.Equal(got, want) {
		t.Errorf("courses %v, want %v", got, want)
	}
	for _, key := range []string{"", "unknown", "../builtin", "learning_from_setbacks_8.json"} {
		if _, err := course.BuiltinByKey(key); !errors.Is(err, course.ErrUnknown) {
			t.Errorf("%q: error %v, want ErrUnknown", key, err)
		}
	}
}

// A course run keeps the version that it began with, so none ever changes or goes.
func TestFormerVersionsStayAsTheyWere(t *testing.T) {
	t.Parallel()
	former, err := course.BuiltinFormer()
	if err != nil {
		t.Fatal(err)
	}
	if got, want := named(former), []string{"learning_from_setbacks_8 1.0.0", "learning_from_setbacks_8 1.1.0"}; !slices.Equal(got, want) {
		t.Errorf("former courses %v, want %v", got, want)
	}
	newest, err := course.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range append(newest, former...) {
		got, err := course.BuiltinVersion(c.Key, c.Version)
		if err != nil || got.Hash() != c.Hash() {
			t.Errorf("%s %s is read as %v, %v", c.Key, c.Version, got, err)
		}
		if want := published[c.Key+" "+c.Version]; c.Hash() != want {
			t.Errorf("%s %s has changed: its hash is %s, was %s", c.Key, c.Version, c.Hash(), want)
		}
	}
	for _, version := range []string{"", "9.9.9", "1.0.0/../1.0.0"} {
		if _, err := course.BuiltinVersion("learning_from_setbacks_8", version); !errors.Is(err, course.ErrUnknown) {
			t.Errorf("version %q: error %v, want ErrUnknown", version, err)
		}
	}
}

func TestSetbacksCoursesHaveEightAndTenMeetingsOfNinetyMinutes(t *testing.T) {
	t.Parallel()
	for i, c := range both(t) {
		if c.Title != "Learning from setbacks" || len(c.Weeks) != []int{8, 10}[i] || c.MeetingMinutes != 90 {
			t.Errorf("%s: %q with %d weeks of %d minutes", c.Key, c.Title, len(c.Weeks), c.MeetingMinutes)
		}
		for i, meeting := range c.Weeks {
			if meeting.Number != i+1 || meeting.Minutes() != 90 {
				t.Errorf("%s: meeting %d has the number %d and %d minutes", c.Key, i+1, meeting.Number, meeting.Minutes())
			}
			if meeting.Practice.Minutes > 15 {
				t.Errorf("%s: meeting %d: the practice takes %d minutes a day, want at most 15", c.Key, i+1, meeting.Practice.Minutes)
			}
			if n := len(meeting.Plan); n < 6 || n > 9 {
				t.Errorf("%s: meeting %d has %d steps, want 6 to 9", c.Key, i+1, n)
			}
			if !slices.ContainsFunc(meeting.Plan, func(s course.Step) bool { return s.Title == "Break" }) {
				t.Errorf("%s: meeting %d has no break", c.Key, i+1)
			}
			if meeting.ParticipantText == "" {
				t.Errorf("%s: participants read nothing about week %d", c.Key, i+1)
			}
		}
	}
}

// The topics that a course of ours has, in order; perfectionism and shame are those
// of the ten weeks.
func TestTenWeeksHaveTheirTopics(t *testing.T) {
	t.Parallel()
	c := builtin(t, "learning_from_setbacks_10")
	for i, topic := range []string{
		"self-compassion", "feelings", "Others fail", "kindness", "Own words", "Perfectionism", "Shame", "failure can teach", "Opening up", "Going on",
	} {
		if !strings.Contains(c.Weeks[i].Title, topic) {
			t.Errorf("week %d is %q, want it to be about %q", i+1, c.Weeks[i].Title, topic)
		}
	}
	for _, c := range both(t) {
		weeks := map[int]string{8: "eight", 10: "ten"}[len(c.Weeks)]
		for _, text := range []string{c.Summary, c.Weeks[len(c.Weeks)-1].Reflection} {
			if !strings.Contains(text, weeks) {
				t.Errorf("%s does not speak of %s weeks: %s", c.Key, weeks, text)
			}
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

func TestCoursesSayThatTheyAreNoTreatmentAndWhereHelpIs(t *testing.T) {
	t.Parallel()
	for _, c := range both(t) {
		for _, phrase := range []string{"not a treatment", "doctor", "crisis line", "emergency number", "Need to talk to someone?"} {
			if !strings.Contains(c.Notice, phrase) {
				t.Errorf("the notice of %s does not mention %q", c.Key, phrase)
			}
		}
	}
}

func TestParticipantTextsReadAtAgeEleven(t *testing.T) {
	t.Parallel()
	for _, c := range both(t) {
		texts := map[string]string{"summary": c.Summary, "notice": c.Notice}
		for _, m := range c.Weeks {
			texts[fmt.Sprintf("week %d text", m.Number)] = m.ParticipantText
			texts[fmt.Sprintf("week %d practice", m.Number)] = m.Practice.Text
			texts[fmt.Sprintf("week %d reflection", m.Number)] = m.Reflection
		}
		for place, text := range texts {
			if grade := readability.Grade(text); grade > 6 {
				t.Errorf("%s: %s has grade %.1f, want at most 6: %s", c.Key, place, grade, text)
			}
		}
		for _, m := range c.Weeks {
			if grade := readability.Grade(m.Aim); grade > 9 {
				t.Errorf("%s: week %d aim has grade %.1f, want at most 9: %s", c.Key, m.Number, grade, m.Aim)
			}
		}
	}
}

// Facilitators must know what to do when someone is unwell, in every week and
// without looking back.
func TestEveryFacilitatorNoteSaysWhatToDoWhenSomeoneIsUnwell(t *testing.T) {
	t.Parallel()
	signs := []string{"unwell", "makes things worse", "not wanting to live", "cannot go on", "Loneliness", "too low", "ending their life", "worried about"}
	acts := []string{"alone", "stay", "Stay", "call", "doctor"}
	for _, c := range both(t) {
		for _, m := range c.Weeks {
			contains := func(part string) bool { return strings.Contains(m.FacilitatorNote, part) }
			if !slices.ContainsFunc(signs, contains) || !slices.ContainsFunc(acts, contains) {
				t.Errorf("%s: week %d says neither how to see it nor what to do", c.Key, m.Number)
			}
			if !contains("“When someone is unwell”") {
				t.Errorf("%s: week %d does not refer to where it is told in detail", c.Key, m.Number)
			}
			if n := strings.Count(m.FacilitatorNote, "\n\n") + 1; n < 2 || n > 5 {
				t.Errorf("%s: week %d: the note has %d paragraphs, want 2 to 5", c.Key, m.Number, n)
			}
		}
	}
}

// Once, in detail: prepare, notice, act, ask, stay or call, and afterwards.
func TestCoursesTellOnceInDetailWhatToDoWhenSomeoneIsUnwell(t *testing.T) {
	t.Parallel()
	for _, c := range both(t) {
		for _, part := range []string{
			"not a treatment", "contact person", "emergency number", "crisis line", "What to look for", "stop the exercise for that person",
			"Nobody goes home alone", "“Do you think of ending your life?”", "whether there is a plan", "do not leave them alone",
			"Do not promise to keep it secret", "Write down", "unwanted effect", "look after yourself",
		} {
			if !strings.Contains(c.WhenUnwell, part) {
				t.Errorf("%s does not say %q", c.Key, part)
			}
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
		"too many parts":      {`[{"title": "Goodbye", "minutes": 30}]`, "[" + strings.Repeat(`{"title": "x", "minutes": 1},`, 40) + `{"title": "Goodbye", "minutes": 30}]`, `weeks[1].plan: has 41 parts`},
		"endless text":        {`"aim": "End."`, `"aim": "` + strings.Repeat("x", 20_001) + `"`, `weeks[1].aim: has 20001 bytes`},
		"no step title":       {`"title": "Talk"`, `"title": ""`, `weeks[0].plan[1].title: is missing`},
		"step backwards":      {`"minutes": 10}, {"title": "Talk", "minutes": 20`, `"minutes": -10}, {"title": "Talk", "minutes": 40`, `weeks[0].plan[0].minutes: -10 must be`},
		"no practice title":   {`"title": "Walk"`, `"title": ""`, `weeks[1].practice.title: is missing`},
		"no practice text":    {`"text": "Go out."`, `"text": ""`, `weeks[1].practice.text: is missing`},
		"endless practice":    {`"minutes": 15`, `"minutes": 600`, `weeks[1].practice.minutes: 600 must be`},
		"no reflection":       {`"reflection": "And now?"`, `"reflection": ""`, `weeks[1].reflection: is missing`},
		"no facilitator note": {`"facilitator_note": "Be there."`, `"facilitator_note": ""`, `weeks[1].facilitator_note: is missing`},
		"text of spaces":      {`"aim": "End."`, `"aim": "End.", "participant_text": " "`, `weeks[1].participant_text: is missing or empty`},
		"note of spaces":      {`"notice": "Not a treatment."`, `"notice": "Not a treatment.", "when_unwell": "Ask. "`, `when_unwell: has spaces`},
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

func TestParseFileReadsYAMLAndTellsLines(t *testing.T) {
	t.Parallel()
	c, err := course.Parse([]byte(small))
	if err != nil {
		t.Fatal(err)
	}
	same, err := course.ParseFile("short.yaml", []byte(smallYAML))
	if err != nil || same.Hash() != c.Hash() {
		t.Fatalf("read %+v, %v", same, err)
	}
	if same, err = course.ParseFile("", []byte("\ufeff"+smallYAML)); err != nil || same.Hash() != c.Hash() {
		t.Fatalf("without a name: %+v, %v", same, err)
	}
	if same, err = course.ParseFile("x", []byte(" "+small)); err != nil || same.Hash() != c.Hash() {
		t.Fatalf("JSON without a name: %+v, %v", same, err)
	}
	_, err = course.ParseFile("short.yml", []byte(strings.Replace(smallYAML, "aim: Begin.", "aim: ''", 1)))
	if err == nil || !strings.Contains(err.Error(), "weeks[0].aim") || !strings.Contains(err.Error(), "line 12") {
		t.Errorf("a fault without its line: %v", err)
	}
}

func TestCoursesAreWrittenAsYAMLAndReadAgain(t *testing.T) {
	t.Parallel()
	for _, c := range both(t) {
		data, err := c.YAML()
		if err != nil {
			t.Fatal(err)
		}
		again, err := course.ParseFile("course.yaml", data)
		if err != nil || again.Hash() != c.Hash() {
			t.Errorf("%s: %v", c.Key, err)
		}
	}
}

const smallYAML = `# A course of two evenings.
key: short
version: 1.0.0
title: Short
summary: Two evenings.
notice: Not a treatment.
language: en
meeting_minutes: 30
weeks:
  - number: 1
    title: One
    aim: Begin.
    plan:
      - {title: Hello, minutes: 10}
      - {title: Talk, minutes: 20}
    practice: {title: Rest, text: Lie down., minutes: 5}
    reflection: How was it?
    facilitator_note: Be kind.
  - number: 2
    title: Two
    aim: End.
    plan:
      - {title: Goodbye, minutes: 30}
    practice: {title: Walk, text: Go out., minutes: 15}
    reflection: And now?
    facilitator_note: Be there.
`

// The example of the documentation is a course.
func TestTheDocumentedExampleIsACourse(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("../../docs/course-format.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(doc), "```yaml\n")
	example, _, _ := strings.Cut(after, "```")
	c, err := course.ParseFile("example.yaml", []byte(example))
	if err != nil || c.Key != "short_evenings" || !strings.Contains(c.WhenUnwell, "\n\n") {
		t.Errorf("%+v, %v", c, err)
	}
}

// Neither what a name promises nor what stands in a file makes the reader panic or
// accept an unsound course, and what it accepts it writes and reads again alike.
func FuzzParseFile(f *testing.F) {
	f.Add("a.yaml", []byte(smallYAML))
	f.Add("a.json", []byte(small))
	f.Add("", []byte("weeks: [{plan: [{minutes: 1e9}]}, &a {b: *a}]"))
	f.Add("a.yml", []byte("key: [\nversion: {"))
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		c, err := course.ParseFile(name, data)
		if (c == nil) == (err == nil) {
			t.Fatalf("course %v and error %v", c, err)
		}
		if err != nil {
			var faults course.Faults
			if !errors.As(err, &faults) || len(faults) == 0 {
				t.Fatalf("error %v, want Faults", err)
			}
			return
		}
		again, err := course.Parse(c.JSON())
		if err != nil || again.Hash() != c.Hash() {
			t.Fatalf("written and read again: %v", err)
		}
	})
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
