package web

import (
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
)

type studiesPage struct {
	Page
	Studies []studyCard
	Admin   bool
}

// studyCard is one study with the ways into it.
type studyCard struct {
	survey.Study
	Roles []string
	Ways  []NavItem
}

func (s *Server) showStudies(c *gin.Context, a survey.Actor) error {
	studies, err := s.use.Studies.List(c.Request.Context(), a)
	if err != nil {
		return err
	}
	p := studiesPage{
		Page:  s.staffPage(c, a, survey.Study{}, sectionStudies, "Studies"),
		Admin: a.IsAdministrator(),
	}
	for _, st := range studies {
		card := studyCard{Study: st}
		if item, named := s.alertItem(c, a, st, ""); named {
			card.Ways = append(card.Ways, item)
		}
		for _, item := range navItems(a, st, "") {
			if strings.HasPrefix(item.Path, studyPath(st)+"/") {
				card.Ways = append(card.Ways, item)
			}
		}
		for _, g := range a.User.Grants {
			if g.StudyID == st.ID {
				card.Roles = append(card.Roles, roleWord(g.Role))
			}
		}
		p.Studies = append(p.Studies, card)
	}
	return s.render(c, 200, "staff_studies", p)
}

type studyPageData struct {
	Page
	Design      survey.StudyDesign
	Waves       []waveLine
	Instruments []instrumentLine
	Consent     survey.ConsentBook
	Text        consentView // in force
	Ways        []NavItem
	MayStart    bool
	MayOpen     bool
	Speaks      []languageLine
	MayWrite    bool // texts in those languages
	MayAnalyse  bool
	Feedback    []survey.Feedback // what can be chosen
}

// waveLine is one measurement occasion in words.
type waveLine struct {
	survey.Wave
	When        string
	Who         string
	Instruments []string
	Minutes     float64
}

// instrumentLine is one questionnaire with what one must know to use it.
type instrumentLine struct {
	*instrument.Definition
	Waves []string
}

// showStudy is the protocol of a study, for every role in it.
func (s *Server) showStudy(c *gin.Context, a survey.Actor) error {
	ctx := c.Request.Context()
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	design, err := s.use.Studies.Design(ctx, a, study.ID)
	if err != nil {
		return err
	}
	book, err := s.use.Consents.Book(ctx, a, study.ID)
	if err != nil {
		return err
	}
	p := studyPageData{
		Page:   s.staffPage(c, a, study, sectionStudy, study.Title),
		Design: design, Consent: book, Text: newConsentView(book.InForce, "en"),
		MayAnalyse: a.MayAnalyse(study.ID), Feedback: []survey.Feedback{survey.FeedbackNever, survey.FeedbackAfterEach, survey.FeedbackAtEnd},
		MayStart: a.MayStartRuns(study.ID) && study.State != survey.StudyClosed, MayOpen: a.MayOpen(study.ID),
	}
	p.Waves, p.Instruments = protocolLines(design)
	if p.Speaks, err = s.languageLines(c, a, design); err != nil {
		return err
	}
	p.MayWrite = a.MayAnalyse(study.ID) || a.IsAdministrator()
	for _, item := range p.Nav.Items {
		if strings.HasPrefix(item.Path, studyPath(study)+"/") {
			p.Ways = append(p.Ways, item)
		}
	}
	p.Ways = append(p.Ways, NavItem{Label: "Access for programs", Path: studyPath(study) + "/tokens"})
	return s.render(c, 200, "staff_study", p)
}

func protocolLines(d survey.StudyDesign) ([]waveLine, []instrumentLine) {
	var waves []waveLine
	var instruments []instrumentLine
	place, names := map[survey.InstrumentID]int{}, waveNames(d.Waves)
	for _, w := range d.Waves {
		l := waveLine{Wave: w, When: ruleText(w.Rule, names), Who: "everyone"}
		if arm, ok := d.Arm(w.ArmID); ok {
			l.Who = arm.Name
		}
		for _, id := range w.Sets {
			def := d.Instruments[id].Definition
			l.Instruments = append(l.Instruments, def.Title)
			l.Minutes += def.Minutes
			i, seen := place[id]
			if !seen {
				i = len(instruments)
				place[id] = i
				instruments = append(instruments, instrumentLine{Definition: def})
			}
			instruments[i].Waves = append(instruments[i].Waves, w.Name)
		}
		waves = append(waves, l)
	}
	return waves, instruments
}

// setFeedback decides when the people of a study see their own scores.
func (s *Server) setFeedback(c *gin.Context, a survey.Actor) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	if err := s.use.Studies.SetFeedback(c.Request.Context(), a, study.ID, survey.Feedback(form.Get("feedback"))); err != nil {
		return err
	}
	return redirect(c, studyPath(study))
}
