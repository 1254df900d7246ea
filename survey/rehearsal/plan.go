package rehearsal

import (
	"context"
	"math"
	"math/rand/v2"
	"time"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

// planCohort plans the facilitator's part: the run five weeks ahead, people
// added in four lots, attendance after each meeting.
func (p *player) planCohort(c *cohort, courseKey string, zone *time.Location) {
	p.queue.push(c.starts.AddDays(-35).At(10, 5, zone), func(ctx context.Context) error {
		var err error
		c.run, err = p.cases.Runs.Create(ctx, p.leader, p.study.ID, survey.NewRun{
			Name: c.name, CourseKey: courseKey, StartsOn: c.starts.String(), MeetingTime: c.time, Location: c.location,
		})
		return err
	})
	lots := []int{-28, -22, -17, -11}
	for i, day := range lots {
		from, to := i*len(c.people)/len(lots), (i+1)*len(c.people)/len(lots)
		p.queue.push(c.starts.AddDays(day).At(11, 20+i, zone), func(ctx context.Context) error {
			return p.addPeople(ctx, c, c.people[from:to])
		})
	}
	for meeting := 1; meeting <= p.meetings; meeting++ {
		evening := c.starts.AddDays(7*(meeting-1)).At(c.hour, c.minute, zone).Add(2 * time.Hour)
		p.queue.push(evening, func(ctx context.Context) error { return p.noteAttendance(ctx, c, meeting) })
	}
}

// addPeople enrols people, prints their links and plans what they do.
func (p *player) addPeople(ctx context.Context, c *cohort, people []*person) error {
	if len(people) == 0 {
		return nil
	}
	list := make([]survey.Person, len(people))
	for i, q := range people {
		list[i] = q.Person
	}
	enrolled, err := p.cases.Runs.AddPeople(ctx, p.leader, p.study.ID, c.run.ID, list, "")
	if err != nil {
		return err
	}
	_, printed, err := p.cases.Enrolments.Links(ctx, p.leader, p.study.ID, c.run.ID)
	if err != nil {
		return err
	}
	tokens := make(map[survey.EnrolmentID]string, len(printed))
	for _, l := range printed {
		tokens[l.Enrolment.ID] = l.Token
	}
	for i, q := range people {
		q.enrolment, q.link = enrolled[i], tokens[enrolled[i].ID]
		arm, _ := p.design.Arm(q.enrolment.ArmID)
		q.control = arm.Control
		if c.coming {
			p.planEarly(c, q)
		} else {
			p.planPerson(c, q)
		}
	}
	return nil
}

// planEarly plans what someone has done in a run that is yet to begin.
func (p *player) planEarly(c *cohort, q *person) {
	pre, _ := p.design.WaveOfKind(survey.WavePre)
	window, asked := q.window(c, pre)
	if !asked {
		return
	}
	from := later(window.Opens, q.enrolment.EnrolledAt)
	at := moment(q.rng, from, p.now.Add(-2*time.Hour), 1.3, c.run.Zone())
	switch q.early {
	case earlyNothing:
	case earlyConsented:
		p.queue.push(at, func(ctx context.Context) error { return p.consent(ctx, q) })
	case earlyPartly:
		p.queue.push(at, func(ctx context.Context) error { return p.begin(ctx, c, q, pre, true) })
	case earlyAnswered:
		p.queue.push(at, func(ctx context.Context) error { return p.begin(ctx, c, q, pre, false) })
	}
}

// planPerson plans the part of someone in a run that has begun.
func (p *player) planPerson(c *cohort, q *person) {
	if q.fate == fateNever {
		return
	}
	q.finishes = map[string]time.Time{}
	for _, w := range p.design.Waves {
		if w.ArmID != "" && w.ArmID != q.enrolment.ArmID {
			continue
		}
		if partly, answers := p.willAnswer(q, w); answers {
			at, asked := p.when(c, q, w)
			if !asked {
				continue
			}
			if !partly {
				q.finishes[w.Key] = at.Add(time.Hour)
			}
			p.queue.push(at, func(ctx context.Context) error { return p.begin(ctx, c, q, w, partly) })
		}
	}
	p.planPractice(c, q)
	if q.fate == fateLeaves {
		day := c.starts.AddDays(7*q.lastWeek - 1 + q.rng.IntN(5))
		at := day.At(8+q.rng.IntN(13), q.rng.IntN(60), c.run.Zone())
		p.queue.push(at, func(ctx context.Context) error { return p.leave(ctx, q) })
	}
}

// willAnswer decides whether someone answers a wave, and whether only in part.
// Everyone still there answers before and after the course, since loss there is
// what fates are about; weekly check-ins are missed one time in seven and left
// half done one time in thirty.
func (p *player) willAnswer(q *person, w survey.Wave) (partly, answers bool) {
	week := weekOf(w)
	switch w.Kind {
	case survey.WavePre:
		return false, true
	case survey.WaveDuring:
		if q.lastWeek > 0 && week > q.lastWeek {
			return false, false
		}
		return q.rng.Float64() < 0.03, q.rng.Float64() < 0.86
	case survey.WavePost:
		return false, q.fate == fateStays || q.fate == fateNoFollowUp
	case survey.WaveFollowUp:
		return false, q.fate == fateStays || q.fate == fateReturns
	}
	return false, false
}

// when picks the moment someone begins a wave: soon after it opens more often
// than late, after the meeting for a weekly check-in, and with time to finish. False
// for a wave that is not for them.
func (p *player) when(c *cohort, q *person, w survey.Wave) (time.Time, bool) {
	window, asked := q.window(c, w)
	if !asked {
		return time.Time{}, false
	}
	from, to, skew := window.Opens, window.Closes.Add(-2*time.Hour), 1.8
	if w.Kind == survey.WaveDuring && !w.Rule.Timed && w.Rule.OpensDay%schedule.DaysBetweenMeetings == 0 {
		from = from.Add(time.Duration(c.hour+2)*time.Hour + time.Duration(c.minute)*time.Minute)
	}
	return moment(q.rng, later(from, q.enrolment.EnrolledAt.Add(time.Hour)), to, skew, c.run.Zone()), true
}

// window is when somebody can answer a wave, by what they are going to do before.
func (q *person) window(c *cohort, w survey.Wave) (schedule.Window, bool) {
	return c.run.Calendar().Window(w.Rule, schedule.Person{EnrolledAt: q.enrolment.EnrolledAt, Submitted: q.finishes})
}

// moment is a time between from and to at an hour when people are awake, nearer
// to from the greater skew is (1: evenly).
func moment(rng *rand.Rand, from, to time.Time, skew float64, zone *time.Location) time.Time {
	span := to.Sub(from)
	at := from
	for range 12 {
		at = from.Add(time.Duration(math.Pow(rng.Float64(), skew) * float64(span))).Truncate(time.Millisecond)
		if h := at.In(zone).Hour(); h >= 7 && h < 23 {
			break
		}
	}
	return at
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
