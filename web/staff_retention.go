package web

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// retentionPage is how long a study keeps what it knows of its people, and what would be
// removed when.
type retentionPage struct {
	Page
	Book    survey.RetentionBook
	Path    string
	Rows    []retentionRow
	Form    staffForm
	Holding staffForm
	MaySet  bool
	Fixed   bool // rules can only become shorter
	Saved   string
}

// retentionRow is a kind with what becomes of it.
type retentionRow struct {
	survey.RetentionOutlook

	Name, What, Anchor, Days string
}

// retentionNames are the kinds in words.
func retentionNames(k survey.RetentionKind) (name, what string) {
	switch k {
	case survey.RetainContact:
		return "Contact data", "names, addresses and telephone numbers, also of people who wait for a place, and lists that nobody has applied"
	case survey.RetainNotes:
		return "Private notes", "what people wrote for themselves, and what staff noted of them"
	case survey.RetainMessages:
		return "Messages", "who was sent what, and when"
	case survey.RetainSignIns:
		return "Sign-ins", "personal links, devices, codes and addresses of calendars; without them nobody can look at their own data any more"
	case survey.RetainAnswers:
		return "Answers", "answers with their history, scores, attendance, practice, alerts, the texts of corrections, snapshots and prepared files"
	}
	return string(k), ""
}

func (s *Server) showRetention(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.retentionPage(c, a, study, 200, staffForm{}, staffForm{})
}

// retentionPage shows the page; f and holding bring what could not be used.
func (s *Server) retentionPage(c *gin.Context, a survey.Actor, study survey.Study, status int, f, holding staffForm) error {
	b, err := s.use.Retentions.Book(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	if f.Values == nil {
		f.Values = url.Values{"revision": {strconv.Itoa(b.Retention.Revision)}}
		for _, r := range b.Retention.Rules {
			f.Values.Set("anchor_"+string(r.Kind), string(r.Anchor))
			f.Values.Set("days_"+string(r.Kind), strconv.Itoa(r.Days))
		}
	}
	p := retentionPage{
		Page: s.staffPage(c, a, study, sectionStudy, "How long things are kept"), Book: b, Path: studyPath(study) + "/retention",
		Form: f, Holding: holding, MaySet: a.IsAdministrator(), Saved: c.Query("saved"),
		Fixed: b.Retention.Revision > 0 && study.State != survey.StudyDraft,
	}
	for _, o := range b.Kinds {
		row := retentionRow{RetentionOutlook: o, Anchor: f.Value("anchor_" + string(o.Kind)), Days: f.Value("days_" + string(o.Kind))}
		row.Name, row.What = retentionNames(o.Kind)
		p.Rows = append(p.Rows, row)
	}
	if status != 200 {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_retention", p)
}

// setRetention decides how long things are kept.
func (s *Server) setRetention(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	rules, faults := readRetention(values)
	revision, err := strconv.Atoi(values.Get("revision"))
	if err != nil {
		revision = -1 // fits none
	}
	if len(faults) > 0 && a.IsAdministrator() {
		return s.retentionPage(c, a, study, 422, staffForm{Values: values, Faults: faults}, staffForm{})
	}
	if err := s.use.Retentions.Set(c.Request.Context(), a, study.ID, rules, revision); err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.retentionPage(c, a, study, status, f, staffForm{})
	}
	return redirect(c, studyPath(study)+"/retention?saved=rules")
}

// readRetention reads the rules of a form.
func readRetention(values url.Values) ([]survey.RetentionRule, survey.FieldErrors) {
	var rules []survey.RetentionRule
	faults := survey.FieldErrors{}
	for _, k := range survey.RetentionKinds() {
		anchor := survey.RetentionAnchor(values.Get("anchor_" + string(k)))
		if anchor == "" {
			continue
		}
		days, err := strconv.Atoi(strings.TrimSpace(values.Get("days_" + string(k))))
		if err != nil {
			faults[string(k)] = "retention.bad_days"
		}
		rules = append(rules, survey.RetentionRule{Kind: k, Anchor: anchor, Days: days})
	}
	return rules, faults
}

// holdRetention stops removal, or lets it go on.
func (s *Server) holdRetention(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	if err := s.use.Retentions.Hold(c.Request.Context(), a, study.ID, values.Get("hold") == "yes", values.Get("reason")); err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.retentionPage(c, a, study, status, staffForm{}, f)
	}
	return redirect(c, studyPath(study)+"/retention?saved=hold")
}
