package survey

import (
	"time"

	"tidemark/survey/consent"
)

// ConsentText is one version of what people agree to, in one language. Once
// published it never changes.
type ConsentText struct {
	StudyID  StudyID
	Version  int
	Language string
	Text     consent.Text
	Hash     string // of Text; of a text from before there were elements too
	// WordingOnly: whoever agreed to the version before need not agree again.
	WordingOnly bool
	PublishedBy string // a name; empty: not known
	CreatedAt   time.Time
}

// ConsentVersion is one version with the languages it is told in.
type ConsentVersion struct {
	Version     int
	WordingOnly bool
	PublishedBy string
	PublishedAt time.Time
	Languages   []string // sorted
}

// ConsentDraft is a text being written: of the version to come, or a translation
// that the version in force lacks.
type ConsentDraft struct {
	StudyID  StudyID
	Version  int
	Language string
	// Revision rises with every change, from 1.
	Revision    int
	Text        consent.Text
	WordingOnly bool
	SavedAt     time.Time
	SavedBy     string // a name
}

// ConsentChoice is what a person said to an optional consent.
type ConsentChoice struct {
	ID          ConsentID
	StudyID     StudyID
	EnrolmentID EnrolmentID
	Choice      consent.ChoiceKey
	Granted     bool
	Version     int    // of the text that asked
	Language    string // it was asked in
	DecidedAt   time.Time
}

// ConsentChoices are what a person says now to the optional consents. What they
// were never asked is not in it.
type ConsentChoices map[consent.ChoiceKey]bool

// latestChoices takes the last word on each choice.
func latestChoices(said []ConsentChoice) ConsentChoices {
	now := ConsentChoices{}
	for _, c := range said { // in the order in which they were said
		now[c.Choice] = c.Granted
	}
	return now
}
