package web

import "tidemark/survey"

// actorWords names staff. Participants stay nameless here.
func actorWords(e survey.AuditEvent, names map[string]string) string {
	switch e.ActorKind {
	case survey.ActorUser:
		if name, ok := names[e.ActorID]; ok {
			return name
		}
		return "An account"
	case survey.ActorParticipant:
		return "A participant"
	default:
		return sentenceCase(e.ActorID)
	}
}

// objectWords says whom an event is about when that is somebody else's account;
// other objects go by the end of their identifier, which is enough to find them.
func objectWords(e survey.AuditEvent, names map[string]string) string {
	switch {
	case e.ObjectKind == "user" && e.ObjectID == e.ActorID:
		return ""
	case e.ObjectKind == "user":
		return names[e.ObjectID]
	}
	id := e.ObjectID
	if len(id) > 8 {
		id = "…" + id[len(id)-8:]
	}
	return e.ObjectKind + " " + id
}

func detailWords(e survey.AuditEvent) string {
	if e.Action == survey.ActionRoleGranted || e.Action == survey.ActionRoleTaken {
		return roleWord(survey.Role(e.Detail))
	}
	return e.Detail
}

// actionWords says what happened. An action without words of its own is shown
// as it is stored.
func actionWords(a survey.Action) string {
	if w, ok := allActionWords()[a]; ok {
		return w
	}
	return string(a)
}

