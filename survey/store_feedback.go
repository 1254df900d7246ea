package survey

import "context"

// FeedbackReader reads what a person may see of their own answers.
type FeedbackReader interface {
	// EachOwnResponse gives all stored answers of one person, by wave, position
	// and item. The pointer is reused.
	EachOwnResponse(ctx context.Context, study StudyID, enrolment EnrolmentID, f func(*ResponseRow) error) error
}

// FeedbackWriter writes when people see their own scores.
type FeedbackWriter interface {
	// SetFeedback changes a study's choice; ErrNotFound when there is no such
	// study.
	SetFeedback(ctx context.Context, study StudyID, f Feedback) error
}
