package web

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// selfCodePage is where people come in by a code that they make themselves.
type selfCodePage struct {
	joinPage
	Parts []selfCodePart
	// Unknown: nobody has the code that was given. NoPlace: who is new cannot
	// begin here.
	Unknown, NoPlace bool
}

// selfCodePart is one thing that a code is made of.
type selfCodePart struct {
	Key, Field, Label, Value, Fault string
	Letter                          bool
}

func newSelfCodePage(p joinPage, e survey.EntryPage) selfCodePage {
	page := selfCodePage{joinPage: p}
	for _, part := range e.Recipe {
		page.Parts = append(page.Parts, selfCodePart{
			Key: part.Key, Field: survey.SelfCodeField(part), Label: "selfcode." + part.Key, Letter: part.Letter(),
		})
	}
	return page
}

// enterBySelfCode lets somebody in by their code. One that nobody has is asked about
// first: it may be mistyped.
func (s *Server) enterBySelfCode(c *gin.Context, p selfCodePage, form url.Values) error {
	n := survey.SelfCodeEntry{Typed: map[string]string{}, Begin: form.Get("step") == "begin", Language: s.language(c).Tag}
	for i := range p.Parts {
		part := &p.Parts[i]
		n.Typed[part.Key] = form.Get(part.Field)
		part.Value = cut(n.Typed[part.Key], 8)
	}
	if form.Get(fieldSpeak) != "" {
		return s.render(c, http.StatusOK, "selfcode", p)
	}
	entered, err := s.use.SelfCodes.Enter(c.Request.Context(), s.client(c), c.Param("key"), n)
	if entered.Cookie != "" {
		if err := s.adoptLanguage(c, entered.Participation); err != nil {
			return err
		}
		s.setCookie(c, survey.SignInParticipant, entered.Cookie, survey.ParticipantSignInLifetime)
		return redirect(c, "/me")
	}
	p.Unknown, p.NoPlace = entered.Unknown, entered.NoPlace
	minutes, often := tooMany(c, err)
	faults, wrong := errors.AsType[survey.FieldErrors](err)
	switch {
	case err == nil:
		return s.render(c, http.StatusOK, "selfcode", p)
	case errors.Is(err, survey.ErrNotOpen):
		p.Unknown = true
	case !often && !wrong:
		return err
	}
	p.Faults, p.Waiting = faults, waiting{minutes}
	for i := range p.Parts {
		p.Parts[i].Fault = faults[p.Parts[i].Field]
	}
	if wrong || often {
		p.Title = s.say(c, "error.prefix") + p.Title
	}
	return s.render(c, p.Waiting.status(http.StatusUnprocessableEntity), "selfcode", p)
}
