package web

import (
	"net/url"

	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// showAnotherWave is the form of an occasion that is like another one.
func (s *Server) showAnotherWave(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	if _, err := s.waveOf(c, a, study); err != nil {
		return err
	}
	if study.State != survey.StudyDraft {
		return survey.ErrConflict
	}
	return s.waveForm(c, a, study, 200, staffForm{}, true)
}

// addWave adds an occasion to a draft study.
func (s *Server) addWave(c *gin.Context, a survey.Actor) error {
	study, values, err := s.studyForm(c, a)
	if err != nil {
		return err
	}
	like, err := s.waveOf(c, a, study)
	if err != nil {
		return err
	}
	added, err := s.use.Studies.AddWave(c.Request.Context(), a, study.ID, like.ID, waveFormOf(values))
	if err != nil {
		f, status, err := again(values, err, "")
		if err != nil {
			return err
		}
		return s.waveForm(c, a, study, status, f, true)
	}
	return redirect(c, studyPath(study)+"/waves?saved="+url.QueryEscape(added.Key))
}

// removeWave takes an occasion from a draft study, or says what needs it.
func (s *Server) removeWave(c *gin.Context, a survey.Actor) error {
	study, err := s.study(c, a)
	if err != nil {
		return err
	}
	wave, err := s.waveOf(c, a, study)
	if err != nil {
		return err
	}
	if err := s.use.Studies.RemoveWave(c.Request.Context(), a, study.ID, wave.ID); err != nil {
		f, status, err := again(nil, err, "")
		if err != nil {
			return err
		}
		return s.waveForm(c, a, study, status, f, false)
	}
	return redirect(c, studyPath(study)+"/waves?removed=yes")
}
