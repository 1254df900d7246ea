package web

import (
	"github.com/gin-gonic/gin"

	"tidemark/survey"
)

// Handlers that are still to be written; this file goes when they are.

func (s *Server) showSignIn(c *gin.Context) error    { return survey.ErrNotFound }
func (s *Server) signIn(c *gin.Context) error        { return survey.ErrNotFound }
func (s *Server) showStaffLink(c *gin.Context) error { return survey.ErrNotFound }
func (s *Server) useStaffLink(c *gin.Context) error  { return survey.ErrNotFound }

func (s *Server) signOut(c *gin.Context, a survey.Actor) error         { return survey.ErrNotFound }
func (s *Server) showAccount(c *gin.Context, a survey.Actor) error     { return survey.ErrNotFound }
func (s *Server) changePassword(c *gin.Context, a survey.Actor) error  { return survey.ErrNotFound }
func (s *Server) showStudies(c *gin.Context, a survey.Actor) error     { return survey.ErrNotFound }
func (s *Server) showStudy(c *gin.Context, a survey.Actor) error       { return survey.ErrNotFound }
func (s *Server) showRuns(c *gin.Context, a survey.Actor) error        { return survey.ErrNotFound }
func (s *Server) showNewRun(c *gin.Context, a survey.Actor) error      { return survey.ErrNotFound }
func (s *Server) createRun(c *gin.Context, a survey.Actor) error       { return survey.ErrNotFound }
func (s *Server) showBoard(c *gin.Context, a survey.Actor) error       { return survey.ErrNotFound }
func (s *Server) moveRun(c *gin.Context, a survey.Actor) error         { return survey.ErrNotFound }
func (s *Server) showAddPeople(c *gin.Context, a survey.Actor) error   { return survey.ErrNotFound }
func (s *Server) addPeople(c *gin.Context, a survey.Actor) error       { return survey.ErrNotFound }
func (s *Server) printLinks(c *gin.Context, a survey.Actor) error      { return survey.ErrNotFound }
func (s *Server) showMeeting(c *gin.Context, a survey.Actor) error     { return survey.ErrNotFound }
func (s *Server) noteAttendance(c *gin.Context, a survey.Actor) error  { return survey.ErrNotFound }
func (s *Server) showResults(c *gin.Context, a survey.Actor) error     { return survey.ErrNotFound }
func (s *Server) downloadResults(c *gin.Context, a survey.Actor) error { return survey.ErrNotFound }
func (s *Server) showData(c *gin.Context, a survey.Actor) error        { return survey.ErrNotFound }
func (s *Server) exportData(c *gin.Context, a survey.Actor) error      { return survey.ErrNotFound }
func (s *Server) showAdmin(c *gin.Context, a survey.Actor) error       { return survey.ErrNotFound }
func (s *Server) createUser(c *gin.Context, a survey.Actor) error      { return survey.ErrNotFound }
func (s *Server) inviteUser(c *gin.Context, a survey.Actor) error      { return survey.ErrNotFound }
func (s *Server) grantRole(c *gin.Context, a survey.Actor) error       { return survey.ErrNotFound }
func (s *Server) disableUser(c *gin.Context, a survey.Actor) error     { return survey.ErrNotFound }
func (s *Server) createStudy(c *gin.Context, a survey.Actor) error     { return survey.ErrNotFound }
func (s *Server) openStudy(c *gin.Context, a survey.Actor) error       { return survey.ErrNotFound }
func (s *Server) showAudit(c *gin.Context, a survey.Actor) error       { return survey.ErrNotFound }
