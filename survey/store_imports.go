package survey

import (
	"context"
	"time"

	"tidemark/survey/instrument"
)

// ImportReader reads what was brought in.
type ImportReader interface {
	// Imports lists the batches of a study, the newest first.
	Imports(ctx context.Context, study StudyID) ([]ImportBatch, error)
	Import(ctx context.Context, study StudyID, id ImportID) (ImportBatch, error)
	// EachImportPiece gives the sealed content of a draft, piece by piece.
	EachImportPiece(ctx context.Context, study StudyID, id ImportID, f func([]byte) error) error
	// ImportChanges are what a batch has changed, by questionnaire.
	ImportChanges(ctx context.Context, study StudyID, id ImportID) ([]ImportChange, error)
	// ImportPeople are who came in with a batch.
	ImportPeople(ctx context.Context, study StudyID, id ImportID) ([]EnrolmentID, error)
	// EachStored gives all stored answers of a study, by assessment and item, with
	// how they were asked and where they come from. The pointer is reused.
	EachStored(ctx context.Context, study StudyID, f func(AssessmentID, *Response) error) error
	// CountSources counts the questionnaires of a study with an answer of a source,
	// by wave.
	CountSources(ctx context.Context, study StudyID) (map[WaveID]map[Source]int, error)
	// Settled are, of the people who came in with a batch, those of whom something
	// is stored that the batch did not bring.
	Settled(ctx context.Context, study StudyID, id ImportID) ([]EnrolmentID, error)
}

// AssessmentScores are the scores of one questionnaire.
type AssessmentScores struct {
	AssessmentID AssessmentID
	Scores       []instrument.Score
}

// ImportWriter writes what is brought in.
type ImportWriter interface {
	// CreateImport writes a batch under the next number of its study, which it gives.
	CreateImport(ctx context.Context, b ImportBatch) (int, error)
	AddImportPiece(ctx context.Context, study StudyID, id ImportID, n int, data []byte) error
	// ChangeImport writes everything of a batch that is in a state but its number,
	// and reports whether it was.
	ChangeImport(ctx context.Context, b ImportBatch, from ImportState) (bool, error)
	// DropImportContent removes the sealed content of a batch.
	DropImportContent(ctx context.Context, study StudyID, id ImportID) error
	// DeleteImport removes a draft with its content, and reports whether it was one.
	DeleteImport(ctx context.Context, study StudyID, id ImportID) (bool, error)
	// HoldAssessments keeps all questionnaires of a study as they are until the
	// transaction ends.
	HoldAssessments(ctx context.Context, study StudyID) error
	// PutSheets writes questionnaires as they are to be, in few statements.
	PutSheets(ctx context.Context, study StudyID, sheets []ImportedSheet) error
	// ReplaceScores writes the scores of questionnaires in place of those that there
	// are.
	ReplaceScores(ctx context.Context, study StudyID, scores []AssessmentScores, at time.Time) error
	AddImportChanges(ctx context.Context, study StudyID, id ImportID, changes []ImportChange) error
	AddImportPeople(ctx context.Context, study StudyID, id ImportID, people []EnrolmentID) error
	// RemoveImportPeople removes those who came in with a batch and all that the
	// batch brought of them; ErrReference if something else is stored of one.
	RemoveImportPeople(ctx context.Context, study StudyID, id ImportID) error
}
