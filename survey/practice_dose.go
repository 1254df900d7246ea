package survey

import (
	"context"
	"fmt"
	"slices"

	"tidemark/survey/schedule"
)

// DoseFloor is the smallest number of people whose practice is summed up.
const DoseFloor = 5

// PracticeDose sums up what people of the arms that take the course noted of their
// practice, in the weeks of their course that are over.
type PracticeDose struct {
	People int // who had at least one such week
	Noted  int // of these, who noted anything in them
	Weeks  int // person-weeks of those who noted anything
	// Mean and Median are of the minutes per week of each of those who noted
	// anything; a week in which they noted nothing counts as none. Who noted nothing
	// at all is left out: that nothing was noted does not say that nothing was done.
	Mean, Median float64
	// Practised is the share, from 0 to 1, of their weeks with any practice.
	Practised float64
	// Shown is false when fewer than DoseFloor noted anything; the numbers above
	// are then zero.
	Shown bool
}

// Percent is Practised in per cent.
func (d PracticeDose) Percent() float64 { return 100 * d.Practised }

// Dose sums up the practice of a study for whoever may analyse it. A week counts
// once it is over, and until the person left.
func (u *Practices) Dose(ctx context.Context, a Actor, study StudyID) (PracticeDose, error) {
	if !a.MayAnalyse(study) {
		return PracticeDose{}, ErrForbidden
	}
	d, err := u.dose(ctx, study)
	if err != nil {
		return PracticeDose{}, fmt.Errorf("practice in study %s: %w", study, err)
	}
	return d, nil
}

// homework is the weeks of a person's course that are over, with the minutes noted
// for each.
type homework struct {
	run     CourseRun
	weeks   int
	minutes []int
}

func (u *Practices) dose(ctx context.Context, study StudyID) (PracticeDose, error) {
	var d PracticeDose
	people := map[EnrolmentID]*homework{}
	err := u.env.Store.InReadTx(ctx, func(r Reader) error {
		clear(people)
		if err := u.homework(ctx, r, study, people); err != nil {
			return err
		}
		return r.EachPractice(ctx, study, func(e *PracticeEntry) error {
			if h, ok := people[e.EnrolmentID]; ok {
				if n := h.run.WeekOf(e.Day); n >= 1 && n <= h.weeks {
					h.minutes[n-1] += e.Minutes
				}
			}
			return nil
		})
	})
	if err != nil {
		return d, err
	}
	var perWeek []float64
	practised := 0
	for _, h := range people {
		total := 0
		for _, m := range h.minutes {
			total += m
		}
		d.People++
		if total == 0 {
			continue
		}
		d.Noted++
		d.Weeks += h.weeks
		perWeek = append(perWeek, float64(total)/float64(h.weeks))
		for _, m := range h.minutes {
			if m > 0 {
				practised++
			}
		}
	}
	if d.Shown = d.Noted >= DoseFloor; !d.Shown {
		return PracticeDose{People: d.People}, nil
	}
	slices.Sort(perWeek) // the sum is then the same every time
	for _, v := range perWeek {
		d.Mean += v / float64(len(perWeek))
	}
	d.Median = (perWeek[(len(perWeek)-1)/2] + perWeek[len(perWeek)/2]) / 2
	d.Practised = float64(practised) / float64(d.Weeks)
	return d, nil
}

// homework finds the people who take the course, with the weeks of theirs that are
// over.
func (u *Practices) homework(ctx context.Context, r Reader, study StudyID, people map[EnrolmentID]*homework) error {
	design, err := r.Design(ctx, study)
	if err != nil {
		return err
	}
	summaries, err := r.Runs(ctx, study)
	if err != nil {
		return err
	}
	runs := map[RunID]CourseRun{}
	for _, s := range summaries {
		runs[s.Run.ID] = s.Run
	}
	enrolments, err := r.Enrolments(ctx, study)
	if err != nil {
		return err
	}
	now := u.env.now()
	for _, e := range enrolments {
		run := runs[e.RunID]
		arm, ok := design.Arm(e.ArmID)
		c, err := u.env.course(ctx, r, run)
		if err != nil {
			return err
		}
		until := schedule.DateOf(now.In(u.zone(run)))
		if left := schedule.DateOf(e.WithdrawnAt.In(u.zone(run))); e.Withdrawn() && left.DaysUntil(until) > 0 {
			until = left
		}
		weeks := min(run.WeekOf(until)-1, len(c.Weeks))
		if ok && !arm.Control && weeks >= 1 {
			people[e.ID] = &homework{run, weeks, make([]int, weeks)}
		}
	}
	return nil
}
