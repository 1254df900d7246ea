package instrument

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"tidemark/survey/internal/definition"
)

// A Definition is one version of a questionnaire: what people read, what they
// can answer, and how answers become scores. It never changes once it has been
// used; a correction is a new Version.
type Definition struct {
	// Key names the questionnaire across its versions, such as "self_compassion".
	Key string `json:"key"`
	// Version has three numbers, such as "1.0.0".
	Version string `json:"version"`
	// Title is the name for researchers and facilitators.
	Title string `json:"title"`
	// Heading is the page heading for participants. It does not name the trait
	// that is measured.
	Heading string `json:"heading"`
	// Intro tells participants in a sentence or two how to answer.
	Intro string `json:"intro"`
	// Language of all texts, as a language tag such as "en".
	Language string `json:"language"`
	// Purpose says what the answers are for; empty: they measure an outcome.
	Purpose Purpose `json:"purpose,omitempty"`
	// Status says how far the instrument can be trusted, such as "project
	// instrument, not yet validated".
	Status string `json:"status"`
	// Terms of use, and Citation for the method section.
	Terms    string `json:"terms"`
	Citation string `json:"citation"`
	// Minutes is the estimated time to answer.
	Minutes float64 `json:"minutes"`
	// PageSize is the number of items on one page, where Layout does not say.
	PageSize int `json:"page_size"`
	// Layout are the pages, each item on one of them and in this order; empty:
	// pages of PageSize.
	Layout []PagePlan `json:"pages,omitempty"`
	// RandomOrder shuffles the items within their pages for each assessment. The
	// order is stored with the answers.
	RandomOrder bool `json:"random_order,omitempty"`
	// Options are the answers offered for every item without its own.
	Options []Option `json:"options,omitempty"`
	// Sets are response sets that items share by name.
	Sets   map[string][]Option `json:"sets,omitempty"`
	Items  []Item              `json:"items"`
	Scales []Scale             `json:"scales,omitempty"`
	// Translations are all texts in further languages, by language tag.
	Translations map[string]Translation `json:"translations,omitempty"`
	// Licence says more exactly than Terms what its use demands.
	Licence *Licence `json:"licence,omitempty"`
	// Cautions are for researchers: traps of this questionnaire and its key.
	Cautions []string `json:"cautions,omitempty"`
	// Form is the conditions made ready for use, which Parse does; nil: they are
	// compiled on every use.
	Form *Form `json:"-"`
	// TitleLang, HeadingLang and IntroLang are the languages of these texts where
	// those are not Language; In sets them.
	TitleLang   string `json:"-"`
	HeadingLang string `json:"-"`
	IntroLang   string `json:"-"`
	// Vectors are worked examples of the scoring, computed by hand. A definition
	// that contradicts its own vectors is refused.
	Vectors []Vector `json:"vectors,omitempty"`
}

// Purpose says what a questionnaire is asked for.
type Purpose string

const (
	// PurposeOutcome: its scales are outcomes.
	PurposeOutcome Purpose = ""
	// PurposePractice: its two items are the days of practice in a week and the
	// minutes on such a day.
	PurposePractice Purpose = "practice"
	// PurposeExperience: its items are about the course itself.
	PurposeExperience Purpose = "experience"
	// PurposeBackground: its items describe the person, such as age and schooling.
	PurposeBackground Purpose = "background"
)

// Valid reports whether p is a known purpose.
func (p Purpose) Valid() bool {
	return p == PurposeOutcome || p == PurposePractice || p == PurposeExperience || p == PurposeBackground
}

// A Licence is what the use of a questionnaire demands.
type Licence struct {
	// Kind is "free" (with citation), "conditional", "ask" or "proprietary".
	Kind string `json:"kind"`
	// Reference demands the number or letter of a permission before use.
	Reference bool   `json:"reference,omitempty"`
	URL       string `json:"url,omitempty"`
}

// Fault is one mistake in a definition file: its place and what is wrong.
type Fault = definition.Fault

// Faults are all mistakes found in one definition file. Parse returns them as
// its error; reach them with errors.As.
type Faults = definition.Faults

// Canonical returns the definition as JSON in one fixed form. Parse reads it
// back to an equal definition.
func (d *Definition) Canonical() ([]byte, error) {
	data, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("write definition %s %s: %w", d.Key, d.Version, err)
	}
	return data, nil
}

// YAML returns the definition as YAML, for people to read and edit. ParseYAML reads
// it back to an equal definition.
func (d *Definition) YAML() ([]byte, error) {
	data, err := d.Canonical()
	if err == nil {
		data, err = definition.ToYAML(data)
	}
	if err != nil {
		return nil, fmt.Errorf("write definition %s %s: %w", d.Key, d.Version, err)
	}
	return data, nil
}

// Hash is the SHA-256 of the canonical JSON in hexadecimal. Two definitions with
// equal hashes ask and score the same; a stored hash proves that a definition in
// use was not changed. It is empty for a definition with infinite or undefined
// numbers, which Parse never returns.
//
// Fields added to these types later must be left out of the JSON when empty, or
// else the hashes of definitions in use would change.
func (d *Definition) Hash() string {
	data, err := d.Canonical()
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
