package survey

import (
	"time"

	"tidemark/survey/disclosure"
)

// weeklyScale is the scale of the weekly check-in, with the arm that is asked it; false
// when there is none.
func (d StudyDesign) weeklyScale() (key, name string, low, high float64, arm ArmID, ok bool) {
	first, ok := d.WaveOfKind(WaveDuring)
	if !ok || len(first.Sets) == 0 {
		return "", "", 0, 0, "", false
	}
	def := d.Instruments[first.Sets[0]].Definition
	scale, ok := def.Primary()
	if !ok {
		return "", "", 0, 0, "", false
	}
	low, high, _ = def.Range(scale.Key)
	return scale.Key, scale.Name, low, high, first.ArmID, high > low
}

// trend decides on the weeks of a run that have closed.
func (g *figuring) trend(run CourseRun, now time.Time) []decision {
	key, _, low, high, arm, ok := g.design.weeklyScale()
	if !ok {
		return nil
	}
	closed := g.closedWaves(run, now)
	var due []decision
	for _, w := range g.design.Waves {
		if w.Kind != WaveDuring || !closed[w.ID] {
			continue
		}
		values := g.scores[w.ID][key]
		parts := g.parts(run.ID, func(e Enrolment) (float64, bool) {
			v, ok := values[e.ID]
			return v, ok && (arm == "" || e.ArmID == arm)
		})
		p := place{run.ID, FigureTrend, string(w.ID)}
		f, ok := disclosure.Mean(disclosure.Scores(low, high), g.design.Study.TrendMinimum, parts, g.before(p), g.quantile)
		if ok {
			due = append(due, g.decided(p, parts, f))
		}
	}
	return due
}

// afterCourse decides on the change over the course and on its unwanted effects, once
// the wave after it has closed.
func (g *figuring) afterCourse(run CourseRun, now time.Time) []decision {
	closed := g.closedWaves(run, now)
	pre, asked := g.design.WaveOfKind(WavePre)
	post, ok := g.design.WaveOfKind(WavePost)
	if !ok || !closed[post.ID] {
		return nil
	}
	var due []decision
	key, minimum := g.design.Study.PrimaryScale, g.design.Study.TrendMinimum
	if low, high, ok := g.design.rangeAt(post, key); ok && asked {
		first, later := g.scores[pre.ID][key], g.scores[post.ID][key]
		parts := g.parts(run.ID, func(e Enrolment) (float64, bool) {
			x, before := first[e.ID]
			y, after := later[e.ID]
			return y - x, before && after && !g.control[e.ArmID]
		})
		p := place{run.ID, FigureChange, string(post.ID)}
		if f, ok := disclosure.Mean(disclosure.Changes(low, high), minimum, parts, g.before(p), g.quantile); ok {
			due = append(due, g.decided(p, parts, f))
		}
	}
	parts := g.parts(run.ID, func(e Enrolment) (reported float64, answered bool) {
		for _, w := range g.design.Waves {
			if v, ok := g.unwanted[w.ID][e.ID]; ok && closed[w.ID] {
				reported, answered = max(reported, v), true
			}
		}
		return reported, answered && !g.control[e.ArmID]
	})
	p := place{run.ID, FigureUnwanted, string(post.ID)}
	if f, ok := disclosure.Share(minimum, parts, g.before(p)); ok {
		due = append(due, g.decided(p, parts, f))
	}
	return due
}

// rangeAt is the range of a scale at a wave; false when it is not asked there.
func (d StudyDesign) rangeAt(w Wave, key string) (low, high float64, ok bool) {
	for _, set := range w.Sets {
		if def := d.Instruments[set].Definition; def != nil {
			if _, ok := def.Scale(key); ok {
				low, high, _ := def.Range(key)
				return low, high, high > low
			}
		}
	}
	return 0, 0, false
}

// practice decides on the course weeks of which nothing more can be noted.
func (g *figuring) practice(run CourseRun, now time.Time) []decision {
	var due []decision
	for week := range closedWeeks(run, len(g.course[run.ID].Weeks), now) {
		values := g.minutes[run.ID][week+1]
		parts := g.parts(run.ID, func(e Enrolment) (float64, bool) {
			v, ok := values[e.ID]
			return v, ok
		})
		p := place{run.ID, FigurePractice, weekOccasion(week + 1)}
		if f, ok := disclosure.Total(g.design.Study.TrendMinimum, practiceStep, parts, g.before(p)); ok {
			due = append(due, g.decided(p, parts, f))
		}
	}
	return due
}

// closedWeeks is how many course weeks are over and can no longer be added to.
func closedWeeks(run CourseRun, weeks int, now time.Time) int {
	return max(0, min(run.Week(now)-1-PracticeDaysBack/7, weeks))
}
