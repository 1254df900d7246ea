package rehearsal

import (
	"context"
	"math"
	"time"

	"tidemark/survey"
)

const (
	// notesPractice is the chance that someone notes what they practise at home at
	// all.
	notesPractice = 0.8
	// writesReflection is the chance that someone writes about a setback, and
	// sharesReflection that they let the researchers read it.
	writesReflection, sharesReflection = 0.3, 0.4
	// reflectionWeek is that of the three questions.
	reflectionWeek = 6
)

// reflections are what simulated people write after a setback.
func reflections() [][]string {
	return [][]string{
		{"I began the application two days before the deadline.", "Ask someone to read it a week earlier.", "Keep the first page and cut the second."},
		{"The talk went over time and I lost the thread.", "", "Begin with the result."},
		{"Nobody answered my message.", "Call instead of writing.", ""},
		{"We did not get the order.", "", ""},
		{"The cake sank.", "Follow the recipe once before I change it.", "Less sugar, more time."},
	}
}

// planPractice plans what someone who takes the course notes of their practice: on
// around four days a week, as diligent as they are, while they are heard of.
func (p *player) planPractice(c *cohort, q *person) {
	if q.control || q.fate == fateNever || q.home.Float64() > notesPractice {
		return
	}
	zone := c.run.Zone()
	for week := 1; week <= p.meetings && (q.lastWeek == 0 || week <= q.lastWeek); week++ {
		days := int(math.Round(3.4 + 1.2*q.mind.diligent + 1.1*q.home.NormFloat64()))
		for _, day := range q.home.Perm(7)[:min(max(days, 0), 7)] {
			date := c.starts.AddDays(7*(week-1) + day)
			at := date.At(7, 0, zone).Add(time.Duration(q.home.IntN(15*60)) * time.Minute)
			if day == 0 { // the practice is given at the meeting
				at = date.At(c.hour+2, 5, zone).Add(time.Duration(q.home.IntN(60)) * time.Minute)
			}
			p.queue.push(at, func(ctx context.Context) error { return p.practise(ctx, q) })
		}
	}
	if q.home.Float64() < writesReflection && (q.lastWeek == 0 || q.lastWeek > reflectionWeek) {
		at := c.starts.AddDays(7*(reflectionWeek-1)+1+q.home.IntN(6)).At(19+q.home.IntN(3), q.home.IntN(60), zone)
		p.queue.push(at, func(ctx context.Context) error { return p.reflect(ctx, q) })
	}
}

// practise notes one practice of the week.
func (p *player) practise(ctx context.Context, q *person) error {
	if q.gone {
		return nil
	}
	a, err := p.visit(ctx, q)
	if err != nil || !a.Participation.Consented() {
		return err
	}
	book, err := p.cases.Practices.Book(ctx, a)
	if err != nil {
		return err
	}
	if !book.GoingOn() || !book.CanNote() {
		return nil
	}
	formal := q.home.Float64() < 0.65
	fives := max(1, math.Round((12+4*q.mind.diligent+5*q.home.NormFloat64())/5))
	n := survey.NewPractice{Day: book.Today, Practice: book.Weeks[0].Meeting.Key(), Minutes: 5 * int(fives), Formal: &formal}
	if !formal { // on the way, a few minutes
		n.Minutes = 1 + n.Minutes/3
	}
	if q.home.Float64() < 0.7 {
		helpful := min(max(int(math.Round(5.8+0.8*q.mind.receives+1.7*q.home.NormFloat64())), 0), survey.MaxHelpful)
		n.Helpful = &helpful
	}
	return p.cases.Practices.Note(ctx, a, n, "")
}

// reflect writes about a setback, and shares it or not.
func (p *player) reflect(ctx context.Context, q *person) error {
	if q.gone {
		return nil
	}
	a, err := p.visit(ctx, q)
	if err != nil || !a.Participation.Consented() {
		return err
	}
	all := reflections()
	if err := p.cases.Notes.Write(ctx, a, survey.NoteReflection, all[q.home.IntN(len(all))], ""); err != nil {
		return err
	}
	if q.home.Float64() >= sharesReflection {
		return nil
	}
	notes, err := p.cases.Notes.List(ctx, a, survey.NoteReflection)
	if err != nil || len(notes) == 0 {
		return err
	}
	return p.cases.Notes.Share(ctx, a, survey.NoteReflection, notes[0].ID, true)
}
