package web

import (
	"testing"

	"tidemark/survey/schedule"
)

func TestWindowsAreSaidInWords(t *testing.T) {
	t.Parallel()
	for rule, want := range map[schedule.Rule]string{
		{OpensDay: -14, ClosesDay: 2}:   "14 days before to 2 days after",
		{OpensDay: -1, ClosesDay: 1}:    "1 day before to 1 day after",
		{OpensDay: -14, ClosesDay: -1}:  "14 to 1 days before",
		{OpensDay: 0, ClosesDay: 6}:     "0 to 6 days after",
		{OpensDay: 7, ClosesDay: 13}:    "7 to 13 days after",
		{OpensDay: 133, ClosesDay: 161}: "19 to 23 weeks after",
	} {
		if got := ruleText(rule); got != want {
			t.Errorf("%+v: %q, want %q", rule, got, want)
		}
	}
}

func TestWeeksAreSaidInWords(t *testing.T) {
	t.Parallel()
	for week, want := range map[int]string{
		-1: "begins in 2 weeks", 0: "begins within a week", 1: "week 1 of 8", 8: "week 8 of 8", 9: "meetings are over",
	} {
		if got := weekText(week, 8); got != want {
			t.Errorf("week %d: %q, want %q", week, got, want)
		}
	}
}

func TestTheNumberOfPeopleAddedIsANumber(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"1": "1 person", "12": "12 people", "": "", "0": "", "-1": "", "x": "", "5001": "", "99999999999999999999": "", "<b>": "",
	} {
		if got := peopleText(given); got != want {
			t.Errorf("%q: %q, want %q", given, got, want)
		}
	}
}
