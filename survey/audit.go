package survey

import "time"

// Action names what happened, as "assessment.submitted".
type Action string

// The audited actions.
const (
	ActionStudyCreated     Action = "study.created"
	ActionStudyOpened      Action = "study.opened"
	ActionStudyClosed      Action = "study.closed"
	ActionAllocationSet    Action = "allocation.set"
	ActionSeedSealed       Action = "allocation.seed_sealed"
	ActionSeedRevealed     Action = "allocation.seed_revealed"
	ActionAllocationFile   Action = "allocation.file_taken"
	ActionDrawn            Action = "allocation.drawn"
	ActionAssigned         Action = "allocation.by_hand"
	ActionTransferred      Action = "run.transferred" // of both runs
	ActionPersonMoved      Action = "enrolment.transferred"
	ActionCrossedOver      Action = "enrolment.crossed_over"
	ActionRunCreated       Action = "run.created"
	ActionRunMoved         Action = "run.moved"
	ActionRunPaused        Action = "run.paused" // a break was set or taken away
	ActionMeetingMoved     Action = "run.meeting_moved"
	ActionRunNamed         Action = "run.named"          // or meets at another place
	ActionWaveChanged      Action = "study.wave_changed" // when or whom it asks
	ActionWaveNamed        Action = "study.wave_named"
	ActionWaveAdded        Action = "study.wave_added"
	ActionWaveRemoved      Action = "study.wave_removed"
	ActionPeopleAdded      Action = "people.added"
	ActionPeoplePlanned    Action = "people.planned"
	ActionPlanRemoved      Action = "people.plan_removed"
	ActionEnrolled         Action = "enrolment.created"
	ActionWithdrawn        Action = "enrolment.withdrawn"
	ActionConsentGiven     Action = "consent.given"
	ActionConsentDeclined  Action = "consent.declined"
	ActionConsentChoice    Action = "consent.choice"
	ActionConsentWritten   Action = "consent.draft_written"
	ActionConsentDiscarded Action = "consent.draft_discarded"
	ActionConsentPublished Action = "consent.published"
	ActionSubmitted        Action = "assessment.submitted"
	ActionAttendanceNoted  Action = "attendance.noted"
	ActionLinksPrinted     Action = "links.printed"
	ActionLinkReplaced     Action = "link.replaced"
	ActionExported         Action = "data.exported"
	ActionFileAsked        Action = "data.file_asked"
	ActionUserCreated      Action = "user.created"
	ActionInvited          Action = "user.invited"
	ActionUserDisabled     Action = "user.disabled"
	ActionRoleGranted      Action = "role.granted"
	ActionRoleTaken        Action = "role.taken"
	ActionResetAsked       Action = "user.reset_asked"
	ActionProviderLinked   Action = "user.provider_linked"
	ActionProviderUnlinked Action = "user.provider_unlinked"
	ActionSignedIn         Action = "user.signed_in"
	ActionSignInFailed     Action = "user.sign_in_failed"
	ActionSignedOut        Action = "user.signed_out"
	ActionPasswordChanged  Action = "user.password_changed"
	ActionUserReopened     Action = "user.reopened"
	ActionSignInEnded      Action = "user.sign_in_ended"
	ActionProved           Action = "user.proved"
	ActionFactorSet        Action = "user.factor_set"
	ActionFactorRemoved    Action = "user.factor_removed"
	ActionFactorReset      Action = "user.factor_reset"
	ActionRecoveryRenewed  Action = "user.recovery_renewed"
	ActionRecoveryUsed     Action = "user.recovery_used"
	ActionPasskeyAdded     Action = "user.passkey_added"
	ActionPasskeyRemoved   Action = "user.passkey_removed" //nolint:gosec // names an action, no secret
	ActionReportViewed     Action = "report.viewed"
	ActionInstrumentAdded  Action = "instrument.added"
	ActionPersonalLinkUsed Action = "link.used"
	ActionLinkAsked        Action = "link.asked"
	ActionEntrySet         Action = "entry.set"
	ActionSelfCodesSet     Action = "self_codes.set"
	ActionSelfCodesLinked  Action = "self_codes.linked"
	ActionSelfCodesApart   Action = "self_codes.kept_apart"
	ActionSelfCodesUndone  Action = "self_codes.undone"
	ActionWaiting          Action = "entry.waiting"
	ActionWaitingRemoved   Action = "entry.waiting_removed"
	ActionPlanWritten      Action = "plan.written"
	ActionPlanDiscarded    Action = "plan.discarded"
	ActionPlanLocked       Action = "plan.locked"
	ActionSnapshotTaken    Action = "snapshot.taken"
	ActionSnapshotRemoved  Action = "snapshot.removed"
	ActionPaused           Action = "messages.paused"
	ActionResumed          Action = "messages.resumed"
	ActionCopyTaken        Action = "own_data.copied"
	ActionCodeAsked        Action = "own_data.code_asked"
	ActionErased           Action = "enrolment.erased"
	ActionErasureReplayed  Action = "erasure.replayed"
	ActionErasureCleared   Action = "erasure.cleared"
	ActionErasurePolicy    Action = "study.erasure_policy"
	ActionTextsWritten     Action = "texts.written"
	ActionCalendarMade     Action = "calendar.made"
	ActionCalendarEnded    Action = "calendar.ended"
	ActionNoteShared       Action = "note.shared"
	ActionNoteUnshared     Action = "note.unshared"
	ActionSafetyDeclared   Action = "safety.declared"
	ActionFeedbackSet      Action = "study.feedback_set"
	ActionPersonNoted      Action = "person.noted"
	// Answers that somebody brought in. A line for each questionnaire says from
	// which row; none says what was answered.
	ActionImportUploaded   Action = "import.uploaded"
	ActionImportDiscarded  Action = "import.discarded"
	ActionImported         Action = "import.applied"
	ActionImportUndone     Action = "import.undone"
	ActionAnswersImported  Action = "answers.imported"
	ActionAnswersTakenBack Action = "answers.import_undone"
	ActionPaperEntered     Action = "answers.paper_entered"
	// An alert's lines tell nobody whose answer it is about.
	ActionAlertOpened       Action = "alert.opened"
	ActionAlertEscalated    Action = "alert.escalated"
	ActionAlertNoted        Action = "alert.noted"
	ActionAlertHandedOver   Action = "alert.handed_over"
	ActionAlertReopened     Action = "alert.reopened"
	ActionAlertAcknowledged Action = "alert.acknowledged"
	// Messages about waves.
	ActionMessagingSet   Action = "messages.set"
	ActionMessageWritten Action = "messages.written"
	ActionReminded       Action = "messages.reminded"
	ActionBounced        Action = "messages.bounced"
	ActionContactChanged Action = "contact.changed"
	// Programs that act for members of staff. A use is noted once a day.
	ActionTokenMade    Action = "token.created"
	ActionTokenRevoked Action = "token.revoked"
	ActionTokenUsed    Action = "token.used"
	// Other systems that are told of events.
	ActionHookMade    Action = "webhook.created"
	ActionHookResumed Action = "webhook.resumed"
	ActionHookEnded   Action = "webhook.ended"
	// An answer was put right after it was submitted.
	ActionCorrected Action = "answer.corrected"
	// How long things are kept. Detail is of what; what was removed is of one person.
	ActionRetentionSet     Action = "retention.set"
	ActionRetentionHeld    Action = "retention.held"
	ActionRetentionFreed   Action = "retention.freed"
	ActionRetentionRemoved Action = "retention.removed"
	// The trail itself.
	ActionAuditExported Action = "audit.exported"
	ActionAuditChecked  Action = "audit.checked"
	// Whether the installation takes changes.
	ActionReadOnlyBegun Action = "installation.read_only_begun"
	ActionReadOnlyEnded Action = "installation.read_only_ended"
)

// AuditEvent is one line of the audit trail: who did what to which object when.
// It holds identifiers, never answers, names or addresses.
type AuditEvent struct {
	ID         AuditID
	StudyID    StudyID // empty: concerns the installation
	At         time.Time
	ActorKind  ActorKind
	ActorID    string
	Action     Action
	ObjectKind string
	ObjectID   string
	Detail     string // a few words or numbers; may be empty
	// Subject is the enrolment that Text is about, and with which it is erased; empty:
	// it is about nobody. The line itself stays.
	Subject EnrolmentID
	Text    AuditText
	// TextHash is what the line holds of Text: see [AuditText.Hash]. It is filled in by
	// [AuditEvent.Tell]; empty: there never was a text.
	TextHash string
}

// AuditText is what was there before, what after, and why. It is kept apart from its
// line, which holds only a salted hash of it, so that it can be erased and the chain of
// lines still holds.
type AuditText struct {
	Salt             string // 64 hexadecimal digits
	Old, New, Reason string
}

// Tell adds what changed and why.
func (e *AuditEvent) Tell(t AuditText) { e.Text, e.TextHash = t, t.Hash() }
