package web

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/course"
)

func (s *Server) showCourseWeek(c *gin.Context, a survey.Actor) error {
	return s.showCourseEdit(c, a, weekEdit(c.Param("week")))
}

func (s *Server) saveCourseWeek(c *gin.Context, a survey.Actor) error {
	return s.saveCourseEdit(c, a, weekEdit(c.Param("week")))
}

func stepName(n int, field string) string { return fmt.Sprintf("step_%d_%s", n, field) }

// weekEdit is one week: aim, plan, practice, reflection, notes.
func weekEdit(number string) courseEdit {
	n, _ := strconv.Atoi(number)
	return courseEdit{
		path: "/weeks/" + strconv.Itoa(n),
		fill: func(t *course.Course, v url.Values) bool {
			m, there := t.Week(n)
			for name, text := range map[string]string{
				"title": m.Title, "aim": m.Aim, "participant_text": m.ParticipantText, "practice": m.Practice.Title,
				"practice_text": m.Practice.Text, "practice_minutes": minutesText(m.Practice.Minutes),
				"reflection": m.Reflection, "facilitator_note": m.FacilitatorNote,
			} {
				v.Set(name, text)
			}
			for i, step := range m.Plan {
				v.Set(stepName(i+1, "title"), step.Title)
				v.Set(stepName(i+1, "minutes"), minutesText(step.Minutes))
			}
			return there
		},
		show: func(t *course.Course, p *courseEditPage) { showWeek(t, n, p) },
		read: func(v url.Values, t *course.Course, faults survey.FieldErrors) bool {
			if n < 1 || n > len(t.Weeks) {
				return false
			}
			m := course.Meeting{
				Number: n, Title: written(v, "title"), Aim: written(v, "aim"), ParticipantText: written(v, "participant_text"),
				Practice:   course.Practice{Title: written(v, "practice"), Text: written(v, "practice_text"), Minutes: minutesOf(v, "practice_minutes", faults)},
				Reflection: written(v, "reflection"), FacilitatorNote: written(v, "facilitator_note"),
			}
			m.Plan = stepsOf(v, faults)
			t.Weeks[n-1] = m
			return true
		},
	}
}

func showWeek(t *course.Course, n int, p *courseEditPage) {
	field := func(name, label, hint string, rows int) formField {
		return newFormField(p.Form, name, label, hint).High(rows)
	}
	p.Heading, p.Minutes, p.Before = fmt.Sprintf("Week %d", n), t.MeetingMinutes, n-1
	if n < len(t.Weeks) {
		p.Next = n + 1
	}
	p.Fields = []formField{
		field("title", "Title", "", 0), field("aim", "Aim", "What people take home, in a sentence.", 2),
		field("participant_text", "Text for participants", "What they read about the week. Plain words, short sentences. May stay empty.", 5),
	}
	last := 0
	for i := 1; i <= mostSteps; i++ {
		if p.Form.Value(stepName(i, "title"))+p.Form.Value(stepName(i, "minutes")) != "" {
			last = i
		}
		if minutes, err := strconv.Atoi(strings.TrimSpace(p.Form.Value(stepName(i, "minutes")))); err == nil {
			p.Sum += minutes
		}
	}
	for i := 1; i <= min(last+spareSteps, mostSteps); i++ {
		p.Steps = append(p.Steps, courseStep{
			Number: i, Up: i > 1 && i <= last, Down: i < last,
			Title:   field(stepName(i, "title"), fmt.Sprintf("Part %d", i), "", 1),
			Minutes: field(stepName(i, "minutes"), "Minutes", "", 0),
		})
	}
	p.After = []formField{
		field("practice", "Practice for the week", "Its name.", 0), field("practice_text", "How it is done", "Participants read it.", 5),
		field("practice_minutes", "Minutes on one day", "", 0),
		field("reflection", "Reflection", "A question to think about. The answer is not collected.", 2),
		field("facilitator_note", "Facilitator’s notes", "Only facilitators read them. Say what to look for, and what to do when someone is unwell.", 8),
	}
}

// mostSteps is how many rows of a plan a form can have.
const mostSteps = 40

// stepsOf reads the rows of a plan and does what a row's button asks: "up-3", "down-3"
// or "drop-3". Empty rows are left out.
func stepsOf(v url.Values, faults survey.FieldErrors) []course.Step {
	what, number, _ := strings.Cut(v.Get("do"), "-")
	asked, _ := strconv.Atoi(number)
	steps, at := []course.Step{}, -1
	for i := 1; i <= mostSteps; i++ {
		s := course.Step{Title: strings.Join(strings.Fields(v.Get(stepName(i, "title"))), " "), Minutes: minutesOf(v, stepName(i, "minutes"), faults)}
		if s == (course.Step{}) {
			continue
		}
		if i == asked {
			at = len(steps)
		}
		steps = append(steps, s)
	}
	switch {
	case at < 0:
	case what == "drop":
		steps = append(steps[:at], steps[at+1:]...)
	case what == "up" && at > 0:
		steps[at-1], steps[at] = steps[at], steps[at-1]
	case what == "down" && at < len(steps)-1:
		steps[at+1], steps[at] = steps[at], steps[at+1]
	}
	return steps
}
