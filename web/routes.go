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
	e.Match(both, offlinePath, s.handle(s.showOffline))
	e.Match(both, "/service-worker.js", s.serveWorker)

	e.POST("/language", s.handle(s.chooseLanguage))

	// Participants.
	e.Match(both, "/p/:token", s.handle(s.showPersonalLink))
	e.POST("/p/:token", s.handle(s.usePersonalLink))
	e.Match(both, lostLinkPath, s.handle(s.showLostLink))
	e.POST(lostLinkPath, s.handle(s.sendLostLink))
	e.Match(both, "/me", s.participant(s.showHome))
	e.Match(both, "/me/consent", s.participant(s.showConsent))
	e.POST("/me/consent", s.participant(s.decideConsent))
	e.Match(both, "/me/consent/declined", s.participant(s.showConsentDeclined))
	e.Match(both, "/me/consent/later", s.participant(s.showConsentLater))
	e.Match(both, "/me/consent/young", s.participant(s.showConsentYoung))
	e.Match(both, "/me/consent/choices", s.participant(s.showConsentChoices))
	e.POST("/me/consent/choices", s.participant(s.changeConsentChoices))
	e.Match(both, "/me/consent/copy/:file", s.participant(s.downloadConsent))
	e.Match(both, "/me/a/:assessment", s.participant(s.resumeAssessment))
	e.Match(both, "/me/a/:assessment/page/:page", s.participant(s.showQuestions))
	e.POST("/me/a/:assessment/page/:page", s.participant(s.answerQuestions))
	e.POST("/me/a/:assessment/save", s.participant(s.saveAnswers))
	e.Match(both, "/me/a/:assessment/review", s.participant(s.showReview))
	e.POST("/me/a/:assessment/submit", s.participant(s.submitAssessment))
	e.Match(both, "/me/a/:assessment/done", s.participant(s.showDone))
	e.Match(both, "/me/a/:assessment/help", s.participant(s.showHelpNow))
	e.Match(both, "/me/practice", s.participant(s.showPractice))
	e.POST("/me/practice", s.participant(s.notePractice))
	e.Match(both, "/me/practice/:entry", s.participant(s.showPracticeEntry))
	e.POST("/me/practice/:entry", s.participant(s.correctPractice))
	e.POST("/me/practice/:entry/remove", s.participant(s.removePractice))
	for _, n := range s.noteAreas() { // /me/words and /me/reflections
		e.Match(both, n.path, s.participant(n.show))
		e.POST(n.path, s.participant(n.write))
		e.Match(both, n.path+"/:note", s.participant(n.edit))
		e.POST(n.path+"/:note", s.participant(n.change))
		e.POST(n.path+"/:note/share", s.participant(n.share))
		e.POST(n.path+"/:note/remove", s.participant(n.remove))
	}
	e.Match(both, "/me/scores", s.participant(s.showScores))
	e.Match(both, "/me/data", s.participant(s.showOwnData))
	e.POST("/me/data/code", s.participant(s.sendCode))
	// A copy is noted in the audit trail, so it is a POST.
	e.POST("/me/data/copy", s.participant(s.takeCopy))
	e.POST("/me/data/messages", s.participant(s.setMessages))
	e.Match(both, "/me/data/leave", s.participant(s.showLeave))
	e.POST("/me/data/leave", s.handle(s.leaveStudy))
	e.Match(both, "/erased/:receipt", s.handle(s.showErased))
	e.Match(both, "/me/part", s.participant(s.showPart))
	e.POST("/me/part/leave", s.participant(s.leaveByOldForm))
	e.POST("/me/forget", s.participant(s.forgetParticipant))

	// Staff: signing in, and where one may go from there.
	e.Match(both, "/sign-in", s.handle(s.inEnglish(s.showSignIn)))
	e.POST("/sign-in", s.handle(s.inEnglish(s.signIn)))
	e.Match(both, "/sign-in/link/:token", s.handle(s.inEnglish(s.showStaffLink)))
	e.POST("/sign-in/link/:token", s.handle(s.inEnglish(s.useStaffLink)))
	e.POST("/sign-out", s.staff(s.signOut))
	e.Match(both, "/account", s.staff(s.showAccount))
	e.POST("/account/password", s.staff(s.changePassword))
	e.Match(both, "/studies", s.staff(s.showStudies))
	e.Match(both, "/studies/:study", s.staff(s.showStudy))

	e.Match(both, "/studies/:study/texts/:language", s.staff(s.showTexts))
	e.POST("/studies/:study/texts/:language", s.staff(s.writeTexts))

	// Researchers and administrators: the installation's questionnaires, and what
	// the waves of a study ask.
	e.Match(both, "/instruments", s.staff(s.showInstruments))
	e.Match(both, "/instruments/new", s.staff(s.showNewInstrument))
	e.POST("/instruments/new", s.staff(s.addDefinition))
	e.Match(both, "/instruments/add/:entry", s.staff(s.showAddInstrument))
	e.POST("/instruments/add/:entry", s.staff(s.addInstrument))
	e.Match(both, "/instruments/:key", s.staff(s.showInstrument))
	e.Match(both, "/instruments/:key/correct", s.staff(s.showCorrect))
	e.POST("/instruments/:key/correct", s.staff(s.correctInstrument))
	e.POST("/instruments/:key/retire", s.staff(s.retireInstrument))
	e.Match(both, "/studies/:study/questionnaires", s.staff(s.showQuestionnaires))
	e.POST("/studies/:study/questionnaires", s.staff(s.chooseQuestionnaires))
	e.POST("/studies/:study/questionnaires/replace", s.staff(s.replaceQuestionnaire))

	// Facilitators: course runs.
	e.Match(both, "/studies/:study/runs", s.staff(s.showRuns))
	e.Match(both, "/studies/:study/new-run", s.staff(s.showNewRun))
	e.POST("/studies/:study/runs", s.staff(s.createRun))
	e.Match(both, "/studies/:study/runs/:run", s.staff(s.showBoard))
	e.Match(both, "/studies/:study/runs/:run/brief", s.staff(s.showBrief))
	e.POST("/studies/:study/runs/:run/move", s.staff(s.moveRun))
	e.Match(both, "/studies/:study/runs/:run/people", s.staff(s.showAddPeople))
	e.POST("/studies/:study/runs/:run/people", s.staff(s.addPeople))
	// Printing links is noted in the audit trail, so it is a POST.
	e.POST("/studies/:study/runs/:run/links", s.staff(s.printLinks))
	e.Match(both, "/studies/:study/runs/:run/meetings/:meeting", s.staff(s.showMeeting))
	e.POST("/studies/:study/runs/:run/meetings/:meeting", s.staff(s.noteAttendance))

	// What people agree to: everyone of the study reads, researchers and
	// administrators write.
	e.Match(both, "/studies/:study/consent", s.staff(s.showConsentBook))
	e.Match(both, "/studies/:study/consent/begin", s.staff(s.beginConsent))
	e.POST("/studies/:study/consent/publish", s.staff(s.publishConsent))
	e.Match(both, "/studies/:study/consent/:version/:language", s.staff(s.showConsentSheet))
	e.Match(both, "/studies/:study/consent/:version/:language/edit", s.staff(s.showConsentForm))
	e.POST("/studies/:study/consent/:version/:language", s.staff(s.saveConsent))
	e.POST("/studies/:study/consent/:version/:language/discard", s.staff(s.discardConsent))

	// Researchers: plan, results, frozen data and data.
	e.Match(both, "/studies/:study/plan", s.staff(s.showPlan))
	e.Match(both, "/studies/:study/plan/edit", s.staff(s.showPlanForm))
	e.POST("/studies/:study/plan", s.staff(s.savePlan))
	e.POST("/studies/:study/plan/file", s.staff(s.importPlan))
	e.POST("/studies/:study/plan/lock", s.staff(s.lockPlan))
	e.POST("/studies/:study/plan/discard", s.staff(s.discardPlan))
	e.Match(both, "/studies/:study/plan/:version", s.staff(s.showPlanVersion))
	e.Match(both, "/studies/:study/plan/:version/plan.json", s.staff(s.downloadPlan))
	e.Match(both, "/studies/:study/snapshots", s.staff(s.showSnapshots))
	e.POST("/studies/:study/snapshots", s.staff(s.takeSnapshot))
	e.Match(both, "/studies/:study/snapshots/:snapshot", s.staff(s.showSnapshot))
	// A download is noted in the audit trail, so it is a POST.
	e.POST("/studies/:study/snapshots/:snapshot/download", s.staff(s.downloadSnapshot))
	e.POST("/studies/:study/snapshots/:snapshot/remove", s.staff(s.removeSnapshot))
	e.POST("/studies/:study/feedback", s.staff(s.setFeedback))
	e.Match(both, "/studies/:study/results", s.staff(s.showResults))
	e.Match(both, "/studies/:study/results/:table", s.staff(s.downloadResults))
	e.Match(both, "/studies/:study/report", s.staff(s.showReport))
	e.Match(both, "/studies/:study/report/:file", s.staff(s.downloadReport))
	e.Match(both, "/studies/:study/power", s.staff(s.showPower))
	e.Match(both, "/studies/:study/data", s.staff(s.showData))
	e.POST("/studies/:study/erasures/:enrolment/cleared", s.staff(s.clearErasure))
	// An export is noted in the audit trail, so it is a POST.
	e.POST("/studies/:study/data/:what", s.staff(s.exportData))

	// Safety: what a study declares; alerts, for the people it names alone.
	e.Match(both, "/studies/:study/safety", s.staff(s.showSafety))
	e.POST("/studies/:study/safety", s.staff(s.declareSafety))
	e.Match(both, "/studies/:study/alerts", s.staff(s.showAlerts))
	e.POST("/studies/:study/alerts/:alert", s.staff(s.acknowledgeAlert))

	// Administrators: accounts, studies, the audit trail.
	e.Match(both, "/admin", s.staff(s.showAdmin))
	e.POST("/admin/users", s.staff(s.createUser))
	e.POST("/admin/users/:user/invite", s.staff(s.inviteUser))
	e.POST("/admin/users/:user/grant", s.staff(s.grantRole))
	e.POST("/admin/users/:user/disable", s.staff(s.disableUser))
	e.POST("/admin/studies", s.staff(s.createStudy))
	e.POST("/admin/studies/:study/open", s.staff(s.openStudy))
	e.Match(both, "/admin/audit", s.staff(s.showAudit))
}
