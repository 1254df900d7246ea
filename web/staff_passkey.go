package web

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// maxPasskeyAnswer bounds what a device answers.
const maxPasskeyAnswer = 64 << 10

// passkeyAnswer is what the script of passkeys sends.
type passkeyAnswer struct {
	Token  string          `json:"token"`
	Name   string          `json:"name"`
	Next   string          `json:"next"`
	Answer json.RawMessage `json:"answer"`
}

// readPasskey reads what the script sends. It is JSON, so that no form of another site can
// be taken for it.
func (s *Server) readPasskey(c *gin.Context) (passkeyAnswer, error) {
	var p passkeyAnswer
	if s.cfg.Passkeys == nil {
		return p, survey.ErrNotFound
	}
	if !strings.HasPrefix(c.GetHeader("Content-Type"), "application/json") {
		return p, errContentType
	}
	if err := json.NewDecoder(http.MaxBytesReader(c.Writer, c.Request.Body, maxPasskeyAnswer)).Decode(&p); err != nil {
		return p, formError(err)
	}
	return p, nil
}

func tellQuestion(c *gin.Context, question []byte, token string) error {
	c.JSON(http.StatusOK, gin.H{"question": json.RawMessage(question), "token": token})
	return nil
}

func tellNext(c *gin.Context, next string) error {
	c.JSON(http.StatusOK, gin.H{"next": next})
	return nil
}

// beginPasskey asks a device for a new passkey.
func (s *Server) beginPasskey(c *gin.Context, a survey.Actor) error {
	if _, err := s.readPasskey(c); err != nil {
		return err
	}
	question, token, err := s.use.Passkeys.Begin(c.Request.Context(), a, s.cfg.Passkeys)
	if err != nil {
		return err
	}
	return tellQuestion(c, question, token)
}

// addPasskey keeps what the device answers.
func (s *Server) addPasskey(c *gin.Context, a survey.Actor) error {
	p, err := s.readPasskey(c)
	if err != nil {
		return err
	}
	if err := s.use.Passkeys.Add(c.Request.Context(), a, s.cfg.Passkeys, p.Name, p.Token, p.Answer); err != nil {
		return err
	}
	if _, err := s.renew(c, a); err != nil {
		return err
	}
	return tellNext(c, "/account?did=passkey")
}

// removePasskey forgets a passkey.
func (s *Server) removePasskey(c *gin.Context, a survey.Actor) error {
	if err := s.use.Passkeys.Remove(c.Request.Context(), a, survey.PasskeyID(c.Param("passkey"))); err != nil {
		return err
	}
	return redirect(c, "/account?did=passkey_gone#factor")
}

// askPasskey asks whoever is there for a passkey.
func (s *Server) askPasskey(c *gin.Context) error {
	if _, err := s.readPasskey(c); err != nil {
		return err
	}
	question, token, err := s.use.SignIns.Ask(s.cfg.Passkeys)
	if err != nil {
		return err
	}
	return tellQuestion(c, question, token)
}

// usePasskey signs in by what the device answers.
func (s *Server) usePasskey(c *gin.Context) error {
	p, err := s.readPasskey(c)
	if err != nil {
		return err
	}
	cookie, user, err := s.use.SignIns.ByPasskey(c.Request.Context(), s.client(c), s.cfg.Passkeys, p.Token, p.Answer)
	if err != nil {
		return err
	}
	s.clearCookie(c, factorStep)
	if err := s.admit(c, cookie, user); err != nil {
		return err
	}
	next := localPath(p.Next, "")
	if next == "" {
		if next, err = s.homeOf(c, survey.UserActor(user)); err != nil {
			return err
		}
	}
	return tellNext(c, next)
}
