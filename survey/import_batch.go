package survey

import (
	"time"
)

// Source is where an answer comes from.
type Source string

// The sources. An answer without one was given here by its person.
const (
	SourcePerson Source = ""
	SourceImport Source = "import" // a file that somebody brought in
	SourcePaper  Source = "paper"  // typed in from paper
)

// Valid reports whether s is one of the sources.
func (s Source) Valid() bool { return s == SourcePerson || s == SourceImport || s == SourcePaper }

// ImportState is where a batch stands.
type ImportState string

// A batch is looked through, applied, and can be undone.
const (
	ImportDraft   ImportState = "draft"
	ImportApplied ImportState = "applied"
	ImportUndone  ImportState = "undone"
)

// Valid reports whether s is one of the states.
func (s ImportState) Valid() bool {
	return s == ImportDraft || s == ImportApplied || s == ImportUndone
}

// Existing says what happens where there is an answer already.
type Existing string

// What can happen. An empty cell of a file never takes an answer away.
const (
	// ExistingKeep leaves a questionnaire with any answer as it is.
	ExistingKeep Existing = "keep"
	// ExistingFill fills in the questions without an answer.
	ExistingFill Existing = "fill"
	// ExistingReplace replaces answers; the former ones stay in their history.
	ExistingReplace Existing = "overwrite"
)

// Valid reports whether e is one of them.
func (e Existing) Valid() bool {
	return e == ExistingKeep || e == ExistingFill || e == ExistingReplace
}

// ImportSettings is what somebody says about a file.
type ImportSettings struct {
	// Columns are what the columns are, as [pastwaves.Target] writes it, in order.
	Columns []string  `json:"columns,omitempty"`
	Missing []float64 `json:"missing,omitempty"`
	Days    string    `json:"days,omitempty"`
	// Date is when answers were given where the file does not say: 2026-03-02.
	Date string `json:"date,omitempty"`
	// Create brings people in who are not known: into the arm and the run of their
	// row, or else into these.
	Create   bool     `json:"create,omitempty"`
	Arm      string   `json:"arm,omitempty"` // its key
	Run      RunID    `json:"run,omitempty"`
	Existing Existing `json:"existing,omitempty"`
}

// ImportCounts is what a batch changes.
type ImportCounts struct {
	Rows           int `json:"rows"`
	People         int `json:"people"`         // who come in with it
	Questionnaires int `json:"questionnaires"` // that change
	Added          int `json:"added"`          // answers where there was none
	Replaced       int `json:"replaced"`       // answers that were another
	Same           int `json:"same"`           // answers that are there already
	Kept           int `json:"kept"`           // answers that are another and stay
	Missing        int `json:"missing"`        // cells that stand for no answer by a code
	OwnWords       int `json:"own_words"`      // rows whose text is in another file
	NotAsked       int `json:"not_asked"`      // answers to questions that others keep from being asked
	Risky          int `json:"risky"`          // answers that meet a rule about risk
}

// ImportID names a batch.
type ImportID string

// ImportBatch is one file, or one paper questionnaire.
type ImportBatch struct {
	StudyID  StudyID
	ID       ImportID
	Number   int
	Source   Source
	State    ImportState
	FileName string
	FileHash string // SHA-256
	Settings ImportSettings
	Counts   ImportCounts
	Reason   string
	// MadeBy uploaded it, or applied it.
	MadeAt    time.Time
	MadeBy    Author
	AppliedAt time.Time // zero: a draft
	UndoneAt  time.Time // zero: it stands
	KeyID     string
}

// ImportChange is what a batch has done to one questionnaire.
type ImportChange struct {
	AssessmentID  AssessmentID
	Line          int // of the file
	Before, After AnswerSheet
}

// AnswerSheet is all that is stored of the answers to one questionnaire.
type AnswerSheet struct {
	StartedAt, SavedAt, SubmittedAt time.Time
	Responses                       []Response // by item
}

// ImportedSheet is a questionnaire as it is to be.
type ImportedSheet struct {
	AssessmentID AssessmentID
	AnswerSheet
	// Removed are the items of which nothing is left.
	Removed []string
}
