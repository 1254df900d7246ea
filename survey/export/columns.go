package export

import (
	"tidemark/survey/instrument"
	"tidemark/survey/pastwaves"
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
type columnKind = pastwaves.VariableKind

const (
	columnItem      = pastwaves.VariableItem
	columnChoice    = pastwaves.VariableChoice
	columnDay       = pastwaves.VariableDay
	columnScore     = pastwaves.VariableScore
	columnSubmitted = pastwaves.VariableSubmitted
	columnVersion   = pastwaves.VariableVersion
	columnSource    = pastwaves.VariableSource
)

// personColumns begin each row of the wide file.
func personColumns() []string {
	return []string{"study", "simulated", "participant", "run", "run_starts", "arm", "enrolled_at", "withdrawn_at", "declined_at", "crossover_run", "crossed_at", "share_consent", "contact_consent"}
}

// columns are the variables of the wide file in order; see [pastwaves.Variables],
// which gives them their names, so that what comes back bears the same.
func (f *frame) columns() []column {
	sheets := make([]pastwaves.Sheet, len(f.sheets))
	for i, s := range f.sheets {
		sheets[i] = pastwaves.Sheet{Wave: s.Wave.Key, Def: s.Def, Replaced: f.replaced(i)}
	}
	var all []column
	for _, v := range pastwaves.Variables(sheets, personColumns()...) {
		all = append(all, column{name: v.Name, sheet: v.Sheet, kind: v.Kind, index: v.Index, option: v.Option})
	}
	return all
}

// item is the item of an item column, with the answers it offers.
func (f *frame) item(c column) (instrument.Item, []instrument.Option) {
	def := f.sheets[c.sheet].Def
	item := def.Items[c.index]
	options, _ := def.ItemOptions(item.Code) // the code is the definition's own
	return item, options
}

func (f *frame) scale(c column) instrument.Scale { return f.sheets[c.sheet].Def.Scales[c.index] }
