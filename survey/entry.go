package survey

import (
	"time"

	"tidemark/survey/schedule"
)

// AskEmail is whether people who enrol themselves are asked for an address.
type AskEmail string

// Whether an address is asked for.
const (
	EmailNo       AskEmail = "no"
	EmailOptional AskEmail = "optional"
	EmailRequired AskEmail = "required"
)

// Valid reports whether it is one of these.
func (e AskEmail) Valid() bool { return e == EmailNo || e == EmailOptional || e == EmailRequired }

// RunEntry is whether and how people of a run may enrol themselves.
type RunEntry struct {
	StudyID  StudyID
	RunID    RunID
	Key      string // in the address on the poster; no secret
	Allowed  bool
	Capacity int           // places; 0: as many as come
	OpensOn  schedule.Date // first day; zero: at once
	ClosesOn schedule.Date // last day; zero: none
	AskEmail AskEmail
}

// EntryState is whether somebody can enrol themselves at an instant.
type EntryState string

// The states of self-enrolment.
const (
	EntryOpen  EntryState = "open"
	EntryEarly EntryState = "early"
	EntryOver  EntryState = "over"
	EntryOff   EntryState = "off"
)

// State is whether somebody can enrol at t, in the zone of the run.
func (e RunEntry) State(s Study, t time.Time, zone *time.Location) EntryState {
	today, none := schedule.DateOf(t.In(zone)), schedule.Date{}
	switch {
	case !e.Allowed || s.State != StudyOpen:
		return EntryOff
	case e.OpensOn != none && today.DaysUntil(e.OpensOn) > 0:
		return EntryEarly
	case e.ClosesOn != none && e.ClosesOn.DaysUntil(today) > 0:
		return EntryOver
	}
	return EntryOpen
}

// Ticket is somebody who enrolled themselves, or waits for a place. Of who waits, name
// and address are here and nowhere else; with a place they are removed from here.
type Ticket struct {
	StudyID     StudyID
	ID          string
	RunID       RunID
	TokenHash   string // of what their browser, or their page, holds
	Name, Email string
	Language    string
	AskedAt     time.Time
	EnrolmentID EnrolmentID // empty: waits
}
