package web

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// both are the methods of what is only looked at.
var both = []string{http.MethodGet, http.MethodHead}

// routes is every address of the application.
func (s *Server) routes() {
	e := s.engine
	e.Use(s.logRequests, s.recoverPanics, s.refuseCrossOrigin, s.takeOn, s.boundRequests, s.refuseChanges)
	e.NoRoute(s.notFound)
	e.NoMethod(s.noMethod)

	e.Match(both, "/", s.handle(s.showFront))
	e.Match(both, "/help", s.handle(s.showHelp))
	e.Match(both, "/static/:version/:file", s.serveAsset)
	e.Match(both, "/healthz", s.serveHealth)
	e.Match(both, "/livez", s.serveLive)
	e.Match(both, "/readyz", s.serveReady)
	e.Match(both, offlinePath, s.handle(s.showOffline))
	e.Match(both, "/service-worker.js", s.serveWorker)

	e.POST("/language", s.handle(s.chooseLanguage))

	// Programs: everything under /api/v1 is in the table of package rest.
	s.api.Mount(e)
	s.redcap.Mount(e)
	e.Match(both, apiPagePath, s.handle(s.inEnglish(s.showAPI)))

	s.participantRoutes(e)
	s.staffRoutes(e)
	s.questionnaireRoutes(e)
	s.runRoutes(e)
	s.studyRoutes(e)
	s.resultRoutes(e)
	s.safetyRoutes(e)
	s.adminRoutes(e)
}

// participantRoutes is everything that somebody who takes part comes to.
func (s *Server) participantRoutes(e *gin.Engine) {
	e.Match(both, "/p/:token", s.handle(s.showPersonalLink))
	e.POST("/p/:token", s.handle(s.usePersonalLink))
	e.Match(both, lostLinkPath, s.handle(s.showLostLink))
	e.POST(lostLinkPath, s.handle(s.sendLostLink))
	e.Match(both, codePath, s.handle(s.showCode))
	e.POST(codePath, s.handle(s.useCode))
	e.Match(both, unsubscribePath+":token", s.handle(s.showUnsubscribe))
	e.POST(unsubscribePath+":token", s.handle(s.unsubscribe))
	e.Match(both, "/join/:key", s.handle(s.showJoin))
	e.POST("/join/:key", s.handle(s.join))
	e.Match(both, "/waiting/:ticket", s.handle(s.showWaiting))
	e.POST("/waiting/:ticket", s.handle(s.useWaiting))
	e.Match(both, "/me/link", s.participant(s.showOwnLink))
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
	e.Match(both, calendarPath, s.participant(s.showOwnCalendar))
	e.POST(calendarPath, s.participant(s.makeCalendar))
	e.POST(calendarPath+"/end", s.participant(s.endCalendar))
	e.Match(both, calendarPath+"/meetings.ics", s.participant(s.copyCalendar))
	// Read by programs that are not signed in, as often as they like.
	e.Match(both, "/calendar/:file", s.handle(s.followCalendar))
	e.Match(both, "/me/scores", s.participant(s.showScores))
	e.Match(both, "/me/data", s.participant(s.showOwnData))
	e.POST("/me/data/code", s.participant(s.sendCode))
	// A copy is noted in the audit trail, so it is a POST.
	e.POST("/me/data/copy", s.participant(s.takeCopy))
	e.POST("/me/data/messages", s.participant(s.setMessages))
	e.POST("/me/data/zone", s.participant(s.setZone))
	e.POST("/me/data/channel", s.participant(s.setChannel))
	e.Match(both, "/me/data/leave", s.participant(s.showLeave))
	e.POST("/me/data/leave", s.handle(s.leaveStudy))
	e.Match(both, "/erased/:receipt", s.handle(s.showErased))
	e.Match(both, "/me/part", s.participant(s.showPart))
	e.POST("/me/part/leave", s.participant(s.leaveByOldForm))
	e.POST("/me/forget", s.participant(s.forgetParticipant))
}

