package web

import (
	"net/url"
	"strconv"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/survey/selfcode"
)

// selfCodesPage is what the people of a study make their codes of.
type selfCodesPage struct {
	Page
	Book   survey.SelfCodeBook
	Path   string
	Form   *staffForm // nil: it cannot be changed any more
	Parts  []selfCodeChoice
	Pairs  []expectedPairs
	Did    string
	Chosen []string
	// Open are pairs that are near, Decided those about which somebody has decided.
	Open, Decided []pairLine
}

// selfCodeChoice is a part that can be chosen.
type selfCodeChoice struct {
	Key, Name string
	On        bool
}

// expectedPairs is how many pairs among so many people have the same code by chance.
type expectedPairs struct {
	People int
	Pairs  string
}

// selfCodeNames are what parts are called on pages of staff.
var selfCodeNames = map[string]string{
	"mother":             "First letter of the mother’s first name",
	"father":             "First letter of the father’s first name",
	"birthplace":         "First letter of the town of birth",
	"street":             "First letter of the street one grew up in",
	"day":                "Day of the month of birth",
	"month":              "Month of birth",
	"older_siblings":     "Number of older siblings",
	"younger_siblings":   "Number of younger siblings",
	"house_number_digit": "Last digit of the first house number",
}

// usualSelfCode is what a form proposes.
var usualSelfCode = []string{"mother", "father", "birthplace", "day", "month", "older_siblings"}

func (s *Server) showSelfCodes(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	return s.selfCodes(c, a, study, 200, staffForm{})
}

// selfCodes shows the page; f brings a choice that could not be used.
func (s *Server) selfCodes(c *gin.Context, a survey.Actor, study survey.Study, status int, f staffForm) error {
	book, err := s.use.SelfCodes.Book(c.Request.Context(), a, study.ID)
	if err != nil {
		return err
	}
	p := selfCodesPage{
		Page: s.staffPage(c, a, study, sectionStudy, "Self-made codes"), Book: book, Path: studyPath(study), Did: c.Query("did"),
	}
	for _, part := range book.Recipe {
		p.Chosen = append(p.Chosen, selfCodeNames[part.Key])
	}
	if len(book.Recipe) > 0 {
		for _, n := range []int{50, 200, 1000} {
			p.Pairs = append(p.Pairs, expectedPairs{n, strconv.FormatFloat(book.Recipe.Doubles(n), 'g', 2, 64)})
		}
	}
	p.Open, p.Decided = pairLines(study, book.Recipe, book.Open), pairLines(study, book.Recipe, book.Decided)
	for i := range p.Decided {
		if f.Value("decision") == p.Decided[i].Decision.ID {
			p.Decided[i].Form = f
		}
	}
	if book.Study.State == survey.StudyDraft {
		p.Form, p.Parts = &f, selfCodeChoices(book.Recipe, f.Values)
	}
	if status != 200 {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_selfcodes", p)
}

// selfCodeChoices are all parts, with those ticked that were typed, or are chosen, or
// are usual.
func selfCodeChoices(recipe selfcode.Recipe, typed url.Values) []selfCodeChoice {
	on := map[string]bool{}
	switch {
	case typed != nil:
		for _, key := range typed["parts"] {
			on[key] = true
		}
	case len(recipe) > 0:
		for _, part := range recipe {
			on[part.Key] = true
		}
	default:
		for _, key := range usualSelfCode {
			on[key] = true
		}
	}
	choices := make([]selfCodeChoice, len(selfcode.Parts))
	for i, part := range selfcode.Parts {
		choices[i] = selfCodeChoice{part.Key, selfCodeNames[part.Key], on[part.Key]}
	}
	return choices
}

// setSelfCodes chooses what the people of a draft study make their codes of.
func (s *Server) setSelfCodes(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	parts, did := values["parts"], "set"
	if values.Get("step") == "off" {
		parts, did = nil, "off"
	} else if len(parts) == 0 {
		return s.selfCodes(c, a, study, 422, staffForm{Values: values, Faults: survey.FieldErrors{"parts": "selfcode.few_parts"}})
	}
	if err := s.use.SelfCodes.Set(c.Request.Context(), a, study.ID, parts); err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.selfCodes(c, a, study, status, f)
	}
	return redirect(c, studyPath(study)+"/codes?did="+did)
}
