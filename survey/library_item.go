package survey

import (
	"time"

	"tidemark/survey/instrument"
	"tidemark/survey/instrument/catalogue"
	"tidemark/survey/schedule"
)

// InstrumentOrigin says where a version of a questionnaire came from.
type InstrumentOrigin string

// The origins. Edited: it began as another questionnaire and is one of its own.
const (
	OriginBuiltin   InstrumentOrigin = "builtin"
	OriginCatalogue InstrumentOrigin = "catalogue"
	OriginImport    InstrumentOrigin = "import"
	OriginOwn       InstrumentOrigin = "own"
	OriginEdited    InstrumentOrigin = "edited"
)

// Valid reports whether o is one of the origins.
func (o InstrumentOrigin) Valid() bool {
	switch o {
	case OriginBuiltin, OriginCatalogue, OriginImport, OriginOwn, OriginEdited:
		return true
	}
	return false
}

// LibraryItem is one version of a questionnaire that the installation keeps, and
// where it came from. Only RetiredAt ever changes.
type LibraryItem struct {
	Version InstrumentVersion // ID is empty for a built-in one that no study has used
	Origin  InstrumentOrigin
	Source  string // id in the catalogue, or name of a file
	Note    string // what was corrected or changed
	// CorrectionOf is the version that it corrects, EditedFrom the one of
	// another questionnaire that it began as; empty: none.
	CorrectionOf InstrumentID
	EditedFrom   InstrumentID
	AddedAt      time.Time
	AddedBy      Author
	RetiredAt    time.Time // zero: it may be used
}

// AcceptedTerms is who accepted on what terms a questionnaire is used.
type AcceptedTerms struct {
	ID      TermsID
	Key     string // of the questionnaire, all versions
	Terms   string // as they were shown
	Licence string // number or letter of a licence; may be empty
	Name    string // who accepted
	On      schedule.Date
	NotedAt time.Time
	NotedBy Author
}

// InstrumentUse is one version at one wave of a study.
type InstrumentUse struct {
	StudyID      StudyID
	WaveID       WaveID
	InstrumentID InstrumentID
	// Former: the wave asks another version by now.
	Former bool
	// Waiting and Begun count the assessments not yet and already begun.
	Waiting, Begun int
}

// LibraryShelf is a questionnaire with all its versions.
type LibraryShelf struct {
	Key    string
	Title  string
	Items  []LibraryItem // the newest first; none: the catalogue knows it, the wording is missing
	Entry  *catalogue.Entry
	Terms  []AcceptedTerms // the newest first
	Uses   []InstrumentUse
	Titles map[StudyID]Study // of the studies in Uses
}

// Newest is the newest version; false when there is none.
func (s LibraryShelf) Newest() (LibraryItem, bool) {
	if len(s.Items) == 0 {
		return LibraryItem{}, false
	}
	return s.Items[0], true
}

// Published reports whether a version is a published instrument as its authors
// score it.
func (s LibraryShelf) Published(i LibraryItem) bool {
	return s.Entry != nil && s.Entry.Scores(i.Version.Definition)
}

// FormerSet is a questionnaire that a wave asked until it was replaced.
type FormerSet struct {
	WaveID       WaveID
	InstrumentID InstrumentID
	ReplacedBy   InstrumentID
	ReplacedAt   time.Time
}

// Standing is the version that a wave asks now in the place of one it asked before;
// the same one where nothing was replaced.
func (d StudyDesign) Standing(wave WaveID, id InstrumentID) InstrumentID {
	for range d.Former { // no longer than the chain can be
		moved := false
		for _, f := range d.Former {
			if f.WaveID == wave && f.InstrumentID == id {
				id, moved = f.ReplacedBy, true
				break
			}
		}
		if !moved {
			break
		}
	}
	return id
}

// FormerAt are the versions that a wave asked before, the earliest first.
func (d StudyDesign) FormerAt(wave WaveID) []FormerSet {
	var all []FormerSet
	for _, f := range d.Former {
		if f.WaveID == wave {
			all = append(all, f)
		}
	}
	return all
}

// Comparable reports whether the scores of two versions mean the same: both score
// alike, whatever the wording.
func Comparable(a, b *instrument.Definition) bool {
	return a != nil && b != nil && instrument.Compare(a, b).Comparable
}

// What is audited of the library.
const (
	ActionVersionRetired  Action = "instrument.retired"
	ActionVersionReplaced Action = "instrument.replaced"
	ActionTermsAccepted   Action = "instrument.terms_accepted"
	ActionWaveSetsChosen  Action = "study.questionnaires_chosen"
)