// staffRoutes is where staff sign in, and what each of them has of their own.
func (s *Server) staffRoutes(e *gin.Engine) {
	// Staff: signing in, and where one may go from there.
	e.Match(both, "/sign-in", s.handle(s.inEnglish(s.showSignIn)))
	e.POST("/sign-in", s.handle(s.inEnglish(s.signIn)))
	e.POST("/sign-in/passkey/begin", s.handle(s.inEnglish(s.askPasskey)))
	e.POST("/sign-in/passkey/finish", s.handle(s.inEnglish(s.usePasskey)))
	e.GET(providerPath, s.handle(s.inEnglish(s.askProvider)))
	e.GET(ProviderBackPath, s.handle(s.inEnglish(s.backFromProvider)))
	e.Match(both, resetPath, s.handle(s.inEnglish(s.showReset)))
	e.POST(resetPath, s.handle(s.inEnglish(s.askReset)))
	e.Match(both, codeStep, s.handle(s.inEnglish(s.showCodeStep)))
	e.POST(codeStep, s.handle(s.inEnglish(s.takeCode)))
	e.Match(both, "/sign-in/link/:token", s.handle(s.inEnglish(s.showStaffLink)))
	e.POST("/sign-in/link/:token", s.handle(s.inEnglish(s.useStaffLink)))
	e.POST("/sign-out", s.staff(s.signOut))
	e.Match(both, "/account", s.staff(s.showAccount))
	e.POST("/account/password", s.staff(s.changePassword))
	e.POST("/account/sign-ins/:signin/end", s.staff(s.endSignIn))
	e.POST("/account/sign-ins/others/end", s.staff(s.endOtherSignIns))
	e.POST("/account/passkeys/begin", s.staff(s.beginPasskey))
	e.POST("/account/passkeys/finish", s.staff(s.addPasskey))
	e.POST("/account/passkeys/:passkey/remove", s.staff(s.removePasskey))
	e.Match(both, factorPath, s.staff(s.showFactor))
	e.POST(factorPath+"/begin", s.staff(s.beginFactor))
	e.POST(factorPath+"/confirm", s.staff(s.confirmFactor))
	e.POST(factorPath+"/recovery", s.staff(s.renewRecovery))
	e.POST(factorPath+"/remove", s.staff(s.removeFactor))
	e.Match(both, staffCalendarPath, s.staff(s.showStaffCalendars))
	e.POST(staffCalendarPath, s.staff(s.makeStaffCalendar))
	e.POST(staffCalendarPath+"/end", s.staff(s.endStaffCalendar))
	e.Match(both, "/studies", s.staff(s.showStudies))
	e.Match(both, "/studies/:study", s.staff(s.showStudy))

	e.Match(both, "/studies/:study/texts/:language", s.staff(s.showTexts))
	e.POST("/studies/:study/texts/:language", s.staff(s.writeTexts))
}

