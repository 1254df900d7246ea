package web

import "net/http"

// routes is every address of the application.
func (s *Server) routes() {
	e := s.engine
	e.Use(s.logRequests, s.recoverPanics, s.refuseCrossOrigin, s.boundRequests)
	e.NoRoute(s.notFound)
	e.NoMethod(s.noMethod)

	both := []string{http.MethodGet, http.MethodHead}
	e.Match(both, "/", s.handle(s.showFront))
	e.Match(both, "/help", s.handle(s.showHelp))
	e.Match(both, "/static/:version/:file", s.serveAsset)
	e.Match(both, "/healthz", s.serveHealth)

	// Participants.
	e.Match(both, "/p/:token", s.handle(s.showPersonalLink))
	e.POST("/p/:token", s.handle(s.usePersonalLink))
	e.Match(both, "/me", s.participant(s.showHome))
	e.Match(both, "/me/consent", s.participant(s.showConsent))
	e.POST("/me/consent", s.participant(s.giveConsent))
	e.Match(both, "/me/a/:assessment", s.participant(s.resumeAssessment))
	e.Match(both, "/me/a/:assessment/page/:page", s.participant(s.showQuestions))
	e.POST("/me/a/:assessment/page/:page", s.participant(s.answerQuestions))
	e.POST("/me/a/:assessment/save", s.participant(s.saveAnswers))
	e.Match(both, "/me/a/:assessment/review", s.participant(s.showReview))
	e.POST("/me/a/:assessment/submit", s.participant(s.submitAssessment))
	e.Match(both, "/me/a/:assessment/done", s.participant(s.showDone))
	e.Match(both, "/me/part", s.participant(s.showPart))
	e.POST("/me/part/leave", s.participant(s.leaveStudy))

	// Staff: signing in.
	e.Match(both, "/sign-in", s.handle(s.showSignIn))
	e.POST("/sign-in", s.handle(s.signIn))
	e.Match(both, "/sign-in/link/:token", s.handle(s.showStaffLink))
	e.POST("/sign-in/link/:token", s.handle(s.useStaffLink))
	e.POST("/sign-out", s.staff(s.signOut))

	s.staffRoutes(both)
}
