package survey

import "context"

// LanguageReader reads what studies say in several languages.
type LanguageReader interface {
	// StudyTexts lists all texts of a study besides its own, by language and
	// key.
	StudyTexts(ctx context.Context, study StudyID) ([]StudyText, error)
}

// LanguageWriter writes languages.
type LanguageWriter interface {
	// SetLanguage notes which language a person has chosen. ErrNotFound when
	// there is no such enrolment.
	SetLanguage(ctx context.Context, study StudyID, id EnrolmentID, language string) error
	// PutStudyTexts writes texts, replacing earlier ones; one with an empty
	// Body is removed.
	PutStudyTexts(ctx context.Context, texts []StudyText) error
}
