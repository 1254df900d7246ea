package survey

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"tidemark/survey/course"
	"tidemark/survey/disclosure"
	"tidemark/survey/instrument"
	"tidemark/survey/schedule"
)

// Releases are the use cases of telling figures of groups.
type Releases struct{ env Env }

// TQuantile gives the two-sided 95 % quantile of Student's t for the given
// degrees of freedom (at least 1); package analysis has one.
type TQuantile func(df int) float64

// practiceStep is to how many minutes a group's practice is rounded.
const practiceStep = 60

// Publish decides on the figures of groups whose time has come, in every study, and
// keeps them: a wave that has closed, a week of which nothing more can be noted. Package
// disclosure decides; what was decided stays. Only the program may. It returns how many
// decisions it made; doing it twice makes none.
func (u *Releases) Publish(ctx context.Context, a Actor, quantile TQuantile) (int, error) {
	if a.Kind != ActorSystem {
		return 0, ErrForbidden
	}
	studies, err := u.env.Store.Studies(ctx)
	if err != nil {
		return 0, fmt.Errorf("publish figures of groups: %w", err)
	}
	done := 0
	var faults []error // one study's fault is no reason to keep the others waiting
	for _, s := range studies {
		n, err := u.publish(ctx, s.ID, quantile)
		done += n
		if err != nil {
			faults = append(faults, fmt.Errorf("publish figures of groups of study %s: %w", s.ID, err))
		}
	}
	return done, errors.Join(faults...)
}

func (u *Releases) publish(ctx context.Context, study StudyID, quantile TQuantile) (int, error) {
	var due []decision
	err := u.env.Store.InReadTx(ctx, func(r Reader) error {
		var err error
		due, err = u.decide(ctx, r, study, quantile)
		return err
	})
	if err != nil || len(due) == 0 {
		return 0, err
	}
	done := 0
	err = u.env.Store.InTx(ctx, func(tx Tx) error {
		done = 0
		if err := tx.HoldStudy(ctx, study); err != nil { // nobody is erased meanwhile
			return err
		}
		due, err := u.decide(ctx, tx, study, quantile)
		if err != nil {
			return err
		}
		for _, d := range due {
			kept, err := tx.PutRelease(ctx, d.Release, d.members)
			if err != nil {
				return err
			}
			if kept {
				done++
			}
		}
		return nil
	})
	return done, err
}

// decision is a release to come.
type decision struct {
	Release
	members []EnrolmentID
}

// figuring is what is known of a study when its figures are decided on.
type figuring struct {
	env      Env
	design   StudyDesign
	quantile TQuantile
	course   map[RunID]*course.Course
	people   map[RunID][]Enrolment // in order of the study's enrolments
	control  map[ArmID]bool
	scores   map[WaveID]map[string]map[EnrolmentID]float64 // by scale
	unwanted map[WaveID]map[EnrolmentID]float64            // 1: reported; 0: asked, and did not
	minutes  map[RunID]map[int]map[EnrolmentID]float64     // by course week
	numbers  map[place]int
	earlier  map[place][]disclosure.Earlier // of every run
}

// place is a figure of a run, or of all runs when run is empty.
type place struct {
	run      RunID
	figure   GroupFigure
	occasion string
}

// decide works out what there is to tell now and was not decided on before.
func (u *Releases) decide(ctx context.Context, r Reader, study StudyID, quantile TQuantile) ([]decision, error) {
	g := figuring{env: u.env, quantile: quantile}
	summaries, err := r.Runs(ctx, study)
	if err != nil || len(summaries) == 0 {
		return nil, err
	}
	runs := make([]CourseRun, len(summaries))
	for i, s := range summaries {
		runs[i] = s.Run
	}
	if err := g.read(ctx, r, study, runs); err != nil {
		return nil, err
	}
	var due []decision
	now := u.env.now()
	for _, run := range runs {
		due = append(due, g.trend(run, now)...)
		due = append(due, g.afterCourse(run, now)...)
		due = append(due, g.practice(run, now)...)
	}
	for i := range due {
		due[i].StudyID, due[i].At = study, now
	}
	return due, nil
}

// read reads a study in a constant number of queries.
func (g *figuring) read(ctx context.Context, r Reader, study StudyID, runs []CourseRun) error {
	var err error
	if g.design, err = r.Design(ctx, study); err != nil {
		return err
	}
	g.control, g.people, g.course = map[ArmID]bool{}, map[RunID][]Enrolment{}, map[RunID]*course.Course{}
	for _, a := range g.design.Arms {
		g.control[a.ID] = a.Control
	}
	byID := make(map[RunID]CourseRun, len(runs))
	for _, run := range runs {
		byID[run.ID] = run
		if g.course[run.ID], err = g.env.course(ctx, r, run); err != nil {
			return err
		}
	}
	enrolments, err := r.Enrolments(ctx, study)
	if err != nil {
		return err
	}
	runOf := make(map[EnrolmentID]RunID, len(enrolments))
	for _, e := range enrolments {
		g.people[e.RunID] = append(g.people[e.RunID], e)
		runOf[e.ID] = e.RunID
	}
	if err := g.readScores(ctx, r, study); err != nil {
		return err
	}
	g.minutes = map[RunID]map[int]map[EnrolmentID]float64{}
	err = r.EachPractice(ctx, study, func(e *PracticeEntry) error {
		run := byID[runOf[e.EnrolmentID]]
		if g.minutes[run.ID] == nil {
			g.minutes[run.ID] = map[int]map[EnrolmentID]float64{}
		}
		week := run.WeekOf(e.Day)
		if g.minutes[run.ID][week] == nil {
			g.minutes[run.ID][week] = map[EnrolmentID]float64{}
		}
		g.minutes[run.ID][week][e.EnrolmentID] += float64(e.Minutes)
		return nil
	})
	if err != nil {
		return err
	}
	return g.readEarlier(ctx, r, study)
}