// questionnaireRoutes is how questionnaires and courses are written and chosen.
func (s *Server) questionnaireRoutes(e *gin.Engine) {
	// Researchers and administrators: the installation's questionnaires, and what
	// the waves of a study ask.
	e.Match(both, "/instruments", s.staff(s.showInstruments))
	e.Match(both, "/instruments/new", s.staff(s.showNewInstrument))
	e.POST("/instruments/new", s.staff(s.addDefinition))
	e.POST(uploadPath, s.staff(s.uploadInstrument))
	e.POST(importPath, s.staff(s.importInstrument))
	e.Match(both, "/instruments/add/:entry", s.staff(s.showAddInstrument))
	e.POST("/instruments/add/:entry", s.staff(s.addInstrument))
	e.Match(both, "/instruments/:key", s.staff(s.showInstrument))
	e.Match(both, "/instruments/:key/files", s.staff(s.showInstrumentFiles))
	e.Match(both, "/instruments/:key/files/:file", s.staff(s.downloadInstrument))
	e.Match(both, "/instruments/:key/correct", s.staff(s.showCorrect))
	e.POST("/instruments/:key/correct", s.staff(s.correctInstrument))
	e.POST("/instruments/:key/retire", s.staff(s.retireInstrument))
	// Questionnaires being written.
	e.Match(both, "/drafts", s.staff(s.showDrafts))
	e.POST("/drafts", s.staff(s.beginDraft))
	e.Match(both, "/drafts/:draft", s.staff(s.showDraft))
	e.POST("/drafts/:draft", s.staff(s.changeDraft))
	e.Match(both, "/drafts/:draft/item/:item", s.staff(s.showDraftItem))
	e.POST("/drafts/:draft/item/:item", s.staff(s.saveDraftItem))
	e.POST("/drafts/:draft/item/:item/look", s.staff(s.lookAtItem))
	for way, part := range draftParts() { // about, page, answers, scale, language, example
		e.Match(both, "/drafts/:draft/"+way, s.staff(s.showDraftPart(part)))
		e.POST("/drafts/:draft/"+way, s.staff(s.saveDraftPart(part)))
	}
	e.Match(both, "/drafts/:draft/take", s.staff(s.showDraftTake))
	e.POST("/drafts/:draft/take", s.staff(s.takeIntoDraft))
	e.Match(both, "/drafts/:draft/history", s.staff(s.showDraftHistory))
	e.POST("/drafts/:draft/history", s.staff(s.restoreDraft))
	e.POST("/drafts/:draft/discard", s.staff(s.discardDraft))
	e.Match(both, "/drafts/:draft/publish", s.staff(s.showDraftPublish))
	e.POST("/drafts/:draft/publish", s.staff(s.publishDraft))
	// Preview and test run store nothing: what is answered travels with the page.
	e.Match(both, "/drafts/:draft/preview", s.staff(s.showDraftPreview))
	e.Match(both, "/drafts/:draft/preview/page/:page", s.staff(s.showPreviewPage))
	e.POST("/drafts/:draft/preview/page/:page", s.staff(s.answerPreview))
	e.Match(both, "/drafts/:draft/test", s.staff(s.showDraftTest))
	e.POST("/drafts/:draft/test", s.staff(s.answerDraftTest))
	e.Match(both, "/studies/:study/waves", s.staff(s.showWaves))
	e.Match(both, "/studies/:study/waves/:wave", s.staff(s.showWave))
	e.POST("/studies/:study/waves/:wave", s.staff(s.saveWave))
	e.Match(both, "/studies/:study/waves/:wave/another", s.staff(s.showAnotherWave))
	e.POST("/studies/:study/waves/:wave/another", s.staff(s.addWave))
	e.POST("/studies/:study/waves/:wave/remove", s.staff(s.removeWave))
	e.Match(both, "/studies/:study/questionnaires", s.staff(s.showQuestionnaires))
	e.POST("/studies/:study/questionnaires", s.staff(s.chooseQuestionnaires))
	e.POST("/studies/:study/questionnaires/replace", s.staff(s.replaceQuestionnaire))

	// Whoever starts course runs or plans studies: the installation's courses.
	e.Match(both, "/courses", s.staff(s.showCourses))
	e.Match(both, courseImportPath, s.staff(s.showImportCourse))
	e.POST(courseImportPath, s.staff(s.importCourse))
	e.Match(both, "/courses/:key", s.staff(s.showCourse))
	e.POST("/courses/:key/copy", s.staff(s.copyCourse))
	e.POST("/courses/:key/retire", s.staff(s.retireCourse))
	e.Match(both, "/courses/:key/versions/:version", s.staff(s.showCourseVersion))
	e.Match(both, "/courses/:key/versions/:version/:file", s.staff(s.downloadCourse))
	e.POST("/courses/:key/draft", s.staff(s.beginCourse))
	e.Match(both, "/courses/:key/draft", s.staff(s.showCourseDraft))
	e.Match(both, "/courses/:key/draft/about", s.staff(s.showCourseAbout))
	e.POST("/courses/:key/draft/about", s.staff(s.saveCourseAbout))
	e.POST("/courses/:key/draft/weeks", s.staff(s.arrangeCourse))
	e.Match(both, "/courses/:key/draft/weeks/:week", s.staff(s.showCourseWeek))
	e.POST("/courses/:key/draft/weeks/:week", s.staff(s.saveCourseWeek))
	e.POST("/courses/:key/draft/languages", s.staff(s.addCourseLanguage))
	e.Match(both, "/courses/:key/draft/languages/:language", s.staff(s.showCourseLanguage))
	e.POST("/courses/:key/draft/languages/:language", s.staff(s.saveCourseLanguage))
	e.POST("/courses/:key/draft/publish", s.staff(s.publishCourse))
	e.POST("/courses/:key/draft/discard", s.staff(s.discardCourse))
}

