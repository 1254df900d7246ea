package web

import (
	"errors"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/schedule"
)

type reviewPage struct {
	Page
	Sheet    survey.Sheet
	Heading  phrase
	Lines    []reviewLine
	Skipped  int
	Lacking  []reviewLine // must be answered before it can be sent
	Refused  bool         // tried to send without them
	LastPage int
	progress
}

// reviewLine is one question with its answer in words.
type reviewLine struct {
	Number   int
	Page     int
	Code     string
	Text     phrase
	Answer   []phrase // none: not answered
	Long     bool     // a text of several lines
	Required bool
}

// showReview lists what was answered and what was skipped, before sending.
func (s *Server) showReview(c *gin.Context, a survey.Actor) error { return s.review(c, a, false) }

func (s *Server) review(c *gin.Context, a survey.Actor, refused bool) error {
	sheet, err := s.sheet(c, a)
	if err != nil {
		return err
	}
	base := assessmentPath(sheet.Assessment.ID)
	if sheet.State == survey.AssessmentSubmitted {
		return redirect(c, base+"/done")
	}
	l, walk := s.language(c), sheet.Walk()
	words := s.words(sheet.Assessment.InstrumentID, sheet.Definition, l)
	p := reviewPage{
		Page:  s.participantPage(c, a, l.Say("review.title", "Heading", words.Heading)),
		Sheet: sheet, Heading: headingOf(words.Definition), Refused: refused, progress: progressOf(sheet, walk),
	}
	p.LastPage, _ = walk.Back(walk.Pages() + 1)
	p.Lines = reviewLines(words, sheet, walk)
	for _, line := range p.Lines {
		if len(line.Answer) > 0 {
			continue
		}
		p.Skipped++
		if line.Required {
			p.Lacking = append(p.Lacking, line)
		}
	}
	status := 200
	if refused && len(p.Lacking) > 0 {
		status = 422
		p.Title = l.Say("error.prefix") + p.Title
	}
	return s.render(c, status, "review", p)
}

// reviewLines are the questions asked now, in the person's order.
func reviewLines(words worded, sheet survey.Sheet, walk survey.Walk) []reviewLine {
	var lines []reviewLine
	numbered, n := !survey.Branches(sheet.Definition), 0
	for page := 1; page <= walk.Pages(); page++ {
		for _, item := range walk.Page(page) {
			if !item.Type.Asked() || !walk.Shown(item.Code) {
				continue
			}
			n++
			q := words.blank(item.Code)
			line := reviewLine{Page: page, Code: item.Code, Text: q.Text, Long: q.Kind == kindLines, Required: walk.Required(item.Code)}
			if numbered {
				line.Number = n
			}
			if walk.Answered(item.Code) {
				line.Answer = words.answerWords(item, sheet.Answers[item.Code])
			}
			lines = append(lines, line)
		}
	}
	return lines
}

// submitAssessment closes the questionnaire. Sent twice, it says thanks twice.
func (s *Server) submitAssessment(c *gin.Context, a survey.Actor) error {
	if _, err := readForm(c); err != nil {
		return err
	}
	id := assessmentID(c)
	err := s.use.Assessments.Submit(c.Request.Context(), a, id, nil)
	if _, lacks := errors.AsType[survey.FieldErrors](err); lacks {
		return s.review(c, a, true)
	}
	if err != nil && !errors.Is(err, survey.ErrSubmitted) {
		return err
	}
	return redirect(c, assessmentPath(id)+"/done")
}

type donePage struct {
	Page
	StudyTitle string
	Finished   survey.DueItem
	Next       survey.DueItem
	HasNext    bool
	NextOpen   bool          // Next can be answered now
	NextDay    schedule.Date // when Next opens
	// Help says once more who is there, when an answer met a rule about risk.
	Help   *helpView
	Scores bool // own scores can be seen now
}

// showDone thanks, and says what comes next and when.
func (s *Server) showDone(c *gin.Context, a survey.Actor) error {
	items, err := s.use.Assessments.Due(c.Request.Context(), a)
	if err != nil {
		return err
	}
	p := donePage{Page: s.participantPage(c, a, s.say(c, "done.title")), StudyTitle: a.Participation.Study.Title}
	found := false
	for _, it := range items {
		if it.Assessment.ID == assessmentID(c) {
			p.Finished, found = it, true
		}
	}
	if !found {
		return survey.ErrNotFound
	}
	if p.Finished.State != survey.AssessmentSubmitted {
		return redirect(c, assessmentPath(p.Finished.Assessment.ID))
	}
	p.Next, p.HasNext = survey.NextDue(items)
	p.NextDay = dayOf(p.Next.Window.Opens, a.Participation.Run)
	p.NextOpen = p.HasNext && p.Next.State != survey.AssessmentScheduled
	if p.Help, err = s.helpAgain(c, a, p.Finished.Assessment.ID); err != nil {
		return err
	}
	p.Scores = a.Participation.Study.Feedback.ShowsNow(items)
	return s.render(c, 200, "done", p)
}
