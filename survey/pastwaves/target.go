package pastwaves

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tidemark/survey/datafile"
)

// TargetKind is what a column says.
type TargetKind string

// What columns say. Those from Wave to Why are of files with a row for each occasion
// or each answer.
const (
	Ignore    TargetKind = ""
	Code      TargetKind = "code" // of the person
	Arm       TargetKind = "arm"
	Run       TargetKind = "run"
	Enrolled  TargetKind = "enrolled"
	Left      TargetKind = "left"
	Simulated TargetKind = "simulated"
	Wave      TargetKind = "wave"
	Form      TargetKind = "questionnaire"
	Version   TargetKind = "version"
	Item      TargetKind = "item"
	Value     TargetKind = "value"
	Words     TargetKind = "text"
	Why       TargetKind = "missing"
	Answered  TargetKind = "answered"  // when
	Submitted TargetKind = "submitted" // when; empty in a row: it was not
	Answer    TargetKind = "answer"
)

// plain are the targets that need no place.
var plain = []TargetKind{Ignore, Code, Arm, Run, Enrolled, Left, Simulated, Wave, Form, Version, Item, Value, Words, Why, Answered, Submitted}

// RowsWave stands for the wave that a row names itself.
const RowsWave = "*"

// Target is what one column says, and of what.
type Target struct {
	Kind TargetKind
	// Wave and Form are the keys of a wave, or RowsWave, and of a questionnaire: of
	// an answer, of when it was submitted, and the wave alone of when it was answered.
	Wave, Form string
	Item       string // of an answer
	// Option is the one of several that the column is about, if it is about one.
	Option *float64
}

// String is the target as forms and files of mappings have it: "code",
// "answer:pre:self_compassion:sc_01".
func (t Target) String() string {
	switch {
	case t.Kind == Answer:
		s := strings.Join([]string{string(Answer), t.Wave, t.Form, t.Item}, ":")
		if t.Option != nil {
			s += "=" + datafile.FormatNumber(*t.Option)
		}
		return s
	case t.Form != "":
		return strings.Join([]string{string(t.Kind), t.Wave, t.Form}, ":")
	case t.Wave != "":
		return string(t.Kind) + ":" + t.Wave
	}
	return string(t.Kind)
}

// ParseTarget reads what String writes.
func ParseTarget(s string) (Target, error) {
	s = strings.TrimSpace(s)
	if s == "ignore" {
		return Target{}, nil
	}
	parts := strings.Split(s, ":")
	t := Target{Kind: TargetKind(parts[0])}
	bad := fmt.Errorf("%q is nothing that a column can be", s)
	switch {
	case len(parts) == 1 && slices.Contains(plain, t.Kind):
		return t, nil
	case len(parts) == 2 && t.Kind == Answered:
		t.Wave = parts[1]
	case len(parts) == 3 && t.Kind == Submitted:
		t.Wave, t.Form = parts[1], parts[2]
	case len(parts) == 4 && t.Kind == Answer:
		t.Wave, t.Form = parts[1], parts[2]
		item, option, chosen := strings.Cut(parts[3], "=")
		t.Item = item
		if chosen {
			v, err := strconv.ParseFloat(option, 64)
			if err != nil {
				return Target{}, bad
			}
			t.Option = &v
		}
	default:
		return Target{}, bad
	}
	return t, nil
}

// Mapping says what each column of a table is.
type Mapping []Target

// has reports whether a column is of a kind.
func (m Mapping) has(kind TargetKind) bool {
	return slices.ContainsFunc(m, func(t Target) bool { return t.Kind == kind })
}

// byRow reports whether a row is one answer.
func (m Mapping) byRow() bool { return m.has(Item) }

// Design is what a study asks.
type Design struct {
	Sheets []Sheet
	// Arms and Runs are what people can be in: a key or a name, and how it is shown.
	Arms, Runs []Choice
	Simulated  bool
}

// Choice is one of several, by key and by name.
type Choice struct{ Key, Name string }

// find is the key of the choice that a text means; empty: of none, or of several.
func find(choices []Choice, text string) string {
	var found []string
	for _, c := range choices {
		if c.Key == text || c.Name == text {
			return c.Key
		}
		if same(c.Key, text) || same(c.Name, text) {
			found = append(found, c.Key)
		}
	}
	if len(slices.Compact(found)) != 1 {
		return ""
	}
	return found[0]
}

// same compares without regard to case and blanks.
func same(a, b string) bool { return fold(a) == fold(b) }

func fold(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// waves are those of the design, each once.
func (d Design) waves() []Choice {
	var all []Choice
	for _, s := range d.Sheets {
		if !slices.ContainsFunc(all, func(c Choice) bool { return c.Key == s.Wave }) {
			all = append(all, Choice{s.Wave, s.WaveName})
		}
	}
	return all
}

// wave is the key of the wave that a text means, by key, name or short name.
func (d Design) wave(text string) string {
	if key := find(d.waves(), text); key != "" {
		return key
	}
	var short []Choice
	for _, s := range d.Sheets {
		short = append(short, Choice{s.Wave, s.WaveShort})
	}
	return find(short, text)
}

// form is the key of the questionnaire that a text means, by key or title.
func (d Design) form(text string) string {
	var all []Choice
	for _, s := range d.Sheets {
		all = append(all, Choice{s.Def.Key, s.Def.Title})
	}
	return find(all, text)
}
