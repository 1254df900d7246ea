package web

import (
	"net/http"
	"slices"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// webhooksPage lists where a study's events go, and makes more.
type webhooksPage struct {
	Page
	Study  survey.Study
	Path   string
	Form   staffForm
	Kinds  []kindChoice
	Book   survey.WebhookBook
	Secret string // just made: it is shown this once
	Made   survey.Webhook
}

// kindChoice is a kind of event with what it tells, in words.
type kindChoice struct {
	Kind  survey.HookKind
	Words string
	On    bool
}

// webhookPage is one of them with its last events.
type webhookPage struct {
	Page
	Study  survey.Study
	Path   string // of all
	Hook   survey.WebhookView
	Why    string // it is paused
	Kinds  []string
	Events []eventLine
}

// eventLine is an event without its content.
type eventLine struct {
	survey.HookDelivery
	Words string
}

// hookWords says what a kind of event tells.
func hookWords(k survey.HookKind) string {
	switch k {
	case survey.HookSubmitted:
		return "somebody submitted a questionnaire"
	case survey.HookEnrolled:
		return "somebody was enrolled"
	case survey.HookConsented:
		return "somebody agreed to take part"
	case survey.HookWithdrawn:
		return "somebody left the study"
	case survey.HookWaveClosed:
		return "an occasion closed for a course run"
	case survey.HookFileReady:
		return "a prepared file is ready"
	case survey.HookAlert:
		return "an alert was raised (not whose)"
	case survey.HookTest:
		return "a test"
	}
	return string(k)
}

// pauseWords says why nothing is sent any more.
func pauseWords(p survey.HookPause) string {
	switch p {
	case survey.PauseFailing:
		return "The other system took nothing for a day. What waits is kept for 30 days."
	case survey.PauseGone:
		return "The other system says that this address is gone (410). What waits is kept for 30 days."
	case survey.PauseMaker:
		return "Whoever set it up has no role for it any more. If you let it go on, it hangs on your role."
	case survey.PauseSecret:
		return "Its secret was made with another secret of the installation and cannot be read. Switch it off and make a new one."
	}
	return ""
}

func (s *Server) showWebhooks(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.webhooksPage(c, a, http.StatusOK, webhooksPage{Study: study})
}

// webhooksPage shows the page; what is given of it is filled up.
func (s *Server) webhooksPage(c *gin.Context, a survey.Actor, status int, p webhooksPage) error {
	var err error
	if p.Book, err = s.use.Webhooks.Book(c.Request.Context(), a, p.Study.ID); err != nil {
		return err
	}
	p.Page = s.staffPage(c, a, p.Study, sectionStudy, "Webhooks")
	p.Path = studyPath(p.Study) + "/webhooks"
	for _, k := range survey.HookKinds() {
		p.Kinds = append(p.Kinds, kindChoice{k, hookWords(k), slices.Contains(p.Form.Values["kinds"], string(k))})
	}
	if len(p.Form.Faults) > 0 {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_webhooks", p)
}

// makeWebhook makes a webhook and shows its secret this once.
func (s *Server) makeWebhook(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	n := survey.NewWebhook{Address: values.Get("address")}
	for _, k := range values["kinds"] {
		n.Kinds = append(n.Kinds, survey.HookKind(k))
	}
	secret, made, err := s.use.Webhooks.Create(c.Request.Context(), a, study.ID, n)
	if err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.webhooksPage(c, a, status, webhooksPage{Study: study, Form: f})
	}
	return s.webhooksPage(c, a, http.StatusOK, webhooksPage{Study: study, Secret: secret, Made: made})
}

func (s *Server) showWebhook(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	p := webhookPage{Study: study, Path: studyPath(study) + "/webhooks"}
	if p.Hook, err = s.use.Webhooks.Get(c.Request.Context(), a, study.ID, survey.WebhookID(c.Param("hook"))); err != nil {
		return err
	}
	for _, d := range p.Hook.Events {
		p.Events = append(p.Events, eventLine{d, hookWords(d.Kind)})
	}
	for _, k := range p.Hook.Kinds {
		p.Kinds = append(p.Kinds, hookWords(k))
	}
	p.Page = s.staffPage(c, a, study, sectionStudy, "Webhook")
	if !p.Hook.PausedAt.IsZero() {
		p.Why = pauseWords(p.Hook.Pause)
	}
	return s.render(c, http.StatusOK, "staff_webhook", p)
}

// doWebhook does what a button of the page says.
func (s *Server) doWebhook(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	ctx, id := c.Request.Context(), survey.WebhookID(c.Param("hook"))
	switch values.Get("do") {
	case "test":
		err = s.use.Webhooks.Test(ctx, a, study.ID, id)
	case "again":
		err = s.use.Webhooks.Again(ctx, a, study.ID, id, values.Get("event"))
	case "resume":
		err = s.use.Webhooks.Resume(ctx, a, study.ID, id)
	case "end":
		err = s.use.Webhooks.End(ctx, a, study.ID, id)
	default:
		if _, err = s.use.Webhooks.Get(ctx, a, study.ID, id); err == nil {
			err = survey.ErrConflict
		}
	}
	if err != nil {
		return err
	}
	return redirect(c, studyPath(study)+"/webhooks/"+string(id))
}
