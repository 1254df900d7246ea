package web

import (
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

type questionsPage struct {
	Page
	Sheet      survey.Sheet
	Number     int // of this page, from 1
	Heading    phrase
	Intro      phrase
	Asked      template.HTML // the questions, rendered
	Seen       string        // the questions that can be seen, by comma
	Opened     int64         // now, in milliseconds
	Left       string        // "about 2 minutes left"
	Help       template.HTML // who is there to talk to, when an answer calls for it
	Complaint  string        // heading of the summary of faults
	Complaints []complaint
	// Preview: it is a questionnaire being written, and nothing is stored.
	Preview *preview
	progress
}

// complaint is one line of the summary of faults.
type complaint struct {
	Code   string // of the question; empty when it belongs to none of this page
	Number int
	Text   phrase
	Fault  string
}

// progress is how far a person has come, for the bar and for the script.
type progress struct {
	Base     string // address of the assessment
	Answered int
	Total    int
	Known    string  // stored answers, as a query string
	Pace     float64 // minutes for one question
	Branches bool    // what is asked depends on the answers
}

// Far is the progress itself, for templates; see Page.Frame.
func (p progress) Far() progress { return p }

func progressOf(s survey.Sheet, w survey.Walk) progress {
	known := url.Values{}
	for code, v := range s.Answers {
		known.Set(code, stamp(v))
	}
	answered, total := w.Progress()
	return progress{
		Base: assessmentPath(s.Assessment.ID), Answered: answered, Total: total,
		Known: known.Encode(), Branches: survey.Branches(s.Definition), Pace: s.Definition.Minutes / float64(max(1, questionsIn(s.Definition))),
	}
}

// questionsIn is how many questions a questionnaire has at most.
func questionsIn(d *instrument.Definition) int {
	n := 0
	for _, item := range d.Items {
		if item.Type.Asked() {
			n++
		}
	}
	return n
}

// minutesLeft is the time for the questions not answered yet.
func minutesLeft(d *instrument.Definition, answered int) float64 {
	all := max(1, questionsIn(d))
	return d.Minutes * float64(all-answered) / float64(all)
}

func assessmentPath(id survey.AssessmentID) string { return "/me/a/" + url.PathEscape(string(id)) }

func assessmentID(c *gin.Context) survey.AssessmentID {
	return survey.AssessmentID(c.Param("assessment"))
}

// sheet opens the assessment of the address; one that is submitted or cannot be
// answered now is an error, except that a submitted one is told apart.
func (s *Server) sheet(c *gin.Context, a survey.Actor) (survey.Sheet, error) {
	sheet, err := s.use.Assessments.Sheet(c.Request.Context(), a, assessmentID(c))
	if err != nil {
		return sheet, err
	}
	switch sheet.State {
	case survey.AssessmentScheduled, survey.AssessmentNotAsked:
		return sheet, survey.ErrNotOpen
	case survey.AssessmentExpired:
		if a.Participation.Study.State == survey.StudyClosed {
			return sheet, survey.ErrStudyClosed
		}
		return sheet, survey.ErrExpired
	case survey.AssessmentWithdrawn:
		return sheet, survey.ErrWithdrawn
	case survey.AssessmentSubmitted, survey.AssessmentOpen, survey.AssessmentPartly:
	}
	return sheet, nil
}

// resumeAssessment leads to the first page with an open question, wherever the
// person stopped and on whatever device.
func (s *Server) resumeAssessment(c *gin.Context, a survey.Actor) error {
	sheet, err := s.sheet(c, a)
	if err != nil {
		return err
	}
	base := assessmentPath(sheet.Assessment.ID)
	if sheet.State == survey.AssessmentSubmitted {
		return redirect(c, base+"/done")
	}
	w := sheet.Walk()
	if answered, _ := w.Progress(); answered == 0 {
		if n, ok := w.Next(0); ok { // which may begin with something to read
			return redirect(c, pagePath(base, n))
		}
	}
	if n, ok := w.Resume(); ok {
		return redirect(c, pagePath(base, n))
	}
	return redirect(c, base+"/review")
}

func pagePath(base string, n int) string { return base + "/page/" + strconv.Itoa(n) }

func (s *Server) showQuestions(c *gin.Context, a survey.Actor) error {
	sheet, err := s.sheet(c, a)
	if err != nil {
		return err
	}
	base := assessmentPath(sheet.Assessment.ID)
	if sheet.State == survey.AssessmentSubmitted {
		return redirect(c, base+"/done")
	}
	w := sheet.Walk()
	n, err := pageNumber(c, w)
	if err != nil {
		return err
	}
	if !w.Open(n) {
		return redirect(c, onwardPath(base, w, n))
	}
	fresh := strings.Split(c.Query("new"), ",")
	return s.questions(c, a, sheet, w, n, asking{fresh: fresh})
}

// pageNumber is the page of the address.
func pageNumber(c *gin.Context, w survey.Walk) (int, error) {
	n, err := strconv.Atoi(c.Param("page"))
	if err != nil || n < 1 || n > w.Pages() {
		return 0, survey.ErrNotFound
	}
	return n, nil
}

// asking is what a page shows beside the questions and the stored answers.
type asking struct {
	form   url.Values // as it was typed, when it could not be taken
	faults survey.FieldErrors
	saved  bool // the rest was saved
	fresh  []string
	help   bool // an answer just saved met a rule about risk
	// conflicts are answers that another device has changed.
	conflicts map[string]conflict
}

// questions renders one page. What was typed and could not be saved is shown
// rather than lost.
func (s *Server) questions(c *gin.Context, a survey.Actor, sheet survey.Sheet, walk survey.Walk, number int, show asking) error {
	l := s.language(c)
	words := s.words(sheet.Assessment.InstrumentID, sheet.Definition, l)
	p := questionsPage{
		Sheet: sheet, Number: number, Opened: s.cfg.Now().UnixMilli(), Heading: headingOf(words.Definition),
		Intro: words.phrase(words.Intro, words.IntroLang), progress: progressOf(sheet, walk),
	}
	p.Left = l.MinutesLeft(minutesLeft(sheet.Definition, p.Answered))
	if heading, intro, ok := words.plan(number); ok {
		p.Heading, p.Intro = heading, intro
	}
	title := p.Heading.Words
	if !p.Branches {
		title = l.Say("questions.title", "Heading", title, "Page", number, "Pages", walk.Pages())
	}
	p.Page = s.participantPage(c, a, title)
	status := 200
	if len(show.faults) > 0 {
		status = 422
		p.Title = l.Say("error.prefix") + p.Title
		p.Complaint = l.Say("questions.not_saved")
		if show.saved {
			p.Complaint = l.Say("questions.look_again")
		}
	}
	if show.help {
		help, err := s.helpAtOnce(c, a, sheet.Assessment.ID)
		if err != nil {
			return err
		}
		p.Help = template.HTML(help) //nolint:gosec // html/template made it
	}
	var seen []string
	var html strings.Builder
	for _, q := range s.pageOf(words, sheet, walk, number, show) {
		if err := s.writeQuestion(&html, words, sheet, q); err != nil {
			return err
		}
		if q.Fault != "" {
			p.Complaints = append(p.Complaints, complaint{q.Code, q.Number, q.Text, q.Fault})
		}
		if !q.Hidden {
			seen = append(seen, q.Code)
		}
	}
	if len(p.Complaints) < len(show.faults) {
		p.Complaints = append(p.Complaints, complaint{Fault: l.Say("questions.strange")})
	}
	p.Asked, p.Seen = template.HTML(html.String()), strings.Join(seen, ",") //nolint:gosec // html/template made the pieces
	return s.render(c, status, "questions", p)
}

// pageOf are the questions of a page in the person's order, with those not asked
// now where the script may have to show them.
func (s *Server) pageOf(words worded, sheet survey.Sheet, walk survey.Walk, number int, show asking) []question {
	n := 0
	for before := 1; before < number; before++ {
		n += countAsked(walk.Page(before))
	}
	numbered := !survey.Branches(sheet.Definition)
	questions := make([]question, 0, len(walk.Page(number)))
	for _, item := range walk.Page(number) {
		q := words.ask(item, sheet.Answers[item.Code], show.form)
		if item.Type.Asked() {
			n++
			if numbered {
				q.Number = n
			}
		}
		q.Hidden = !walk.Shown(item.Code)
		q.Required = walk.Required(item.Code)
		q.Fresh = slices.Contains(show.fresh, item.Code) && !q.Hidden
		if fault := show.faults[item.Code]; fault != "" {
			q.Fault, q.Hidden = words.faultWords(item.Code, fault), false
		}
		if both, ok := show.conflicts[item.Code]; ok {
			q.Fault = both.Text
		}
		questions = append(questions, q)
	}
	return questions
}

func countAsked(items []instrument.Item) int {
	n := 0
	for _, item := range items {
		if item.Type.Asked() {
			n++
		}
	}
	return n
}

// plan are the heading and the words of a page that has its own.
func (w worded) plan(number int) (heading, intro phrase, ok bool) {
	if number > len(w.Layout) {
		return phrase{}, phrase{}, false
	}
	plan := w.Layout[number-1]
	heading, intro = w.phrase(plan.Heading, plan.HeadingLang), w.phrase(plan.Intro, plan.IntroLang)
	if heading.Words == "" {
		heading = headingOf(w.Definition)
	}
	return heading, intro, plan.Heading != "" || plan.Intro != ""
}
