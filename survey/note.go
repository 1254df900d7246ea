package survey

import (
	"strings"
	"time"
)

// NoteKind is what a private note is for.
type NoteKind string

// The kinds of private notes: own words for hard moments, and the three questions
// after a setback.
const (
	NoteOwnWords   NoteKind = "own_words"
	NoteReflection NoteKind = "reflection"
)

// Valid reports whether k is one of the kinds.
func (k NoteKind) Valid() bool { return k == NoteOwnWords || k == NoteReflection }

// Texts is how many texts a note of the kind has: own words are one; a reflection
// tells what went wrong, what to do differently, and how to improve the first idea.
func (k NoteKind) Texts() int {
	if k == NoteReflection {
		return 3
	}
	return 1
}

// Bounds of private notes.
const (
	MaxNoteText = 4000 // bytes of one text
	MaxNotes    = 200  // of a person and kind
)

// NotePlace is where a sealed note belongs. It is bound to what was sealed: taken
// to another place it does not open.
type NotePlace struct {
	StudyID     StudyID
	EnrolmentID EnrolmentID
	ID          NoteID
	Kind        NoteKind
}

// SealedNote is a private note as it is stored.
type SealedNote struct {
	NotePlace
	KeyID     string // of the key that opens it
	Sealed    []byte
	WrittenAt time.Time
	ChangedAt time.Time // zero: as first written
	SharedAt  time.Time // zero: for the person alone
}

// Note is a private note that was opened.
type Note struct {
	ID        NoteID
	Kind      NoteKind
	Texts     []string // Kind.Texts() of them; some may be empty
	WrittenAt time.Time
	ChangedAt time.Time
	SharedAt  time.Time
	// Closed: this installation cannot open it (ErrSealed); Texts is nil.
	Closed bool
}

// Shared reports whether the person lets the researchers of the study read it.
func (n Note) Shared() bool { return !n.SharedAt.IsZero() }

// Text is the n-th text, from 0; empty when there is none.
func (n Note) Text(i int) string {
	if i < len(n.Texts) {
		return n.Texts[i]
	}
	return ""
}

// SharedNote is a note that its person shares, for the researchers of the study.
type SharedNote struct {
	Note
	EnrolmentID EnrolmentID
}

// checkNote looks for faults of the texts by field: "text" of own words,
// "text_1", "text_2" and "text_3" of a reflection.
func checkNote(kind NoteKind, texts []string) FieldErrors {
	faults := FieldErrors{}
	if len(texts) != kind.Texts() {
		faults[NoteField(kind, 0)] = "practice.nothing_written"
		return faults
	}
	written := false
	for i, text := range texts {
		written = written || strings.TrimSpace(text) != ""
		checkText(faults, NoteField(kind, i), text, MaxNoteText)
	}
	if !written && len(faults) == 0 {
		faults[NoteField(kind, 0)] = "practice.nothing_written"
	}
	return faults
}

// NoteField is the name of the n-th text of a note, from 0, in forms and faults.
func NoteField(kind NoteKind, i int) string {
	if kind == NoteReflection {
		return "text_" + string(rune('1'+i))
	}
	return "text"
}
