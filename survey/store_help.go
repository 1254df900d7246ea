package survey

import (
	"context"
	"time"
)

// HelpReader reads what studies declare about safety, and what came of it.
type HelpReader interface {
	// Safety is a study's declaration with wording and resources; ErrNotFound
	// when it has declared nothing.
	Safety(ctx context.Context, study StudyID) (Safety, error)
	// RiskFlags are those of one assessment, by item.
	RiskFlags(ctx context.Context, study StudyID, id AssessmentID) ([]RiskFlag, error)
	// Alerts lists a study's alerts: those that nobody has taken on first, the
	// newest first, at most limit.
	Alerts(ctx context.Context, study StudyID, limit int) ([]Alert, error)
	Alert(ctx context.Context, study StudyID, id AlertID) (Alert, error)
	// AlertSteps lists what was done about a study's alerts: by alert, then in
	// order of time.
	AlertSteps(ctx context.Context, study StudyID) ([]AlertStep, error)
	// OpenAlerts counts the alerts that wait for a named person, by study;
	// studies without any are in it with 0.
	OpenAlerts(ctx context.Context, id UserID) (map[StudyID]int, error)
	// AlertsGoingUp lists alerts of all studies that nobody has taken on and
	// whose next level is due, the longest waiting first, at most limit.
	AlertsGoingUp(ctx context.Context, now time.Time, limit int) ([]Alert, error)
}

// HelpWriter writes declarations, flags and alerts.
type HelpWriter interface {
	// PutSafety writes a declaration with wording and resources in place of
	// the one of the revision before; revision 1 is a first one. False: it is
	// not the next revision.
	PutSafety(ctx context.Context, s Safety) (bool, error)
	// PutRiskFlag notes that an answer met a rule. False: that was noted
	// before, and stays as it was.
	PutRiskFlag(ctx context.Context, f RiskFlag) (bool, error)
	// MarkHelpShown notes when help was first shown because of an assessment's
	// flags, at once or at the end.
	MarkHelpShown(ctx context.Context, study StudyID, id AssessmentID, atEnd bool, at time.Time) error
	CreateAlert(ctx context.Context, a Alert) error
	// RaiseAlert takes an alert that nobody has taken on to its next level, if
	// it still has the level before and that is due. False: not any more.
	RaiseAlert(ctx context.Context, a Alert, now time.Time) (bool, error)
	// AcknowledgeAlert notes who took an alert on. False: somebody has.
	AcknowledgeAlert(ctx context.Context, a Alert) (bool, error)
	// AddAlertStep adds what was done about an alert; nothing removes it but an
	// erasure.
	AddAlertStep(ctx context.Context, s AlertStep) error
	// RouteAlert gives an alert that nobody has in hand its new level, times and
	// round. False: it is not as it was any more.
	RouteAlert(ctx context.Context, was, is Alert) (bool, error)
}

// MessageReader reads messages on their way.
type MessageReader interface {
	// Message reads one.
	Message(ctx context.Context, study StudyID, key string) (Message, error)
	// DueMessages lists messages of all studies that are to be sent now and
	// that nobody is sending, the longest waiting first, at most limit.
	DueMessages(ctx context.Context, now time.Time, limit int) ([]Message, error)
	// Outgoing counts the messages of all studies.
	Outgoing(ctx context.Context) (Outgoing, error)
}

// MessageWriter writes messages on their way.
type MessageWriter interface {
	// PutMessage keeps a message to be sent. False: there is or was one of the
	// same key, and nothing is written.
	PutMessage(ctx context.Context, m Message) (bool, error)
	// LeaseMessage takes a due message as it was read, to send it: until the
	// lease ends nobody else can. It counts the try. False: somebody has, or
	// it is not due.
	LeaseMessage(ctx context.Context, m Message, now, until time.Time) (bool, error)
	// EndMessage notes what became of a leased message, by the number of its
	// tries. False: another try has begun, or it has ended.
	EndMessage(ctx context.Context, m Message) (bool, error)
	// PostponeMessage notes why a try failed and ends its lease; the next is at
	// m.NotBefore. False: as for EndMessage.
	PostponeMessage(ctx context.Context, m Message) (bool, error)
}
