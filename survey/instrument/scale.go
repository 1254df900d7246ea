package instrument

import "slices"

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
	// NameLang, LabelLang and BandsLang (of the warning) are the languages of these
	// texts where those are not the definition's; In sets them.
	NameLang  string `json:"-"`
	LabelLang string `json:"-"`
	BandsLang string `json:"-"`
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
	// Lang is the language of Label where that is not the definition's; In sets it.
	Lang string `json:"-"`
}

// A Change is a difference of scores that counts: the smallest important one, or
// the smallest reliable one of a person.
type Change struct {
	Kind   ChangeKind `json:"kind"`
	Value  float64    `json:"value"`
	Source string     `json:"source"`
}

// ChangeKind says for what a change is large enough.
type ChangeKind string

const (
	ChangeImportant ChangeKind = "important" // people notice it
	ChangeReliable  ChangeKind = "reliable"  // of one person, beyond measurement error
)

// Valid reports whether k is a known kind of change.
func (k ChangeKind) Valid() bool { return k == ChangeImportant || k == ChangeReliable }

// Band is the band that a score falls in; false for a score below the first or
// above the last. A score between the end of one band and the beginning of the
// next, such as 2.495 between 1–2.49 and 2.5–3.5, has not reached the next.
func (s Scale) Band(score float64) (Band, bool) {
	for i, v := range slices.Backward(s.Bands) {
		if score >= v.From {
			return v, i < len(s.Bands)-1 || score <= v.To
		}
	}
	return Band{}, false
}
