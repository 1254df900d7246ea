package redcap

import (
	"slices"
	"strings"

	"tidemark/survey/instrument"
	"tidemark/survey/instrument/exchange"
)

// recordID is the first field of the project.
const recordID = "record_id"

// column is one of the records.
type column struct {
	name   string // of the column
	field  string // in the dictionary
	form   string
	label  string
	choice string // the option, of a checkbox
	labels map[string]string
	// status: form_complete. number: a comparison takes its values as numbers.
	status, number bool
	// withheld: answered in people's own words.
	withheld bool
}

// status are REDCap's states of a form.
func statusLabels() map[string]string {
	return map[string]string{"0": "Incomplete", "1": "Unverified", "2": "Complete"}
}

// columns are all columns of the records but those that tell which row it is, in the
// order of the dictionary; each form ends with its state.
func (k *call) columns() ([]column, error) {
	rows, err := k.project.Dictionary()
	if err != nil {
		return nil, err
	}
	all := []column{{name: recordID, field: recordID, form: rows[1][1], label: rows[1][4]}}
	for _, form := range k.project.Forms() {
		for _, row := range rows[2:] {
			if row[1] == form.Name {
				all = append(all, columnsOf(form, row)...)
			}
		}
		all = append(all, column{
			name: form.Name + "_complete", field: form.Name + "_complete", form: form.Name, label: "Complete?", labels: statusLabels(), status: true, number: true,
		})
	}
	return all, nil
}

// columnsOf are those of a row of the dictionary.
func columnsOf(form exchange.REDCapForm, row []string) []column {
	c := column{name: row[0], field: row[0], form: row[1], label: row[4], labels: map[string]string{}}
	i := slices.IndexFunc(form.Definition.Items, func(it instrument.Item) bool { return form.Fields[it.Code] == row[0] })
	if i >= 0 {
		t := form.Definition.Items[i].Type
		c.withheld = t == instrument.TypeText || t == instrument.TypeLongText
	}
	c.number = row[3] != "notes" && !strings.HasPrefix(row[7], "date") && !c.withheld
	switch row[3] {
	case "descriptive":
		return nil
	case "yesno":
		c.labels = map[string]string{"0": "No", "1": "Yes"}
	case "radio", "dropdown":
		for _, o := range optionsOf(form.Definition, i) {
			c.labels[numberText(o.Value)] = o.Label
		}
	case "checkbox":
		var all []column
		for _, o := range optionsOf(form.Definition, i) {
			each := c
			each.name, each.choice, each.label = exchange.REDCapChoice(row[0], o.Value), numberText(o.Value), c.label+" (choice="+o.Label+")"
			each.labels = map[string]string{"1": o.Label}
			all = append(all, each)
		}
		return all
	}
	return []column{c}
}

func optionsOf(d *instrument.Definition, item int) []instrument.Option {
	if item < 0 {
		return nil
	}
	options, _ := d.ItemOptions(d.Items[item].Code) // the code is the definition's own
	return options
}