// readScores reads the scores and the answers about unwanted effects.
func (g *figuring) readScores(ctx context.Context, r Reader, study StudyID) error {
	g.scores, g.unwanted = map[WaveID]map[string]map[EnrolmentID]float64{}, map[WaveID]map[EnrolmentID]float64{}
	var scored []WaveID
	for _, w := range g.design.Waves {
		if w.Kind != WaveFollowUp {
			scored = append(scored, w.ID)
			g.scores[w.ID] = map[string]map[EnrolmentID]float64{}
		}
	}
	if len(scored) > 0 {
		err := r.EachScore(ctx, study, scored, func(s *ScoreRow) error {
			if s.Valid {
				if g.scores[s.WaveID][s.Scale] == nil {
					g.scores[s.WaveID][s.Scale] = map[EnrolmentID]float64{}
				}
				g.scores[s.WaveID][s.Scale][s.EnrolmentID] = s.Value
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	about := g.aboutCourse()
	if len(about) == 0 {
		return nil
	}
	for _, id := range about {
		g.unwanted[id] = map[EnrolmentID]float64{}
	}
	return r.EachSubmitted(ctx, study, about, func(row *ResponseRow) error {
		def := g.design.Instruments[row.InstrumentID].Definition
		item, ok := def.Item(row.Item)
		if !ok || !item.Unwanted || row.Missing != NotMissing {
			return nil
		}
		reported := 0.0
		if least, _, _ := def.ItemBounds(row.Item); row.Value > least {
			reported = 1
		}
		g.unwanted[row.WaveID][row.EnrolmentID] = max(g.unwanted[row.WaveID][row.EnrolmentID], reported)
		return nil
	})
}

// aboutCourse are the waves at which the course itself is asked about.
func (g *figuring) aboutCourse() []WaveID {
	var waves []WaveID
	for _, w := range g.design.Waves {
		if slices.ContainsFunc(w.Sets, func(set InstrumentID) bool {
			return g.design.Instruments[set].Definition.Purpose == instrument.PurposeExperience
		}) {
			waves = append(waves, w.ID)
		}
	}
	return waves
}

// readEarlier reads what was decided before.
func (g *figuring) readEarlier(ctx context.Context, r Reader, study StudyID) error {
	g.numbers, g.earlier = map[place]int{}, map[place][]disclosure.Earlier{}
	releases, err := r.Releases(ctx, study, "")
	if err != nil {
		return err
	}
	type key struct {
		place
		number int
	}
	persons := map[key]map[string]bool{}
	for _, rel := range releases {
		at := place{rel.RunID, rel.Figure, rel.Occasion}
		g.numbers[at] = rel.Number
		k := key{at, rel.Number}
		persons[k] = map[string]bool{}
		all := place{"", rel.Figure, rel.Occasion}
		g.earlier[all] = append(g.earlier[all], disclosure.Earlier{Figure: rel.Blurred, Persons: persons[k]})
	}
	return r.EachReleaseMember(ctx, study, func(m *ReleaseMember) error {
		if p := persons[key{place{m.RunID, m.Figure, m.Occasion}, m.Number}]; p != nil {
			p[string(m.EnrolmentID)] = true
		}
		return nil
	})
}

// decided makes a decision of what disclosure says.
func (g *figuring) decided(at place, parts []disclosure.Part, f disclosure.Figure) decision {
	d := decision{Release: Release{
		RunID: at.run, Figure: at.figure, Occasion: at.occasion, Number: g.numbers[at] + 1, Blurred: f,
	}}
	for _, p := range parts {
		d.members = append(d.members, EnrolmentID(p.Person))
	}
	return d
}

// before are the earlier decisions on a figure, of all runs.
func (g *figuring) before(at place) []disclosure.Earlier {
	at.run = ""
	return g.earlier[at]
}

// parts are the values of those of a run who have one.
func (g *figuring) parts(run RunID, of func(Enrolment) (float64, bool)) []disclosure.Part {
	var parts []disclosure.Part
	for _, e := range g.people[run] {
		if v, ok := of(e); ok {
			parts = append(parts, disclosure.Part{Person: string(e.ID), Value: v})
		}
	}
	return parts
}

func weekOccasion(week int) string { return strconv.Itoa(week) }

// closedWaves are the waves that have closed for those who were there from the
// beginning. One that each person has at a time of their own never does.
func (g *figuring) closedWaves(run CourseRun, now time.Time) map[WaveID]bool {
	closed, timetable := map[WaveID]bool{}, run.Timetable(g.design.Waves)
	for _, w := range g.design.Waves {
		closed[w.ID] = timetable.General(w.ID).At(now) == schedule.After
	}
	return closed
}
