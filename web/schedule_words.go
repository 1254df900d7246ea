package web

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

// waveNames are the names of a study's waves by their keys.
func waveNames(waves []survey.Wave) map[string]string {
	names := make(map[string]string, len(waves))
	for _, w := range waves {
		names[w.Key] = w.Name
	}
	return names
}

// ruleText says when a wave is open: "opens 14 days before the first meeting, closes
// 2 days after it".
func ruleText(r schedule.Rule, names map[string]string) string {
	from := anchorText(r, names)
	if r.Timed {
		return "opens " + atHourText(r.OpensMinute, from.begins) + ", closes " + atHourText(r.ClosesMinute, from.it+" begins")
	}
	if r.Months > 0 {
		opens := counted(r.Months, "month") + " after " + from.name
		switch {
		case r.OpensDay > 0:
			opens += " and " + span(r.OpensDay)
		case r.OpensDay < 0:
			opens = span(-r.OpensDay) + " before the day " + opens
		}
		if r.OpensDay == r.ClosesDay {
			return "open on the day " + opens
		}
		return "opens " + opens + ", closes " + span(r.ClosesDay-r.OpensDay) + " later"
	}
	if r.OpensDay == r.ClosesDay {
		return "open on the day " + dayText(r.OpensDay, from.name, "of "+from.name)
	}
	return "opens " + dayText(r.OpensDay, from.name, from.day) + ", closes " + dayText(r.ClosesDay, from.it, "at the end of that day")
}

// anchor are the words for what days are counted from.
type anchor struct {
	name   string // "meeting 3"
	day    string // "on the day of meeting 3"
	begins string // "meeting 3 begins"
	it     string
}

func anchorText(r schedule.Rule, names map[string]string) anchor {
	switch r.Anchor {
	case schedule.AnchorMeeting:
		name := "meeting " + strconv.Itoa(r.Meeting)
		return anchor{name, "on the day of " + name, name + " begins", "it"}
	case schedule.AnchorEnrolment:
		return anchor{"the person joins", "as soon as the person joins", "the person joins", "that"}
	case schedule.AnchorWave:
		name := names[r.Wave]
		if name == "" {
			name = r.Wave
		}
		name = "“" + name + "” is complete"
		return anchor{name, "as soon as " + name, name, "that"}
	default:
		return anchor{"the first meeting", "on the day of the first meeting", "the first meeting begins", "it"}
	}
}

// dayText is a number of days from an anchor; none are said by their own words.
func dayText(days int, of, none string) string {
	switch {
	case days < 0:
		return span(-days) + " before " + of
	case days == 0:
		return none
	default:
		return span(days) + " after " + of
	}
}

// clockText is a number of minutes from the moment at which something begins.
func atHourText(minutes int, begins string) string {
	begins = strings.Replace(begins, "that begins", "that", 1)
	switch {
	case minutes < 0:
		return duration(-minutes) + " before " + begins
	case minutes == 0:
		return "when " + begins
	default:
		return duration(minutes) + " after " + begins
	}
}

// span is a number of days, in weeks when they are whole.
func span(days int) string {
	if days >= 14 && days%7 == 0 {
		return counted(days/7, "week")
	}
	return counted(days, "day")
}

func duration(minutes int) string {
	switch {
	case minutes%60 == 0:
		return counted(minutes/60, "hour")
	case minutes > 60:
		return strconv.FormatFloat(math.Round(float64(minutes)/6)/10, 'f', -1, 64) + " hours"
	default:
		return counted(minutes, "minute")
	}
}

func counted(n int, word string) string { return fmt.Sprintf("%d %s", n, plural(n, word, word+"s")) }

// ruleMore says what else a rule grants, in sentences; empty when nothing.
func ruleMore(r schedule.Rule) string {
	var more []string
	switch {
	case r.GraceDays > 0:
		more = append(more, "Answers are taken for "+counted(r.GraceDays, "day")+" more.")
	case r.GraceMinutes > 0:
		more = append(more, "Answers are taken for "+counted(r.GraceMinutes, "minute")+" more.")
	}
	if r.LateDays > 0 {
		more = append(more, "Whoever joins after it opened has "+counted(r.LateDays, "day")+" at least.")
	}
	return strings.Join(more, " ")
}

// clashText says what does not fit in a run.
func clashText(c schedule.Clash, names map[string]string) string {
	wave, other := "“"+names[c.Wave]+"”", "“"+names[c.Other]+"”"
	switch c.Kind {
	case schedule.ClashNoMeeting:
		return fmt.Sprintf("%s hangs on meeting %d, which the course has not.", wave, c.Meeting)
	case schedule.ClashNoWave:
		return wave + " follows an occasion that there is not."
	case schedule.ClashOtherArm:
		return fmt.Sprintf("%s follows %s, at which only another group is asked.", wave, other)
	case schedule.ClashCircle:
		return wave + " waits for itself."
	case schedule.ClashOrder:
		return fmt.Sprintf("Meeting %d is not after meeting %d.", c.Meeting, c.Meeting-1)
	case schedule.ClashOverlap:
		return fmt.Sprintf("Meeting %d begins before meeting %d has ended.", c.Meeting, c.Meeting-1)
	case schedule.ClashZeroLength:
		return wave + " closes when it opens."
	case schedule.ClashPreLate:
		return wave + " is for before the course and opens after the first meeting has begun."
	case schedule.ClashPostEarly:
		return wave + " is for after the course and opens before the last meeting."
	case schedule.ClashFollowUp:
		return fmt.Sprintf("%s opens before %s.", wave, other)
	case schedule.ClashTogether:
		return fmt.Sprintf("%s opens while %s is still open.", wave, other)
	case schedule.ClashNoSuchTime:
		return fmt.Sprintf("Clocks go forward over the hour of meeting %d: it begins at %s.", c.Meeting, c.At.Format("15:04"))
	case schedule.ClashUnknownPause:
		return fmt.Sprintf("A break or a move is of meeting %d, which the course has not.", c.Meeting)
	default:
		return wave + ": " + messageText(c.Message)
	}
}

// clashTexts are what does not fit, each said once.
func clashTexts(clashes []schedule.Clash, names map[string]string) []string {
	var all []string
	seen := map[string]bool{}
	for _, c := range clashes {
		if text := clashText(c, names); !seen[text] {
			all, seen[text] = append(all, text), true
		}
	}
	return all
}

// longDay is a day that may be in another year.
func longDay(t time.Time) string { return t.Format("Mon 2 Jan 2006") }