// allActionWords say what can have happened.
func allActionWords() map[survey.Action]string {
	return map[survey.Action]string{
		survey.ActionStudyCreated:      "made the study",
		survey.ActionReadOnlyBegun:     "made the installation read-only",
		survey.ActionReadOnlyEnded:     "let the installation take changes again",
		survey.ActionStudyOpened:       "opened the study",
		survey.ActionStudyClosed:       "closed the study",
		survey.ActionSelfCodesSet:      "chose what people make their codes of",
		survey.ActionSelfCodesLinked:   "linked two participations as one person",
		survey.ActionSelfCodesApart:    "kept two participations with near codes apart",
		survey.ActionSelfCodesUndone:   "took back a decision about two codes",
		survey.ActionTransferred:       "let a person go on in another run",
		survey.ActionPersonMoved:       "went on in another run",
		survey.ActionAllocationSet:     "chose how people are allotted",
		survey.ActionSeedSealed:        "sealed the seed of the allocation",
		survey.ActionSeedRevealed:      "revealed the seed of the allocation",
		survey.ActionAllocationFile:    "took the file that verifies the allocation",
		survey.ActionDrawn:             "drew a group",
		survey.ActionAssigned:          "put into a group by hand",
		survey.ActionCrossedOver:       "let somebody who waited cross over to a later run",
		survey.ActionFeedbackSet:       "decided when people see their own scores",
		survey.ActionRunCreated:        "started a course run",
		survey.ActionRunMoved:          "moved a course run",
		survey.ActionRunNamed:          "changed the name or place of a course run",
		survey.ActionRunPaused:         "changed a break of a course run",
		survey.ActionMeetingMoved:      "moved a meeting of a course run",
		survey.ActionWaveChanged:       "changed when people are asked",
		survey.ActionWaveAdded:         "added an occasion to a study",
		survey.ActionWaveRemoved:       "removed an occasion from a study",
		survey.ActionWaveNamed:         "renamed an occasion",
		survey.ActionPeopleAdded:       "added people to a course run",
		survey.ActionPeoplePlanned:     "added people to a course run before the study opened",
		survey.ActionPlanRemoved:       "removed somebody who was added before the study opened",
		survey.ActionEnrolled:          "added a person",
		survey.ActionWithdrawn:         "left the study",
		survey.ActionConsentGiven:      "gave consent",
		survey.ActionConsentDeclined:   "declined to take part",
		survey.ActionConsentChoice:     "changed an optional consent",
		survey.ActionConsentWritten:    "wrote on a consent text",
		survey.ActionConsentDiscarded:  "discarded a draft of a consent text",
		survey.ActionConsentPublished:  "published a consent text",
		survey.ActionSubmitted:         "submitted a questionnaire",
		survey.ActionAttendanceNoted:   "noted attendance",
		survey.ActionLinksPrinted:      "printed personal links",
		survey.ActionLinkReplaced:      "replaced a personal link",
		survey.ActionExported:          "exported data",
		survey.ActionFileAsked:         "had a file prepared",
		survey.ActionUserCreated:       "made an account",
		survey.ActionInvited:           "made a sign-in link",
		survey.ActionUserDisabled:      "closed an account",
		survey.ActionRoleGranted:       "gave a role",
		survey.ActionRoleTaken:         "took a role",
		survey.ActionResetAsked:        "was asked for a new password by mail",
		survey.ActionProviderLinked:    "signed in by the organisation for the first time",
		survey.ActionProviderUnlinked:  "ended signing in by the organisation",
		survey.ActionSignedIn:          "signed in",
		survey.ActionSignInFailed:      "failed to sign in",
		survey.ActionSignedOut:         "signed out",
		survey.ActionPasswordChanged:   "changed a password",
		survey.ActionUserReopened:      "opened a closed account again",
		survey.ActionSignInEnded:       "signed out other browsers",
		survey.ActionProved:            "showed again who they are",
		survey.ActionFactorSet:         "set up a second factor",
		survey.ActionFactorRemoved:     "removed their second factor",
		survey.ActionFactorReset:       "reset a second factor",
		survey.ActionRecoveryRenewed:   "made new recovery codes",
		survey.ActionPasskeyAdded:      "added a passkey",
		survey.ActionPasskeyRemoved:    "removed a passkey",
		survey.ActionRecoveryUsed:      "signed in by a recovery code",
		survey.ActionReportViewed:      "looked at the results",
		survey.ActionInstrumentAdded:   "added a questionnaire",
		survey.ActionDraftBegun:        "began to write a questionnaire",
		survey.ActionDraftPublished:    "published a questionnaire that was being written",
		survey.ActionDraftDiscarded:    "discarded a questionnaire that was being written",
		survey.ActionCourseBegun:       "began to write a course",
		survey.ActionCourseWritten:     "wrote a course",
		survey.ActionCourseDiscarded:   "discarded what was written of a course",
		survey.ActionCoursePublished:   "published a version of a course",
		survey.ActionCourseRetired:     "retired a course, or took that back",
		survey.ActionVersionRetired:    "retired a questionnaire, or took that back",
		survey.ActionVersionReplaced:   "replaced a questionnaire by a newer version",
		survey.ActionTermsAccepted:     "accepted the terms of a questionnaire",
		survey.ActionWaveSetsChosen:    "chose the questionnaires of the study",
		survey.ActionEntrySet:          "set whether people may enrol themselves",
		survey.ActionWaiting:           "began to wait for a place",
		survey.ActionWaitingRemoved:    "was taken off the waiting list, or took somebody off",
		survey.ActionPersonalLinkUsed:  "opened a personal link",
		survey.ActionLinkAsked:         "was asked to send a lost link",
		survey.ActionPlanWritten:       "wrote the analysis plan",
		survey.ActionPlanDiscarded:     "discarded a draft of the analysis plan",
		survey.ActionPlanLocked:        "locked the analysis plan",
		survey.ActionSnapshotTaken:     "froze the data",
		survey.ActionSnapshotRemoved:   "removed the data of a snapshot",
		survey.ActionSafetyDeclared:    "declared how the study looks after its people",
		survey.ActionAlertOpened:       "opened an alert",
		survey.ActionCalendarMade:      "made an address for a calendar",
		survey.ActionCalendarEnded:     "ended an address of a calendar",
		survey.ActionAlertNoted:        "added a note to an alert",
		survey.ActionAlertHandedOver:   "handed an alert over",
		survey.ActionAlertReopened:     "opened an alert again",
		survey.ActionAlertEscalated:    "took an alert further up",
		survey.ActionAlertAcknowledged: "took an alert on",
		survey.ActionMessagingSet:      "changed what messages are sent",
		survey.ActionMessageWritten:    "changed the words of a message",
		survey.ActionReminded:          "asked for reminders",
		survey.ActionBounced:           "noted that an address takes no letters",
		survey.ActionContactChanged:    "corrected how somebody is reached",
		survey.ActionTextsWritten:      "wrote texts of the study in a language",
		survey.ActionNoteShared:        "shared a private note",
		survey.ActionNoteUnshared:      "took back a shared note",
		survey.ActionPersonNoted:       "noted something about organisation",
		survey.ActionImportUploaded:    "uploaded a file of past answers",
		survey.ActionImportDiscarded:   "discarded a file of past answers",
		survey.ActionImported:          "brought in past answers",
		survey.ActionImportUndone:      "took an import back",
		survey.ActionAnswersImported:   "answers brought in",
		survey.ActionAnswersTakenBack:  "brought-in answers taken back",
		survey.ActionPaperEntered:      "typed in a paper questionnaire",
		survey.ActionPaused:            "paused messages",
		survey.ActionResumed:           "wants messages again",
		survey.ActionCopyTaken:         "took a copy of what is stored of them",
		survey.ActionCodeAsked:         "asked for a code to take a copy",
		survey.ActionRetentionSet:      "chose how long things are kept",
		survey.ActionRetentionHeld:     "held the removal of what is due",
		survey.ActionRetentionFreed:    "let what is due be removed again",
		survey.ActionRetentionRemoved:  "removed what was kept long enough",
		survey.ActionErased:            "left and had everything erased",
		survey.ActionErasureReplayed:   "erased again after an older copy was put back",
		survey.ActionErasureCleared:    "said that handed-out copies are cleared",
		survey.ActionErasurePolicy:     "changed what may be erased",
		survey.ActionTokenMade:         "made a token for a program",
		survey.ActionTokenRevoked:      "ended a token of a program",
		survey.ActionCorrected:         "corrected a submitted answer",
		survey.ActionAuditExported:     "took a copy of the audit trail",
		survey.ActionAuditChecked:      "checked the audit trail",
		survey.ActionHookMade:          "made a webhook",
		survey.ActionHookResumed:       "let a paused webhook go on",
		survey.ActionHookEnded:         "switched a webhook off",
		survey.ActionTokenUsed:         "let a program use a token, for the first time that day",
	}
}
