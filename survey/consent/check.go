package consent

import (
	"regexp"
	"strings"
)

// Fault is something a text lacks. Field is the name of an element, "title",
// "summary", "changed", "safety" or the key of a choice.
type Fault struct {
	Field   string
	Problem Problem
}

// Problem says what is wrong with a field.
type Problem string

// The problems.
const (
	Missing    Problem = "missing"    // nothing is said
	Unfinished Problem = "unfinished" // a blank of a template is still in it
	NoHeading  Problem = "no_heading"
	NoReason   Problem = "no_reason" // no approval was needed, and it does not say why
)

// blank is what a template leaves to be filled in, as "[name of the team]".
var blank = regexp.MustCompile(`\[[^\[\]\n]{2,200}\]`)

// noReason are answers that say no approval was needed and stop there, in the
// languages of our own templates.
var noReason = regexp.MustCompile(`(?i)^(none|no|none needed|not needed|not necessary|not applicable|n/?a|no approval( is| was)?( needed)?|` +
	`keine|nein|keine nötig|nicht nötig|entfällt|ninguna|no hace falta|no es necesari[ao]|[-–—.]+)[.!]?$`)

// Check gives everything the text lacks to be shown to people; empty: it is
// complete. A text that follows another, with later true, says what has changed.
func (t Text) Check(later bool) []Fault {
	var faults []Fault
	say := func(field, text string) {
		switch {
		case strings.TrimSpace(text) == "":
			faults = append(faults, Fault{field, Missing})
		case blank.MatchString(text):
			faults = append(faults, Fault{field, Unfinished})
		}
	}
	say("title", t.Title)
	say("summary", t.Summary)
	if later {
		say("changed", t.Changed)
	}
	for _, e := range Elements() {
		s := t.Section(e)
		before := len(faults)
		say(string(e), s.Body)
		switch {
		case len(faults) > before:
		case strings.TrimSpace(s.Heading) == "":
			faults = append(faults, Fault{string(e), NoHeading})
		case e == Ethics && noReason.MatchString(strings.TrimSpace(s.Body)):
			faults = append(faults, Fault{string(e), NoReason})
		}
	}
	say("safety", t.Safety)
	for _, c := range t.Choices {
		say(string(c.Key), c.Label)
	}
	return faults
}

// Complete reports whether a text lacks nothing.
func (t Text) Complete(later bool) bool { return len(t.Check(later)) == 0 }
