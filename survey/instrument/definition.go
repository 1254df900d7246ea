package instrument

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"

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
	// PageSize is the number of items on one page.
	PageSize int `json:"page_size"`
	// Options are the answers offered for every item without its own.
	Options []Option `json:"options,omitempty"`
	Items   []Item   `json:"items"`
	Scales  []Scale  `json:"scales,omitempty"`
	// Vectors are worked examples of the scoring, computed by hand. A definition
	// that contradicts its own vectors is refused.
	Vectors []Vector `json:"vectors,omitempty"`
}

// An Option is one possible answer.
type Option struct {
	Value float64 `json:"value"`
	Label string  `json:"label"`
}

// An Item is one question or statement.
type Item struct {
	// Code names the item in data files, such as "sc_01".
	Code string `json:"code"`
	Text string `json:"text"`
	// Options replace the definition's for this item when there are any.
	Options []Option `json:"options,omitempty"`
	// Unwanted marks a question about an unwanted effect of the course: any
	// answer above the least is one.
	Unwanted bool `json:"unwanted,omitempty"`
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
)

// Valid reports whether p is a known purpose.
func (p Purpose) Valid() bool {
	return p == PurposeOutcome || p == PurposePractice || p == PurposeExperience
}

// Method says how a scale combines its items.
type Method string

const (
	// MethodMean is the mean of the answered items.
	MethodMean Method = "mean"
	// MethodSum is the mean of the answered items times the number of items, so
	// that a missing answer counts as the person's own mean and never as zero.
	MethodSum Method = "sum"
)

// Valid reports whether m is a known method.
func (m Method) Valid() bool { return m == MethodMean || m == MethodSum }

// Direction says which way a score is meant to move.
type Direction string

const (
	HigherBetter Direction = "higher_better"
	LowerBetter  Direction = "lower_better"
	Neutral      Direction = "neutral"
)

// Valid reports whether d is a known direction.
func (d Direction) Valid() bool {
	return d == HigherBetter || d == LowerBetter || d == Neutral
}

// A Scale is one score made from several items.
type Scale struct {
	// Key names the score in data files, such as "sc_total".
	Key string `json:"key"`
	// Name is the full name, Label the short one for tables and axes.
	Name  string `json:"name"`
	Label string `json:"label"`
	// Items are the codes of the items that count.
	Items []string `json:"items"`
	// Reversed are those of Items that are turned around before scoring.
	Reversed []string `json:"reversed,omitempty"`
	Method   Method   `json:"method"`
	// MinAnswered is the least number of answered items for a score.
	MinAnswered int       `json:"min_answered"`
	Direction   Direction `json:"direction"`
	// Primary marks the one scale that stands for the instrument.
	Primary bool `json:"primary,omitempty"`
	// Parent is the key of the scale that this one is a part of, or empty.
	Parent string `json:"parent,omitempty"`
}

// A Vector is a worked example: answers, and the scores they must give.
type Vector struct {
	Name    string  `json:"name"`
	Answers Answers `json:"answers,omitempty"`
	// Expected has an entry for every scale of the definition.
	Expected map[string]Expected `json:"expected"`
}

// Expected is the score of one scale in a Vector: a value, or null with the
// reason why there is none.
type Expected struct {
	Value  *float64 `json:"value"`
	Reason string   `json:"reason,omitempty"`
}

// Fault is one mistake in a definition file: its place and what is wrong.
type Fault = definition.Fault

// Faults are all mistakes found in one definition file. Parse returns them as
// its error; reach them with errors.As.
type Faults = definition.Faults

// Item returns the item with the code.
func (d *Definition) Item(code string) (Item, bool) {
	i := slices.IndexFunc(d.Items, func(item Item) bool { return item.Code == code })
	if i < 0 {
		return Item{}, false
	}
	return d.Items[i], true
}

// ItemOptions returns the answers offered for an item: its own, or else the
// definition's. It reports false for an unknown code.
func (d *Definition) ItemOptions(code string) ([]Option, bool) {
	item, known := d.Item(code)
	if !known {
		return nil, false
	}
	if len(item.Options) > 0 {
		return item.Options, true
	}
	return d.Options, true
}

// Scale returns the scale with the key.
func (d *Definition) Scale(key string) (Scale, bool) {
	i := slices.IndexFunc(d.Scales, func(s Scale) bool { return s.Key == key })
	if i < 0 {
		return Scale{}, false
	}
	return d.Scales[i], true
}

// Primary returns the scale that stands for the instrument; false when the
// definition has no scales.
func (d *Definition) Primary() (Scale, bool) {
	i := slices.IndexFunc(d.Scales, func(s Scale) bool { return s.Primary })
	if i < 0 {
		return Scale{}, false
	}
	return d.Scales[i], true
}

// Pages splits the items into pages of PageSize, in order.
func (d *Definition) Pages() [][]Item {
	if d.PageSize < 1 {
		return [][]Item{d.Items}
	}
	return slices.Collect(slices.Chunk(d.Items, d.PageSize))
}

// Canonical returns the definition as JSON in one fixed form. Parse reads it
// back to an equal definition.
func (d *Definition) Canonical() ([]byte, error) {
	data, err := json.Marshal(d)
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
