package web

import (
	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

const resetPath = "/sign-in/forgotten"

type resetPage struct {
	Page
	Form    staffForm
	Done    bool
	Waiting waiting
	Minutes int
}

// showReset asks for the address of an account whose password is forgotten.
func (s *Server) showReset(c *gin.Context) error {
	return s.resetForm(c, 200, resetPage{Done: c.Query("done") != ""})
}

func (s *Server) resetForm(c *gin.Context, status int, p resetPage) error {
	if !s.use.SignIns.ResetsByMail() {
		return survey.ErrNotFound
	}
	p.Page, p.Minutes = s.page(c, "Password forgotten"), int(survey.ResetLinkLifetime.Minutes())
	if status != 200 {
		erring(&p.Page)
	}
	return s.render(c, status, "staff_reset", p)
}

// askReset mails a link to whoever has the account. The answer is the same whether there
// is one or not.
func (s *Server) askReset(c *gin.Context) error {
	values, err := readForm(c)
	if err != nil {
		return err
	}
	if !s.use.SignIns.ResetsByMail() {
		return survey.ErrNotFound
	}
	err = s.use.SignIns.AskReset(c.Request.Context(), s.client(c), values.Get("email"))
	if minutes, often := tooMany(c, err); often {
		return s.resetForm(c, waiting{minutes}.status(200), resetPage{Waiting: waiting{minutes}, Form: staffForm{Values: values}})
	}
	if err != nil {
		f, status, err := again(values, err, "email")
		if err != nil {
			return err
		}
		return s.resetForm(c, status, resetPage{Form: f})
	}
	return redirect(c, resetPath+"?done=1")
}
