package course

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Translation is what participants read of a course, in another language.
type Translation struct {
	Title  string `json:"title"`
	Notice string `json:"notice"`
	// Weeks are the meetings in order, one for each of the course.
	Weeks []TranslatedMeeting `json:"weeks"`
}

// A TranslatedMeeting is what participants read of one week.
type TranslatedMeeting struct {
	Title string `json:"title"`
	// ParticipantText is there if the course has one.
	ParticipantText string             `json:"participant_text,omitempty"`
	Practice        TranslatedPractice `json:"practice"`
	Reflection      string             `json:"reflection"`
}

// A TranslatedPractice is a practice in another language.
type TranslatedPractice struct {
	Title string `json:"title"`
	Text  string `json:"text"`
}

// In is the course as participants read it in a language, whatever region that
// names: with Language that of its texts. Without a translation it is the course
// itself. What only facilitators read stays in the course's own language.
func (c *Course) In(language string) *Course {
	primary, _, _ := strings.Cut(strings.ToLower(language), "-")
	own, _, _ := strings.Cut(c.Language, "-")
	tag := ""
	for _, known := range slices.Sorted(maps.Keys(c.Translations)) {
		if base, _, _ := strings.Cut(known, "-"); strings.EqualFold(known, language) || tag == "" && base == primary {
			tag = known
		}
	}
	if tag == "" || strings.EqualFold(c.Language, language) || own == primary && !strings.EqualFold(tag, language) {
		return c
	}
	t, view := c.Translations[tag], *c
	view.Language, view.Title, view.Notice = tag, t.Title, t.Notice
	view.Weeks = slices.Clone(c.Weeks)
	for i, w := range t.Weeks {
		m := &view.Weeks[i]
		m.Title, m.ParticipantText, m.Reflection = w.Title, w.ParticipantText, w.Reflection
		m.Practice.Title, m.Practice.Text = w.Practice.Title, w.Practice.Text
	}
	return &view
}

// Languages are those in which participants can read the course, its own first.
func (c *Course) Languages() []string {
	return append([]string{c.Language}, slices.Sorted(maps.Keys(c.Translations))...)
}

// checkTranslations holds each to the course: nothing is left out.
func (c *Course) checkTranslations(faults *Faults) {
	for _, tag := range slices.Sorted(maps.Keys(c.Translations)) {
		t, place := c.Translations[tag], "translations."+tag
		switch {
		case !languagePattern.MatchString(tag):
			faults.Add(place, "%q must be a language tag such as de", tag)
		case strings.EqualFold(tag, c.Language):
			faults.Add(place, "is the language of the course itself")
		}
		checkText(faults, place+".title", t.Title)
		checkText(faults, place+".notice", t.Notice)
		if len(t.Weeks) != len(c.Weeks) {
			faults.Add(place+".weeks", "has %d meetings; the course has %d", len(t.Weeks), len(c.Weeks))
		}
		for i, w := range t.Weeks {
			here := fmt.Sprintf("%s.weeks[%d]", place, i)
			checkText(faults, here+".title", w.Title)
			if i < len(c.Weeks) && (c.Weeks[i].ParticipantText != "" || w.ParticipantText != "") {
				checkText(faults, here+".participant_text", w.ParticipantText)
			}
			checkText(faults, here+".practice.title", w.Practice.Title)
			checkText(faults, here+".practice.text", w.Practice.Text)
			checkText(faults, here+".reflection", w.Reflection)
		}
	}
}
