package export

import (
	"strconv"
	"strings"

	"tidemark/survey/instrument"
)

// column is one variable of the wide file beyond those of the person.
type column struct {
	name  string // "sc_01_pre"
	sheet int
	kind  columnKind
	index int // of the item or the scale in its definition
	// option is the index of the option of a choice column.
	option int
}

// columnKind says what a wide column holds.
type columnKind string

const (
	columnItem      columnKind = "item"
	columnChoice    columnKind = "choice" // whether one of several was chosen
	columnDay       columnKind = "day"
	columnScore     columnKind = "score"
	columnSubmitted columnKind = "submitted"
	columnVersion   columnKind = "version"
)

// personColumns begin each row of the wide file.
func personColumns() []string {
	return []string{"study", "simulated", "participant", "run", "run_starts", "arm", "enrolled_at", "withdrawn_at", "declined_at", "share_consent", "contact_consent"}
}

// columns are the variables of the wide file in order: wave by wave and
// questionnaire by questionnaire the items, the scores, and when it was
// submitted; where a version was replaced by one that scores alike, also which was
// answered.
func (f *frame) columns() []column {
	taken := names{}
	for _, c := range personColumns() {
		taken[c] = true
	}
	var all []column
	for i, s := range f.sheets {
		add := func(kind columnKind, index int, key string) {
			all = append(all, column{name: taken.variable(key, s), sheet: i, kind: kind, index: index})
		}
		for k, item := range s.Def.Items {
			switch item.Type {
			case instrument.TypeInformation, instrument.TypeText, instrument.TypeLongText: // see Texts
			case instrument.TypeMultiple:
				options, _ := s.Def.ItemOptions(item.Code)
				for o, option := range options {
					add(columnChoice, k, item.Code+"___"+choiceName(option.Value))
					all[len(all)-1].option = o
				}
			case instrument.TypeDate:
				add(columnDay, k, item.Code)
			case instrument.TypeSingle, instrument.TypeNumber, instrument.TypeSlider, instrument.TypeYesNo:
				add(columnItem, k, item.Code)
			}
		}
		for k, scale := range s.Def.Scales {
			add(columnScore, k, scale.Key)
		}
		add(columnSubmitted, 0, s.Def.Key+"_submitted")
		if f.replaced(i) {
			add(columnVersion, 0, s.Def.Key+"_version")
		}
	}
	return all
}

// choiceName is the value of an option as a part of a name: "2", "m1" for -1, "0_5"
// for a half.
func choiceName(v float64) string {
	return strings.NewReplacer("-", "m", ".", "_", "+", "").Replace(string(appendNumber(nil, v)))
}

// variable names an item or a scale at a wave: "sc_01" becomes "sc_01_pre". When
// two questionnaires of one wave share a code, the later one's bears the
// questionnaire's name before it, and after that a number.
func (n names) variable(key string, s sheet) string {
	name := key + "_" + s.Wave.Key
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

// item is the item of an item column, with the answers it offers.
func (f *frame) item(c column) (instrument.Item, []instrument.Option) {
	def := f.sheets[c.sheet].Def
	item := def.Items[c.index]
	options, _ := def.ItemOptions(item.Code) // the code is the definition's own
	return item, options
}

func (f *frame) scale(c column) instrument.Scale { return f.sheets[c.sheet].Def.Scales[c.index] }
