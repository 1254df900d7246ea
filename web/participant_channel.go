package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// channelPart is the choice of how messages come, on the page of one's data.
type channelPart struct {
	Reach    survey.Reach
	Channels []survey.Channel
	Form     ownForm
}

// Chosen is the channel that is ticked.
func (p channelPart) Chosen() survey.Channel {
	if c := survey.Channel(p.Form.Value("channel")); c != "" {
		return c
	}
	return p.Reach.Used
}

// channels are those that a person can choose from here; nil: there is no choice.
func (s *Server) channels(r survey.Reach) []survey.Channel {
	var all []survey.Channel
	if s.cfg.Mail && r.MaskedEmail != "" {
		all = append(all, survey.ChannelEmail)
	}
	all = append(all, s.cfg.ShortMessages...)
	if !r.Known || len(s.cfg.ShortMessages) == 0 {
		return nil
	}
	return all
}

// setChannel notes how messages are to come.
func (s *Server) setChannel(c *gin.Context, a survey.Actor) error {
	form, err := readForm(c)
	if err != nil {
		return err
	}
	chosen := survey.Channel(form.Get("channel"))
	if chosen != survey.ChannelEmail && chosen != "" && !slices.Contains(s.cfg.ShortMessages, chosen) {
		return errBadForm
	}
	err = s.use.OwnData.ChooseChannel(c.Request.Context(), a, chosen, form.Get("phone"), form.Get("push"))
	if faults, ok := errors.AsType[survey.FieldErrors](err); ok {
		return s.ownData(c, a, http.StatusUnprocessableEntity, ownForm{
			Values: url.Values{"channel": {string(chosen)}, "phone": {form.Get("phone")}, "push": {form.Get("push")}}, Faults: faults,
		})
	}
	if err != nil {
		return err
	}
	return redirect(c, "/me/data#channels")
}
