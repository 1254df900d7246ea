package course

import (
	"fmt"
	"regexp"
	"strings"

	"tidemark/survey/internal/definition"
)

var (
	keyPattern      = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	versionPattern  = regexp.MustCompile(`^(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})\.(0|[1-9][0-9]{0,5})$`)
	languagePattern = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
)

const (
	maxWeeks           = 52
	maxSteps           = 40
	maxText            = 20_000 // bytes
	maxMeetingMinutes  = 480
	maxPracticeMinutes = 120
)

// Parse reads a course from JSON and checks it. The error is of type Faults and
// holds every mistake, with its place; the course is then nil.
func Parse(data []byte) (*Course, error) {
	c := &Course{}
	faults := definition.Decode(data, c)
	if len(faults) == 0 {
		faults = c.Faults()
	}
	if err := faults.Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// Faults are what is wrong with the course, by place. Of what comes from Parse there
// are none.
func (c *Course) Faults() Faults {
	var faults Faults
	if !keyPattern.MatchString(c.Key) {
		faults.Add("key", "%q must match %s", c.Key, keyPattern)
	}
	if !versionPattern.MatchString(c.Version) {
		faults.Add("version", "%q must be three numbers such as 1.0.0", c.Version)
	}
	checkText(&faults, "title", c.Title)
	checkText(&faults, "summary", c.Summary)
	checkText(&faults, "notice", c.Notice)
	checkOptional(&faults, "when_unwell", c.WhenUnwell)
	if !languagePattern.MatchString(c.Language) {
		faults.Add("language", "%q must be a language tag such as en", c.Language)
	}
	checkMinutes(&faults, "meeting_minutes", c.MeetingMinutes, maxMeetingMinutes)
	if n := len(c.Weeks); n < 1 || n > maxWeeks {
		faults.Add("weeks", "has %d meetings; between 1 and %d are possible", n, maxWeeks)
	}
	titles := map[string]bool{}
	for i, meeting := range c.Weeks {
		place := fmt.Sprintf("weeks[%d]", i)
		if meeting.Number != i+1 {
			faults.Add(place+".number", "is %d; meetings are numbered in order, and this is meeting %d", meeting.Number, i+1)
		}
		if meeting.Title != "" && titles[meeting.Title] {
			faults.Add(place+".title", "%q is used twice", meeting.Title)
		}
		titles[meeting.Title] = true
		meeting.check(&faults, place, c.MeetingMinutes)
	}
	c.checkTranslations(&faults)
	return faults
}

func (m Meeting) check(faults *Faults, place string, length int) {
	checkText(faults, place+".title", m.Title)
	checkText(faults, place+".aim", m.Aim)
	checkOptional(faults, place+".participant_text", m.ParticipantText)
	if len(m.Plan) == 0 {
		faults.Add(place+".plan", "is missing or empty")
	} else if n := len(m.Plan); n > maxSteps {
		faults.Add(place+".plan", "has %d parts; at most %d are possible", n, maxSteps)
	} else if total := m.Minutes(); total != length {
		faults.Add(place+".plan", "adds up to %d minutes; a meeting of this course has %d", total, length)
	}
	for i, step := range m.Plan {
		here := fmt.Sprintf("%s.plan[%d]", place, i)
		checkText(faults, here+".title", step.Title)
		checkMinutes(faults, here+".minutes", step.Minutes, maxMeetingMinutes)
	}
	checkText(faults, place+".practice.title", m.Practice.Title)
	checkText(faults, place+".practice.text", m.Practice.Text)
	checkMinutes(faults, place+".practice.minutes", m.Practice.Minutes, maxPracticeMinutes)
	checkText(faults, place+".reflection", m.Reflection)
	checkText(faults, place+".facilitator_note", m.FacilitatorNote)
}

func checkText(faults *Faults, place, text string) {
	switch {
	case strings.TrimSpace(text) == "":
		faults.Add(place, "is missing or empty")
	case strings.TrimSpace(text) != text:
		faults.Add(place, "has spaces or line breaks at its ends")
	case len(text) > maxText:
		faults.Add(place, "has %d bytes; at most %d are possible", len(text), maxText)
	}
}

// checkOptional is checkText for a text that may be left out.
func checkOptional(faults *Faults, place, text string) {
	if text != "" {
		checkText(faults, place, text)
	}
}

func checkMinutes(faults *Faults, place string, minutes, most int) {
	if minutes < 1 || minutes > most {
		faults.Add(place, "%d must be between 1 and %d minutes", minutes, most)
	}
}
