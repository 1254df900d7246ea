package survey

import (
	"slices"
	"strings"
	"time"
)

// Scope is a part of what a token lets a program do.
type Scope string

// The scopes. What is asked and when is known to everybody in a study, so that every
// token may read it.
const (
	ScopeMetadata    Scope = "read:metadata"
	ScopePeople      Scope = "read:people" // pseudonyms, and how far they have come
	ScopeAnswers     Scope = "read:answers"
	ScopeWritePeople Scope = "write:people" // enrolling
	// ScopeWriteAnswers is bringing in what people have answered on paper.
	ScopeWriteAnswers Scope = "write:answers"
)

// Scopes are all scopes, in the order in which they are offered.
func Scopes() []Scope {
	return []Scope{ScopeMetadata, ScopePeople, ScopeAnswers, ScopeWritePeople, ScopeWriteAnswers}
}

// Valid reports whether s is one of the scopes.
func (s Scope) Valid() bool { return slices.Contains(Scopes(), s) }

// TokenShape is what a token looks like, which programs are particular about.
type TokenShape string

// A bearer token is tmk_ and 256 bits. Clients of REDCap take nothing but 32
// hexadecimal digits, which are 128 bits: such a token is good for the REDCap-shaped
// address alone.
const (
	TokenBearer TokenShape = "bearer"
	TokenREDCap TokenShape = "redcap"
)

// Valid reports whether s is one of the shapes.
func (s TokenShape) Valid() bool { return s == TokenBearer || s == TokenREDCap }

// APIToken lets a program act for a member of staff in one study, never beyond what
// they may themselves when it is used. The token itself is shown once and not kept.
type APIToken struct {
	StudyID   StudyID
	ID        TokenID
	UserID    UserID
	Name      string // by which its person knows it, as "R script on the office machine"
	Shape     TokenShape
	Prefix    string // its first characters
	Hash      string
	Scopes    []Scope
	CreatedAt time.Time
	ExpiresAt time.Time
	RevokedAt time.Time // zero while it works
	UsedAt    time.Time // the first use on the last day (UTC) of use; zero: never used
}

// Has reports whether the token is for a scope.
func (t APIToken) Has(s Scope) bool { return slices.Contains(t.Scopes, s) }

// Works reports whether the token can be used, as far as it is up to the token.
func (t APIToken) Works(now time.Time) bool { return t.RevokedAt.IsZero() && now.Before(t.ExpiresAt) }

// ScopesText writes scopes as they are stored.
func ScopesText(scopes []Scope) string {
	words := make([]string, len(scopes))
	for i, s := range scopes {
		words[i] = string(s)
	}
	return strings.Join(words, " ")
}

// ParseScopes reads what ScopesText writes.
func ParseScopes(text string) []Scope {
	var scopes []Scope
	for word := range strings.FieldsSeq(text) {
		scopes = append(scopes, Scope(word))
	}
	return scopes
}

const (
	// TokenLifetime is the longest that a token works.
	TokenLifetime = 365 * 24 * time.Hour
	// bearerPrefix begins every bearer token, so that scanners for secrets find one
	// that got into a script.
	bearerPrefix = "tmk_"
	bearerBytes  = 32
	redcapBytes  = 16
	// maxTokens is how many tokens that work a person has in one study.
	maxTokens = 20
)
