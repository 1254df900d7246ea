package course

import "tidemark/survey/internal/definition"

// A Course is one version of a course template. It never changes once a course
// run has used it; a correction is a new Version.
type Course struct {
	// Key names the course across its versions.
	Key string `json:"key"`
	// Version has three numbers, such as "1.0.0".
	Version string `json:"version"`
	Title   string `json:"title"`
	// Summary tells people what the course is, in a few plain sentences.
	Summary string `json:"summary"`
	// Notice says that the course is not a treatment and where to turn instead.
	Notice string `json:"notice"`
	// WhenUnwell tells facilitators in detail what to do when somebody is unwell;
	// their notes refer to it. Paragraphs are divided by an empty line. May be empty.
	WhenUnwell string `json:"when_unwell,omitempty"`
	// Language of all texts, as a language tag such as "en".
	Language string `json:"language"`
	// MeetingMinutes is the length of every meeting; each plan adds up to it.
	MeetingMinutes int `json:"meeting_minutes"`
	// Weeks are the meetings in order, one a week.
	Weeks []Meeting `json:"weeks"`
	// Translations are what participants read in other languages, by language
	// tag; see [Course.In].
	Translations map[string]Translation `json:"translations,omitempty"`
}

// A Meeting is one week of the course.
type Meeting struct {
	// Number counts from 1.
	Number int    `json:"number"`
	Title  string `json:"title"`
	// Aim is what people take home, in a sentence.
	Aim string `json:"aim"`
	// ParticipantText is what people read about the week, in a few plain sentences.
	// May be empty.
	ParticipantText string `json:"participant_text,omitempty"`
	// Plan are the parts of the meeting; their minutes add up to its length.
	Plan []Step `json:"plan"`
	// Practice is for the week after the meeting.
	Practice Practice `json:"practice"`
	// Reflection is a question people may answer for themselves. The answer is
	// theirs and is not collected.
	Reflection string `json:"reflection"`
	// FacilitatorNote is read by facilitators only. Paragraphs are divided by an
	// empty line.
	FacilitatorNote string `json:"facilitator_note"`
}

// A Step is one part of a meeting.
type Step struct {
	Title   string `json:"title"`
	Minutes int    `json:"minutes"`
}

// A Practice is something to do at home.
type Practice struct {
	Title string `json:"title"`
	Text  string `json:"text"`
	// Minutes is the time it takes on one day.
	Minutes int `json:"minutes"`
}

// Fault is one mistake in a course file: its place and what is wrong.
type Fault = definition.Fault

// Faults are all mistakes found in one course file. Parse returns them as its
// error; reach them with errors.As.
type Faults = definition.Faults

// Week returns the meeting with the number, counted from 1.
func (c *Course) Week(number int) (Meeting, bool) {
	if number < 1 || number > len(c.Weeks) {
		return Meeting{}, false
	}
	return c.Weeks[number-1], true
}

// Minutes is the length of the meeting by its plan.
func (m Meeting) Minutes() int {
	total := 0
	for _, step := range m.Plan {
		total += step.Minutes
	}
	return total
}
