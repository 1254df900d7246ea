package web

import (
	"strings"
	"testing"

	"tidemark/survey/schedule"
)

func TestWindowsAreSaidInWords(t *testing.T) {
	t.Parallel()
	names := map[string]string{"pre": "Before the course"}
	for rule, want := range map[schedule.Rule]string{
		{OpensDay: -14, ClosesDay: 2}:   "opens 2 weeks before the first meeting, closes 2 days after it",
		{OpensDay: -1, ClosesDay: 1}:    "opens 1 day before the first meeting, closes 1 day after it",
		{OpensDay: -14, ClosesDay: -1}:  "opens 2 weeks before the first meeting, closes 1 day before it",
		{OpensDay: 0, ClosesDay: 6}:     "opens on the day of the first meeting, closes 6 days after it",
		{OpensDay: 7, ClosesDay: 13}:    "opens 7 days after the first meeting, closes 13 days after it",
		{OpensDay: 133, ClosesDay: 161}: "opens 19 weeks after the first meeting, closes 23 weeks after it",
		{}:                              "open on the day of the first meeting",
		{Anchor: schedule.AnchorMeeting, Meeting: 3, OpensDay: -3, ClosesDay: 0}:                        "opens 3 days before meeting 3, closes at the end of that day",
		{Anchor: schedule.AnchorMeeting, Meeting: 3, OpensDay: 2, ClosesDay: 2}:                         "open on the day 2 days after meeting 3",
		{Anchor: schedule.AnchorMeeting, Meeting: 8, Months: 3, ClosesDay: 28}:                          "opens 3 months after meeting 8, closes 4 weeks later",
		{Anchor: schedule.AnchorMeeting, Meeting: 8, Months: 6, OpensDay: -7, ClosesDay: 7}:             "opens 7 days before the day 6 months after meeting 8, closes 2 weeks later",
		{Anchor: schedule.AnchorMeeting, Meeting: 3, Timed: true, OpensMinute: -1440}:                   "opens 24 hours before meeting 3 begins, closes when it begins",
		{Anchor: schedule.AnchorMeeting, Meeting: 3, Timed: true, OpensMinute: -90, ClosesMinute: 30}:   "opens 1.5 hours before meeting 3 begins, closes 30 minutes after it begins",
		{Anchor: schedule.AnchorEnrolment, ClosesDay: 6}:                                                "opens as soon as the person joins, closes 6 days after that",
		{Anchor: schedule.AnchorWave, Wave: "pre", OpensDay: 14, ClosesDay: 20}:                         "opens 2 weeks after “Before the course” is complete, closes 20 days after that",
		{Anchor: schedule.AnchorWave, Wave: "pre", Timed: true, OpensMinute: 0, ClosesMinute: 60}:       "opens when “Before the course” is complete, closes 1 hour after that",
		{Anchor: schedule.AnchorEnrolment, Months: 1, ClosesDay: 0}:                                     "open on the day 1 month after the person joins",
		{Anchor: schedule.AnchorStart, Months: 6, OpensDay: 2, ClosesDay: 9, GraceDays: 2, LateDays: 7}: "opens 6 months after the first meeting and 2 days, closes 7 days later",
		{Anchor: schedule.AnchorWave, Wave: "gone", OpensDay: 1, ClosesDay: 2}:                          "opens 1 day after “gone” is complete, closes 2 days after that",
	} {
		if got := ruleText(rule, names); got != want {
			t.Errorf("%+v: %q, want %q", rule, got, want)
		}
	}
	for rule, want := range map[schedule.Rule]string{
		{}:                          "",
		{GraceDays: 1}:              "Answers are taken for 1 day more.",
		{GraceMinutes: 10}:          "Answers are taken for 10 minutes more.",
		{GraceDays: 2, LateDays: 7}: "Answers are taken for 2 days more. Whoever joins after it opened has 7 days at least.",
	} {
		if got := ruleMore(rule); got != want {
			t.Errorf("%+v: %q, want %q", rule, got, want)
		}
	}
}

func TestEveryClashIsSaidInWords(t *testing.T) {
	t.Parallel()
	names, said := map[string]string{"a": "Early", "b": "Late"}, map[string]bool{}
	for _, kind := range []schedule.ClashKind{
		schedule.ClashRule, schedule.ClashNoMeeting, schedule.ClashNoWave, schedule.ClashOtherArm, schedule.ClashCircle, schedule.ClashOrder,
		schedule.ClashOverlap, schedule.ClashZeroLength, schedule.ClashPreLate, schedule.ClashPostEarly, schedule.ClashFollowUp,
		schedule.ClashTogether, schedule.ClashNoSuchTime, schedule.ClashUnknownPause,
	} {
		text := clashText(schedule.Clash{Kind: kind, Wave: "a", Other: "b", Meeting: 3, Message: "rule.closes_first"}, names)
		if said[text] || strings.Contains(text, "rule.") || !strings.HasSuffix(text, ".") {
			t.Errorf("%s is said as %q", kind, text)
		}
		said[text] = true
	}
	twice := []schedule.Clash{{Kind: schedule.ClashTogether, Wave: "a", Other: "b"}, {Kind: schedule.ClashTogether, Wave: "a", Other: "b"}}
	if got := clashTexts(twice, names); len(got) != 1 {
		t.Errorf("the same is said twice: %q", got)
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
