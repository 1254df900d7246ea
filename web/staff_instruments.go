package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/instrument"
	"tidemark/survey/instrument/catalogue"
)

type instrumentsPage struct {
	Page
	Shelves []shelfLine
	Addable []*catalogue.Entry
	Waiting []*catalogue.Entry // not ready
	Drafts  []survey.Draft
}

// shelfLine is a questionnaire in the list.
type shelfLine struct {
	survey.LibraryShelf
	Newest    survey.LibraryItem
	Published bool
}

// showInstruments lists the questionnaires of the installation, and those that wait
// for their wording.
func (s *Server) showInstruments(c *gin.Context, a survey.Actor) error {
	view, err := s.use.Library.List(c.Request.Context(), a)
	if err != nil {
		return err
	}
	p := instrumentsPage{Page: s.staffPage(c, a, survey.Study{}, sectionLibrary, "Questionnaires")}
	if p.Drafts, err = s.use.Drafts.List(c.Request.Context(), a); err != nil {
		return err
	}
	for _, shelf := range view.Shelves {
		newest, _ := shelf.Newest() // a shelf has at least one version
		p.Shelves = append(p.Shelves, shelfLine{shelf, newest, shelf.Published(newest)})
	}
	for _, e := range view.Addable {
		if e.Ready {
			p.Addable = append(p.Addable, e)
		} else {
			p.Waiting = append(p.Waiting, e)
		}
	}
	return s.render(c, http.StatusOK, "staff_instruments", p)
}

type instrumentPage struct {
	Page
	survey.LibraryShelf
	Title  string              // of both
	Newest *survey.LibraryItem // nil: the wording is missing
	Scales []instrument.Scale
	Uses   []useLine
}

// useLine is where a version is asked.
type useLine struct {
	Study          survey.Study
	Wave           survey.Wave
	Version        string
	Former         bool
	Waiting, Begun int
}

// showInstrument is one questionnaire: versions, key, norms, terms and uses.
func (s *Server) showInstrument(c *gin.Context, a survey.Actor) error {
	ctx := c.Request.Context()
	shelf, err := s.use.Library.Show(ctx, a, c.Param("key"))
	if err != nil {
		return err
	}
	p := instrumentPage{Page: s.staffPage(c, a, survey.Study{}, sectionLibrary, shelf.Title), LibraryShelf: shelf, Title: shelf.Title}
	if newest, ok := shelf.Newest(); ok {
		p.Newest, p.Scales = &newest, newest.Version.Definition.Scales
	} else if shelf.Entry.Ready {
		key, err := shelf.Entry.Key()
		if err != nil {
			return err
		}
		p.Scales = key.Scales
	}
	designs := map[survey.StudyID]survey.StudyDesign{}
	for _, use := range shelf.Uses {
		design, known := designs[use.StudyID]
		if !known {
			if design, err = s.use.Studies.Design(ctx, a, use.StudyID); err != nil {
				return err
			}
			designs[use.StudyID] = design
		}
		l := useLine{Study: shelf.Titles[use.StudyID], Former: use.Former, Waiting: use.Waiting, Begun: use.Begun}
		for _, w := range design.Waves {
			if w.ID == use.WaveID {
				l.Wave = w
			}
		}
		if v := design.Instruments[use.InstrumentID].Definition; v != nil {
			l.Version = v.Version
		}
		p.Uses = append(p.Uses, l)
	}
	return s.render(c, http.StatusOK, "staff_instrument", p)
}

// Turned are the items that a scale turns, for people.
func (p instrumentPage) Turned(scale instrument.Scale) string {
	if len(scale.Reversed) == 0 {
		return "none"
	}
	return strings.Join(scale.Reversed, ", ")
}

// retireInstrument keeps a version out of new studies, or takes that back.
func (s *Server) retireInstrument(c *gin.Context, a survey.Actor) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	err = s.use.Library.Retire(c.Request.Context(), a, survey.InstrumentID(values.Get("version")), values.Get("retired") == "1")
	if err != nil {
		return err
	}
	return redirect(c, "/instruments/"+url.PathEscape(c.Param("key"))+"#versions")
}
