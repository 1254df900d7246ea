package web

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
	"tidemark/web/rest"
)

const apiPagePath = rest.Prefix + "/docs"

// apiPage tells people what programs can ask for.
type apiPage struct {
	Page
	Operations []rest.Described
	Document   string // address of the description for programs
	Events     []eventWords
}

// eventWords is a kind of event in words.
type eventWords struct {
	Kind  survey.HookKind
	Words string
}

// showAPI is for anybody, as the description itself.
func (s *Server) showAPI(c *gin.Context) error {
	p := apiPage{Page: s.page(c, "What programs can ask for"), Operations: rest.Operations(), Document: rest.Prefix + "/openapi.json"}
	for _, k := range append(survey.HookKinds(), survey.HookTest) {
		p.Events = append(p.Events, eventWords{k, hookWords(k)})
	}
	return s.render(c, http.StatusOK, "staff_api", p)
}
