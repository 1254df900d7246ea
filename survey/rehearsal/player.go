package rehearsal

import (
	"context"
	"fmt"
	"time"

	"tidemark/survey"
	"tidemark/survey/course"
	"tidemark/survey/schedule"
)

// zoneName is where the study takes place.
const zoneName = "Europe/London"

// player holds a play in progress.
type player struct {
	o         Options
	now       time.Time // the end of the story
	clock     *clock
	cases     *survey.UseCases
	queue     events
	meetings  int
	study     survey.Study
	design    survey.StudyDesign
	admin     survey.Actor
	leader    survey.Actor // the facilitator
	analyst   survey.Actor // the researcher
	cohorts   []*cohort
	submitted int
}

func newPlayer(o Options, store survey.Store) *player {
	now := o.Now.UTC().Truncate(time.Millisecond)
	c := &clock{at: now}
	ids := &identifiers{clock: c, random: chacha(o.Seed, "identifiers")}
	return &player{
		o: o, now: now, clock: c,
		cases: survey.NewUseCases(survey.Env{
			Store: store, Now: c.now, NewID: ids.next, Random: chacha(o.Seed, "use cases"), Keys: o.Keys,
			Version: o.Version,
		}),
	}
}

func (p *player) play(ctx context.Context) (*Result, error) {
	if err := p.perform(ctx); err != nil {
		return nil, err
	}
	p.clock.set(p.now)
	links, err := Invite(ctx, p.cases)
	if err != nil {
		return nil, err
	}
	return &Result{
		Links: links,
		Ended: p.cohorts[0].run.ID, Running: p.cohorts[1].run.ID, Coming: p.cohorts[2].run.ID,
		People: p.o.People, Submitted: p.submitted,
	}, nil
}

func (p *player) perform(ctx context.Context) error {
	template, ok := survey.ProtocolByKey(p.o.Protocol)
	if !ok {
		return fmt.Errorf("no study template %q", p.o.Protocol)
	}
	c, err := course.BuiltinByKey(template.CourseKey)
	if err != nil {
		return err
	}
	p.meetings = len(c.Weeks)
	zone, err := time.LoadLocation(zoneName)
	if err != nil {
		zone = time.UTC
	}
	today := schedule.DateOf(p.now.In(zone))
	p.cohorts = cohorts(p.o, today)
	begins := p.cohorts[0].starts.AddDays(-42).At(9, 15, zone)
	p.clock.set(begins)
	if err := p.setUp(ctx, zone); err != nil {
		return err
	}
	p.planAnalysis(p.cohorts[0], zone)
	for _, c := range p.cohorts {
		p.planCohort(c, template.CourseKey, zone)
	}
	return p.tell(ctx, begins)
}

// setUp makes the accounts and opens the study.
func (p *player) setUp(ctx context.Context, zone *time.Location) error {
	p.o.Progress("setting up the study", 0, 1)
	admin, err := p.cases.Users.Create(ctx, actor(), survey.NewUser{
		Email: administratorEmail, Name: "Robin Hale", Grants: []survey.Grant{{Role: survey.RoleAdministrator}},
	})
	if err != nil {
		return err
	}
	p.admin = survey.UserActor(admin)
	p.study, err = p.cases.Studies.Create(ctx, p.admin, survey.NewStudy{
		Protocol: p.o.Protocol, Key: StudyKey, TimeZone: zone.String(), Simulated: true,
		Feedback: survey.FeedbackAfterEach,
	})
	if err != nil {
		return err
	}
	if p.design, err = p.cases.Studies.Design(ctx, p.admin, p.study.ID); err != nil {
		return err
	}
	for _, n := range []survey.NewUser{
		{Email: facilitatorEmail, Name: "Ada Brooke", Grants: []survey.Grant{{Role: survey.RoleFacilitator, StudyID: p.study.ID}}},
		{Email: researcherEmail, Name: "Noor Vale", Grants: []survey.Grant{{Role: survey.RoleResearcher, StudyID: p.study.ID}}},
	} {
		user, err := p.cases.Users.Create(ctx, p.admin, n)
		if err != nil {
			return err
		}
		if user.Email == facilitatorEmail {
			p.leader = survey.UserActor(user)
		} else {
			p.analyst = survey.UserActor(user)
		}
	}
	_, err = p.cases.Safeties.Declare(ctx, p.admin, survey.Safety{
		StudyID: p.study.ID, Shape: survey.SafetyAnonymous, TimeZone: p.study.TimeZone,
	})
	if err != nil {
		return err
	}
	return p.cases.Studies.Open(ctx, p.admin, p.study.ID)
}

// tell lets what is planned happen, in order, until the story reaches now.
// Events may plan further ones.
func (p *player) tell(ctx context.Context, begins time.Time) error {
	const week = 7 * 24 * time.Hour
	weeks, told := int(p.now.Sub(begins)/week), -1
	for {
		e, more := p.queue.pop()
		if !more || e.at.After(p.now) {
			break
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		p.clock.set(e.at)
		if w := int(e.at.Sub(begins) / week); w > told {
			told = w
			p.o.Progress("playing the weeks", w, weeks)
		}
		if err := e.do(ctx); err != nil {
			return fmt.Errorf("at %s: %w", e.at.Format(time.RFC3339), err)
		}
	}
	p.o.Progress("playing the weeks", weeks, weeks)
	return nil
}
