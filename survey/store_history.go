package survey

import (
	"context"
	"time"
)

// PageVisit is one person's visit to one page of a questionnaire.
type PageVisit struct {
	AssessmentID AssessmentID
	Page         int // from 1
	OpenedAt     time.Time
	AnsweredAt   time.Time // first answer given on the page; zero: none
	LeftAt       time.Time // sent on or back; zero: not, as when the tab was closed
}

// HistoryReader reads what was answered before, and how pages were gone through.
type HistoryReader interface {
	// EachReplaced gives the answers of a study that were replaced or taken back,
	// by assessment and item, the oldest first. The pointer is reused; of the
	// row's fields those of the answer and AssessmentID are set.
	EachReplaced(ctx context.Context, study StudyID, f func(*ResponseRow) error) error
	// Replaced are the answers of one assessment that were replaced or taken back,
	// by item, the oldest first; of each, what was answered and when.
	Replaced(ctx context.Context, study StudyID, id AssessmentID) ([]Response, error)
	// EachPageVisit gives the visits of a study, by assessment, page and time.
	// The pointer is reused.
	EachPageVisit(ctx context.Context, study StudyID, f func(*PageVisit) error) error
}

// HistoryWriter writes how pages are gone through. What was answered before is kept
// by the database itself, whenever an answer changes.
type HistoryWriter interface {
	// NotePageVisit notes a visit, or adds to it: the first answer stays, the
	// last leaving counts.
	NotePageVisit(ctx context.Context, study StudyID, v PageVisit) error
}
