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
	// Vectors are worked examples of the scoring, computed by hand. A definition
	// that contradicts its own vectors is refused.
	Vectors []Vector `json:"vectors,omitempty"`
}

// A PagePlan is one page of a questionnaire.
type PagePlan struct {
	Heading string   `json:"heading,omitempty"`
	Intro   string   `json:"intro,omitempty"`
	Items   []string `json:"items"`
	// ShowIf is a condition on earlier answers; when it does not hold the page is
	// passed over. Empty: always shown.
	ShowIf string `json:"show_if,omitempty"`
}

// An Option is one possible answer.
type Option struct {
	Value float64 `json:"value"`
	Label string  `json:"label"`
	// Exclusive makes a choice of several stand alone, such as "none of these".
	Exclusive bool `json:"exclusive,omitempty"`
}

// ItemType says how an item is asked and what its answer is.
type ItemType string

const (
	TypeSingle      ItemType = ""            // one of the options: a number
	TypeMultiple    ItemType = "multiple"    // any of the options: choices
	TypeNumber      ItemType = "number"      // typed, within Range: a number
	TypeSlider      ItemType = "slider"      // set in steps of Range: a number
	TypeText        ItemType = "text"        // one line: a text
	TypeLongText    ItemType = "long_text"   // several lines: a text
	TypeDate        ItemType = "date"        // a day: the text "2026-03-02"
	TypeYesNo       ItemType = "yes_no"      // 1 yes, 0 no: a number
	TypeInformation ItemType = "information" // read, not answered
)

// Valid reports whether t is a known type.
func (t ItemType) Valid() bool {
	switch t {
	case TypeSingle, TypeMultiple, TypeNumber, TypeSlider, TypeText, TypeLongText, TypeDate, TypeYesNo, TypeInformation:
		return true
	}
	return false
}

// Asked reports whether an item of the type takes an answer.
func (t ItemType) Asked() bool { return t != TypeInformation }

// Numeric reports whether the answer is a number, which scales can take.
func (t ItemType) Numeric() bool {
	return t == TypeSingle || t == TypeNumber || t == TypeSlider || t == TypeYesNo
}

// A Range bounds a number or a slider, with the words at its ends.
type Range struct {
	Min float64 `json:"min"`
	Max float64 `json:"max"`
	// Step between possible answers, from Min; 0: any number.
	Step float64 `json:"step,omitempty"`
	// Unit is written behind the number, such as "minutes".
	Unit      string `json:"unit,omitempty"`
	LowLabel  string `json:"low_label,omitempty"`
	HighLabel string `json:"high_label,omitempty"`
}

// A Risk marks an item whose answer may tell of danger: those above Above, or any
// of Values.
type Risk struct {
	Above  *float64  `json:"above,omitempty"`
	Values []float64 `json:"values,omitempty"`
}

// Holds reports whether an answer is one to act on.
func (r *Risk) Holds(v Value) bool {
	if r == nil {
		return false
	}
	numbers := v.Choices()
	if number, ok := v.Number(); ok {
		numbers = []float64{number}
	}
	return slices.ContainsFunc(numbers, func(n float64) bool {
		return r.Above != nil && n > *r.Above || slices.Contains(r.Values, n)
	})
}

// An Item is one question or statement.
type Item struct {
	// Code names the item in data files, such as "sc_01".
	Code string   `json:"code"`
	Type ItemType `json:"type,omitempty"`
	Text string   `json:"text"`
	// Note helps to answer, in smaller print.
	Note string `json:"note,omitempty"`
	// Options replace the definition's for this item when there are any; Set
	// names a response set instead.
	Options []Option `json:"options,omitempty"`
	Set     string   `json:"set,omitempty"`
	// Range is for numbers and sliders.
	Range *Range `json:"range,omitempty"`
	// MaxLength of a text in characters; 0: 200 for a line, 4000 for a long text.
	MaxLength int `json:"max_length,omitempty"`
	// ShowIf and RequiredIf are conditions on other answers. Empty: always shown,
	// and never required.
	ShowIf     string `json:"show_if,omitempty"`
	RequiredIf string `json:"required_if,omitempty"`
	// Fixed keeps the item in its place when the order is random.
	Fixed bool `json:"fixed,omitempty"`
	// Risk marks an answer that someone should act on.
	Risk *Risk `json:"risk,omitempty"`
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
	// MethodMeanOfScales is the mean of the means of the Parts, each over its
	// items as this scale reverses them; every part needs its own MinAnswered.
	MethodMeanOfScales Method = "mean_of_scales"
)