// runRoutes is a course run: its board, people, meetings and entry.
func (s *Server) runRoutes(e *gin.Engine) {
	// Facilitators: course runs.
	e.Match(both, "/studies/:study/runs", s.staff(s.showRuns))
	e.Match(both, "/studies/:study/new-run", s.staff(s.showNewRun))
	e.POST("/studies/:study/runs", s.staff(s.createRun))
	e.Match(both, "/studies/:study/runs/:run", s.staff(s.showBoard))
	e.Match(both, "/studies/:study/runs/:run/table", s.staff(s.showBoardTable))
	e.GET("/studies/:study/runs/:run/events", s.staff(s.showEvents))
	e.Match(both, "/studies/:study/runs/:run/brief", s.staff(s.showBrief))
	e.Match(both, "/studies/:study/runs/:run/meetings.ics", s.staff(s.copyRunCalendar))
	e.POST("/studies/:study/runs/:run/move", s.staff(s.moveRun))
	e.Match(both, "/studies/:study/runs/:run/setup", s.staff(s.showSetup))
	e.POST("/studies/:study/runs/:run/rehearsal", s.staff(s.playRun))
	e.Match(both, "/studies/:study/runs/:run/rehearsal", s.staff(s.showRehearsal))
	e.Match(both, "/studies/:study/runs/:run/details", s.staff(s.showRunDetails))
	e.POST("/studies/:study/runs/:run/details", s.staff(s.changeRunDetails))
	e.Match(both, "/studies/:study/runs/:run/calendar", s.staff(s.showCalendar))
	e.POST("/studies/:study/runs/:run/calendar", s.staff(s.changeCalendar))
	e.Match(both, "/studies/:study/runs/:run/people", s.staff(s.showAddPeople))
	e.POST("/studies/:study/runs/:run/people", s.staff(s.addPeople))
	e.POST("/studies/:study/runs/:run/people/remove", s.staff(s.removePlanned))
	e.Match(both, "/studies/:study/runs/:run/people/list", s.staff(s.showListForm))
	e.POST("/studies/:study/runs/:run/people/list", s.staff(s.readList))
	e.Match(both, "/studies/:study/runs/:run/entry", s.staff(s.showEntryDesk))
	e.POST("/studies/:study/runs/:run/entry", s.staff(s.setEntry))
	e.POST("/studies/:study/runs/:run/entry/waiting/:ticket", s.staff(s.decideWaiting))
	e.Match(both, "/studies/:study/runs/:run/entry/poster", s.staff(s.showPoster))
	// Facilitators of the run, and researchers without names.
	e.Match(both, "/studies/:study/runs/:run/crossover", s.staff(s.showCrossover))
	e.POST("/studies/:study/runs/:run/crossover", s.staff(s.crossOver))
	// Printing links is noted in the audit trail, so it is a POST.
	e.POST("/studies/:study/runs/:run/links", s.staff(s.printLinks))
	e.Match(both, "/studies/:study/runs/:run/meetings/:meeting", s.staff(s.showMeeting))
	e.POST("/studies/:study/runs/:run/meetings/:meeting", s.staff(s.noteAttendance))
	e.POST("/studies/:study/runs/:run/meetings/:meeting/tap", s.staff(s.tapAttendance))
	e.Match(both, "/studies/:study/runs/:run/meetings/:meeting/live", s.staff(s.showLive))
	e.Match(both, "/studies/:study/runs/:run/meetings/:meeting/projector", s.staff(s.showProjector))
	e.Match(both, "/studies/:study/runs/:run/meetings/:meeting/handout", s.staff(s.showHandout))

	// Facilitators of the run, and the study's data managers.
	e.Match(both, "/studies/:study/runs/:run/contacts", s.staff(s.showContacts))
	e.Match(both, "/studies/:study/runs/:run/people/:code", s.staff(s.showContact))
	e.POST("/studies/:study/runs/:run/people/:code", s.staff(s.correctContact))
	e.Match(both, "/studies/:study/runs/:run/people/:code/part", s.staff(s.showPerson))
	e.POST("/studies/:study/runs/:run/people/:code/part", s.staff(s.changePerson))
	e.Match(both, "/studies/:study/runs/:run/people/:code/transfer", s.staff(s.showTransfer))
	e.POST("/studies/:study/runs/:run/people/:code/transfer", s.staff(s.transferPerson))
	e.Match(both, "/studies/:study/runs/:run/late", s.staff(s.showLate))
	e.POST("/studies/:study/runs/:run/late", s.staff(s.remindLate))
}

