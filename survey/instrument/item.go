package instrument

import "slices"

// Lengths of a text in characters.
const (
	lineLength     = 200
	longLength     = 4000
	greatestLength = 10_000
)

// An Option is one possible answer.
type Option struct {
	Value float64 `json:"value"`
	Label string  `json:"label"`
	// Exclusive makes a choice of several stand alone, such as "none of these".
	Exclusive bool `json:"exclusive,omitempty"`
	// Lang is the language of Label where that is not the definition's; In sets it.
	Lang string `json:"-"`
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

// Chosen reports whether an item of the type is answered by choosing among
// options.
func (t ItemType) Chosen() bool { return t == TypeSingle || t == TypeMultiple || t == TypeYesNo }

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
	// Identifying says how far the answer can tell who somebody is.
	Identifying Identifying `json:"identifying,omitempty"`
	// TextLang, NoteLang and RangeLang are the languages of the item's texts where
	// those are not the definition's; In sets them.
	TextLang  string `json:"-"`
	NoteLang  string `json:"-"`
	RangeLang string `json:"-"` // of the unit and the labels of Range
}
