package survey

import (
	"context"
	"time"
)

// ConsentReader reads consent texts and what people decided.
type ConsentReader interface {
	// ConsentText is a version's text in the study's own language.
	ConsentText(ctx context.Context, id StudyID, version int) (ConsentText, error)
	// ConsentTextIn is a version's text in a language; ErrNotFound when it is
	// not told in it.
	ConsentTextIn(ctx context.Context, id StudyID, version int, language string) (ConsentText, error)
	// ConsentVersions lists the published versions, the newest first.
	ConsentVersions(ctx context.Context, id StudyID) ([]ConsentVersion, error)
	// ConsentDrafts lists the texts being written, the newest version first,
	// then by language.
	ConsentDrafts(ctx context.Context, id StudyID) ([]ConsentDraft, error)
	// ConsentChoices are what a person said to optional consents, in the
	// order in which they did.
	ConsentChoices(ctx context.Context, study StudyID, enrolment EnrolmentID) ([]ConsentChoice, error)
}

// ConsentWriter writes consent texts and what people decide.
type ConsentWriter interface {
	// CreateConsentText publishes a version in the study's own language.
	CreateConsentText(ctx context.Context, c ConsentText) error
	// CreateConsentTranslation publishes a version that is there in a further
	// language.
	CreateConsentTranslation(ctx context.Context, c ConsentText) error
	// SetConsentVersion puts a version in force, and reports whether the one
	// given before it was.
	SetConsentVersion(ctx context.Context, id StudyID, from, to int) (bool, error)
	// PutConsentDraft keeps a draft under its next revision, and reports
	// whether the stored one had the given revision; 0: there was none.
	PutConsentDraft(ctx context.Context, d ConsentDraft) (bool, error)
	// DeleteConsentDraft removes a draft with this revision, and reports
	// whether there was one.
	DeleteConsentDraft(ctx context.Context, d ConsentDraft) (bool, error)
	CreateConsent(ctx context.Context, c Consent) error
	// SetDeclined notes that a person does not take part, and reports whether
	// they had not said so, nor left, before.
	SetDeclined(ctx context.Context, study StudyID, enrolment EnrolmentID, at time.Time) (bool, error)
	// ClearDeclined takes that back. It holds the enrolment against a
	// concurrent SetDeclined until the transaction ends.
	ClearDeclined(ctx context.Context, study StudyID, enrolment EnrolmentID) error
	CreateConsentChoices(ctx context.Context, choices []ConsentChoice) error
}