// studyRoutes is what holds for a whole study: messages, consent, members, allocation, retention.
func (s *Server) studyRoutes(e *gin.Engine) {
	// What is sent to people: everyone of the study reads, researchers and
	// administrators write; why somebody was written to, or not.
	e.Match(both, "/studies/:study/messages", s.staff(s.showMessaging))
	e.POST("/studies/:study/messages", s.staff(s.setMessaging))
	e.Match(both, "/studies/:study/messages/texts/:kind/:language", s.staff(s.showWording))
	e.POST("/studies/:study/messages/texts/:kind/:language", s.staff(s.writeWording))
	e.Match(both, "/studies/:study/messages/people", s.staff(s.findWhy))
	e.Match(both, "/studies/:study/messages/people/:code", s.staff(s.showWhy))
	// A download is noted in the audit trail, so it is a POST.
	e.POST("/studies/:study/messages/log", s.staff(s.downloadMessageLog))

	// What people agree to: everyone of the study reads, researchers and
	// administrators write.
	e.Match(both, "/studies/:study/consent", s.staff(s.showConsentBook))
	e.Match(both, "/studies/:study/consent/begin", s.staff(s.beginConsent))
	e.POST("/studies/:study/consent/publish", s.staff(s.publishConsent))
	e.Match(both, "/studies/:study/consent/:version/:language", s.staff(s.showConsentSheet))
	e.Match(both, "/studies/:study/consent/:version/:language/edit", s.staff(s.showConsentForm))
	e.POST("/studies/:study/consent/:version/:language", s.staff(s.saveConsent))
	e.POST("/studies/:study/consent/:version/:language/discard", s.staff(s.discardConsent))

	// Leads and administrators: who has which role in the study.
	e.Match(both, "/studies/:study/members", s.staff(s.showMembers))
	e.POST("/studies/:study/members", s.staff(s.giveRole))
	e.POST("/studies/:study/members/:user/take", s.staff(s.takeRole))

	// Everyone of the study: tokens for programs that act for them.
	e.Match(both, "/studies/:study/tokens", s.staff(s.showTokens))
	e.POST("/studies/:study/tokens", s.staff(s.makeToken))
	e.POST("/studies/:study/tokens/:token/revoke", s.staff(s.revokeToken))
	// Researchers: other systems that are told of events. Administrators see them.
	e.Match(both, "/studies/:study/webhooks", s.staff(s.showWebhooks))
	e.POST("/studies/:study/webhooks", s.staff(s.makeWebhook))
	e.Match(both, "/studies/:study/webhooks/:hook", s.staff(s.showWebhook))
	e.POST("/studies/:study/webhooks/:hook", s.staff(s.doWebhook))

	// How people are allotted: everyone of the study sees it, as far as it helps
	// nobody to foresee an arm.
	e.Match(both, "/studies/:study/allocation", s.staff(s.showAllocation))
	e.POST("/studies/:study/allocation", s.staff(s.setAllocation))
	// A download is noted in the audit trail, so it is a POST.
	e.POST("/studies/:study/allocation/file", s.staff(s.downloadAllocation))
	e.POST("/studies/:study/close", s.staff(s.closeStudy))

	// How long things are kept: researchers read, administrators decide.
	e.Match(both, "/studies/:study/retention", s.staff(s.showRetention))
	e.POST("/studies/:study/retention", s.staff(s.setRetention))
	e.POST("/studies/:study/retention/hold", s.staff(s.holdRetention))

	// What people make their codes of, and codes that are near: researchers.
	e.Match(both, "/studies/:study/codes", s.staff(s.showSelfCodes))
	e.POST("/studies/:study/codes", s.staff(s.setSelfCodes))
	e.Match(both, "/studies/:study/codes/:first/:second", s.staff(s.showSelfCodePair))
	e.POST("/studies/:study/codes/:first/:second", s.staff(s.decideSelfCodePair))
	e.POST("/studies/:study/codes/decisions/:decision", s.staff(s.undoSelfCodes))
}

