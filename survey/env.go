package survey

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"time"
)

// Env is what use cases need from outside: the store, the clock, identifiers,
// randomness and secrets. Tests and rehearsals put their own in.
type Env struct {
	Store  Store
	Now    func() time.Time
	NewID  func() string // a new UUIDv7
	Random io.Reader     // crypto/rand in service; seeded in a rehearsal
	Keys   Keys
	// Tombstones, if not nil, is told of every erasure once it is committed, to
	// keep it outside of the database: an older copy of that does not know it. If
	// that fails it is to be made good later, from Erasures.All.
	Tombstones func(Erasure)
	// Version names the program, for what must say which one made it.
	Version string
	// HeadsTo are the addresses that signed heads of the audit trail are sent to.
	HeadsTo []string
	// Rules are what is asked of staff.
	Rules StaffRules
	// PrivateHooks lets webhooks be http and of the installation's own network.
	PrivateHooks bool
	// Mode, if not nil, is whether changes are taken; nil: they are.
	Mode *Mode
	// Meter, if not nil, counts what happens.
	Meter Meter
	// courses is set by NewUseCases.
	courses *courseCatalogue
}

// Keys makes and checks everything secret; package auth implements it.
type Keys interface {
	StaffKeys
	// PersonalToken derives the token of a personal link. The same
	// arguments give the same token, so links can be printed again.
	PersonalToken(study StudyID, enrolment EnrolmentID, generation int) string
	// CodeNumber derives 64 bits for the code that can be typed in place of a
	// personal link; the same arguments give the same.
	CodeNumber(study StudyID, enrolment EnrolmentID, generation int) uint64
	// NewToken makes an unguessable token of at least 128 bits.
	NewToken() string
	// HashToken is the keyed hash under which a token is stored.
	HashToken(token string) string
	// HashPassword hashes a password for storage; ErrBusy when too many ask
	// at once.
	HashPassword(ctx context.Context, password string) (string, error)
	// SealNote encrypts a private note for the place where it belongs.
	SealNote(at NotePlace, plain []byte) (keyID string, sealed []byte)
	// OpenNote decrypts one; ErrSealed unless it was sealed for this place with
	// a secret that this installation has, and is unaltered.
	OpenNote(at NotePlace, keyID string, sealed []byte) ([]byte, error)
	// SealSeed encrypts the seed of a study's allocation.
	SealSeed(study StudyID, seed []byte) (keyID string, sealed []byte)
	// OpenSeed decrypts it; ErrSealed unless it was sealed for this study with
	// a secret that this installation has, and is unaltered.
	OpenSeed(study StudyID, keyID string, sealed []byte) ([]byte, error)
	// ProfileKey is what decides how files of a study for others are made different
	// from its data. It is told to nobody: with it, that can be undone.
	ProfileKey(study StudyID) []byte
	// AuditKey is the public key of the signatures of the audit trail, in hexadecimal.
	AuditKey() string
	// SignAudit signs a head of the audit trail with Ed25519, in hexadecimal.
	SignAudit(message []byte) string
	// VerifyPassword reports whether the password matches. An empty hash
	// takes as long as any other and never matches.
	// ErrBusy when too many ask at once.
	VerifyPassword(ctx context.Context, hash, password string) (bool, error)
}

// UseCases are all use cases over one environment.
type UseCases struct {
	Studies     *Studies
	Consents    *Consents
	Runs        *Runs
	Enrolments  *Enrolments
	Assessments *Assessments
	Users       *Users
	Members     *Members
	SignIns     *SignIns
	Factors     *SecondFactors
	Passkeys    *Passkeys
	Plans       *Plans
	Snapshots   *Snapshots
	OwnData     *OwnData
	Erasures    *Erasures
	Library     *Library
	Drafts      *Drafts
	Courses     *Courses
	Practices   *Practices
	Notes       *Notes
	Safeties    *Safeties
	Alerts      *Alerts
	Outbox      *Outbox
	Languages   *Languages
	Entries     *Entries
	Releases    *Releases
	Messages    *Messages
	Allocations *Allocations
	Calendars   *Calendars
	Tokens      *Tokens
	Webhooks    *Webhooks
	Audits      *Audits
	Corrections *Corrections
	SelfCodes   *SelfCodes
	Programs    *Programs
	Imports     *Imports
	Files       *Files
	Operations  *Operations
	// Mode is whether changes are taken.
	Mode       *Mode
	Backups    *Backups
	Retentions *Retentions
}

// NewUseCases wires the use cases.
func NewUseCases(env Env) *UseCases {
	env.courses = &courseCatalogue{}
	if env.Meter == nil {
		env.Meter = uncounted{}
	}
	if env.Mode == nil {
		env.Mode = NewMode()
	}
	env.Store = guarded{env.Store, env.Mode}
	always := env.unguarded()
	return &UseCases{
		Studies:     &Studies{env},
		Consents:    &Consents{env},
		Runs:        &Runs{env},
		Enrolments:  &Enrolments{env},
		Assessments: &Assessments{env: env},
		Users:       &Users{env},
		Members:     &Members{env},
		SignIns:     &SignIns{always},
		Factors:     &SecondFactors{always},
		Passkeys:    &Passkeys{always},
		Plans:       &Plans{env},
		Snapshots:   &Snapshots{env},
		OwnData:     &OwnData{env},
		Erasures:    &Erasures{env},
		Library:     &Library{env},
		Drafts:      &Drafts{env},
		Courses:     &Courses{env},
		Practices:   &Practices{env: env},
		Notes:       &Notes{env},
		Safeties:    &Safeties{env},
		Alerts:      &Alerts{env},
		Outbox:      &Outbox{env},
		Languages:   &Languages{env},
		Entries:     &Entries{env},
		Releases:    &Releases{env},
		Messages:    &Messages{env},
		Allocations: &Allocations{env},
		Calendars:   &Calendars{env},
		Tokens:      &Tokens{always},
		Webhooks:    &Webhooks{env},
		Audits:      &Audits{env},
		Corrections: &Corrections{env},
		SelfCodes:   &SelfCodes{env},
		Programs:    &Programs{env},
		Imports:     &Imports{env},
		Files:       &Files{env},
		Operations:  &Operations{always, env.Mode},
		Mode:        env.Mode,
		Backups:     &Backups{always},
		Retentions:  &Retentions{env},
	}
}

// event begins an audit line for the actor.
func (e Env) event(a Actor, study StudyID, at time.Time, action Action, kind, id string) AuditEvent {
	return AuditEvent{
		ID: AuditID(e.NewID()), StudyID: study, At: at, ActorKind: a.Kind, ActorID: a.ID(),
		Action: action, ObjectKind: kind, ObjectID: id,
	}
}

// now is the clock at the precision both databases keep.
func (e Env) now() time.Time { return e.Now().UTC().Truncate(time.Millisecond) }

// below is a uniform number in [0, n) from r, by rejection, so that no value is
// favoured.
func below(r io.Reader, n int) (int, error) {
	limit := ^uint64(0) - ^uint64(0)%uint64(n)
	var buf [8]byte
	for {
		if _, err := io.ReadFull(r, buf[:]); err != nil {
			return 0, fmt.Errorf("read randomness: %w", err)
		}
		if v := binary.LittleEndian.Uint64(buf[:]); v < limit {
			return int(v % uint64(n)), nil
		}
	}
}
