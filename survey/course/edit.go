package course

import (
	"maps"
	"slices"
	"strings"

	"tidemark/survey/internal/definition"
)

// ReadDraft reads a course that is still being written: what kinds of values stand
// where is checked, and nothing else; see Faults for what it lacks.
func ReadDraft(data []byte) (*Course, error) {
	c := &Course{}
	if err := definition.Decode(data, c).Err(); err != nil {
		return nil, err
	}
	return c, nil
}

// Clone is a copy that can be changed without changing the course.
func (c *Course) Clone() *Course {
	out := *c
	out.Weeks = slices.Clone(c.Weeks)
	for i := range out.Weeks {
		out.Weeks[i].Plan = slices.Clone(c.Weeks[i].Plan)
	}
	out.Translations = maps.Clone(c.Translations)
	for tag, t := range out.Translations {
		t.Weeks = slices.Clone(t.Weeks)
		out.Translations[tag] = t
	}
	return &out
}

// AddWeek puts an empty meeting after the one with the number, 0 for the beginning.
// It reports false when the course has no such place or no room.
func (c *Course) AddWeek(after int) bool {
	if after < 0 || after > len(c.Weeks) || len(c.Weeks) >= maxWeeks {
		return false
	}
	c.arrange(func(weeks []Meeting) []Meeting { return slices.Insert(weeks, after, Meeting{}) },
		func(weeks []TranslatedMeeting) []TranslatedMeeting {
			return slices.Insert(weeks, after, TranslatedMeeting{})
		})
	return true
}

// RemoveWeek takes a meeting out, with its translations. The last one stays: false.
func (c *Course) RemoveWeek(number int) bool {
	if number < 1 || number > len(c.Weeks) || len(c.Weeks) == 1 {
		return false
	}
	c.arrange(func(weeks []Meeting) []Meeting { return slices.Delete(weeks, number-1, number) },
		func(weeks []TranslatedMeeting) []TranslatedMeeting { return slices.Delete(weeks, number-1, number) })
	return true
}

// SwapWeeks exchanges a meeting with the one after it.
func (c *Course) SwapWeeks(number int) bool {
	if number < 1 || number >= len(c.Weeks) {
		return false
	}
	c.arrange(func(w []Meeting) []Meeting { w[number-1], w[number] = w[number], w[number-1]; return w },
		func(w []TranslatedMeeting) []TranslatedMeeting {
			w[number-1], w[number] = w[number], w[number-1]
			return w
		})
	return true
}

// arrange changes the order of meetings in every language and numbers them anew.
func (c *Course) arrange(own func([]Meeting) []Meeting, translated func([]TranslatedMeeting) []TranslatedMeeting) {
	for tag, t := range c.Translations {
		for len(t.Weeks) < len(c.Weeks) {
			t.Weeks = append(t.Weeks, TranslatedMeeting{})
		}
		t.Weeks = translated(t.Weeks[:len(c.Weeks)])
		c.Translations[tag] = t
	}
	c.Weeks = own(c.Weeks)
	for i := range c.Weeks {
		c.Weeks[i].Number = i + 1
	}
}

// Translate puts a translation in the place of the one in its language; nil takes it
// out.
func (c *Course) Translate(language string, t *Translation) {
	all := maps.Clone(c.Translations)
	if all == nil {
		all = map[string]Translation{}
	}
	if t == nil {
		delete(all, language)
	} else {
		all[language] = *t
	}
	c.Translations = all
}

// IsLanguage reports whether a text is a language tag such as "de".
func IsLanguage(tag string) bool { return languagePattern.MatchString(tag) }

// NextVersion counts the second number of a version up: after 1.2.3 comes 1.3.0.
// Anything else is followed by 1.0.0.
func NextVersion(version string) string {
	parts := strings.Split(version, ".")
	if !versionPattern.MatchString(version) {
		return "1.0.0"
	}
	return parts[0] + "." + increment(parts[1]) + ".0"
}

// increment adds one to a decimal number of at most six digits.
func increment(number string) string {
	digits := []byte(number)
	for i := len(digits) - 1; i >= 0; i-- {
		if digits[i] < '9' {
			digits[i]++
			return string(digits)
		}
		digits[i] = '0'
	}
	return "1" + string(digits)
}

// KeyOf makes a key of a title: "Learning, again" becomes "learning_again". Letters
// outside of the English alphabet are left out; it may be empty.
func KeyOf(title string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(title) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9' && b.Len() > 0:
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
		if b.Len() >= 32 {
			break
		}
	}
	return strings.Trim(b.String(), "_")
}