// resultRoutes is what comes out of a study, and the answers that are brought in.
func (s *Server) resultRoutes(e *gin.Engine) {
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
	e.Match(both, "/studies/:study/others", s.staff(s.showOthers))
	e.Match(both, "/studies/:study/files", s.staff(s.showFiles))
	e.POST("/studies/:study/files", s.staff(s.askFile))
	e.Match(both, "/studies/:study/files/:prepared", s.staff(s.showFile))
	e.Match(both, "/studies/:study/files/:prepared/content", s.staff(s.downloadFile))
	e.Match(both, "/studies/:study/files/:prepared/sha256", s.staff(s.showSum))
	e.POST("/studies/:study/files/:prepared/remove", s.staff(s.removeFile))
	e.POST("/studies/:study/snapshots", s.staff(s.takeSnapshot))
	e.Match(both, "/studies/:study/snapshots/:snapshot", s.staff(s.showSnapshot))
	// A download is noted in the audit trail, so it is a POST.
	e.POST("/studies/:study/snapshots/:snapshot/download", s.staff(s.downloadSnapshot))
	e.POST("/studies/:study/snapshots/:snapshot/bundle", s.staff(s.downloadBundle))
	e.POST("/studies/:study/snapshots/:snapshot/remove", s.staff(s.removeSnapshot))
	e.POST("/studies/:study/feedback", s.staff(s.setFeedback))
	e.Match(both, "/studies/:study/results", s.staff(s.showResults))
	e.Match(both, "/studies/:study/results/:table", s.staff(s.downloadResults))
	e.Match(both, "/studies/:study/report", s.staff(s.showReport))
	e.Match(both, "/studies/:study/report/:file", s.staff(s.downloadReport))
	e.Match(both, "/studies/:study/power", s.staff(s.showPower))
	e.Match(both, "/studies/:study/data", s.staff(s.showData))
	e.Match(both, "/studies/:study/corrections", s.staff(s.showCorrections))
	e.Match(both, "/studies/:study/corrections/:assessment", s.staff(s.showCorrection))
	e.POST("/studies/:study/corrections/:assessment", s.staff(s.makeCorrection))
	e.POST("/studies/:study/erasures/:enrolment/cleared", s.staff(s.clearErasure))
	// An export is noted in the audit trail, so it is a POST.
	e.POST("/studies/:study/data/:what", s.staff(s.exportData))

	// Answers that are brought in: files, and paper.
	e.Match(both, importsRoute, s.staff(s.showImports))
	e.POST(importsRoute, s.staff(s.uploadImport))
	e.Match(both, importsRoute+"/:import", s.staff(s.showImport))
	e.POST(importsRoute+"/:import", s.staff(s.saveMapping))
	e.Match(both, importsRoute+"/:import/preview", s.staff(s.showPreview))
	e.POST(importsRoute+"/:import/apply", s.staff(s.applyImport))
	e.POST(importsRoute+"/:import/discard", s.staff(s.discardImport))
	e.POST(importsRoute+"/:import/undo", s.staff(s.undoImport))
	e.Match(both, "/studies/:study/paper", s.staff(s.showPaper))
	e.POST("/studies/:study/paper", s.staff(s.enterPaper))
}

// safetyRoutes is what a study declares about danger, and its alerts.
func (s *Server) safetyRoutes(e *gin.Engine) {
	// Safety: what a study declares; alerts, for the people it names alone.
	e.Match(both, "/studies/:study/safety", s.staff(s.showSafety))
	e.POST("/studies/:study/safety", s.staff(s.declareSafety))
	e.Match(both, "/studies/:study/alerts", s.staff(s.showAlerts))
	e.POST("/studies/:study/alerts/:alert", s.staff(s.acknowledgeAlert))
	e.POST("/studies/:study/alerts/:alert/steps", s.staff(s.stepAlert))
}

// adminRoutes is the installation: accounts, studies, its state, and the audit trail,
// which auditors read as well.
func (s *Server) adminRoutes(e *gin.Engine) {
	e.Match(both, "/admin", s.staff(s.showAdmin))
	e.POST("/admin/users", s.staff(s.createUser))
	e.POST("/admin/users/:user/invite", s.staff(s.inviteUser))
	e.POST("/admin/users/:user/grant", s.staff(s.grantRole))
	e.POST("/admin/users/:user/take", s.staff(s.takeAnyRole))
	e.POST("/admin/users/:user/disable", s.staff(s.disableUser))
	e.POST("/admin/users/:user/unlink", s.staff(s.unlinkUser))
	e.POST("/admin/users/:user/reopen", s.staff(s.reopenUser))
	e.POST("/admin/users/:user/factor/reset", s.staff(s.resetFactor))
	e.POST("/admin/studies", s.staff(s.createStudy))
	e.POST("/admin/studies/:study/open", s.staff(s.openStudy))
	e.Match(both, statusPath, s.staff(s.showStatus))
	e.POST(readOnlyPath, s.staff(s.switchReadOnly))
	e.Match(both, "/admin/audit", s.staff(s.showAudit))
	e.POST("/admin/audit/check", s.staff(s.checkAudit))
	e.POST("/admin/audit/export", s.staff(s.exportAudit))
}
