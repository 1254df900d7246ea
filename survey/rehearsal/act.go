package rehearsal

import (
	"context"
	"errors"
	"maps"
	"time"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

// actor is the program itself, as the audit trail names it.
func actor() survey.Actor { return survey.SystemActor("rehearsal") }

// visit signs the person in, by the cookie of the last visit or, the first time
// and when that has run out, by the personal link.
func (p *player) visit(ctx context.Context, q *person) (survey.Actor, error) {
	if q.cookie != "" {
		a, err := p.cases.SignIns.Participant(ctx, q.cookie)
		if !errors.Is(err, survey.ErrNotSignedIn) {
			return a, err
		}
	}
	cookie, part, err := p.cases.SignIns.ByPersonalLink(ctx, q.link)
	if err != nil {
		return survey.Actor{}, err
	}
	q.cookie = cookie
	return survey.ParticipantActor(part), nil
}

// agreed signs the person in and, where it is still to be given, gives consent.
func (p *player) agreed(ctx context.Context, q *person) (survey.Actor, error) {
	a, err := p.visit(ctx, q)
	if err != nil || a.Participation.Consented() {
		return a, err
	}
	text, err := p.cases.Enrolments.ConsentText(ctx, a, "")
	if err != nil {
		return a, err
	}
	if err := p.cases.Enrolments.Consent(ctx, a, text.Version); err != nil {
		return a, err
	}
	return p.visit(ctx, q)
}

func (p *player) consent(ctx context.Context, q *person) error {
	_, err := p.agreed(ctx, q)
	return err
}

// begin opens the next questionnaire of a wave and saves its first page. What
// follows is planned: the rest of it, or nothing for someone who stops there.
func (p *player) begin(ctx context.Context, c *cohort, q *person, w survey.Wave, partly bool) error {
	if q.gone {
		return nil
	}
	a, err := p.agreed(ctx, q)
	if err != nil {
		return err
	}
	due, err := p.cases.Assessments.Due(ctx, a)
	if err != nil {
		return err
	}
	for _, item := range due {
		if item.Wave.ID != w.ID || item.State != survey.AssessmentOpen {
			continue
		}
		def := item.Definition
		level := q.mind.level(w, progressAt(w, p.meetings), q.control)
		answers := q.mind.fill(def, level)
		first := def.Pages()[0]
		if partly { // stops after two items
			first = first[:min(2, len(first))]
		}
		saved, rest := split(answers, first)
		if partly {
			_, err := p.cases.Assessments.Save(ctx, a, item.Assessment.ID, saved)
			return err
		}
		if _, err := p.cases.Assessments.Save(ctx, a, item.Assessment.ID, saved); err != nil {
			return err
		}
		pace := time.Duration(4000+q.rng.IntN(5000)) * time.Millisecond
		p.queue.push(p.clock.now().Add(pace*time.Duration(len(def.Items))), func(ctx context.Context) error {
			return p.finish(ctx, c, q, w, item.Assessment.ID, rest)
		})
		return nil
	}
	return nil
}

// split parts answers into those to the given items and the others.
func split(answers instrument.Answers, items []instrument.Item) (given, others instrument.Answers) {
	given, others = instrument.Answers{}, maps.Clone(answers)
	for _, it := range items {
		if v, ok := answers[it.Code]; ok {
			given[it.Code] = v
			delete(others, it.Code)
		}
	}
	return given, others
}

// finish submits a questionnaire and goes on to the next of the wave.
func (p *player) finish(ctx context.Context, c *cohort, q *person, w survey.Wave, id survey.AssessmentID, rest instrument.Answers) error {
	if q.gone {
		return nil
	}
	a, err := p.visit(ctx, q)
	if err != nil {
		return err
	}
	if err := p.cases.Assessments.Submit(ctx, a, id, rest); err != nil {
		return err
	}
	p.submitted++
	pause := time.Duration(3000+q.rng.IntN(9000)) * time.Millisecond
	p.queue.push(p.clock.now().Add(pause), func(ctx context.Context) error { return p.begin(ctx, c, q, w, false) })
	return nil
}

func (p *player) leave(ctx context.Context, q *person) error {
	a, err := p.visit(ctx, q)
	if err != nil {
		return err
	}
	q.gone = true
	return p.cases.Enrolments.Withdraw(ctx, a)
}

// noteAttendance notes who of the course group came: nearly nine in ten of those
// who go on, fewer of those who have gone silent.
func (p *player) noteAttendance(ctx context.Context, c *cohort, meeting int) error {
	var present []survey.EnrolmentID
	for _, q := range c.people {
		if q.control || q.gone {
			continue
		}
		chance := 0.88
		if q.fate == fateNever || q.lastWeek > 0 && meeting > q.lastWeek {
			chance = 0.55
		}
		if q.rng.Float64() < chance {
			present = append(present, q.enrolment.ID)
		}
	}
	return p.cases.Runs.NoteAttendance(ctx, p.leader, p.study.ID, c.run.ID, meeting, present)
}
