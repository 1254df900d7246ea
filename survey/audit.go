package survey

import "time"

// Action names what happened, as "assessment.submitted".
type Action string

// The audited actions.
const (
	ActionStudyCreated     Action = "study.created"
	ActionStudyOpened      Action = "study.opened"
	ActionRunCreated       Action = "run.created"
	ActionRunMoved         Action = "run.moved"
	ActionPeopleAdded      Action = "people.added"
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
	ActionUserCreated      Action = "user.created"
	ActionInvited          Action = "user.invited"
	ActionUserDisabled     Action = "user.disabled"
	ActionRoleGranted      Action = "role.granted"
	ActionSignedIn         Action = "user.signed_in"
	ActionSignInFailed     Action = "user.sign_in_failed"
	ActionSignedOut        Action = "user.signed_out"
	ActionPasswordChanged  Action = "user.password_changed"
	ActionReportViewed     Action = "report.viewed"
	ActionInstrumentAdded  Action = "instrument.added"
	ActionPersonalLinkUsed Action = "link.used"
	ActionLinkAsked        Action = "link.asked"
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
	ActionNoteShared       Action = "note.shared"
	ActionNoteUnshared     Action = "note.unshared"
	ActionSafetyDeclared   Action = "safety.declared"
	ActionFeedbackSet      Action = "study.feedback_set"
	// An alert's lines tell nobody whose answer it is about.
	ActionAlertOpened       Action = "alert.opened"
	ActionAlertEscalated    Action = "alert.escalated"
	ActionAlertAcknowledged Action = "alert.acknowledged"
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
}
