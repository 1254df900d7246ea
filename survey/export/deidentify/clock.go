package deidentify

import (
	"time"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

// Beginning stands for the first meeting of everybody's group in public files. It
// is a Monday.
var Beginning = schedule.Date{Year: 2000, Month: time.January, Day: 3}

const week = 7 * 24 * time.Hour

// clock changes the times of people.
type clock struct {
	profile Profile
	random  random
	starts  map[survey.EnrolmentID]time.Time // the first meeting of their group, midnight UTC
	moved   map[survey.EnrolmentID]time.Duration
}

func newClock(o Options, people []survey.Enrolment, runs []survey.RunSummary) *clock {
	c := &clock{
		profile: o.Profile, random: random{o.Key},
		starts: make(map[survey.EnrolmentID]time.Time, len(people)), moved: make(map[survey.EnrolmentID]time.Duration, len(people)),
	}
	days := map[survey.RunID]time.Time{}
	for _, r := range runs {
		days[r.Run.ID] = midnight(r.Run.StartsOn)
	}
	for _, p := range people {
		c.starts[p.ID] = days[p.RunID]
		c.moved[p.ID] = time.Duration(c.random.weeks(p.ID)) * week
	}
	return c
}

func midnight(d schedule.Date) time.Time { return d.At(0, 0, time.UTC) }

// time is an instant of a person as it is told; none stays none.
func (c *clock) time(who survey.EnrolmentID, at time.Time) time.Time {
	switch {
	case at.IsZero():
		return at
	case c.profile == Shared:
		return at.Add(c.moved[who])
	}
	since := at.Sub(c.starts[who])
	weeks := since / week
	if since < weeks*week { // before the beginning: down, not towards it
		weeks--
	}
	return midnight(Beginning).Add(weeks * week)
}

// day is a day of a person as it is told.
func (c *clock) day(who survey.EnrolmentID, d schedule.Date) schedule.Date {
	if d.IsZero() {
		return d
	}
	return schedule.DateOf(c.time(who, midnight(d)))
}
