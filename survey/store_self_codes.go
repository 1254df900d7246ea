package survey

import "context"

// SelfCodeReader reads codes that people made themselves.
type SelfCodeReader interface {
	// SelfCodeSetting is what the codes of a study are made of; ErrNotFound when
	// its people make none.
	SelfCodeSetting(ctx context.Context, study StudyID) (SelfCodeSetting, error)
	// SelfCodeOwner is whose code has a hash; ErrNotFound when it is nobody's.
	SelfCodeOwner(ctx context.Context, study StudyID, hash string) (EnrolmentID, error)
	// SelfCodePeople are all who made a code in a study, the earliest first, also
	// those that are linked to another.
	SelfCodePeople(ctx context.Context, study StudyID) ([]SelfCodePerson, error)
	// SelfCodeDecisions are all that was decided about codes that are near, the
	// newest first, also what was undone.
	SelfCodeDecisions(ctx context.Context, study StudyID) ([]SelfCodeDecision, error)
	// SelfCodeSwaps are the questionnaires that a link exchanged.
	SelfCodeSwaps(ctx context.Context, study StudyID, decision string) ([]SelfCodeSwap, error)
	// LinkedTo are the participations that are linked to one.
	LinkedTo(ctx context.Context, study StudyID, id EnrolmentID) ([]Enrolment, error)
}

// SelfCodeWriter writes them.
type SelfCodeWriter interface {
	// PutSelfCodeSetting writes a choice in place of the one before.
	PutSelfCodeSetting(ctx context.Context, s SelfCodeSetting) error
	// DropSelfCodeSetting takes a choice away.
	DropSelfCodeSetting(ctx context.Context, study StudyID) error
	// CreateSelfCode writes the code of a person; ErrDuplicate when somebody of
	// the study has it.
	CreateSelfCode(ctx context.Context, c SelfCode) error
	// DecideSelfCodes writes a decision about two codes. A pair that stands is ErrDuplicate.
	DecideSelfCodes(ctx context.Context, d SelfCodeDecision) error
	// UndoSelfCodes notes that a decision does not stand any more. False: it did not.
	UndoSelfCodes(ctx context.Context, d SelfCodeDecision) (bool, error)
	// LinkEnrolment says to which participation one is linked, or to none, and ends
	// its sign-ins.
	LinkEnrolment(ctx context.Context, study StudyID, id, to EnrolmentID) error
	// SwapAssessments exchanges the participations of two assessments of the same
	// wave and questionnaire.
	SwapAssessments(ctx context.Context, study StudyID, a, b AssessmentID) error
	// CreateSelfCodeSwaps keeps what a link exchanged.
	CreateSelfCodeSwaps(ctx context.Context, study StudyID, decision string, swaps []SelfCodeSwap) error
}