// Valid reports whether m is a known method.
func (m Method) Valid() bool { return m == MethodMean || m == MethodSum || m == MethodMeanOfScales }

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
	// Parts are the scales that a mean of scales is made of.
	Parts []string `json:"parts,omitempty"`
	// Factor multiplies the sum or mean; 0: no factor.
	Factor float64 `json:"factor,omitempty"`
	// Lookup turns the raw score into the reported one, by exact raw value.
	Lookup []LookupStep `json:"lookup,omitempty"`
	// What is known of the scale from elsewhere.
	Norms       []Norm        `json:"norms,omitempty"`
	Reliability []Reliability `json:"reliability,omitempty"`
	Bands       []Band        `json:"bands,omitempty"`
	// BandsWarning is shown wherever the bands are.
	BandsWarning string   `json:"bands_warning,omitempty"`
	Changes      []Change `json:"changes,omitempty"`
}

// A LookupStep gives one raw score its reported one.
type LookupStep struct {
	Raw   float64 `json:"raw"`
	Score float64 `json:"score"`
}

// A Norm is what a sample scored: mean and standard deviation on the scale's own
// range.
type Norm struct {
	Sample string  `json:"sample"`
	N      int     `json:"n,omitempty"`
	Mean   float64 `json:"mean"`
	SD     float64 `json:"sd"`
	Source string  `json:"source"`
}

// ReliabilityKind names a coefficient.
type ReliabilityKind string

const (
	ReliabilityAlpha  ReliabilityKind = "alpha"  // Cronbach's
	ReliabilityOmega  ReliabilityKind = "omega"  // McDonald's total
	ReliabilityRetest ReliabilityKind = "retest" // correlation of two occasions
)

// Valid reports whether k is a known coefficient.
func (k ReliabilityKind) Valid() bool {
	return k == ReliabilityAlpha || k == ReliabilityOmega || k == ReliabilityRetest
}

// Reliability is one published or computed coefficient, from 0 to 1.
type Reliability struct {
	Kind     ReliabilityKind `json:"kind"`
	Value    float64         `json:"value"`
	Sample   string          `json:"sample"`
	Interval string          `json:"interval,omitempty"` // between test and retest
	Source   string          `json:"source"`
}

// A Band is a range of scores with a name, both ends within.
type Band struct {
	Label string  `json:"label"`
	From  float64 `json:"from"`
	To    float64 `json:"to"`
}

// A Change is a difference of scores that counts: the smallest important one, or
// the smallest reliable one of a person.
type Change struct {
	Kind   string  `json:"kind"` // "important" or "reliable"
	Value  float64 `json:"value"`
	Source string  `json:"source"`
}

// A Licence is what the use of a questionnaire demands.
type Licence struct {
	// Kind is "free" (with citation), "conditional", "ask" or "proprietary".
	Kind string `json:"kind"`
	// Reference demands the number or letter of a permission before use.
	Reference bool   `json:"reference,omitempty"`
	URL       string `json:"url,omitempty"`
}

// A Translation is the texts of a definition in another language. What it leaves
// out is shown in the definition's own.
type Translation struct {
	Title   string `json:"title,omitempty"`
	Heading string `json:"heading,omitempty"`
	Intro   string `json:"intro,omitempty"`
	// Source says who translated, and whether the translation is validated.
	Source  string                     `json:"source,omitempty"`
	Pages   []PageTranslation          `json:"pages,omitempty"` // in the order of the layout
	Items   map[string]ItemTranslation `json:"items,omitempty"`
	Options []string                   `json:"options,omitempty"` // labels, in the order of the options
	Sets    map[string][]string        `json:"sets,omitempty"`
	Scales  map[string]ScaleWords      `json:"scales,omitempty"`
}

// A PageTranslation is the texts of a page.
type PageTranslation struct {
	Heading string `json:"heading,omitempty"`
	Intro   string `json:"intro,omitempty"`
}

// An ItemTranslation is the texts of an item.
type ItemTranslation struct {
	Text      string   `json:"text,omitempty"`
	Note      string   `json:"note,omitempty"`
	Options   []string `json:"options,omitempty"` // labels of its own options, in order
	Unit      string   `json:"unit,omitempty"`
	LowLabel  string   `json:"low_label,omitempty"`
	HighLabel string   `json:"high_label,omitempty"`
}

// ScaleWords are the names of a scale.
type ScaleWords struct {
	Name  string   `json:"name,omitempty"`
	Label string   `json:"label,omitempty"`
	Bands []string `json:"bands,omitempty"` // labels, in order
}

// A Vector is a worked example: answers, and the scores they must give.
type Vector struct {
	Name    string  `json:"name"`
	Answers Numbers `json:"answers,omitempty"`
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
