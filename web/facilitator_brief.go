package web

import (
	"fmt"
	"math"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/report"
)

// briefPage is the facilitator's short version of what a run brought.
type briefPage struct {
	Page
	survey.Brief
	Path                         string
	Took, Came, Changed, Harmful string // one or two sentences each
}

// showBrief is one page in plain words about a course run.
func (s *Server) showBrief(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	b, err := s.use.Runs.Brief(c.Request.Context(), a, study.ID, runID(c))
	if err != nil {
		return err
	}
	return s.render(c, 200, "facilitator_brief", briefPage{
		Page: s.staffPage(c, a, study, sectionRuns, "What "+b.Run.Name+" brought"), Brief: b, Path: runPath(study, b.Run.ID),
		Took: tookText(b), Came: cameText(b), Changed: changedText(b), Harmful: harmfulText(b),
	})
}

func tookText(b survey.Brief) string {
	took := fmt.Sprintf("%d %s signed up for the course", b.People, plural(b.People, "person", "people"))
	switch b.Left {
	case 0:
		return took + ", and nobody has left the study."
	case 1:
		return took + "; 1 has left the study."
	}
	return took + fmt.Sprintf("; %d have left the study.", b.Left)
}

func cameText(b survey.Brief) string {
	if b.Places == 0 {
		return "Attendance has not been noted yet."
	}
	return fmt.Sprintf("On average, %s of the people came to a meeting (%d of %d places noted).", percent(b.Present, b.Places), b.Present, b.Places)
}

// changedText is the change of the group with its uncertainty.
func changedText(b survey.Brief) string {
	if !b.Over {
		return "This is told once the survey after the course has closed for everyone."
	}
	c := b.Change
	if c == nil {
		return fmt.Sprintf("Nothing is told of this: fewer than %d people have answered both before and after the course, or the figures could have told somebody’s answers.", b.Minimum)
	}
	name := report.Within(c.Scale.Name)
	if c.Scale.Label != "" {
		name = report.Within(c.Scale.Label)
	}
	scale := fmt.Sprintf("on the scale from %s to %s", numberText(c.Min), numberText(c.Max))
	low, high := points(c.Low), points(c.High)
	if c.Low <= 0 && c.High >= 0 {
		return fmt.Sprintf("No clear change in %s: among the about %d people who answered before and after, the average changed by %s points %s, and anything from %s to %s would fit what they said.",
			name, c.N, points(c.Mean), scale, low, high)
	}
	rose := "rose"
	if c.Mean < 0 {
		rose, low, high = "fell", points(-c.High), points(-c.Low)
	}
	text := fmt.Sprintf("On average, %s %s by %s points %s among the about %d people who answered before and after. Allowing for chance, the true figure lies most likely between %s and %s.",
		name, rose, points(math.Abs(c.Mean)), scale, c.N, low, high)
	if c.Scale.Direction == instrument.LowerBetter {
		text += " Lower is better here."
	}
	return text
}

func points(v float64) string { return report.Decimal(v, 1) }

// harmfulText tells of unwanted effects without giving anyone away.
func harmfulText(b survey.Brief) string {
	u := b.Unwanted
	switch {
	case !b.Over:
		return "This is told once the survey after the course has closed for everyone."
	case u == nil:
		return fmt.Sprintf("Nothing is told of unwanted effects: fewer than %d people have answered the questions about them, or the figures could have told somebody’s answers.", b.Minimum)
	case u.Share == survey.UnwantedCounted:
		return fmt.Sprintf("About %d of about %d people who answered said that something about the course was hard on them or went worse.", u.Reported, u.N)
	case u.Share == survey.UnwantedMost:
		return fmt.Sprintf("Most of the about %d people who answered said that something about the course was hard on them or went worse. Please talk with your team about it.", u.N)
	}
	return fmt.Sprintf("Few or none of the about %d people who answered (fewer than %d) said that something about the course was hard on them or went worse.", u.N, b.Minimum)
}
