package pastwaves

import (
	"strconv"
	"strings"

	"tidemark/survey/datafile"
	"tidemark/survey/instrument"
)

// VariableKind says what a column of a wide file holds.
type VariableKind string

// The kinds of columns.
const (
	VariableItem      VariableKind = "item"
	VariableChoice    VariableKind = "choice" // whether one of several was chosen
	VariableDay       VariableKind = "day"
	VariableScore     VariableKind = "score"
	VariableSubmitted VariableKind = "submitted"
	VariableVersion   VariableKind = "version"
	VariableSource    VariableKind = "source"
)

// Variable is one variable of a wide file beyond those of the person.
type Variable struct {
	Name  string // "sc_01_pre"
	Sheet int
	Kind  VariableKind
	Index int // of the item or the scale in its definition
	// Option is the index of the option of a choice column.
	Option int
}

// Sheet is one questionnaire at one wave.
type Sheet struct {
	Wave, WaveName, WaveShort string
	Def                       *instrument.Definition
	// Arm is the only one that is asked, by its key; empty: every arm.
	Arm string
	// Replaced: there are answers to a former version in its place.
	Replaced bool
}

// Variables are the columns of a wide file in order: wave by wave and questionnaire
// by questionnaire the items, the scores, when it was submitted and where the answers
// come from; where a version was replaced by one that scores alike, also which was
// answered. What people wrote in their own words has no column. Names that are taken
// already are not given.
func Variables(sheets []Sheet, taken ...string) []Variable {
	n := names{}
	for _, name := range taken {
		n[name] = true
	}
	var all []Variable
	for i, s := range sheets {
		add := func(kind VariableKind, index, option int, key string) {
			all = append(all, Variable{n.variable(key, s), i, kind, index, option})
		}
		for k, item := range s.Def.Items {
			switch item.Type {
			case instrument.TypeInformation, instrument.TypeText, instrument.TypeLongText:
			case instrument.TypeMultiple:
				options, _ := s.Def.ItemOptions(item.Code)
				for o, option := range options {
					add(VariableChoice, k, o, item.Code+"___"+ChoiceName(option.Value))
				}
			case instrument.TypeDate:
				add(VariableDay, k, 0, item.Code)
			case instrument.TypeSingle, instrument.TypeNumber, instrument.TypeSlider, instrument.TypeYesNo:
				add(VariableItem, k, 0, item.Code)
			}
		}
		for k, scale := range s.Def.Scales {
			add(VariableScore, k, 0, scale.Key)
		}
		add(VariableSubmitted, 0, 0, s.Def.Key+"_submitted")
		add(VariableSource, 0, 0, s.Def.Key+"_source")
		if s.Replaced {
			add(VariableVersion, 0, 0, s.Def.Key+"_version")
		}
	}
	return all
}

// ChoiceName is the value of an option as a part of a name: "2", "m1" for -1, "0_5"
// for a half.
func ChoiceName(v float64) string {
	return strings.NewReplacer("-", "m", ".", "_", "+", "").Replace(datafile.FormatNumber(v))
}

// names are those given so far.
type names map[string]bool

func (n names) take(name string) bool {
	if n[name] {
		return false
	}
	n[name] = true
	return true
}

// variable names an item or a scale at a wave: "sc_01" becomes "sc_01_pre". When
// two questionnaires of one wave share a code, the later one's bears the
// questionnaire's name before it, and after that a number.
func (n names) variable(key string, s Sheet) string {
	name := key + "_" + s.Wave
	if n.take(name) {
		return name
	}
	name = s.Def.Key + "_" + name
	full := name
	for i := 2; !n.take(name); i++ {
		name = full + "_" + strconv.Itoa(i)
	}
	return name
}
